import { type FieldType, fieldOf, type Label, labels, parseAddress } from '#event';
import { advise, type Checker, countTest, fail, hasWildcard, isAnyValue, plainText } from './checker.ts';
import { combine, negate } from './combine.ts';
import type { Condition, TextTest, Wildcard } from './condition.ts';
import { foldText } from './fold.ts';
import type { BareValue, BareWord, Piece, Scalar, Span } from './tree.ts';
import { splitWords } from './words.ts';

/** How a field's text is compared: split into words, as one of few words, or as one token. */
type TextClass = 'words' | 'enum' | 'identifier';

/** Most words of one phrase. */
const phraseWordsMax = 256;

/** Gives the class of a text field; undefined for other types. */
export function textClassOf(type: FieldType): TextClass | undefined {
  if (type === 'text' || type === 'dn' || type === 'filter') return 'words';
  return type === 'enum' || type === 'identifier' ? type : undefined;
}

/** Makes the condition for one value of a text field (qql §4.1, §4.3). */
export function textCondition(checker: Checker, label: Label, value: Scalar): Condition {
  const textClass = textClassOf(fieldOf(label).type) ?? 'words';
  if (isAnyValue(value)) return countTest(checker, value.span) ? { kind: 'present', label } : { kind: 'never' };
  // Nothing between the quotes is the text that an absent value would have.
  if (value.kind !== 'bare' && value.text === '') return negate({ kind: 'present', label });
  const tests = textTests(checker, textClass, value);
  adviseOnValues(checker, label, value);
  return combine(
    'or',
    tests.map((test) => ({ kind: 'text', labels: [label], test })),
  );
}

/** Values of an enumeration are known: an unusual one is more often a slip than a find. */
function adviseOnValues(checker: Checker, label: Label, value: Scalar): void {
  const { values, type } = fieldOf(label);
  if (values === undefined || type !== 'enum' || hasWildcard(value)) return;
  const text = foldText(plainText(value));
  if (values.some((usual) => foldText(usual) === text)) return;
  const usual = values.slice(0, 8).join(', ');
  advise(checker, 'unusual-value', value.span, `${label} usually is one of ${usual}${values.length > 8 ? ', …' : '.'}`);
}

/** Labels that take part in a search without a field: what people and sources wrote, not what the product computed. */
const searchedLabels: Readonly<Record<TextClass, readonly Label[]>> = {
  words: searchedOf('words'),
  enum: searchedOf('enum'),
  identifier: searchedOf('identifier'),
};

function searchedOf(textClass: TextClass): readonly Label[] {
  return labels.filter((label) => {
    const { type, group } = fieldOf(label);
    const computed = label.endsWith('Folded') || label === 'searchFilterShape' || group === 'system';
    return textClassOf(type) === textClass && !computed;
  });
}

/** Makes the condition for a text without a field (qql §4.12): it stands in the raw event or in any text field. */
export function anywhereCondition(checker: Checker, value: Scalar): Condition {
  if (hasWildcard(value)) {
    return fail(checker, 'bad-wildcard', value.span, {
      expected: 'a field name before a value with wildcards',
      hint: `Write rawEvent: ${plainText(value)}, or put the value into quotes if it holds the character itself.`,
    });
  }
  if (value.kind !== 'bare' && value.text === '') {
    return fail(checker, 'missing-value', value.span, { expected: 'a text to search for' });
  }
  const parts: Condition[] = [];
  for (const textClass of ['words', 'enum', 'identifier'] as const) {
    const tests = anywhereTests(checker, textClass, value);
    for (const test of tests) parts.push({ kind: 'text', labels: searchedLabels[textClass], test });
  }
  return combine('or', parts);
}

function anywhereTests(checker: Checker, textClass: TextClass, value: Scalar): TextTest[] {
  if (value.kind === 'bare' && textClass !== 'words') return [anyWhole(value)];
  const text = plainText(value);
  // The words of an IPv6 address say little: those of ::1 are "1".
  if (value.kind !== 'exact' && textClass === 'words' && text.includes(':') && parseAddress(text) !== undefined) {
    return count(checker, value.span, { kind: 'contains', value: foldText(text) });
  }
  return textTests(checker, textClass, value);
}

