import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { type ReactNode, useRef, useState } from 'react';
import { type DashboardSummary, getDashboards, saveDashboard } from '../../api/dashboards.ts';
import { useDrafts } from '../../parts/drafts.ts';
import { countOf } from '../../parts/format.ts';
import { useMay } from '../../parts/own-session.tsx';
import { usePreferences } from '../../parts/preferences.tsx';
import { ProblemLine } from '../../parts/problem-line.tsx';
import { showText } from '../../parts/show-characters.ts';
import { Bones, Empty, Failure } from '../../parts/states.tsx';
import { RowTime } from '../../parts/time.tsx';
import { useRowKeys } from '../../parts/use-row-keys.ts';
import { keepRemoved, useRemoved } from './removed.ts';
import './dashboards.css';

/** Bytes of a file to import; the server takes less. */
const fileBytesMax = 1_000_000;
/** Name of the draft of a dashboard that was never saved. */
const newDraft = 'dashboard new';

/** All dashboards one may see. */
export function DashboardsPage(): ReactNode {
  const may = useMay('dashboards:write');
  const [wrong, setWrong] = useState<{ readonly text: string; readonly error: unknown }>();
  const list = useQuery({ queryKey: ['dashboards'], queryFn: ({ signal }) => getDashboards(signal) });
  const rows = useRef<HTMLDivElement>(null);
  useRowKeys(rows);
  const shipped = list.data?.filter((one) => one.shipped) ?? [];
  const kept = list.data?.filter((one) => !one.shipped) ?? [];
  return (
    <div className="page" ref={rows}>
      <div className="page-head">
        <h1>Dashboards</h1>
        {may && (
          <div className="actions">
            <Import onWrong={setWrong} />
            <Button component={Link} to="/dashboards/new">
              New dashboard
            </Button>
          </div>
        )}
      </div>
      <Removed />
      {wrong !== undefined && <WrongFile {...wrong} />}
      {list.error !== null ? (
        <Failure error={list.error} what="The dashboards cannot be shown" retry={() => void list.refetch()} />
      ) : list.data === undefined ? (
        <Bones rows={6} />
      ) : (
        <>
          <section className="panel" aria-label="Your dashboards, and those others share">
            <header>
              <h2>Yours, and shared by others</h2>
            </header>
            {kept.length === 0 ? (
              <Empty title="None yet">
                <p>
                  {may
                    ? 'Dashboards you make will stand here. Begin with an empty one, or open one of those below and copy it.'
                    : 'Dashboards that others share will stand here.'}
                </p>
              </Empty>
            ) : (
              <List dashboards={kept} />
            )}
          </section>
          <section className="panel" aria-label="Dashboards that come with Meridian">
            <header>
              <h2>With Meridian</h2>
            </header>
            <List dashboards={shipped} />
          </section>
        </>
      )}
    </div>
  );
}

function List({ dashboards }: { readonly dashboards: readonly DashboardSummary[] }): ReactNode {
  const { zone } = usePreferences();
  return (
    <ul className="dashboard-list">
      {dashboards.map(({ id, name, description, widgets, shipped, own, owner, shared, updatedAt }) => (
        <li key={id}>
          <Link to="/dashboards/$dashboardId" params={{ dashboardId: id }} className="dashboard-row" data-row>
            <span className="dashboard-name">
              <bdi>{showText(name)}</bdi>
            </span>
            <span className="muted dashboard-about">
              <bdi>{showText(description)}</bdi>
            </span>
            <span className="muted dashboard-facts">
              {countOf(widgets, 'widget')}
              {!shipped && (own ? (shared ? ', yours, shared' : ', yours') : `, ${showText(owner ?? '')}`)}
              {updatedAt !== undefined && (
                <>
                  , <RowTime time={updatedAt} zone={zone} />
                </>
              )}
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}

/** Takes a file: a good one is kept at once, a wrong one can be opened where its problems are shown. */
function Import({
  onWrong,
}: {
  readonly onWrong: (wrong: { readonly text: string; readonly error: unknown } | undefined) => void;
}): ReactNode {
  const input = useRef<HTMLInputElement>(null);
  const navigate = useNavigate();
  const client = useQueryClient();
  const take = useMutation({
    mutationFn: async (file: File) => {
      if (file.size > fileBytesMax) throw new Error('The file is too large to be a dashboard.');
      const text = await file.text();
      try {
        return await saveDashboard(undefined, { yaml: text, shared: false });
      } catch (error) {
        onWrong({ text, error });
        return undefined;
      }
    },
    onMutate: () => onWrong(undefined),
    onSuccess: async (made) => {
      if (made === undefined) return;
      await client.invalidateQueries({ queryKey: ['dashboards'] });
      await navigate({ to: '/dashboards/$dashboardId', params: { dashboardId: made.id } });
    },
    onError: (error) => onWrong({ text: '', error }),
  });
  return (
    <>
      <input
        ref={input}
        type="file"
        className="unseen"
        accept=".yaml,.yml,application/yaml"
        aria-label="File with a dashboard"
        tabIndex={-1}
        onChange={(event) => {
          const [file] = event.currentTarget.files ?? [];
          event.currentTarget.value = '';
          if (file !== undefined) take.mutate(file);
        }}
      />
      <Button variant="default" loading={take.isPending} onClick={() => input.current?.click()}>
        Import file…
      </Button>
    </>
  );
}

function WrongFile({ text, error }: { readonly text: string; readonly error: unknown }): ReactNode {
  return (
    <div className="notice">
      <ProblemLine error={error} />
      {text !== '' && <OpenInEditor text={text} />}
    </div>
  );
}

function OpenInEditor({ text }: { readonly text: string }): ReactNode {
  const navigate = useNavigate();
  const drafts = useDrafts();
  return (
    <Button
      size="xs"
      variant="default"
      onClick={() => {
        drafts.keep(newDraft, { text });
        void navigate({ to: '/dashboards/new' });
      }}
    >
      Open it in the editor
    </Button>
  );
}

/** What was removed a moment ago can be taken back. */
function Removed(): ReactNode {
  const client = useQueryClient();
  const removed = useRemoved();
  const back = useMutation({
    mutationFn: ({ yaml, shared }: { readonly yaml: string; readonly shared: boolean }) =>
      saveDashboard(undefined, { yaml, shared }),
    onSuccess: async () => {
      keepRemoved(client, null);
      await client.invalidateQueries({ queryKey: ['dashboards'] });
    },
  });
  if (removed === null) return null;
  return (
    <div className="notice" role="status">
      “<bdi>{showText(removed.name)}</bdi>” is removed.{' '}
      {removed.own && (
        <button type="button" className="plain link" onClick={() => back.mutate(removed)}>
          Undo
        </button>
      )}
      <ProblemLine error={back.error} />
      {back.error !== null && <OpenInEditor text={removed.yaml} />}
    </div>
  );
}
