import { Button, Menu } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import {
  type Dashboard,
  exportAddressOf,
  getDashboard,
  measureGroups,
  removeDashboard,
  type WholeDashboard,
} from '../../api/dashboards.ts';
import { EmptyWindow } from '../../parts/empty-window.tsx';
import { useMay } from '../../parts/own-session.tsx';
import { usePreferences } from '../../parts/preferences.tsx';
import { ProblemLine } from '../../parts/problem-line.tsx';
import { showText } from '../../parts/show-characters.ts';
import { Bones, Failure } from '../../parts/states.tsx';
import { TimePicker } from '../../parts/time-picker.tsx';
import { inLane } from './lanes.ts';
import { keepRemoved } from './removed.ts';
import { useDashboardWindow, WidgetGrid } from './widget-grid.tsx';

/** One dashboard. */
export function DashboardPage(): ReactNode {
  const { dashboardId } = useParams({ from: '/dashboards/$dashboardId' });
  const whole = useQuery({
    queryKey: ['dashboard', dashboardId],
    queryFn: ({ signal }) => getDashboard(dashboardId, signal),
  });
  if (whole.error !== null) {
    return (
      <div className="page">
        <Failure error={whole.error} what="This dashboard cannot be shown" retry={() => void whole.refetch()} />
        <Link to="/dashboards">All dashboards</Link>
      </div>
    );
  }
  if (whole.data === undefined) {
    return (
      <div className="page">
        <Bones rows={8} />
      </div>
    );
  }
  const { dashboard } = whole.data;
  if (dashboard === undefined) return <Broken whole={whole.data} />;
  return <Shown key={dashboardId} whole={whole.data} dashboard={dashboard} />;
}

/** A text that was a dashboard once, and no longer is one: says why, and leads to where it is mended. */
function Broken({ whole }: { readonly whole: WholeDashboard }): ReactNode {
  return (
    <div className="page">
      <div className="page-head">
        <h1>
          <bdi>{showText(whole.name)}</bdi>
        </h1>
        <div className="actions">
          <Actions whole={whole} />
        </div>
      </div>
      <section className="panel" aria-label="Problems">
        <header>
          <h2>{whole.own ? 'Edit this dashboard to show it again' : 'Its owner has to mend this dashboard'}</h2>
        </header>
        <ul className="body">
          {whole.problems.map(({ line, column, offset, message, hint }) => (
            <li key={`${offset} ${message}`}>
              Line {line}, column {column}: <bdi>{showText(message)}</bdi>{' '}
              <span className="muted">
                <bdi>{showText(hint)}</bdi>
              </span>
            </li>
          ))}
        </ul>
      </section>
    </div>
  );
}

function Shown({ whole, dashboard }: { readonly whole: WholeDashboard; readonly dashboard: Dashboard }): ReactNode {
  const page = useDashboardWindow(dashboard, useSearch({ from: '/dashboards/$dashboardId' }));
  const { asked, window, zone, setWindow, renew } = page;
  const { setZone } = usePreferences();
  const all = useQuery({
    queryKey: ['widget', 'all', asked],
    queryFn: ({ signal }) => inLane(signal, () => measureGroups({ ...asked, by: [], limit: 1 }, signal)),
  });
  return (
    <div className="page">
      <div className="page-head">
        <h1>
          <bdi>{showText(dashboard.name)}</bdi>
        </h1>
        <div className="actions">
          <TimePicker window={window} zone={zone} onWindow={setWindow} onZone={setZone} />
          <Button variant="default" onClick={renew}>
            Renew
          </Button>
          <Actions whole={whole} />
        </div>
      </div>
      {dashboard.description !== '' && (
        <p className="page-lead">
          <bdi>{showText(dashboard.description)}</bdi>
        </p>
      )}
      {all.data !== undefined && all.data.length === 0 ? (
        <div className="panel">
          <EmptyWindow q="" zone={zone} onWindow={setWindow} onQuery={() => {}} />
        </div>
      ) : (
        <WidgetGrid
          widgets={dashboard.widgets}
          page={page}
          none={<p>Numbers, trends and tables will stand here. Edit the dashboard to add the first.</p>}
        />
      )}
    </div>
  );
}

function Actions({ whole }: { readonly whole: WholeDashboard }): ReactNode {
  const { id, own, shipped } = whole;
  const may = useMay('dashboards:write');
  const mayRemoveOthers = useMay('users:write');
  const navigate = useNavigate();
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: () => removeDashboard(id),
    onSuccess: async (removed) => {
      keepRemoved(client, removed);
      client.removeQueries({ queryKey: ['dashboard', id] });
      await client.invalidateQueries({ queryKey: ['dashboards'] });
      await navigate({ to: '/dashboards' });
    },
  });
  const copy = (): void => void navigate({ to: '/dashboards/new', search: { copy: id } });
  return (
    <>
      {may && own && (
        <Button component={Link} to={`/dashboards/${encodeURIComponent(id)}/edit`}>
          Edit
        </Button>
      )}
      {may && !own && <Button onClick={copy}>Copy to change</Button>}
      <Menu position="bottom-end" transitionProps={{ duration: 0 }}>
        <Menu.Target>
          <Button variant="default" aria-label="More to do with this dashboard">
            More
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item component="a" href={exportAddressOf(id)} download>
            Export as YAML
          </Menu.Item>
          {may && own && <Menu.Item onClick={copy}>Copy</Menu.Item>}
          {may && !shipped && (own || mayRemoveOthers) && (
            <>
              <Menu.Divider />
              <Menu.Item onClick={() => remove.mutate()}>Remove</Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      <ProblemLine error={remove.error} />
    </>
  );
}
