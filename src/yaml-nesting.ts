/** Collections within one another that a YAML text may have; real ones have a handful. */
export const yamlNestingMax = 200;

const opening = new Set(['[', '{']);
const closing = new Set([']', '}']);
/** What stands before the first word of a line: indentation, and the signs of lists, keys and values. */
const leading = new Set([' ', '\t', '-', '?', ':']);

/**
 * Whether a YAML text may be nested deeper than {@link yamlNestingMax}. A reader of YAML calls itself for every level: at
 * some thousands the stack is full, and an engine that then has to compile a regular expression ends the whole program.
 * Brackets in texts count, too: this errs on the safe side. Takes one pass.
 */
export function isNestedTooDeep(text: string): boolean {
  let brackets = 0;
  let lead = 0;
  let isLeading = true;
  for (const character of text) {
    if (character === '\n' || character === '\r') {
      isLeading = true;
      lead = 0;
    } else if (isLeading && leading.has(character)) lead++;
    else {
      isLeading = false;
      if (opening.has(character)) brackets++;
      else if (closing.has(character)) brackets = Math.max(0, brackets - 1);
    }
    // Each level takes one sign at least, in the line or before it.
    if (brackets > yamlNestingMax || lead > yamlNestingMax) return true;
  }
  return false;
}
