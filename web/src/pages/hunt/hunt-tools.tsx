import { Button, Menu } from '@mantine/core';
import { type ReactNode, useEffect, useState } from 'react';
import { type Asked, exportAddress } from '../../api/events.ts';
import { Choice } from '../../parts/choice.tsx';
import { copyText } from '../../parts/copy.ts';
import { countOf, formatCount, formatSeconds } from '../../parts/format.ts';
import { useMay } from '../../parts/own-session.tsx';
import type { Column } from './columns.ts';
import { ColumnsMenu } from './columns-menu.tsx';
import { SavedSearches } from './saved-searches.tsx';
import type { Hunt } from './use-hunt.ts';
import type { LiveTail } from './use-live-tail.ts';
import { rowsMax } from './use-search.ts';

/** How many there are, how long it took; of a tail, how it goes. */
export function HuntStatus({
  hunt,
  total,
  isCounting,
  tookMs,
  tail,
}: {
  readonly hunt: Hunt;
  readonly total: number | undefined;
  readonly isCounting: boolean;
  readonly tookMs: number | undefined;
  readonly tail: LiveTail;
}): ReactNode {
  if (hunt.live && hunt.valid) return <TailStatus tail={tail} />;
  if (!hunt.valid) return 'The query is not run: it is not right yet.';
  return (
    <>
      {total !== undefined ? countOf(total, 'event') : isCounting ? 'Counting…' : 'Not counted'}
      {tookMs !== undefined && <span className="muted"> · first page in {formatSeconds(tookMs / 1_000)}</span>}
    </>
  );
}

/** What may be done with the result. */
export function HuntTools({
  hunt,
  facetsOpen,
  onFacets,
  onColumns,
}: {
  readonly hunt: Hunt;
  readonly facetsOpen: boolean;
  readonly onFacets: (open: boolean) => void;
  readonly onColumns: (columns: readonly Column[]) => void;
}): ReactNode {
  const { by, change, density, live } = hunt;
  const mayExport = useMay('events:export');
  const mayTail = useMay('events:tail');
  return (
    <div className="hunt-tools">
      <Button
        variant="default"
        size="compact-sm"
        className="facets-button"
        aria-expanded={facetsOpen}
        onClick={() => onFacets(!facetsOpen)}
      >
        Fields
      </Button>
      <Choice
        label="Colours of the bars"
        value={by}
        choices={[
          ['outcome', 'Outcome'],
          ['eventCategory', 'Category'],
        ]}
        onChoice={(value) => change({ by: value === 'eventCategory' ? 'eventCategory' : undefined }, { replace: true })}
      />
      <Choice
        label="Height of the rows"
        value={density}
        choices={[
          ['compact', 'Dense'],
          ['comfortable', 'Roomy'],
        ]}
        onChoice={(value) =>
          change({ density: value === 'comfortable' ? 'comfortable' : undefined }, { replace: true })
        }
      />
      <ColumnsMenu columns={hunt.columns} onColumns={onColumns} />
      <SavedSearches />
      {mayExport && (
        <ExportMenu asked={hunt.asked} sort={hunt.sort} fields={hunt.columnLabels} disabled={!hunt.valid} />
      )}
      <ShareButton />
      {mayTail && (
        <Button
          variant={live ? 'filled' : 'default'}
          size="compact-sm"
          aria-pressed={live}
          onClick={() => change({ live: live ? undefined : '1', event: undefined })}
        >
          ◉ Live
        </Button>
      )}
    </div>
  );
}

function TailStatus({ tail }: { readonly tail: LiveTail }): ReactNode {
  const words = { connecting: 'Connecting…', open: 'Live', lost: 'Connection lost, trying again…' }[tail.state];
  return (
    <>
      {words} · {formatCount(tail.received)} received
      {tail.waiting > 0 && ` · ${formatCount(tail.waiting)} waiting`} ·{' '}
      <span className={tail.dropped > 0 ? 'outcome-failure' : 'muted'}>{formatCount(tail.dropped)} dropped</span>{' '}
      <button type="button" className="plain link" onClick={() => tail.setPaused(!tail.paused)}>
        {tail.paused ? 'Go on' : 'Pause'}
      </button>
    </>
  );
}

/** What stands below the last row. */
export function TableFoot({
  live,
  rows,
  hasMore,
  isFull,
}: {
  readonly live: boolean;
  readonly rows: number;
  readonly hasMore: boolean;
  readonly isFull: boolean;
}): ReactNode {
  const words = live
    ? rows === 0
      ? 'Waiting for events that match. They appear here as the server stores them.'
      : undefined
    : isFull
      ? `${formatCount(rowsMax)} rows are shown: narrow the window, or export them all.`
      : hasMore
        ? 'More rows follow…'
        : `All ${countOf(rows, 'event')}.`;
  return words === undefined ? null : <p className="events-foot muted">{words}</p>;
}

function ExportMenu({
  asked,
  sort,
  fields,
  disabled,
}: {
  readonly asked: Asked;
  readonly sort: string;
  readonly fields: readonly string[];
  readonly disabled: boolean;
}): ReactNode {
  return (
    <Menu position="bottom-end" transitionProps={{ duration: 0 }}>
      <Menu.Target>
        <Button variant="default" size="compact-sm" disabled={disabled}>
          Export
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item component="a" download href={exportAddress({ ...asked, sort, fields, format: 'csv' })}>
          CSV, these columns
        </Menu.Item>
        <Menu.Item component="a" download href={exportAddress({ ...asked, sort, format: 'csv' })}>
          CSV, all labels
        </Menu.Item>
        <Menu.Item component="a" download href={exportAddress({ ...asked, sort, format: 'ndjson' })}>
          JSON lines, all labels
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function ShareButton(): ReactNode {
  const [said, setSaid] = useState<string>();
  useEffect(() => {
    if (said === undefined) return;
    const timer = setTimeout(() => setSaid(undefined), 2_000);
    return () => clearTimeout(timer);
  }, [said]);
  return (
    <Button
      variant="default"
      size="compact-sm"
      title="Copies the address: it holds query, window, columns and all"
      onClick={() =>
        void copyText(window.location.href).then((done) => setSaid(done ? 'Link copied' : 'Copy the address bar'))
      }
    >
      {said ?? 'Share'}
    </Button>
  );
}
