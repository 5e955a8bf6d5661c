import { separatorRanges, type Wildcard } from '#query';

/**
 * Regular expressions for the engine (RE2: linear time), made of our own pieces and escaped literal text. They say what
 * `splitWords` of the query room says, for text in lower case.
 */

/** ASCII's separators without period and comma, as the inside of a character class; `_` is a letter. */
const asciiSeparators = '\\x00-+\\-/:-@[-^`{-\\x7f';

const otherSeparators = separatorRanges
  .map(([first, last]) => `\\x{${first.toString(16)}}-\\x{${last.toString(16)}}`)
  .join('');

/** What always separates. */
const plain: string = asciiSeparators + otherSeparators;

/** What separates in the right place. */
const all: string = `${plain}.,`;

/** Gives the expression for words next to one another; with `open`, the last one may go on. */
export function phraseExpression(words: readonly string[], open: boolean): string {
  const [first = ''] = words;
  let expression = `${startBefore(first)}${escapeLiteral(first)}`;
  let last = first;
  for (const word of words.slice(1)) {
    expression += `${gapBetween(last, word)}${escapeLiteral(word)}`;
    last = word;
  }
  return open ? expression : `${expression}${endAfter(last)}`;
}

function startBefore(word: string): string {
  return isDigit(word.charAt(0)) ? `(?:^|[${plain}]|(?:^|[^0-9])[.,])` : `(?:^|[${plain},]|(?:^|[${all}0-9])\\.)`;
}

function endAfter(word: string): string {
  return isDigit(word.charAt(word.length - 1))
    ? `(?:$|[${plain}]|[.,](?:$|[^0-9]))`
    : `(?:$|[${plain},]|\\.(?:$|[${all}0-9]))`;
}

/** One separator that does not join the two words, or several. */
function gapBetween(before: string, after: string): string {
  const left = isDigit(before.charAt(before.length - 1));
  const right = isDigit(after.charAt(0));
  const single = left && right ? plain : left === right ? `${plain},` : all;
  return `(?:[${single}]|[${all}]{2,})`;
}

function isDigit(character: string): boolean {
  return character >= '0' && character <= '9';
}

/** Gives the expression for a whole text with wildcards. */
export function patternExpression(parts: readonly (string | Wildcard)[]): string {
  const inner = parts.map((part) => {
    if (typeof part === 'string') return escapeLiteral(part);
    return part.wildcard === 'one' ? '.' : '.*';
  });
  // A run of anything at an end is no condition at all, and leaves bytes that are no UTF-8 alone.
  const start = inner[0] === '.*' ? '' : '^';
  const end = inner.at(-1) === '.*' ? '' : '$';
  return `(?s)${start}${inner.slice(start === '' ? 1 : 0, end === '' ? -1 : undefined).join('')}${end}`;
}

/**
 * Gives folded text as an expression for the engine's lower case: both forms of sigma, and any byte where a byte stood
 * that is no UTF-8.
 */
export function escapeLiteral(text: string): string {
  return text
    .replace(/[\\^$.|?*+()[\]{}\-/]/g, '\\$&')
    .replace(/\p{Cc}/gu, (control) => `\\x{${control.charCodeAt(0).toString(16)}}`)
    .replaceAll('σ', '[σς]')
    .replace(/[\ud800-\udfff]/gu, '\\C');
}
