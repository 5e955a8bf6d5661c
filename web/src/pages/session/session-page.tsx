import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { type ReactNode, useMemo, useState } from 'react';
import { textOf } from '../../api/event-value.ts';
import { getSession, type SessionAnswer } from '../../api/events.ts';
import { Choice } from '../../parts/choice.tsx';
import { Fact } from '../../parts/fact.tsx';
import { countOf, formatClock, formatFullTime, formatSeconds } from '../../parts/format.ts';
import { DnText, InertText } from '../../parts/inert-text.tsx';
import { usePreferences } from '../../parts/preferences.tsx';
import { Bones, Failure } from '../../parts/states.tsx';
import { clauseFor } from '../../query/refine.ts';
import { StoryLines } from './story-lines.tsx';
import { type Story, tellSession } from './tell-session.ts';
import './session.css';

type Shown = 'all' | 'changes' | 'failures';
const changes = new Set(['ADD', 'MOD', 'DEL', 'MODRDN', 'BIND']);

/** The story of a connection: from open to close, one line an operation. */
export function SessionPage(): ReactNode {
  const { sessionKey } = useParams({ from: '/sessions/$sessionKey' });
  const { zone } = usePreferences();
  const [shown, setShown] = useState<Shown>('all');
  const query = useInfiniteQuery({
    queryKey: ['session', sessionKey],
    queryFn: ({ pageParam, signal }) => getSession(sessionKey, pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
  });
  const { data } = query;
  const events = useMemo(() => data?.pages.flatMap((page) => page.events) ?? [], [data]);
  const story = useMemo(() => tellSession(events), [events]);
  const lines = story.lines.filter(
    ({ verb, outcome }) =>
      shown === 'all' || (shown === 'changes' ? changes.has(verb) : outcome === 'failure' || outcome === 'denied'),
  );

  if (query.error !== null) {
    return (
      <div className="page">
        <h1>Session</h1>
        <Failure error={query.error} what="The session cannot be shown" retry={() => void query.refetch()} />
      </div>
    );
  }
  const [page] = data?.pages ?? [];
  return (
    <div className="page session-page">
      <div className="page-head">
        <h1>
          Session <InertText text={textOf(events[0] ?? {}, 'sessionId') ?? ''} />
        </h1>
        <div className="actions">
          <Choice
            label="Lines shown"
            value={shown}
            choices={[
              ['all', 'All'],
              ['changes', 'Binds and changes'],
              ['failures', 'Failures'],
            ]}
            onChoice={(value) => setShown(value === 'changes' || value === 'failures' ? value : 'all')}
          />
          <Button
            variant="default"
            size="compact-sm"
            renderRoot={(props: object) => (
              <Link {...props} to="/hunt" search={{ q: clauseFor('sessionKey', sessionKey), from: '', to: '' }} />
            )}
          >
            Hunt in it
          </Button>
        </div>
      </div>
      {page === undefined ? (
        <Bones rows={8} />
      ) : (
        <>
          <Headline summary={page.summary} story={story} zone={zone} events={events} />
          <StoryLines story={story} lines={lines} hasMore={query.hasNextPage} />
          {query.hasNextPage && (
            <Button
              variant="default"
              size="xs"
              loading={query.isFetchingNextPage}
              onClick={() => void query.fetchNextPage()}
            >
              Read on: the session has more events
            </Button>
          )}
        </>
      )}
    </div>
  );
}

function Headline({
  summary,
  story,
  zone,
  events,
}: {
  readonly summary: SessionAnswer['summary'];
  readonly story: Story;
  readonly zone: string;
  readonly events: SessionAnswer['events'];
}): ReactNode {
  const find = (label: string): string | undefined => {
    const holder = events.find((event) => event[label] !== undefined);
    return holder === undefined ? undefined : textOf(holder, label);
  };
  const tls = [find('tlsVersion'), find('tlsCipher')].filter((part) => part !== undefined).join(' ');
  const host = find('deviceHostName');
  const end = story.start + story.seconds * 1_000;
  const failed = story.lines.filter(({ outcome }) => outcome === 'failure' || outcome === 'denied').length;
  return (
    <dl className="session-facts">
      <Fact name="Server">
        {host === undefined ? (
          '–'
        ) : (
          <Link to="/entities/$kind" params={{ kind: 'server' }} search={{ value: host }}>
            <InertText text={host} />
          </Link>
        )}
      </Fact>
      <Fact name="From">
        {summary.sourceIp === undefined ? (
          '–'
        ) : (
          <Link to="/entities/$kind" params={{ kind: 'address' }} search={{ value: summary.sourceIp }}>
            <InertText text={summary.sourceIp} />
          </Link>
        )}
        {summary.destinationIp !== undefined && <span className="muted"> → {summary.destinationIp}</span>}
      </Fact>
      <Fact name="Protection">{tls === '' ? (find('transport') ?? '–') : <InertText text={tls} />}</Fact>
      <Fact name="Time">
        <span title={formatFullTime(story.start, zone)}>{formatFullTime(story.start, zone)}</span> –{' '}
        {formatClock(end, zone)} <span className="muted">({formatSeconds(story.seconds)})</span>
      </Fact>
      <Fact name="Identities">
        {summary.identities.length === 0
          ? 'anonymous'
          : summary.identities.map((dn) => (
              <div key={dn}>
                <Link to="/entities/$kind" params={{ kind: 'identity' }} search={{ value: dn }}>
                  <DnText text={dn} />
                </Link>
              </div>
            ))}
      </Fact>
      <Fact name="Operations">
        {countOf(story.lines.filter(({ kind }) => kind === 'operation').length, 'operation')}
        {failed > 0 && (
          <span className="outcome-failure">, {countOf(failed, 'failed or denied', 'failed or denied')}</span>
        )}
      </Fact>
      <Fact name="Closed">{summary.closeReason ?? (story.endUnseen ? 'end not seen' : '–')}</Fact>
    </dl>
  );
}
