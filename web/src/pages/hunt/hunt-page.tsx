import { useQueryClient } from '@tanstack/react-query';
import { useSearch as useAddress, useNavigate } from '@tanstack/react-router';
import { type ReactNode, useCallback, useEffect, useRef, useState } from 'react';
import type { Label } from '#event';
import { type EventLabels, textOf } from '../../api/event-value.ts';
import type { QueryEditorHandle } from '../../editor/query-editor.tsx';
import { isDialogOpen, isPlain, isTyping } from '../../frame/use-keys.ts';
import { EmptyWindow } from '../../parts/empty-window.tsx';
import { Histogram } from '../../parts/histogram.tsx';
import { Bones, Failure } from '../../parts/states.tsx';
import { clauseFor, exclude, include } from '../../query/refine.ts';
import { type Column, usualWidth, writeColumns } from './columns.ts';
import { EventPanel } from './event-panel.tsx';
import { EventTable, type TableActions } from './event-table.tsx';
import { FacetList } from './facet-list.tsx';
import { HuntStatus, HuntTools, TableFoot } from './hunt-tools.tsx';
import { QueryBar } from './query-bar.tsx';
import { type Hunt, useHunt } from './use-hunt.ts';
import { type LiveTail, useLiveTail } from './use-live-tail.ts';
import { type SearchResult, useOverTime, useSearch } from './use-search.ts';
import './hunt.css';

/** Looking for events: query, window, counts, rows. The address says it all. */
export function HuntPage(): ReactNode {
  const address = useAddress({ from: '/hunt' });
  const hunt = useHunt(address);
  const { asked, columnLabels, sort, zone, by, live, valid, change } = hunt;
  const result = useSearch(asked, sort, columnLabels, valid && !live);
  const overTime = useOverTime(asked, by, valid && !live);
  const tail = useLiveTail(asked.q, zone, valid && live);
  const client = useQueryClient();
  const editor = useRef<QueryEditorHandle>(null);
  const [facetsOpen, setFacetsOpen] = useState(false);
  const actions = useTableActions(hunt, result.more);
  const closeEvent = useCallback(() => change({ event: undefined }, { replace: true }), [change]);
  useHuntKeys(editor, closeEvent, address.event !== undefined);
  const total = overTime.data?.buckets.reduce((sum, { count }) => sum + count, 0);

  return (
    <div className="hunt">
      <h1 className="unseen">Hunt</h1>
      <QueryBar
        text={hunt.draft}
        window={hunt.window}
        zone={zone}
        busy={!live && (result.fetching || overTime.isFetching)}
        editorRef={editor}
        onText={hunt.setDraft}
        onRun={hunt.run}
        onCancel={() => void client.cancelQueries({ queryKey: ['hunt'] })}
        onWindow={(window) => change({ from: window.from, to: window.to, event: undefined })}
        onZone={(next) => change({ zone: next }, { replace: true })}
      />
      {hunt.windowProblem !== undefined && (
        <p role="alert" className="notice">
          {hunt.windowProblem}
        </p>
      )}
      <div className="hunt-status">
        <p role="status">
          <HuntStatus hunt={hunt} total={total} isCounting={overTime.isFetching} tookMs={result.tookMs} tail={tail} />
        </p>
        <HuntTools hunt={hunt} facetsOpen={facetsOpen} onFacets={setFacetsOpen} onColumns={actions.onColumns} />
      </div>
      {!live && <OverTime hunt={hunt} overTime={overTime} />}
      <div className={`hunt-body ${facetsOpen ? 'facets-open' : ''}`}>
        <FacetList
          asked={asked}
          enabled={valid && !live && !result.pending}
          columns={columnLabels}
          onInclude={actions.onInclude}
          onExclude={actions.onExclude}
          onColumn={actions.onColumn}
        />
        <section className="hunt-rows" aria-label="Results" aria-busy={result.fetching}>
          <Rows hunt={hunt} result={result} tail={tail} total={total} openId={address.event} actions={actions} />
        </section>
        {address.event !== undefined && (
          <EventPanel eventId={address.event} zone={zone} actions={actions} onClose={closeEvent} />
        )}
      </div>
    </div>
  );
}

/** The bars above the rows. */
function OverTime({
  hunt,
  overTime,
}: {
  readonly hunt: Hunt;
  readonly overTime: ReturnType<typeof useOverTime>;
}): ReactNode {
  const { by, zone, change, valid } = hunt;
  if (!valid) return null;
  return (
    <div className="hunt-histogram">
      {overTime.error !== null ? (
        <Failure error={overTime.error} what="Counts over time cannot be shown" retry={() => void overTime.refetch()} />
      ) : overTime.data === undefined ? (
        <div className="histogram-space" />
      ) : (
        <Histogram
          answer={overTime.data}
          by={by}
          zone={zone}
          onZoom={(from, to) => change({ from: new Date(from).toISOString(), to: new Date(to).toISOString() })}
        />
      )}
    </div>
  );
}

