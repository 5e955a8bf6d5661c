import type { Static, TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { AppError, type ErrorCode } from '#error';

/** Characters of a field's path that are told back. */
const pathLengthMax = 200;

/**
 * Takes a value from outside for what a schema describes. Throws an error of the code, with the first field that does
 * not fit; what stood there is not told, for it may be a secret.
 */
export function checkMessage<S extends TSchema>(schema: S, value: unknown, code: ErrorCode, what: string): Static<S> {
  if (Value.Check(schema, value)) return value;
  const [finding] = Value.Errors(schema, value);
  const field = (finding?.instancePath ?? '')
    .split('/')
    .filter((step) => step !== '')
    .join('.')
    .slice(0, pathLengthMax);
  const expected = finding?.message ?? 'another form';
  const where = field === '' ? what : `"${field}" of ${what}`;
  throw new AppError(code, `${where.charAt(0).toUpperCase()}${where.slice(1)} ${expected}.`, {
    place: { ...(field === '' ? {} : { field }), expected },
  });
}

/** As {@link checkMessage}, from JSON in bytes. */
export function checkMessageText<S extends TSchema>(schema: S, text: string, code: ErrorCode, what: string): Static<S> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new AppError(code, `${what.charAt(0).toUpperCase()}${what.slice(1)} is not JSON.`, { cause });
  }
  return checkMessage(schema, value, code, what);
}
