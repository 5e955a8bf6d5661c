import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { type ReactNode, useMemo, useState } from 'react';
import { fieldOf, findLabel } from '#event';
import { textsOf } from '../../api/event-value.ts';
import { type Asked, countOverTime, groupEvents, searchEvents } from '../../api/events.ts';
import { Choice } from '../../parts/choice.tsx';
import { CountTable } from '../../parts/count-table.tsx';
import { EmptyWindow } from '../../parts/empty-window.tsx';
import type { EntityKind } from '../../parts/entity-link.ts';
import { Fact } from '../../parts/fact.tsx';
import { countOf, formatFullTime } from '../../parts/format.ts';
import { Histogram } from '../../parts/histogram.tsx';
import { HuntLink } from '../../parts/hunt-link.tsx';
import { DnText, InertText } from '../../parts/inert-text.tsx';
import { usePreferences } from '../../parts/preferences.tsx';
import { Bones, Empty, Failure } from '../../parts/states.tsx';
import { TimePicker } from '../../parts/time-picker.tsx';
import { type PageWindow, usePageWindow } from '../../parts/use-window.ts';
import { AgentFacts } from './agent-facts.tsx';
import { type EntityQuestions, kindNames, questionsOf, readKind } from './entity-kinds.ts';
import { Neighbours } from './neighbours.tsx';
import { WeekHeat } from './week-heat.tsx';
import './entity.css';

const bucketsWanted = 90;

/** An entity: what it did, what was done to it, with whom, when. */
export function EntityPage(): ReactNode {
  const params = useParams({ from: '/entities/$kind' });
  const { value } = useSearch({ from: '/entities/$kind' });
  const kind = readKind(params.kind);
  if (kind === undefined || value === undefined) {
    return (
      <Empty title="There is no such entity">
        <Link to="/entities">All entities</Link>
      </Empty>
    );
  }
  return <EntityView key={`${kind} ${value}`} kind={kind} value={value} />;
}

function EntityView({ kind, value }: { readonly kind: EntityKind; readonly value: string }): ReactNode {
  const page = usePageWindow({ from: '', to: '', ...useSearch({ from: '/entities/$kind' }) });
  const { setZone } = usePreferences();
  const [below, setBelow] = useState(false);
  const questions = useMemo(() => questionsOf(kind, value, below), [kind, value, below]);
  const asked: Asked = useMemo(() => ({ ...page.asked, q: questions.all }), [page.asked, questions]);
  const whole = useQuery({
    queryKey: ['entity', 'whole', asked],
    queryFn: ({ signal }) => groupEvents({ ...asked, by: [], limit: 1 }, signal),
  });
  const [found] = whole.data ?? [];
  return (
    <div className="page">
      <div className="page-head">
        <h1 className="entity-title">
          <span className="muted">{kindNames[kind].one}</span>{' '}
          {kind === 'identity' || kind === 'entry' ? <DnText text={value} /> : <InertText text={value} />}
        </h1>
        <div className="actions">
          {(kind === 'entry' || kind === 'identity') && <OtherView kind={kind} value={value} />}
          {kind === 'entry' && (
            <Choice
              label="How much of the tree"
              value={below ? 'below' : 'entry'}
              choices={[
                ['entry', 'This entry'],
                ['below', 'And all below'],
              ]}
              onChoice={(choice) => setBelow(choice === 'below')}
            />
          )}
          <TimePicker window={page.window} zone={page.zone} onWindow={page.setWindow} onZone={setZone} />
        </div>
      </div>
      {whole.error !== null ? (
        <Failure error={whole.error} what="The entity cannot be shown" retry={() => void whole.refetch()} />
      ) : whole.data === undefined ? (
        <Bones rows={6} />
      ) : found === undefined ? (
        <Nothing kind={kind} page={page} q={questions.all} />
      ) : (
        <>
          <dl className="session-facts entity-facts">
            <Fact name="Events">
              <HuntLink q={questions.all} window={page.window}>
                {countOf(found.count, 'event')}
              </HuntLink>
            </Fact>
            <Fact name="First seen">{formatFullTime(found.first, page.zone)}</Fact>
            <Fact name="Last seen">{formatFullTime(found.last, page.zone)}</Fact>
            {kind === 'agent' && <AgentFacts agentId={value} />}
            <Context asked={asked} labels={questions.context} />
          </dl>
          <Activity asked={asked} page={page} first={found.first} last={found.last} />
          <Neighbours asked={asked} name={value} left={questions.left} right={questions.right} />
          <Tables asked={asked} questions={questions} page={page} />
          <WeekHeat asked={asked} last={found.last} />
        </>
      )}
    </div>
  );
}

