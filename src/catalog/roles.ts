import { AppError } from '#error';

/** Roles of people, each of which may do more than the one before. */
export const roles = ['viewer', 'analyst', 'engineer', 'administrator'] as const;

export type Role = (typeof roles)[number];

/** Reads a role the catalog wrote. Throws `catalog-damaged`. */
export function readRole(text: string): Role {
  const role = roles.find((one) => one === text);
  if (role === undefined) throw new AppError('catalog-damaged', 'The catalog names a role that does not exist.');
  return role;
}
