/**
 * How text is split into words (qql §4.2), for fields whose type is split: text, DN and filter. This is the only
 * definition; the SQL compiler builds its regular expressions from the ranges below, and a test compares the two.
 *
 * - Every ASCII character but letters, digits and `_` separates, and so do Unicode's blanks and punctuation.
 * - A period does not separate two letters or two digits, a comma not two digits: `corp.example`, `10.134`, `10,125`
 *   are one word; `102354.corp` is two.
 * - Digits are 0 to 9. Every other character is a letter.
 */

/** Separators outside ASCII: first and last code point of each run. ASCII's are known by {@link isAsciiSeparator}. */
export const separatorRanges: readonly (readonly [number, number])[] = [
  [0x80, 0xa9], // C1 controls, no-break space, Latin-1 punctuation; the letters ª µ º are left out
  [0xab, 0xb4],
  [0xb6, 0xb9],
  [0xbb, 0xbf],
  [0xd7, 0xd7],
  [0xf7, 0xf7],
  [0x1680, 0x1680],
  [0x2000, 0x200b], // blanks; the joiners U+200C and U+200D belong to words
  [0x200e, 0x206f], // dashes, quotation marks, line and paragraph separator
  [0x20a0, 0x20cf], // currency signs
  [0x2190, 0x2bff], // arrows, operators, shapes
  [0x2e00, 0x2e7f],
  [0x3000, 0x3004], // CJK blanks, punctuation and brackets
  [0x3008, 0x3020],
  [0xfe50, 0xfe6f],
  [0xfeff, 0xfeff],
  [0xff00, 0xff0f], // full-width punctuation
  [0xff1a, 0xff20],
  [0xff3b, 0xff40],
  [0xff5b, 0xff65],
];

/** What a character is to a word. */
const separator = 0;
const letter = 1;
const digit = 2;

const period = 46;
const comma = 44;

function isAsciiSeparator(unit: number): boolean {
  const isLetter = (unit >= 97 && unit <= 122) || (unit >= 65 && unit <= 90);
  return !(isLetter || (unit >= 48 && unit <= 57) || unit === 95);
}

// One byte for each UTF-16 unit; surrogates are letters, for no separator lies outside the basic plane.
const classes: Uint8Array = new Uint8Array(0x10000).fill(letter);
for (let unit = 0; unit < 0x80; unit++) if (isAsciiSeparator(unit)) classes[unit] = separator;
for (let unit = 48; unit <= 57; unit++) classes[unit] = digit;
for (const [first, last] of separatorRanges) classes.fill(separator, first, last + 1);

/** Class of the unit at a position; the ends of the text separate. */
function classAt(text: string, at: number): number {
  return at < 0 || at >= text.length ? separator : (classes[text.charCodeAt(at)] ?? letter);
}

/** True when the character at `at` separates what stands on its two sides. */
function separates(text: string, at: number): boolean {
  if (classAt(text, at) !== separator) return false;
  const unit = text.charCodeAt(at);
  if (unit !== period && unit !== comma) return true;
  const before = classAt(text, at - 1);
  if (before === separator || before !== classAt(text, at + 1)) return true;
  return unit === comma && before === letter;
}

/** Gives the words of a text, in order. */
export function splitWords(text: string): string[] {
  const words: string[] = [];
  let start = -1;
  for (let at = 0; at <= text.length; at++) {
    const inside = at < text.length && !separates(text, at);
    if (inside && start < 0) start = at;
    else if (!inside && start >= 0) {
      words.push(text.slice(start, at));
      start = -1;
    }
  }
  return words;
}

/** True when a word starts at this position of the text. */
function startsWord(text: string, at: number): boolean {
  return classAt(text, at) !== separator && (at === 0 || separates(text, at - 1));
}

/** Gives a test for "these words stand next to one another"; with `open` the last one may go on. */
export function phraseMatcher(words: readonly string[], open: boolean): (folded: string) => boolean {
  const [first, ...rest] = words;
  if (first === undefined) return () => false;
  return (folded) => {
    for (let at = folded.indexOf(first); at >= 0; at = folded.indexOf(first, at + 1)) {
      if (startsWord(folded, at) && follow(folded, at + first.length, rest, open)) return true;
    }
    return false;
  };
}

/** True when a word ends at `at` and the further words follow. */
function follow(text: string, from: number, words: readonly string[], open: boolean): boolean {
  let at = from;
  for (const word of words) {
    if (at >= text.length || !separates(text, at)) return false;
    while (at < text.length && separates(text, at)) at++;
    if (!text.startsWith(word, at)) return false;
    at += word.length;
  }
  return open || at >= text.length || separates(text, at);
}