/** Nothing in the window, or nothing at any time. */
function Nothing({
  kind,
  page: { asked, zone, setWindow },
  q,
}: {
  readonly kind: EntityKind;
  readonly page: PageWindow;
  readonly q: string;
}): ReactNode {
  return (
    <div className="panel">
      {asked.from === undefined && asked.to === undefined ? (
        <Empty title={`No event has this ${kindNames[kind].one.toLowerCase()}`}>
          <p>
            It stands here as soon as one has. <Link to="/entities">Pick one that is there</Link>, or check how it is
            written.
          </p>
        </Empty>
      ) : (
        <EmptyWindow q={q} zone={zone} onWindow={setWindow} onQuery={() => setWindow({ from: '', to: '' })} />
      )}
    </div>
  );
}

function OtherView({ kind, value }: { readonly kind: 'entry' | 'identity'; readonly value: string }): ReactNode {
  const navigate = useNavigate();
  const other = kind === 'entry' ? 'identity' : 'entry';
  return (
    <Button
      variant="default"
      size="compact-sm"
      onClick={() => void navigate({ to: '/entities/$kind', params: { kind: other }, search: { value } })}
    >
      {other === 'identity' ? 'As an identity' : 'As an entry'}
    </Button>
  );
}

/** What is known of it from elsewhere, as of its newest event that says so. */
function Context({ asked, labels }: { readonly asked: Asked; readonly labels: readonly string[] }): ReactNode {
  const { data } = useQuery({
    queryKey: ['entity', 'context', asked, labels],
    queryFn: ({ signal }) => searchEvents({ ...asked, sort: '-eventTime', limit: 20, fields: labels }, signal),
  });
  return labels.map((label) => {
    const holder = data?.events.find((event) => event[label] !== undefined);
    if (holder === undefined) return null;
    const known = findLabel(label);
    return (
      <div key={label}>
        <dt title={known === undefined ? '' : fieldOf(known).about}>{label}</dt>
        <dd>
          <InertText text={textsOf(holder, label).join(', ')} />
        </dd>
      </div>
    );
  });
}

function Activity({
  asked,
  page,
  first,
  last,
}: {
  readonly asked: Asked;
  readonly page: PageWindow;
  readonly first: number;
  readonly last: number;
}): ReactNode {
  const from = Math.max(asked.from ?? first, first);
  const to = Math.min(asked.to ?? last + 1, last + 1);
  const { data, error, refetch } = useQuery({
    queryKey: ['entity', 'activity', asked.q, from, to],
    queryFn: ({ signal }) => countOverTime({ ...asked, from, to, by: 'outcome', buckets: bucketsWanted }, signal),
  });
  return (
    <section className="panel" aria-label="Activity">
      <header>
        <h2>Activity</h2>
      </header>
      <div className="body">
        {error !== null ? (
          <Failure error={error} what="The activity cannot be shown" retry={() => void refetch()} />
        ) : data === undefined ? (
          <div className="histogram-space" />
        ) : (
          <Histogram
            answer={data}
            by="outcome"
            zone={page.zone}
            onZoom={(start, end) =>
              page.setWindow({ from: new Date(start).toISOString(), to: new Date(end).toISOString() })
            }
          />
        )}
      </div>
    </section>
  );
}

function Tables({
  asked,
  questions,
  page,
}: {
  readonly asked: Asked;
  readonly questions: EntityQuestions;
  readonly page: PageWindow;
}): ReactNode {
  return (
    <div className="entity-tables">
      {questions.tables.map(({ title, none, q, by, times }) => (
        <CountTable
          key={title}
          title={title}
          none={none}
          asked={{ ...asked, q }}
          window={page.window}
          by={by}
          times={times === true}
        />
      ))}
    </div>
  );
}