/** The rows, or what stands in their place. */
function Rows({
  hunt,
  result,
  tail,
  total,
  openId,
  actions,
}: {
  readonly hunt: Hunt;
  readonly result: SearchResult;
  readonly tail: LiveTail;
  readonly total: number | undefined;
  readonly openId: string | undefined;
  readonly actions: TableActions;
}): ReactNode {
  const { live, valid, zone, change } = hunt;
  if (!valid) return null;
  if (!live) {
    if (result.error !== null) {
      return <Failure error={result.error} what="The search did not work" retry={result.retry} />;
    }
    if (result.pending && result.fetching) return <Bones rows={8} label="Searching" />;
    if (result.pending) return <Stopped onRetry={result.retry} />;
    if (result.rows.length === 0) {
      return (
        <EmptyWindow
          q={hunt.asked.q}
          zone={zone}
          onWindow={(window) => change({ from: window.from, to: window.to })}
          onQuery={hunt.run}
        />
      );
    }
  }
  const rows = live ? tail.rows : result.rows;
  return (
    <EventTable
      rows={rows}
      total={live ? rows.length : total}
      columns={hunt.columns}
      sort={live ? '-eventTime' : hunt.sort}
      density={hunt.density}
      zone={zone}
      openId={openId}
      foot={<TableFoot live={live} rows={rows.length} hasMore={result.hasMore} isFull={result.isFull} />}
      {...actions}
    />
  );
}

function Stopped({ onRetry }: { readonly onRetry: () => void }): ReactNode {
  return (
    <div className="state">
      <h2>The search was cancelled</h2>
      <button type="button" className="plain link" onClick={onRetry}>
        Search again
      </button>
    </div>
  );
}

/** What people do with rows and values. */
function useTableActions(
  { refine, change, sort, columns, columnLabels }: Hunt,
  onEnd: () => void,
): TableActions & { readonly onColumn: (label: Label) => void } {
  const navigate = useNavigate();
  const onInclude = useCallback(
    (label: string, value: unknown) => refine((q) => include(q, clauseFor(label, value))),
    [refine],
  );
  const onExclude = useCallback(
    (label: string, value: unknown) => refine((q) => exclude(q, clauseFor(label, value))),
    [refine],
  );
  const onOpen = useCallback(
    (event: EventLabels) => change({ event: textOf(event, 'eventId') }, { replace: true }),
    [change],
  );
  const onSession = useCallback(
    (event: EventLabels) => {
      const sessionKey = textOf(event, 'sessionKey');
      if (sessionKey !== undefined) void navigate({ to: '/sessions/$sessionKey', params: { sessionKey } });
    },
    [navigate],
  );
  const onColumns = useCallback(
    (next: readonly Column[]) => change({ columns: writeColumns(next) }, { replace: true }),
    [change],
  );
  const onColumn = useCallback(
    (label: Label) => {
      const others = columns.filter((column) => column.label !== label);
      onColumns(columnLabels.includes(label) ? others : [...columns, { label, width: usualWidth(label) }]);
    },
    [columns, columnLabels, onColumns],
  );
  const onSort = useCallback(
    (label: Label) => {
      const next = sort === `-${label}` ? label : `-${label}`;
      change({ sort: next === '-eventTime' ? undefined : next });
    },
    [change, sort],
  );
  return { onInclude, onExclude, onOpen, onSession, onColumns, onColumn, onSort, onEnd };
}

/** Keys of the page: "/" goes to the query, "j" and "k" into the table, Escape closes the event. */
function useHuntKeys(
  editor: { readonly current: QueryEditorHandle | null },
  onClose: () => void,
  isEventOpen: boolean,
): void {
  const close = useRef(onClose);
  close.current = onClose;
  useEffect(() => {
    const acts: Readonly<Record<string, (event: KeyboardEvent) => void>> = {
      '/': (event) => {
        event.preventDefault();
        editor.current?.focus();
      },
      j: focusRows,
      k: focusRows,
      Escape: () => isEventOpen && close.current(),
    };
    function listen(event: KeyboardEvent): void {
      if (!isPlain(event) || isTyping(event) || isDialogOpen() || event.defaultPrevented) return;
      acts[event.key]?.(event);
    }
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, [editor, isEventOpen]);
}

function focusRows(): void {
  document.querySelector<HTMLElement>('.events')?.focus();
}
