import { Button } from '@mantine/core';
import { type ReactNode, useEffect, useRef } from 'react';
import type { ContextKind, UploadPreview } from '../../api/enrichment.ts';
import { countOf, formatCount, formatDay } from '../../parts/format.ts';
import { InertText } from '../../parts/inert-text.tsx';
import { usePreferences } from '../../parts/preferences.tsx';
import { ExpectedColumns } from './expected-columns.tsx';

/** What would come of a file; nothing has changed yet. */
export function PreviewView({
  kind,
  preview,
  replaced,
  onUse,
}: {
  readonly kind: ContextKind;
  readonly preview: UploadPreview;
  /** File that it would replace. */
  readonly replaced: string | undefined;
  readonly onUse: () => void;
}): ReactNode {
  const use = useRef<HTMLButtonElement>(null);
  useEffect(() => use.current?.focus(), []);
  const { usable, reason, replaces, file } = preview;
  const place = replaces === '' ? `It becomes ${file}.` : `It replaces ${replaced ?? file}, which is kept for 30 days.`;
  return (
    <>
      {usable ? (
        <>
          <Totals preview={preview} />
          <div className="uploader-use">
            <Button ref={use} onClick={onUse}>
              {buttonWords(preview)}
            </Button>
            <span className="muted">{place}</span>
          </div>
        </>
      ) : (
        <div role="alert">
          <p className="outcome-denied">This file cannot be used, and nothing has changed.</p>
          <p>
            <InertText text={reason ?? ''} />
          </p>
        </div>
      )}
      <Skipped preview={preview} />
      <FirstRows preview={preview} />
      {!usable && <ExpectedColumns kind={kind} />}
    </>
  );
}

function buttonWords({ accepted, database }: UploadPreview): string {
  if (database !== undefined) return 'Use this database';
  return accepted === 1 ? 'Use this row' : `Use these ${formatCount(accepted)} rows`;
}

function Totals({ preview }: { readonly preview: UploadPreview }): ReactNode {
  const { zone } = usePreferences();
  const { accepted, skipped, exceeded, unmatchable, unread, database } = preview;
  return (
    <p>
      {database === undefined ? (
        <>
          <strong>{countOf(accepted, 'row')}</strong> can be used
          {skipped > 0 && (
            <>
              ,{' '}
              <span className="outcome-failure">
                <span aria-hidden="true">▲</span> {formatCount(skipped)} cannot
              </span>
            </>
          )}
          .
        </>
      ) : (
        <>
          <strong>
            <InertText text={database.label.replace(/@.*/, '')} />
          </strong>{' '}
          of {formatDay(database.builtAt, zone)}. Some addresses, and what it says of them:
        </>
      )}
      {unmatchable > 0 && ` ${formatCount(unmatchable)} more name no address, so that no label can match them.`}
      {exceeded > 0 && ` ${formatCount(exceeded)} more are too many and left out.`}
      {unread.length > 0 && (
        <>
          {' '}
          Not read: <InertText text={unread.join(', ')} />.
        </>
      )}
    </p>
  );
}

function Skipped({ preview: { skipped, skippedRows } }: { readonly preview: UploadPreview }): ReactNode {
  if (skipped === 0) return null;
  return (
    <details className="context-former" open={skippedRows.length <= 5}>
      <summary>Rows that cannot be used</summary>
      <ul>
        {skippedRows.map(({ at, reason }) => (
          <li key={at}>
            <span className="muted">row {at}</span> <InertText text={reason} />
          </li>
        ))}
      </ul>
      {skipped > skippedRows.length && <p className="muted">And {formatCount(skipped - skippedRows.length)} more.</p>}
    </details>
  );
}

function FirstRows({
  preview: { columns, rows, skippedRows, database },
}: {
  readonly preview: UploadPreview;
}): ReactNode {
  if (rows.length === 0) return null;
  const skipped = new Map(skippedRows.map(({ at, reason }) => [at, reason]));
  return (
    <div className="scroll-x">
      <table className="plain-table preview-table">
        <caption className="unseen">The first rows</caption>
        <thead>
          <tr>
            {database === undefined && <th className="number">Row</th>}
            {columns.map((name, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: columns of a file may have the same name
              <th key={index}>
                <InertText text={name} oneLine />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ at, cells }) => (
            <tr key={at} title={skipped.get(at) ?? ''}>
              {database === undefined && (
                <td className="number">
                  {skipped.has(at) && <span className="outcome-failure">▲ not used </span>}
                  {at}
                </td>
              )}
              {cells.map((cell, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: so may their cells
                <td key={index}>
                  <InertText text={cell} oneLine />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
