/** A piece of a text of a log: characters that are what they look like, or one that is not. */
export interface ShownPiece {
  readonly text: string;
  /** Name of the character that stands there instead, as U+202E. */
  readonly escaped?: string;
}

// Control characters, lone surrogates (bytes that are not UTF-8 among them), direction and other invisible characters.
const unsafe = /\u034f|[\p{Cc}\p{Cs}\p{Cf}\p{Zl}\p{Zp}]|[\u115f\u1160]|\u17b4|\u17b5|\u3164|\uffa0/u;
const unsafeOnes = new RegExp(unsafe.source, 'gu');

/**
 * Cuts a text into pieces for eyes: what would move the cursor, turn the direction of text, or not be seen at all is
 * written as an escape.
 */
export function showCharacters(text: string): readonly ShownPiece[] {
  if (!unsafe.test(text)) return [{ text }];
  const pieces: ShownPiece[] = [];
  let at = 0;
  for (const match of text.matchAll(unsafeOnes)) {
    if (match.index > at) pieces.push({ text: text.slice(at, match.index) });
    pieces.push(escapeOf(match[0]));
    at = match.index + match[0].length;
  }
  if (at < text.length) pieces.push({ text: text.slice(at) });
  return pieces;
}

function escapeOf(character: string): ShownPiece {
  const unit = character.codePointAt(0) ?? 0;
  const hex = unit.toString(16);
  const escaped = `U+${hex.toUpperCase().padStart(4, '0')}`;
  if (unit >= 0xdc80 && unit <= 0xdcff) {
    return { text: `\\x${(unit - 0xdc00).toString(16)}`, escaped: 'a byte that is not UTF-8' };
  }
  if (unit < 0x100) return { text: `\\x${hex.padStart(2, '0')}`, escaped };
  return { text: unit > 0xffff ? `\\u{${hex}}` : `\\u${hex.padStart(4, '0')}`, escaped };
}

/** The same as one text. */
export function showText(text: string): string {
  return showCharacters(text)
    .map((piece) => piece.text)
    .join('');
}
