import { findLabel } from '#event';
import { nearestFields } from '#query';

/** A change that mends a query. */
export interface Fix {
  /** What the button says. */
  readonly label: string;
  /** The whole query afterwards. */
  readonly text: string;
}

/** What is known of an error of a query. */
interface Finding {
  readonly code: string;
  readonly place?: { readonly offset?: number | undefined; readonly found?: string | undefined } | undefined;
}

const closing: Readonly<Record<string, string>> = {
  '(': ')',
  '[': ']',
  '"': '"',
  "'": "'",
  '`': '`',
  '“': '”',
  '‘': '’',
};
const fixesMax = 3;
/** Characters a name and an operator take, with the blanks between. */
const clauseStartMax = 200;

/** Gives the changes that would mend an error of a query, the likeliest first; none when only the person can know. */
export function fixesFor(text: string, { code, place }: Finding): readonly Fix[] {
  const offset = place?.offset;
  if (offset === undefined) return [];
  switch (code) {
    case 'missing-operator':
      return ['and', 'or'].map((word) => ({
        label: `Insert “${word}”`,
        text: `${text.slice(0, offset).trimEnd()} ${word} ${text.slice(offset).trimStart()}`,
      }));
    case 'unknown-field':
      return nameFixes(text, offset);
    case 'unbalanced':
      return balanceFixes(text, offset);
    case 'missing-value':
      return [{ label: 'Any value: *', text: `${text.slice(0, offset).trimEnd()} *${text.slice(offset)}` }];
    case 'missing-clause':
      return trailingFixes(text, offset);
    case 'bad-operator':
      return operatorFixes(text, offset);
    default:
      return [];
  }
}

function nameFixes(text: string, offset: number): Fix[] {
  const name = /^[\w.-]+/.exec(text.slice(offset))?.[0] ?? '';
  if (name === '') return [];
  return nearestFields(name)
    .slice(0, fixesMax)
    .map((field) => ({
      label: `Use “${field}”`,
      text: text.slice(0, offset) + field + text.slice(offset + name.length),
    }));
}

function balanceFixes(text: string, offset: number): Fix[] {
  const mark = text.charAt(offset);
  const other = closing[mark];
  if (other !== undefined) return [{ label: `Close with “${other}”`, text: text + other }];
  if (mark === '' || !')]'.includes(mark)) return [];
  return [{ label: `Remove “${mark}”`, text: text.slice(0, offset) + text.slice(offset + 1) }];
}

/** A connective at the very end, or at the start, is left over from editing. */
function trailingFixes(text: string, offset: number): Fix[] {
  const before = text.slice(0, offset).trimEnd();
  const word = /\b(and|or|not)$/i.exec(before)?.[0];
  if (word !== undefined && text.slice(offset).trim() === '') {
    return [{ label: `Remove “${word}”`, text: before.slice(0, -word.length).trimEnd() }];
  }
  const next = /^\s*(and|or)\b/i.exec(text.slice(offset));
  if (next === null) return [];
  return [
    { label: `Remove “${next[1]}”`, text: `${before} ${text.slice(offset + next[0].length).trimStart()}`.trim() },
  ];
}

/** The error stands at the value; the operator is what stands before it. */
function operatorFixes(text: string, offset: number): Fix[] {
  const match = /([\w.-]+)\s*(?:>=|<=|>|<|=)\s*$/.exec(text.slice(Math.max(0, offset - clauseStartMax), offset));
  const name = match?.[1] ?? '';
  if (match === null || findLabel(name) === undefined) return [];
  const start = offset - match[0].length;
  return [{ label: 'Use “:”', text: `${text.slice(0, start)}${name}: ${text.slice(offset)}` }];
}
