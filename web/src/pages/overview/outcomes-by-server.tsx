import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { showValue } from '../../api/event-value.ts';
import { groupEvents } from '../../api/events.ts';
import { EntityLink } from '../../parts/entity-name.tsx';
import { formatCount, formatShare } from '../../parts/format.ts';
import { HuntLink } from '../../parts/hunt-link.tsx';
import { Outcome, outcomeOrder } from '../../parts/outcome.tsx';
import { Bones, Empty, Failure } from '../../parts/states.tsx';
import type { PageWindow } from '../../parts/use-window.ts';
import { clauseFor } from '../../query/refine.ts';

const serversShown = 12;
const groupsMax = 500;

/** How operations ended, server by server. */
export function OutcomesByServer({ page: { asked, window } }: { readonly page: PageWindow }): ReactNode {
  const { data, error, refetch } = useQuery({
    queryKey: ['overview', 'outcomes-by-server', asked],
    queryFn: ({ signal }) =>
      groupEvents({ ...asked, q: 'outcome is not null', by: ['deviceHostName', 'outcome'], limit: groupsMax }, signal),
  });
  const servers = new Map<string, Map<string, number>>();
  for (const { values, count } of data ?? []) {
    const server = showValue(values[0]);
    const outcomes = servers.get(server) ?? new Map<string, number>();
    outcomes.set(showValue(values[1]), count);
    servers.set(server, outcomes);
  }
  return (
    <section className="panel" aria-label="Outcomes by server">
      <header>
        <h2>Outcomes by server</h2>
      </header>
      {error !== null ? (
        <Failure error={error} what="This cannot be shown" retry={() => void refetch()} />
      ) : data === undefined ? (
        <Bones rows={4} />
      ) : servers.size === 0 ? (
        <Empty title="No operation ended in this window." />
      ) : (
        <ul className="body servers">
          {[...servers].slice(0, serversShown).map(([server, outcomes]) => {
            const total = [...outcomes.values()].reduce((sum, count) => sum + count, 0);
            let reached = 0;
            return (
              <li key={server}>
                <div className="server-name">
                  {server === '' ? (
                    <span className="muted">not named</span>
                  ) : (
                    <EntityLink kind="server" value={server} />
                  )}
                  <span className="muted">{formatCount(total)}</span>
                </div>
                <svg width="100%" height="10" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
                  {outcomeOrder.map((outcome) => {
                    const width = ((outcomes.get(outcome) ?? 0) / total) * 100;
                    const x = reached;
                    reached += width;
                    return <rect key={outcome} className={`fill-outcome-${outcome}`} x={x} width={width} height="10" />;
                  })}
                </svg>
                <div className="server-outcomes">
                  {outcomeOrder
                    .filter((outcome) => outcomes.has(outcome))
                    .map((outcome) => (
                      <HuntLink
                        key={outcome}
                        q={`${clauseFor('deviceHostName', server === '' ? undefined : server)} and outcome: ${outcome}`}
                        window={window}
                      >
                        <Outcome value={outcome} /> {formatShare(outcomes.get(outcome) ?? 0, total)}
                      </HuntLink>
                    ))}
                </div>
              </li>
            );
          })}
        </ul>
      )}
    </section>
  );
}
