import type { RecType } from '#event';

/**
 * Reads values of records that others send: numbers as strings, strings as numbers, one word where a list is meant. What
 * cannot be the type asked for is {@link wrongType}; what is as good as nothing is undefined.
 */
export const wrongType: unique symbol = Symbol('wrong type');

/** Longest text, and most words of a list, that are kept. UTF-16 units. */
export const valueLengthMax = 1_048_576;
export const wordsMax = 4096;
/** Given for a value past those limits. */
export const tooLong: unique symbol = Symbol('too long');

export type ReadValue = string | number | boolean | readonly string[] | undefined | typeof wrongType | typeof tooLong;

/** How a key is read: its type, and for numbers whether fractions or negatives make sense. */
export type ValueKind = RecType | 'integer' | 'count';

/** Members of an object that name it where a list of words is meant: of a control, and of a note. */
const namingMembers = ['oid', 'note'] as const;

/** Reads a value of unknown type. */
export function readValue(value: unknown, kind: ValueKind): ReadValue {
  if (value === undefined || value === null) return undefined;
  switch (kind) {
    case 'text':
      return readText(value);
    case 'number':
      return readNumber(value);
    case 'integer': {
      const number = readNumber(value);
      return typeof number === 'number' && !Number.isSafeInteger(number) ? wrongType : number;
    }
    case 'count': {
      const number = readNumber(value);
      return typeof number === 'number' && (number < 0 || !Number.isSafeInteger(number)) ? wrongType : number;
    }
    case 'unsigned':
      return readUnsigned(value);
    case 'boolean':
      return readBoolean(value);
    case 'words':
      return readWords(value);
  }
}

function readText(value: unknown): ReadValue {
  if (typeof value === 'string') return value.length > valueLengthMax ? tooLong : value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : wrongType;
}

function readNumber(value: unknown): number | undefined | typeof wrongType {
  if (typeof value === 'number') return Number.isFinite(value) ? value : wrongType;
  if (typeof value !== 'string') return wrongType;
  const text = value.trim();
  if (text === '') return undefined;
  return /^[+-]?\d{1,20}(?:\.\d{1,20})?$/.test(text) ? Number(text) : wrongType;
}

/** A 64-bit count: a number, or a string of digits above 2^53. */
function readUnsigned(value: unknown): ReadValue {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string') return wrongType;
  const digits = text.trim().replace(/^\+/, '');
  if (digits === '') return undefined;
  if (!/^\d{1,20}$/.test(digits)) return wrongType;
  const exact = BigInt(digits);
  if (exact > 0xffff_ffff_ffff_ffffn) return wrongType;
  return exact <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(exact) : exact.toString();
}

const truths: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['on', true],
  ['yes', true],
  ['1', true],
  ['false', false],
  ['off', false],
  ['no', false],
  ['0', false],
]);

function readBoolean(value: unknown): boolean | undefined | typeof wrongType {
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'string' && typeof value !== 'number') return wrongType;
  const text = String(value).trim().toLowerCase();
  return text === '' ? undefined : (truths.get(text) ?? wrongType);
}

function readWords(value: unknown): ReadValue {
  if (typeof value === 'string') return value.length > valueLengthMax ? tooLong : value === '' ? undefined : [value];
  if (!Array.isArray(value)) return wrongType;
  if (value.length > wordsMax) return tooLong;
  const words: string[] = [];
  for (const item of value) {
    const word = readText(nameOf(item));
    if (typeof word !== 'string') return word === tooLong ? tooLong : wrongType;
    words.push(word);
  }
  return words;
}

function nameOf(item: unknown): unknown {
  if (typeof item !== 'object' || item === null) return item;
  for (const member of namingMembers) {
    if (Object.hasOwn(item, member)) return Reflect.get(item, member);
  }
  return item;
}

/** Splits what was written as one text where words are meant: `cn mail`, `U,P`. */
export function splitWords(words: readonly string[]): readonly string[] {
  const [only = ''] = words;
  return words.length === 1 && /[\s,]/.test(only) ? only.split(/[\s,]+/).filter((word) => word !== '') : words;
}
