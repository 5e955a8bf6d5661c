import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { numberOf, textOf } from '../../api/event-value.ts';
import { type Asked, countOverTime, groupEvents, searchEvents } from '../../api/events.ts';
import { getSystem } from '../../api/system.ts';
import { CountTable } from '../../parts/count-table.tsx';
import { EmptyWindow } from '../../parts/empty-window.tsx';
import { countOf, formatAge, formatCount, formatSeconds, formatShare } from '../../parts/format.ts';
import { Histogram } from '../../parts/histogram.tsx';
import { HuntLink } from '../../parts/hunt-link.tsx';
import { InertText } from '../../parts/inert-text.tsx';
import { usePreferences } from '../../parts/preferences.tsx';
import { Bones, Failure } from '../../parts/states.tsx';
import { TimePicker } from '../../parts/time-picker.tsx';
import { type PageWindow, usePageWindow } from '../../parts/use-window.ts';
import { beforeWords, type NewSources } from './new-sources.ts';
import { queryOfAll } from './newcomers.ts';
import { OutcomesByServer } from './outcomes-by-server.tsx';
import { StandingOut } from './standing-out-list.tsx';
import { useNewSources } from './use-new-sources.ts';
import './overview.css';

const slowest = 10;
const bucketsWanted = 90;

/** What came in, how well, and what stands out; every number leads to its hunt. */
export function OverviewPage(): ReactNode {
  const page = usePageWindow(useSearch({ from: '/' }));
  const { setZone } = usePreferences();
  const { asked, window, zone, setWindow } = page;
  const overTime = useQuery({
    queryKey: ['overview', 'over-time', asked],
    queryFn: ({ signal }) => countOverTime({ ...asked, by: 'eventCategory', buckets: bucketsWanted }, signal),
  });
  const total = overTime.data?.buckets.reduce((sum, { count }) => sum + count, 0);
  return (
    <div className="page">
      <div className="page-head">
        <h1>Overview</h1>
        <div className="actions">
          <TimePicker window={window} zone={zone} onWindow={setWindow} onZone={setZone} />
          <Button variant="default" onClick={page.renew}>
            Renew
          </Button>
        </div>
      </div>
      <Numbers page={page} total={total} />
      {total === 0 ? (
        <div className="panel">
          <EmptyWindow q="" zone={zone} onWindow={setWindow} onQuery={() => {}} />
        </div>
      ) : (
        <>
          <div className="overview-row wide-first">
            <section className="panel" aria-label="Events by category">
              <header>
                <h2>Events by category</h2>
              </header>
              <div className="body">
                {overTime.error !== null ? (
                  <Failure
                    error={overTime.error}
                    what="Counts over time cannot be shown"
                    retry={() => void overTime.refetch()}
                  />
                ) : overTime.data === undefined ? (
                  <div className="histogram-space" />
                ) : (
                  <Histogram
                    answer={overTime.data}
                    by="eventCategory"
                    zone={zone}
                    onZoom={(from, to) =>
                      setWindow({ from: new Date(from).toISOString(), to: new Date(to).toISOString() })
                    }
                  />
                )}
              </div>
            </section>
            <OutcomesByServer page={page} />
          </div>
          <StandingOut page={page} />
          <div className="overview-columns">
            <CountTable
              title="Directory servers"
              none="No event names its server."
              asked={asked}
              window={window}
              by={['deviceHostName', 'deviceInstance']}
            />
            <SlowestSearches asked={asked} />
            <CountTable
              title="Busiest identities"
              none="Nobody was bound."
              asked={{ ...asked, q: 'eventSubType: RESULT and boundDn is not null' }}
              window={window}
              by={['boundDn']}
            />
            <CountTable
              title="Unindexed searches, by shape"
              none="Every search had an index."
              asked={{ ...asked, q: 'eventSubType: RESULT and requestType: SRCH and resultNotes: [U, A]' }}
              window={window}
              by={['searchFilterShape']}
            />
          </div>
        </>
      )}
    </div>
  );
}

