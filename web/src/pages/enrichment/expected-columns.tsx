import type { ReactNode } from 'react';
import type { ContextKind } from '../../api/enrichment.ts';
import { formatBytes } from '../../parts/format.ts';

/** What a file of a kind holds, and a small one to begin with. */
export function ExpectedColumns({ kind }: { readonly kind: ContextKind }): ReactNode {
  const { columns, sample, forms } = kind;
  const most = Math.max(...forms.map(({ bytesMax }) => bytesMax));
  return (
    <div className="expected">
      {columns.length > 0 && (
        <>
          <p>
            Columns that are read; leave out what you do not have. Case, blanks, - and _ in their names do not count.
          </p>
          <dl className="expected-columns">
            {columns.map(({ name, about }) => (
              <div key={name}>
                <dt>
                  <code>{name}</code>
                </dt>
                <dd className="muted">{about}</dd>
              </div>
            ))}
          </dl>
        </>
      )}
      {sample !== undefined && <Sample file={sample.file} text={sample.text} />}
      <p className="muted">
        {sample === undefined &&
          'No database comes with Meridian; their terms differ. Country, city and network owner databases work together. '}
        Up to {formatBytes(most)}. Nothing changes before you have seen what would come of it.
      </p>
    </div>
  );
}

function Sample({ file, text }: { readonly file: string; readonly text: string }): ReactNode {
  return (
    <>
      <pre className="scroll-x">{text}</pre>
      <p>
        <a href={`data:text/plain;charset=utf-8,${encodeURIComponent(text)}`} download={file}>
          Download this sample
        </a>
      </p>
    </>
  );
}
