import { type ReactNode, useMemo } from 'react';
import { rawPieces } from './raw-pieces.ts';
import { showCharacters } from './show-characters.ts';

/** Characters of a raw line that are drawn; the whole is in the copy. */
const drawnMax = 65_536;

/** The raw record: its parts highlighted, its control characters as escapes. */
export function RawLine({ text }: { readonly text: string }): ReactNode {
  const pieces = useMemo(() => rawPieces(text.slice(0, drawnMax)), [text]);
  return (
    <pre className="raw-line" role="region" tabIndex={0} aria-label="Raw record">
      <bdi className="inert">
        {pieces.map((piece, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: pieces of a text have no other identity
          <span key={index} className={`raw-${piece.kind}`}>
            {showCharacters(piece.text).map((part, at) =>
              part.escaped === undefined ? (
                part.text
              ) : (
                // biome-ignore lint/suspicious/noArrayIndexKey: as above
                <span key={at} className="escaped" title={part.escaped}>
                  {part.text}
                </span>
              ),
            )}
          </span>
        ))}
        {text.length > drawnMax && '…'}
      </bdi>
    </pre>
  );
}
