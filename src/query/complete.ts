import { fieldOf, type Label, labels } from '#event';
import { describeAt, type FieldHelp, operatorsOf } from './describe.ts';
import { findField } from './field-name.ts';
import { parse } from './parse.ts';
import { canStandBare, quoteExact, quotePhrase } from './print.ts';
import { isBlank } from './reader.ts';
import type { Expectation, Tree } from './tree.ts';

/** Something that could stand at the cursor. */
export interface CompletionItem {
  readonly kind: 'field' | 'operator' | 'value' | 'keyword';
  /** What is put in the place of the text between `from` and `to`. */
  readonly insert: string;
  readonly about: string;
}

/** What could stand at a position of a query, best first, and the help on the field there. */
export interface Completion {
  readonly from: number;
  readonly to: number;
  readonly items: readonly CompletionItem[];
  readonly help: FieldHelp | undefined;
}

/** Most items offered at once. */
const itemsMax = 50;

/** Gives what could stand at the cursor of a query text (qql §7), however broken the text; it never throws. */
export function complete(text: string, cursor: number): Completion {
  const to = Math.max(0, Math.min(cursor, text.length));
  const before = text.slice(0, to);
  const tree = parse(before);
  const help = describeAt(text, to);
  const place = placeOf(tree, before);
  for (const from of place.starts) {
    const typed = before.slice(from);
    const items = itemsAt(tree, from, typed, place.quoted);
    if (items.length > 0) return { from, to, items: items.slice(0, itemsMax), help };
  }
  return { from: to, to, items: [], help };
}

