/**
 * Words of the raw record, as its text index knows them. The index is a sieve: it finds the few rows that can hold the
 * words, and the exact comparison runs on those. So a condition reads
 * `hasAllTokens(${rawWordsExpression}, {tokens:Array(String)}) AND <exact comparison>`, and just the comparison when
 * {@link rawTokens} gives none.
 *
 * The indexed text is lower case ASCII: everything else separates, and so do numbers that stand alone. Those
 * are times, durations and counters, which have fields of their own, and would fill a third of the index.
 */
export const rawWordsExpression: string =
  "replaceRegexpAll(lowerUTF8(rawEvent), '[^\\\\x00-\\\\x7F]+|\\\\b[0-9]+\\\\b', ' ')";

/** The index's name, and its definition in a table. */
export const rawWordsIndex: string = `INDEX rawWords ${rawWordsExpression} TYPE text(tokenizer = splitByNonAlpha)`;

/**
 * Gives the tokens that the index must hold for a row in which these words stand, each delimited on both sides. Words
 * are folded. With `open`, the last word may go on in the row, so its last token is no whole one and is left out.
 */
export function rawTokens(words: readonly string[], open = false): readonly string[] {
  const tokens: string[] = [];
  for (const [at, word] of words.entries()) {
    const ofWord = word.split(/[^a-z0-9]+/);
    if (open && at === words.length - 1) ofWord.pop();
    tokens.push(...ofWord.filter((token) => token !== '' && !/^[0-9]+$/.test(token)));
  }
  return [...new Set(tokens)];
}
