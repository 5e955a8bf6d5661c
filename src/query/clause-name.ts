import { findField } from './field-name.ts';
import { afterBlanks } from './reader.ts';
import { colonWordEnd, keywordAt, nameAt, type Surroundings, shortWordAt, wordEnd } from './scalars.ts';
import type { Name, Operator } from './tree.ts';

/** What stands behind a field name: which clause it opens. */
export type Opening = Operator | 'is' | 'in' | 'not in' | 'under' | 'not under';

/** The name at the start of a clause, and what opens it. */
export interface ClauseName extends Name {
  readonly opening: Opening;
  /** Where the operator starts. */
  readonly at: number;
}

/** Gives the field name that starts here, if what follows makes it one. */
export function clauseName(text: string, at: number, around: Surroundings): ClauseName | undefined {
  if (colonWordEnd(text, at, around) > at) return undefined;
  const name = nameAt(text, at);
  if (/^(?:and|or|not)$/i.test(name)) return undefined;
  const end = at + name.length;
  const behind = afterBlanks(text, end);
  const known = name !== '' && findField(around.prefix + name) !== undefined;
  const named = (opening: Opening): ClauseName => ({ text: name, span: { start: at, end }, opening, at: behind });
  if (name !== '') {
    if (text.charAt(behind) === ':') return named(':');
    const comparison = comparisonAt(text, behind);
    // `uid=anna` is a text to look for, as LDAP writes it; `count=5` compares.
    if (comparison !== undefined && (known || comparison !== '=' || behind > end)) return named(comparison);
    const word = behind > end ? wordOpening(text, behind, around, known) : undefined;
    if (word !== undefined) return named(word);
  }
  return wordBeforeColon(text, at, around);
}

/** Any other word before a colon is meant as a name, too; that it is none is said when it is looked up. */
function wordBeforeColon(text: string, at: number, around: Surroundings): ClauseName | undefined {
  if (comparisonAt(text, at) !== undefined) return undefined;
  const end = wordEnd(text, at, around);
  const colon = afterBlanks(text, end);
  if (end === at || text.charAt(colon) !== ':' || keywordAt(text, at, around) !== undefined) return undefined;
  return { text: text.slice(at, end), span: { start: at, end }, opening: ':', at: colon };
}

/** The comparison at a position. */
export function comparisonAt(text: string, at: number): Operator | undefined {
  const two = text.slice(at, at + 2);
  if (two === '>=' || two === '<=') return two;
  const one = two.charAt(0);
  return one === '>' || one === '<' || one === '=' ? one : undefined;
}

/** `is`, `in` and `under` open a clause behind a known field, or where what follows them can be nothing else. */
function wordOpening(text: string, at: number, around: Surroundings, known: boolean): Opening | undefined {
  const word = shortWordAt(text, at, around);
  const next = afterBlanks(text, at + word.length);
  const following = text.charAt(next);
  if (word === 'is') return known || isNull(text, next, around) ? 'is' : undefined;
  if (word === 'in') return known || following === '(' ? 'in' : undefined;
  if (word === 'under') return known || isQuote(following) ? 'under' : undefined;
  return word === 'not' ? negatedOpening(text, next, around, known) : undefined;
}

function isQuote(character: string): boolean {
  return character === '"' || character === "'" || character === '`';
}

/** Behind `not`, only `in` and `under` make an opening. */
function negatedOpening(text: string, at: number, around: Surroundings, known: boolean): Opening | undefined {
  const word = shortWordAt(text, at, around);
  if (word !== 'in' && word !== 'under') return undefined;
  const opening = wordOpening(text, at, around, known);
  return opening === undefined ? undefined : `not ${word}`;
}

/** Whether `null` or `not null` stands here. */
function isNull(text: string, at: number, around: Surroundings): boolean {
  const word = shortWordAt(text, at, around);
  return word === 'null' || (word === 'not' && shortWordAt(text, afterBlanks(text, at + 3), around) === 'null');
}