/** Where the text being typed may have started: its last word first, then the value or clause the word belongs to. */
function placeOf(tree: Tree, before: string): { readonly starts: readonly number[]; readonly quoted: boolean } {
  const quote = tree.errors.find(
    ({ code, place }) => code === 'unbalanced' && isQuote(before.charAt(place?.offset ?? -1)),
  );
  if (quote?.place?.offset !== undefined) return { starts: [quote.place.offset], quoted: true };
  let word = before.length;
  while (word > 0 && !endsTyping(before, word - 1)) word--;
  const whole = tree.expectations.findLast(({ at, kind }) => at < word && kind === 'value');
  const starts = whole === undefined || /["`,\])]/.test(before.slice(whole.at)) ? [word] : [word, whole.at];
  return { starts, quoted: false };
}

function isQuote(character: string): boolean {
  return character !== '' && '"\'`“”‘’'.includes(character);
}

function endsTyping(text: string, at: number): boolean {
  return isBlank(text.charCodeAt(at)) || '()[],:<>="\'`'.includes(text.charAt(at));
}

function itemsAt(tree: Tree, from: number, typed: string, quoted: boolean): CompletionItem[] {
  const items: CompletionItem[] = [];
  const here = tree.expectations.filter(({ at }) => at === from);
  const bracket = isInBracket(tree);
  for (const { field } of here.filter(({ kind }) => kind === 'value')) {
    // A range cannot stand in another, and `under` takes no wildcard.
    const excluded = bracket ? '[' : /\bunder\s*$/i.test(tree.text.slice(0, from)) ? '*' : '';
    items.push(...valueItems(field, typed).filter(({ insert }) => excluded === '' || !insert.startsWith(excluded)));
  }
  if (quoted) return items;
  const operator = operatorBefore(tree, from, typed);
  if (operator !== undefined) items.push(...operatorItems(operator, tree.text.slice(operator.at, from), typed));
  if (here.some(({ kind }) => kind === 'clause')) {
    items.push(...fieldItems(typed).slice(0, itemsMax - 5), ...keywordItems(['not'], typed));
    // The name is complete: what may follow comes too, and stands behind it.
    const label = findField(typed);
    if (label !== undefined)
      items.push(...operatorsOf(label).map(({ text, about }) => item('operator', label + text, about)));
  }
  if (!bracket && canJoin(tree, from)) items.push(...keywordItems(['and', 'or'], typed));
  return items;
}

/** Whether the cursor is in a list or a range. */
function isInBracket({ errors, text }: Tree): boolean {
  return errors.some(({ code, place }) => code === 'unbalanced' && text.charAt(place?.offset ?? -1) === '[');
}

/** The field name just before the typed word, when an operator may follow it. */
function operatorBefore(tree: Tree, from: number, typed: string): Expectation | undefined {
  const last = tree.expectations.findLast(({ at, kind }) => kind === 'operator' && at <= from);
  if (last === undefined || tree.text.slice(last.at, from).trim() !== '') return undefined;
  return last.at === from && typed !== '' ? undefined : last;
}

function operatorItems({ field = '' }: Expectation, blanks: string, typed: string): CompletionItem[] {
  const label = findField(field);
  if (label === undefined) return [];
  return operatorsOf(label)
    .map(({ text, about }) => item('operator', blanks === '' ? text : text.trimStart(), about))
    .filter(({ insert }) => startsSo(insert.trimStart(), typed));
}

/** Whether a clause has ended before the word being typed, so that AND or OR may follow. */
function canJoin(tree: Tree, from: number): boolean {
  if (from === 0 || !(isBlank(tree.text.charCodeAt(from - 1)) || tree.text.charAt(from - 1) === ')')) return false;
  const before = tree.text.slice(0, from).trimEnd();
  const cut = parse(before);
  return (
    before !== '' &&
    cut.errors.every(
      ({ code, place }) =>
        code !== 'missing-clause' && code !== 'missing-value' && (place?.offset ?? 0) < before.length,
    )
  );
}

function fieldItems(typed: string): CompletionItem[] {
  const folded = typed.toLowerCase();
  const starting: Label[] = [];
  const containing: Label[] = [];
  for (const label of labels) {
    const name = label.toLowerCase();
    if (name.startsWith(folded)) starting.push(label);
    else if (folded.length >= 2 && name.includes(folded)) containing.push(label);
  }
  return [...starting, ...containing].map((label) => item('field', label, fieldOf(label).about));
}

function valueItems(field: string | undefined, typed: string): CompletionItem[] {
  const label = field === undefined ? undefined : findField(field);
  if (label === undefined) return [];
  const { type, values, sample, about } = fieldOf(label);
  const quote = typed.charAt(0);
  if (values !== undefined) {
    const content = isQuote(quote) ? typed.slice(1) : typed;
    return values
      .filter((value) => startsSo(value, content))
      .map((value) =>
        item(
          'value',
          quote === '"' ? quotePhrase(value) : quote === '`' || !canStandBare(value) ? quoteExact(value) : value,
          about,
        ),
      );
  }
  const usual: readonly (readonly [string, string])[] =
    type === 'boolean'
      ? [
          ['true', about],
          ['false', about],
        ]
      : type === 'instant'
        ? [
            ['[now-1h .. now]', 'the last hour'],
            ['[now-1d .. now]', 'the last 24 hours'],
            ['[now-1w .. now]', 'the last seven days'],
            ['now', 'this moment'],
          ]
        : sample === undefined
          ? [['*', 'any value']]
          : [
              [sample, 'for example'],
              ['*', 'any value'],
            ];
  return usual.filter(([value]) => startsSo(value, typed)).map(([value, meaning]) => item('value', value, meaning));
}

const aboutKeywords: Readonly<Record<'and' | 'or' | 'not', string>> = {
  and: 'both sides',
  or: 'either side',
  not: 'everything else; also events without the field',
};

function keywordItems(keywords: readonly ('and' | 'or' | 'not')[], typed: string): CompletionItem[] {
  return keywords
    .filter((keyword) => startsSo(keyword, typed))
    .map((keyword) => item('keyword', keyword, aboutKeywords[keyword]));
}

function startsSo(value: string, typed: string): boolean {
  return value.toLowerCase().startsWith(typed.toLowerCase());
}

function item(kind: CompletionItem['kind'], insert: string, about: string): CompletionItem {
  return { kind, insert, about };
}
