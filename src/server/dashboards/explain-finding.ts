import type { TLocalizedValidationError } from 'typebox/error';
import { nearestNames } from '#query';

/** What a finding of a schema's check means to who wrote the text. */
export interface Explanation {
  readonly message: string;
  readonly hint: string;
  readonly expected?: string;
  /** Key it is about, where it is about a key rather than a value. */
  readonly key?: string;
}

const words: Readonly<Record<string, string>> = {
  string: 'a text',
  integer: 'a whole number',
  number: 'a number',
  array: 'a list',
  object: 'keys with values',
};
const keysShown = 12;

/** Puts a finding into words; keys that may not stand there are no finding, but for {@link unknownKey}. */
export function explainFinding(finding: TLocalizedValidationError, value: unknown): readonly Explanation[] {
  switch (finding.keyword) {
    case 'required':
      return finding.params.requiredProperties.map((key) => ({
        message: `"${key}" is missing.`,
        hint: `Add a line "${key}: …".`,
        expected: key,
      }));
    case 'type':
      return [wrongType(String(finding.params.type), value)];
    case 'const':
      return [{ message: `Must be ${JSON.stringify(finding.params.allowedValue)}.`, hint: 'Correct the value.' }];
    case 'pattern':
      return [{ message: 'Must be one line with words, without control characters.', hint: 'Put it on one line.' }];
    default:
      return [{ message: `The value ${finding.message}.`, hint: 'Correct the value.' }];
  }
}

/** A name nobody knows: names the nearest, or all. */
export function unknownKey(key: string, known: readonly string[]): Explanation {
  const shown = key.slice(0, 64);
  const [near] = nearestNames(key, known);
  return {
    message: `There is no "${shown}" here.`,
    hint: near === undefined ? `Here may stand: ${known.slice(0, keysShown).join(', ')}.` : `Did you mean "${near}"?`,
    expected: near ?? known.slice(0, keysShown).join(', '),
    key,
  };
}

function wrongType(type: string, value: unknown): Explanation {
  const expected = words[type] ?? type;
  const isWord = type === 'string' && (typeof value === 'number' || typeof value === 'boolean');
  return {
    message: `Must be ${expected}.`,
    hint: isWord ? `Put it in quotes: "${String(value)}".` : `Write ${expected} here.`,
    expected,
  };
}
