import { AppError } from '#error';

/** Fields of an object in a saved state. Everything here throws `state-damaged` for what is not as it should be. */
export type Fields = Readonly<Record<string, unknown>>;

export function fieldsOf(value: unknown): Fields {
  if (typeof value !== 'object' || value === null) throw damaged('an object');
  return { ...value };
}

export function textOf(value: unknown): string {
  if (typeof value !== 'string') throw damaged('a text');
  return value;
}

/** A whole number from 0 on. */
export function countOf(value: unknown): number {
  if (!isCount(value)) throw damaged('a count');
  return value;
}

export function numberOf(value: unknown): number {
  if (typeof value !== 'number') throw damaged('a number');
  return value;
}

export function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

export function listOf(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw damaged('a list');
  return value;
}

/** A value that may be missing. */
export function optional<T>(value: unknown, read: (value: unknown) => T): T | undefined {
  return value === undefined || value === null ? undefined : read(value);
}

function damaged(expected: string): AppError {
  return new AppError('state-damaged', `A saved state holds something else where ${expected} belongs.`);
}
