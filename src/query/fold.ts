/**
 * Folds text so that case does not count: Unicode's lower case, with the two forms of small sigma as one.
 *
 * The engine's `lowerUTF8` gives the same lower case, character by character and in context (a test compares them on
 * every code point). Final sigma stands for σ, because a word of the query does not know what follows it in the value.
 */
export function foldText(text: string): string {
  const lower = text.toLowerCase();
  return lower.includes('ς') ? lower.replaceAll('ς', 'σ') : lower;
}
