import { Button, Checkbox } from '@mantine/core';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { Fragment, lazy, type ReactNode, Suspense, useEffect, useRef, useState } from 'react';
import {
  checkDashboard,
  type Dashboard,
  type DashboardProblem,
  getDashboard,
  saveDashboard,
} from '../../api/dashboards.ts';
import { NotAllowed } from '../../frame/page-states.tsx';
import { useMay } from '../../parts/own-session.tsx';
import { ProblemLine } from '../../parts/problem-line.tsx';
import { Bones, Empty, Failure } from '../../parts/states.tsx';
import { keepDraft, readDraft } from './drafts.ts';
import { useDashboardWindow, WidgetGrid } from './widget-grid.tsx';
import type { YamlEditorHandle } from './yaml-editor.tsx';
import './edit.css';

const YamlEditor = lazy(async () => ({ default: (await import('./yaml-editor.tsx')).YamlEditor }));
const WidgetForm = lazy(async () => ({ default: (await import('./widget-form.tsx')).WidgetForm }));

/** The text is read by the server once nobody has typed for this long. */
const patienceMs = 350;
const needed = 'dashboards:write';

const emptyYaml = `meridianDashboard: 1
name: New dashboard
description: ''
window: now-24h
widgets: []
`;

/** A dashboard that is not kept yet: empty, a copy, or what was written before. */
export function NewDashboardPage(): ReactNode {
  const { copy } = useSearch({ from: '/dashboards/new' });
  const source = useQuery({
    queryKey: ['dashboard-copy', copy],
    queryFn: async ({ signal }) => {
      if (copy === undefined) return emptyYaml;
      const { name, yaml, dashboard } = await getDashboard(copy, signal);
      // What has to be mended first keeps its name.
      if (dashboard === undefined) return yaml;
      return (await checkDashboard({ yaml, name: `${name} (copy)` }, signal)).yaml;
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
  const may = useMay(needed);
  if (!may) return <NotAllowed needs={needed} />;
  if (source.error !== null) {
    return (
      <div className="page">
        <Failure error={source.error} what="The dashboard cannot be copied" retry={() => void source.refetch()} />
      </div>
    );
  }
  if (source.data === undefined) return <Waiting />;
  return <Editing key={copy} draft={copy === undefined ? 'new' : `new ${copy}`} saved={source.data} shared={false} />;
}

/** One of one's own dashboards, to change. */
export function EditDashboardPage(): ReactNode {
  const { dashboardId } = useParams({ from: '/dashboards/$dashboardId/edit' });
  const may = useMay(needed);
  const whole = useQuery({
    queryKey: ['dashboard', dashboardId],
    queryFn: ({ signal }) => getDashboard(dashboardId, signal),
  });
  if (!may) return <NotAllowed needs={needed} />;
  if (whole.error !== null) {
    return (
      <div className="page">
        <Failure error={whole.error} what="This dashboard cannot be changed" retry={() => void whole.refetch()} />
      </div>
    );
  }
  if (whole.data === undefined) return <Waiting />;
  const { own, shipped, yaml, shared } = whole.data;
  if (!own) {
    return (
      <Empty title={shipped ? 'This dashboard comes with Meridian' : 'This dashboard belongs to somebody else'}>
        <p>
          It cannot be changed.{' '}
          <Link to="/dashboards/new" search={{ copy: dashboardId }}>
            Copy it
          </Link>{' '}
          and change the copy.
        </p>
      </Empty>
    );
  }
  return <Editing key={dashboardId} id={dashboardId} draft={dashboardId} saved={yaml} shared={shared} />;
}

function Waiting(): ReactNode {
  return (
    <div className="page">
      <Bones rows={8} />
    </div>
  );
}

interface EditingProps {
  /** Absent: it is not kept yet. */
  readonly id?: string;
  /** Name of the draft. */
  readonly draft: string;
  /** The text as it is kept, or to begin with. */
  readonly saved: string;
  readonly shared: boolean;
}

/** The text at the left, what it shows at the right. */
function Editing({ id, draft, saved, shared: wasShared }: EditingProps): ReactNode {
  const navigate = useNavigate();
  const client = useQueryClient();
  const editor = useRef<YamlEditorHandle>(null);
  const [text, setText] = useState(() => readDraft(draft) ?? saved);
  const [isOld, setOld] = useState(() => text !== saved);
  const [shared, setShared] = useState(wasShared);
  const [adding, setAdding] = useState(false);
  const checked = useChecked(text);
  const problems = checked.data?.yaml === text ? checked.data.problems : none;
  const shown = useLast(checked.data?.dashboard);
  useEffect(() => keepDraft(draft, text === saved ? undefined : text), [draft, text, saved]);

  const save = useMutation({
    mutationFn: () => saveDashboard(id, { yaml: text, shared }),
    onSuccess: async (whole) => {
      keepDraft(draft, undefined);
      client.setQueryData(['dashboard', whole.id], whole);
      await client.invalidateQueries({ queryKey: ['dashboards'] });
      await navigate({ to: '/dashboards/$dashboardId', params: { dashboardId: whole.id } });
    },
  });

  function trySave(): void {
    const [first] = problems;
    if (first === undefined) save.mutate();
    else editor.current?.goTo(first.offset);
  }

  return (
    <div className="page edit-page">
      <div className="page-head">
        <h1>{id === undefined ? 'New dashboard' : 'Edit dashboard'}</h1>
        <div className="actions">
          <Button variant="default" onClick={() => setAdding(true)}>
            Add widget…
          </Button>
          <Checkbox
            label="Share with everybody"
            checked={shared}
            onChange={(event) => setShared(event.currentTarget.checked)}
          />
          <Button onClick={trySave} loading={save.isPending}>
            {id === undefined ? 'Create dashboard' : 'Save changes'}
          </Button>
        </div>
      </div>
      {isOld && (
        <p className="notice" role="status">
          What you wrote before is back.{' '}
          <button
            type="button"
            className="plain link"
            onClick={() => {
              // The editor may still be on its way.
              setText(saved);
              editor.current?.setText(saved);
              setOld(false);
            }}
          >
            Discard it
          </button>
        </p>
      )}
      <ProblemLine error={save.error} />
      <div className="edit-sides">
        <div className="edit-text">
          <Suspense fallback={<Bones rows={8} />}>
            <YamlEditor ref={editor} initial={text} problems={problems} onChange={setText} onSave={trySave} />
          </Suspense>
          <Help />
          <Problems problems={problems} error={checked.error} onGo={(offset) => editor.current?.goTo(offset)} />
        </div>
        <section className="edit-preview" aria-label="Preview">
          {shown === undefined ? (
            <div className="panel">
              {checked.isPending ? (
                <Bones rows={6} />
              ) : (
                <Empty title="No preview yet">
                  <p>It comes as soon as the text at the left is a dashboard.</p>
                </Empty>
              )}
            </div>
          ) : (
            <Preview key={shown.window} dashboard={shown} onAdd={() => setAdding(true)} />
          )}
        </section>
      </div>
      {adding && (
        <Suspense fallback={null}>
          <WidgetForm
            yaml={text}
            onClose={() => setAdding(false)}
            onAdded={(yaml) => {
              editor.current?.setText(yaml);
              setText(yaml);
              setAdding(false);
            }}
          />
        </Suspense>
      )}
    </div>
  );
}

const none: readonly DashboardProblem[] = [];

function Preview({ dashboard, onAdd }: { readonly dashboard: Dashboard; readonly onAdd: () => void }): ReactNode {
  const page = useDashboardWindow(dashboard, {});
  return (
    <>
      <h2 className="edit-name">
        <bdi>{dashboard.name}</bdi>
      </h2>
      <WidgetGrid
        widgets={dashboard.widgets}
        page={page}
        none={
          <Button size="xs" onClick={onAdd}>
            Add the first widget
          </Button>
        }
      />
    </>
  );
}

const help: readonly (readonly [what: string, about: string])[] = [
  ['number', 'title, query; value: p95(duration), distinct(sourceIp) … instead of the number of events'],
  ['trend', 'title, query; by: a field; value; limit: lines'],
  ['ratio', 'title, query; part: the query for a part of them'],
  ['top', 'title, query; by: one field or two; value; limit'],
  ['table', 'title, query; by and values for groups, or columns for events; sort; limit'],
  ['heat', 'title, query'],
  ['map', 'title, query'],
  ['each', 'about: a sentence; width: columns of twelve. A query with a colon stands in quotes.'],
  ['keys', 'Tab leaves the text, Ctrl-] indents it, Ctrl-S saves.'],
];

function Help(): ReactNode {
  return (
    <details className="edit-help">
      <summary>What may stand here</summary>
      <dl>
        {help.map(([what, about]) => (
          <Fragment key={what}>
            <dt>
              <code>{what}</code>
            </dt>
            <dd>{about}</dd>
          </Fragment>
        ))}
      </dl>
    </details>
  );
}

/** What is wrong, each with its line; a click goes there. */
function Problems({
  problems,
  error,
  onGo,
}: {
  readonly problems: readonly DashboardProblem[];
  readonly error: Error | null;
  readonly onGo: (offset: number) => void;
}): ReactNode {
  return (
    <div className="edit-problems" role="status" aria-label="Problems">
      <ProblemLine error={error} />
      {problems.length > 0 && (
        <ul>
          {problems.map(({ line, column, offset, path, message, hint }) => (
            <li key={`${offset} ${message}`}>
              <button type="button" className="plain" onClick={() => onGo(offset)}>
                <span className="outcome-denied">
                  <span aria-hidden="true">■</span> Line {line}, column {column}:
                </span>{' '}
                <bdi>{message}</bdi>{' '}
                <span className="muted">
                  <bdi>{hint}</bdi> {path !== '' && <code>{path}</code>}
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** What the server says of the text, once it has come to rest. */
function useChecked(text: string) {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), patienceMs);
    return () => clearTimeout(timer);
  }, [text]);
  return useQuery({
    queryKey: ['dashboard-check', settled],
    queryFn: ({ signal }) => checkDashboard({ yaml: settled }, signal),
    placeholderData: keepPreviousData,
    gcTime: 60_000,
  });
}

/** The last value that was one. */
function useLast<T>(value: T | undefined): T | undefined {
  const last = useRef(value);
  if (value !== undefined) last.current = value;
  return value ?? last.current;
}
