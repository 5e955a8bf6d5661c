import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { getSystem, type SystemState } from '../../api/system.ts';
import { Fact } from '../../parts/fact.tsx';
import { countOf, formatAge, formatBytes, formatCount, formatFullTime } from '../../parts/format.ts';
import { usePreferences } from '../../parts/preferences.tsx';
import { Bones, Empty, Failure } from '../../parts/states.tsx';
import { clauseFor } from '../../query/refine.ts';
import './system.css';

const refreshMs = 10_000;
const daysShown = 60;

/** How the system is: what is stored, how new it is, what is wrong. */
export function SystemPage(): ReactNode {
  const { zone } = usePreferences();
  const { data, error, refetch } = useQuery({
    queryKey: ['system'],
    queryFn: ({ signal }) => getSystem(signal),
    refetchInterval: refreshMs,
  });
  return (
    <div className="page">
      <div className="page-head">
        <h1>System</h1>
        {data !== undefined && (
          <span className="muted">
            as of {formatFullTime(data.time, zone)}, running for {formatAge((data.time - data.startedAt) / 1_000)}
          </span>
        )}
      </div>
      {error !== null && data === undefined ? (
        <Failure error={error} what="The state cannot be shown" retry={() => void refetch()} />
      ) : data === undefined ? (
        <Bones rows={8} />
      ) : (
        <>
          {error !== null && <p className="notice">The server does not answer now; this is what it said last.</p>}
          <Problems system={data} />
          <div className="system-columns">
            <StoreFacts system={data} zone={zone} />
            <TailFacts system={data} />
          </div>
          <SourcesTable system={data} zone={zone} />
          <Days system={data} />
        </>
      )}
    </div>
  );
}

function Problems({ system: { store } }: { readonly system: SystemState }): ReactNode {
  if (store.problems.length === 0) {
    return (
      <p role="status">
        <span className="outcome-success" aria-hidden="true">
          ●
        </span>{' '}
        The store reports no problem.
      </p>
    );
  }
  return (
    <ul>
      {store.problems.map(({ problem, hint }) => (
        <li key={problem} className="notice" role="alert">
          <strong>{problem}</strong> {hint}
        </li>
      ))}
    </ul>
  );
}

function StoreFacts({ system: { store }, zone }: { readonly system: SystemState; readonly zone: string }): ReactNode {
  const facts: readonly (readonly [string, ReactNode])[] = [
    ['Kind', store.kind === 'embedded' ? 'embedded in this server' : 'a database server'],
    ['Engine', store.engineVersion],
    ['Events', formatCount(store.events)],
    [
      'On disk',
      `${formatBytes(store.bytes)}${store.events === 0 ? '' : `, ${Math.round(store.bytes / store.events)} bytes an event`}`,
    ],
    ['Free', store.freeBytes === undefined ? 'not told' : formatBytes(store.freeBytes)],
    ['Parts', formatCount(store.parts)],
    ['Oldest event', store.oldestEvent === undefined ? '–' : formatFullTime(store.oldestEvent, zone)],
    [
      'Newest event',
      store.newestEvent === undefined
        ? '–'
        : `${formatFullTime(store.newestEvent, zone)}, ${formatAge(store.lagSeconds ?? 0)} old`,
    ],
  ];
  return (
    <section className="panel" aria-label="Store">
      <header>
        <h2>Store</h2>
      </header>
      <dl className="body system-facts">
        {facts.map(([name, value]) => (
          <Fact key={name} name={name}>
            {value}
          </Fact>
        ))}
        <Fact name="Dead letters">
          <Link to="/dead-letters">{formatCount(store.deadLetters)}</Link>
        </Fact>
      </dl>
    </section>
  );
}

function TailFacts({ system: { tail } }: { readonly system: SystemState }): ReactNode {
  return (
    <section className="panel" aria-label="Live tails">
      <header>
        <h2>Live tails</h2>
        <span className="muted">since the start</span>
      </header>
      <dl className="body system-facts">
        <Fact name="Open now">{formatCount(tail.clients)}</Fact>
        <Fact name="Events shown">{formatCount(tail.matched)}</Fact>
        <Fact name="Dropped for slow readers">
          <span className={tail.dropped > 0 ? 'outcome-failure' : ''}>{formatCount(tail.dropped)}</span>
        </Fact>
        <Fact name="Refused">{formatCount(tail.refused)}</Fact>
      </dl>
    </section>
  );
}

function SourcesTable({
  system: { store, time },
  zone,
}: {
  readonly system: SystemState;
  readonly zone: string;
}): ReactNode {
  return (
    <section className="panel" aria-label="Sources">
      <header>
        <h2>Sources</h2>
      </header>
      {store.sources.length === 0 ? (
        <Empty title="Nothing has come in yet">
          <p>
            Read a log: <code>meridian ingest /var/log/dirsrv/slapd-NAME</code>
          </p>
        </Empty>
      ) : (
        <div className="scroll-x">
          <table className="plain-table">
            <thead>
              <tr>
                <th>Source</th>
                <th className="number">Events</th>
                <th>Oldest</th>
                <th>Newest</th>
                <th className="number">Age of the newest</th>
              </tr>
            </thead>
            <tbody>
              {store.sources.map(({ source, events, oldest, newest }) => (
                <tr key={source}>
                  <td>
                    <Link to="/sources/$sourceId" params={{ sourceId: source }}>
                      {source}
                    </Link>
                  </td>
                  <td className="number">
                    <Link to="/hunt" search={{ q: clauseFor('source', source), from: '', to: '' }}>
                      {formatCount(events)}
                    </Link>
                  </td>
                  <td>{formatFullTime(oldest, zone)}</td>
                  <td>{formatFullTime(newest, zone)}</td>
                  <td className="number">{formatAge((time - newest) / 1_000)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function Days({ system: { store } }: { readonly system: SystemState }): ReactNode {
  const days = store.days.slice(0, daysShown);
  const most = Math.max(1, ...days.map(({ events }) => events));
  if (days.length === 0) return null;
  return (
    <section className="panel" aria-label="Days">
      <header>
        <h2>Days</h2>
        <span className="muted">
          {store.days.length > daysShown
            ? `the newest ${daysShown} of ${formatCount(store.days.length)}`
            : countOf(store.days.length, 'day')}
          , in UTC
        </span>
      </header>
      <div className="scroll-x">
        <table className="plain-table">
          <thead>
            <tr>
              <th>Day</th>
              <th aria-label="Events, drawn" />
              <th className="number">Events</th>
              <th className="number">On disk</th>
              <th className="number">Bytes an event</th>
            </tr>
          </thead>
          <tbody>
            {days.map(({ day, events, bytes }) => (
              <tr key={day}>
                <td>
                  <Link to="/hunt" search={{ from: `${day}T00:00:00Z`, to: `${day}T23:59:59.999Z` }}>
                    {day}
                  </Link>
                </td>
                <td className="day-bar">
                  <svg width="100%" height="6" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
                    <rect width={(events / most) * 100} height="6" className="day-fill" />
                  </svg>
                </td>
                <td className="number">{formatCount(events)}</td>
                <td className="number">{formatBytes(bytes)}</td>
                <td className="number">{events === 0 ? '–' : Math.round(bytes / events)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
