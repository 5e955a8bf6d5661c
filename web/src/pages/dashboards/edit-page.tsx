import { useQuery } from '@tanstack/react-query';
import { Link, useParams, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { checkDashboard, getDashboard } from '../../api/dashboards.ts';
import { NotAllowed } from '../../frame/page-states.tsx';
import { useMay } from '../../parts/own-session.tsx';
import { Bones, Empty, Failure } from '../../parts/states.tsx';
import { Editing } from './editing.tsx';

const needed = 'dashboards:write';

/** What somebody writes is not replaced under their hands, and who comes back begins with what is kept now. */
const once = { staleTime: Number.POSITIVE_INFINITY, gcTime: 0 } as const;

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
    ...once,
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
    queryKey: ['dashboard-to-edit', dashboardId],
    queryFn: ({ signal }) => getDashboard(dashboardId, signal),
    ...once,
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
  const { own, shipped, yaml, shared, updatedAt } = whole.data;
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
  return (
    <Editing
      key={`${dashboardId} ${updatedAt}`}
      id={dashboardId}
      draft={dashboardId}
      saved={yaml}
      version={updatedAt}
      shared={shared}
      onNewest={() => void whole.refetch()}
    />
  );
}

function Waiting(): ReactNode {
  return (
    <div className="page">
      <Bones rows={8} />
    </div>
  );
}
