import { type Role, roles } from '#catalog';
import { AppError } from '#error';

/** Which groups of a provider give which role; `*` is everybody. */
export type RoleMapping = readonly { readonly role: Role; readonly group: string }[];

const everybody = '*';
/** Groups looked at of one person. */
const groupsMax = 10_000;

/** Reads a mapping such as `administrator=meridian-admins; viewer=*`. Throws `setting-invalid`. */
export function readRoleMapping(text: string): RoleMapping {
  return text
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => {
      const at = part.indexOf('=');
      const role = roles.find((one) => one === part.slice(0, at).trim());
      const group = part.slice(at + 1).trim();
      if (at < 1 || role === undefined || group === '') {
        throw new AppError('setting-invalid', `oidc.roles: expected ROLE=GROUP, found "${part.slice(0, 100)}".`, {
          place: { field: 'oidc.roles', expected: `${roles.join(', ')}, each with "=GROUP", separated by ";"` },
        });
      }
      return { role, group };
    });
}

/** Gives the highest role that one of the groups gives; undefined when none does. */
export function roleOf(mapping: RoleMapping, groups: readonly string[]): Role | undefined {
  const has = new Set(groups);
  return roles.findLast((role) =>
    mapping.some((one) => one.role === role && (one.group === everybody || has.has(one.group))),
  );
}

/** Reads the groups of a person from a claim, by its name or by its path with points; a text is one group. */
export function groupsOf(claims: Readonly<Record<string, unknown>>, claim: string): readonly string[] | undefined {
  const value = Object.hasOwn(claims, claim) ? claims[claim] : follow(claims, claim.split('.'));
  if (typeof value === 'string') return [value];
  if (!Array.isArray(value)) return undefined;
  return value.slice(0, groupsMax).filter((one) => typeof one === 'string');
}

function follow(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((at, step) => (isRecord(at) && Object.hasOwn(at, step) ? at[step] : undefined), value);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