/** Six numbers, each with its unit, its window and its hunt. */
function Numbers({ page, total }: { readonly page: PageWindow; readonly total: number | undefined }): ReactNode {
  const { asked, window } = page;
  const system = useQuery({ queryKey: ['system'], queryFn: ({ signal }) => getSystem(signal) });
  const kinds = useQuery({
    queryKey: ['overview', 'completeness', asked],
    queryFn: ({ signal }) => groupEvents({ ...asked, by: ['correlation'], limit: 10 }, signal),
  });
  const outcomes = useQuery({
    queryKey: ['overview', 'outcomes', asked],
    queryFn: ({ signal }) => groupEvents({ ...asked, by: ['outcome'], limit: 10 }, signal),
  });
  const partial = kinds.data?.find(({ values: [value] }) => value === 'partial')?.count ?? 0;
  const all = kinds.data?.reduce((sum, { count }) => sum + count, 0);
  const failed = outcomes.data
    ?.filter(({ values: [value] }) => value === 'failure' || value === 'denied')
    .reduce((sum, { count }) => sum + count, 0);
  const lag = system.data?.store.lagSeconds;
  const letters = system.data?.store.deadLetters;
  return (
    <ul className="numbers" aria-label="At a glance">
      <li>
        <HuntLink q="" window={window} className="tile">
          <span className="tile-name">Events</span>
          <span className="tile-number">{total === undefined ? '…' : formatCount(total)}</span>
          <span className="muted">in the window</span>
        </HuntLink>
      </li>
      <li>
        <HuntLink q="outcome: [failure, denied]" window={window} className="tile">
          <span className="tile-name">Failures and denials</span>
          <span className="tile-number">{failed === undefined ? '…' : formatCount(failed)}</span>
          <span className="muted">
            {failed === undefined || total === undefined ? '' : `${formatShare(failed, total)} of the events`}
          </span>
        </HuntLink>
      </li>
      <li>
        <NewSourcesTile page={page} />
      </li>
      <li>
        <HuntLink q="correlation: partial" window={window} className="tile">
          <span className="tile-name">Completeness</span>
          <span className="tile-number">{all === undefined ? '…' : formatShare(all - partial, all)}</span>
          <span className="muted">
            {all === 0
              ? 'no events'
              : partial === 0
                ? 'every connection seen from its opening'
                : `${formatCount(partial)} events without an opening`}
          </span>
        </HuntLink>
      </li>
      <li>
        <Link to="/system" className="tile">
          <span className="tile-name">Newest event</span>
          <span className="tile-number">
            {lag === undefined ? (system.data === undefined ? '…' : 'none') : formatAge(lag)}
          </span>
          <span className="muted">old</span>
        </Link>
      </li>
      <li>
        <Link to="/dead-letters" className="tile">
          <span className="tile-name">Dead letters</span>
          <span className="tile-number">{letters === undefined ? '…' : formatCount(letters)}</span>
          <span className="muted">{letters === 0 ? 'every line was understood' : 'lines not understood'}</span>
        </Link>
      </li>
    </ul>
  );
}

/** How many addresses, identities and servers came up in the window. */
function NewSourcesTile({ page: { asked, window, zone } }: { readonly page: PageWindow }): ReactNode {
  const { data } = useNewSources(asked);
  const kinds = data?.state === 'known' ? data.kinds : [];
  const total = kinds.reduce((sum, { found }) => sum + found.length, 0);
  const isMore = kinds.some((one) => one.isMore);
  const q = queryOfAll(kinds);
  const inside = (
    <>
      <span className="tile-name">New sources</span>
      <span className="tile-number">
        {data === undefined ? '…' : data.state === 'known' ? `${formatCount(total)}${isMore ? ' +' : ''}` : '–'}
      </span>
      <span className="muted">{wordsOn(data, zone)}</span>
    </>
  );
  return q === '' ? (
    <div className="tile">{inside}</div>
  ) : (
    <HuntLink q={q} window={window} className="tile">
      {inside}
    </HuntLink>
  );
}

function wordsOn(news: NewSources | undefined, zone: string): string {
  if (news === undefined) return '';
  if (news.state === 'whole') return 'choose a window to see them';
  if (news.state === 'nothing-before') return 'nothing before to tell by';
  const named = news.kinds.filter(({ found }) => found.length > 0);
  if (named.length === 0) return `none that was not seen ${beforeWords(news.since, zone)}`;
  return named.map(({ found, one, many }) => countOf(found.length, one, many)).join(', ');
}

function SlowestSearches({ asked }: { readonly asked: Asked }): ReactNode {
  const q = 'eventSubType: RESULT and requestType: SRCH';
  const { data, error, refetch } = useQuery({
    queryKey: ['overview', 'slowest', asked],
    queryFn: ({ signal }) =>
      searchEvents(
        {
          ...asked,
          q,
          sort: '-duration',
          limit: slowest,
          fields: ['eventId', 'duration', 'requestContext', 'searchFilter', 'count'],
        },
        signal,
      ),
  });
  return (
    <section className="panel" aria-label="Slowest searches">
      <header>
        <h2>Slowest searches</h2>
      </header>
      {error !== null ? (
        <Failure error={error} what="This cannot be shown" retry={() => void refetch()} />
      ) : data === undefined ? (
        <Bones rows={5} />
      ) : (
        <div className="scroll-x">
          <table className="plain-table">
            <tbody>
              {data.events.map((event, index) => {
                const eventId = textOf(event, 'eventId') ?? '';
                return (
                  <tr key={eventId || index}>
                    <td className="clamped">
                      <InertText text={textOf(event, 'searchFilter') ?? ''} />
                      <div className="muted">
                        <InertText text={textOf(event, 'requestContext') ?? ''} />
                      </div>
                    </td>
                    <td className="number">
                      <Link to="/events/$eventId" params={{ eventId }}>
                        {formatSeconds(numberOf(event, 'duration') ?? 0)}
                      </Link>
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
