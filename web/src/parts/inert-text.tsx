import { Fragment, type ReactNode, useState } from 'react';
import { formatCount } from './format.ts';
import { showCharacters, showText } from './show-characters.ts';

/** Characters shown before one has to ask for the rest. */
const shownMax = 4_096;
/** Characters of a line of a table. */
const lineMax = 512;

/** Text of a log: never markup, its invisible characters as escapes, its direction its own. */
export function InertText({ text, oneLine = false }: { readonly text: string; readonly oneLine?: boolean }): ReactNode {
  const [whole, setWhole] = useState(false);
  const max = oneLine ? lineMax : shownMax;
  const cut = text.length > max && !whole;
  const pieces = showCharacters(cut ? text.slice(0, max) : text);
  return (
    <>
      <bdi className={oneLine ? 'inert one-line' : 'inert'}>
        {pieces.map((piece, index) =>
          piece.escaped === undefined ? (
            piece.text
          ) : (
            // biome-ignore lint/suspicious/noArrayIndexKey: pieces of a text have no other identity
            <span key={index} className="escaped" title={piece.escaped}>
              {piece.text}
            </span>
          ),
        )}
        {cut && '…'}
      </bdi>
      {cut && !oneLine && (
        <button type="button" className="plain link" onClick={() => setWhole(true)}>
          Show all {formatCount(text.length)} characters
        </button>
      )}
    </>
  );
}

/** A DN: its first part plain, what lies above it muted. */
export function DnText({ text, oneLine = false }: { readonly text: string; readonly oneLine?: boolean }): ReactNode {
  const cut = firstComma(text);
  if (cut === -1 || text.length > lineMax) return <InertText text={text} oneLine={oneLine} />;
  // Where it takes more than one line, it breaks before it breaks a name.
  const rest = showText(text.slice(cut)).split(',');
  return (
    <bdi className={oneLine ? 'inert one-line' : 'inert'}>
      {showText(text.slice(0, cut))}
      <span className="muted">
        {rest.map((part, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: parts of a text have no other identity
          <Fragment key={at}>
            {at > 0 && ','}
            {at > 0 && !oneLine && <wbr />}
            {part}
          </Fragment>
        ))}
      </span>
    </bdi>
  );
}

/** Where the first RDN ends: at a comma that is not escaped. */
function firstComma(text: string): number {
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === '\\') at++;
    else if (character === ',') return at;
  }
  return -1;
}