/** Where nothing is split, any of the words may be the value, and so may all of them. */
function anyWhole(value: BareValue): TextTest {
  const texts = value.words.length === 1 ? [] : value.words.map(literalOf);
  return { kind: 'equals-folded', values: [...new Set([plainText(value), ...texts].map(foldText))] };
}

/** Gives the tests of which one must hold. */
function textTests(checker: Checker, textClass: TextClass, value: Scalar): TextTest[] {
  if (value.kind === 'exact') return count(checker, value.span, { kind: 'equals', values: [value.text] });
  if (value.kind === 'bare' && hasWildcard(value)) return count(checker, value.span, patternTest(checker, value));
  if (textClass !== 'words') {
    const text = foldText(plainText(value));
    const open = textClass === 'identifier' && value.kind === 'phrase';
    return count(
      checker,
      value.span,
      open ? { kind: 'starts', value: text } : { kind: 'equals-folded', values: [text] },
    );
  }
  if (value.kind === 'phrase') return wordTests(checker, value.span, value.text, true);
  if (value.words.length > 1) {
    advise(
      checker,
      'any-word',
      value.span,
      'Several words find events with any of them; put them into quotes to find them side by side.',
    );
  }
  return value.words.flatMap((word) => wordTests(checker, word.span, literalOf(word), false));
}

function count(checker: Checker, span: Span, test: TextTest): TextTest[] {
  return countTest(checker, span) ? [test] : [];
}

function literalOf({ pieces }: BareWord): string {
  return pieces.map((piece) => ('text' in piece ? piece.text : '')).join('');
}

/** Words in a row; a text without any is looked for as it stands. With `open`, a last word at the very end may go on. */
function wordTests(checker: Checker, span: Span, text: string, open: boolean): TextTest[] {
  const folded = foldText(text);
  const words = splitWords(folded);
  if (words.length > phraseWordsMax) {
    fail(checker, 'query-too-large', span, {
      expected: `at most ${phraseWordsMax} words in a phrase`,
      found: `${words.length}`,
    });
    return [];
  }
  const last = words.at(-1);
  if (last === undefined) {
    advise(checker, 'no-words', span, 'There is no word in this value; it is looked for character by character.');
    return count(checker, span, { kind: 'contains', value: folded });
  }
  return count(checker, span, { kind: 'phrase', words, open: open && folded.endsWith(last) });
}

function patternTest(checker: Checker, value: BareValue): TextTest {
  const parts: (string | Wildcard)[] = [];
  const add = (part: string | Wildcard): void => {
    const before = parts.at(-1);
    if (typeof part === 'string' && typeof before === 'string') parts[parts.length - 1] = before + part;
    // Two runs of anything are one.
    else if (!isMany(part) || !isMany(before)) parts.push(part);
  };
  for (const [index, { pieces }] of value.words.entries()) {
    if (index > 0) add(' ');
    for (const piece of pieces) add(partOf(piece));
  }
  if (isMany(parts[0])) {
    advise(checker, 'leading-wildcard', value.span, 'A wildcard at the start makes the search slow.');
  }
  const folded = parts.map((part) => (typeof part === 'string' ? foldText(part) : part));
  return simplify(folded);
}

function partOf(piece: Piece): string | Wildcard {
  return 'text' in piece ? piece.text : { wildcard: piece.wildcard };
}

function isMany(part: string | Wildcard | undefined): boolean {
  return typeof part === 'object' && part.wildcard === 'many';
}

/** `abc*` and `*abc*` have tests of their own, which are quicker. */
function simplify(parts: readonly (string | Wildcard)[]): TextTest {
  const [first, second] = parts;
  if (parts.length === 2 && typeof first === 'string' && isMany(second)) return { kind: 'starts', value: first };
  if (parts.length === 3 && isMany(first) && typeof second === 'string' && isMany(parts[2])) {
    return { kind: 'contains', value: second };
  }
  return { kind: 'pattern', parts };
}
