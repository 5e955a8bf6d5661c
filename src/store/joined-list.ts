/**
 * A list of texts as one text: each value is followed by U+001F. Where a value holds U+001F or U+001E itself, U+001E and
 * a letter stand for it. So an empty list is the empty text, and every list of any texts comes back as it was.
 */
const end = '\u001f';
const escapeMark = '\u001e';

/** Puts a list into one text. */
export function joinList(values: readonly string[]): string {
  let joined = '';
  for (const value of values) joined += (isPlain(value) ? value : escapeValue(value)) + end;
  return joined;
}

// A regular expression over control characters reads worse than two searches, and is not faster.
function isPlain(value: string): boolean {
  return !value.includes(end) && !value.includes(escapeMark);
}

function escapeValue(value: string): string {
  return value.replaceAll(escapeMark, `${escapeMark}e`).replaceAll(end, `${escapeMark}u`);
}

/** Takes the list out of the text. */
export function splitList(joined: string): readonly string[] {
  const values = joined.split(end);
  values.pop();
  if (!joined.includes(escapeMark)) return values;
  return values.map((value) => value.replaceAll(`${escapeMark}u`, end).replaceAll(`${escapeMark}e`, escapeMark));
}

/** What {@link splitList} does, in the engine, to a column. */
export function splitExpression(column: string): string {
  const values = `arrayPopBack(splitByChar('\\x1F', ${column}))`;
  const plain = `arrayMap(value -> replaceAll(replaceAll(value, '\\x1Eu', '\\x1F'), '\\x1Ee', '\\x1E'), ${values})`;
  return `if(position(${column}, '\\x1E') = 0, ${values}, ${plain})`;
}
