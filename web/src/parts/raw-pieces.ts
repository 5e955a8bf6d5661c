/** A piece of a raw line. */
export interface RawPiece {
  readonly text: string;
  readonly kind: 'name' | 'value' | 'time' | 'plain';
}

/** Longest line taken apart; the rest stays plain. */
const lengthMax = 8_192;
const namePattern = /([A-Za-z][\w.-]{0,63})(=|":\s?)/y;

/**
 * Takes a raw line apart for the eye: the time in front, names, and their values. It knows nothing of any format but
 * `name=value`, `"name": value` and quotes, and goes over the text once.
 */
export function rawPieces(line: string): readonly RawPiece[] {
  const text = line.slice(0, lengthMax);
  const pieces: RawPiece[] = [];
  let plainFrom = 0;
  let at = 0;
  const time = /^\[[^\]]{10,60}\]/.exec(text);
  if (time !== null) {
    pieces.push({ text: time[0], kind: 'time' });
    at = time[0].length;
    plainFrom = at;
  }
  while (at < text.length) {
    const before = text.charAt(at - 1);
    namePattern.lastIndex = at;
    const match = at === 0 || /[\s"{,(]/.test(before) ? namePattern.exec(text) : null;
    if (match === null) {
      at += 1;
      continue;
    }
    if (at > plainFrom) pieces.push({ text: text.slice(plainFrom, at), kind: 'plain' });
    pieces.push({ text: match[0], kind: 'name' });
    at += match[0].length;
    const end = valueEnd(text, at, match[2] === '=');
    if (end > at) pieces.push({ text: text.slice(at, end), kind: 'value' });
    at = end;
    plainFrom = at;
  }
  if (plainFrom < line.length) pieces.push({ text: line.slice(plainFrom), kind: 'plain' });
  return pieces;
}

/** Where a value ends: at its closing quote, else at a blank (after `=`), else at a comma or bracket (in JSON). */
function valueEnd(text: string, start: number, untilBlank: boolean): number {
  if (text.charAt(start) === '"') {
    for (let at = start + 1; at < text.length; at++) {
      if (text.charAt(at) === '\\') at++;
      else if (text.charAt(at) === '"') return at + 1;
    }
    return text.length;
  }
  let at = start;
  while (at < text.length && !(untilBlank ? /\s/ : /[\s,}\]]/).test(text.charAt(at))) at++;
  return at;
}
