/**
 * A raw line for eyes: control characters, bytes that are not UTF-8 and characters that change the direction of text are
 * written as escapes, so that a line cannot play tricks on a terminal or a page. Cut after `lengthMax` characters.
 */
export function showRaw(raw: string, lengthMax: number): string {
  const shown = raw.slice(0, lengthMax).replace(unsafe, escapeCharacter);
  return raw.length > lengthMax ? `${shown}…` : shown;
}

// Control characters, lone surrogates (bytes that are not UTF-8 among them), direction and invisible format characters.
const unsafe = /\p{Cc}|\p{Cs}|\p{Cf}|\p{Zl}|\p{Zp}/gu;

function escapeCharacter(character: string): string {
  const unit = character.codePointAt(0) ?? 0;
  if (unit >= 0xdc80 && unit <= 0xdcff) return `\\x${(unit - 0xdc00).toString(16)}`;
  if (unit < 0x100) return `\\x${unit.toString(16).padStart(2, '0')}`;
  return unit > 0xffff ? `\\u{${unit.toString(16)}}` : `\\u${unit.toString(16).padStart(4, '0')}`;
}
