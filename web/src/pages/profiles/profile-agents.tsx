import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useRef, useState } from 'react';
import { type Group, groupEvents } from '../../api/events.ts';
import { getRollout, type Profile, type ProfileRollout } from '../../api/fleet-profiles.ts';
import { Ago } from '../../parts/ago.tsx';
import { formatCount } from '../../parts/format.ts';
import { HuntLink } from '../../parts/hunt-link.tsx';
import { InertText } from '../../parts/inert-text.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { useMay } from '../../parts/own-session.tsx';
import { Pages } from '../../parts/pages.tsx';
import { usePreferences } from '../../parts/preferences.tsx';
import { ProfileStateWord } from '../../parts/profile-state.tsx';
import { showText } from '../../parts/show-characters.ts';
import { Empty } from '../../parts/states.tsx';
import { RowTime } from '../../parts/time.tsx';
import { useRowKeys } from '../../parts/use-row-keys.ts';
import { anyOf, clauseFor, include } from '../../query/refine.ts';
import { fitWords } from './fit-words.ts';
import { RolloutNumbers } from './rollout-counts.tsx';

const pageAgents = 100;
/** How often it is looked at again: often while something is on its way. */
const busyMs = 1_500;
const calmMs = 10_000;
/** A version that is as new as this is on its way. */
const freshMs = 5 * 60_000;
/** Time whose events are counted: all there are may be years. */
const countedMs = 30 * 86_400_000;
const counted = { from: 'now-30d', to: 'now' };
const groupsMax = 1_000;

/** The agents that get a profile, what became of it on each, and their events. */
export function ProfileAgents({ profile }: { readonly profile: Profile }): ReactNode {
  const { id, version, content } = profile;
  const [page, setPage] = useState(0);
  const table = useRef<HTMLTableElement>(null);
  useRowKeys(table);
  const rollout = useQuery({
    queryKey: ['rollout', id, version, page],
    queryFn: ({ signal }) => getRollout(id, page * pageAgents, pageAgents, signal),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (isOnItsWay(profile, state.data) ? busyMs : calmMs),
  });
  const q = sourcesQuery(content);
  const events = useEventsOfAgents(profile, q, rollout.data);
  return (
    <section className="panel" aria-label="Agents">
      <header>
        <h2>Agents</h2>
        {rollout.data !== undefined && rollout.data.total > 0 && (
          <span role="status">
            <RolloutNumbers counts={rollout.data.states} />
          </span>
        )}
      </header>
      <Loaded asked={rollout} what="Its agents cannot be shown" rows={4}>
        {({ agents, total }) =>
          total === 0 ? (
            <NoAgents enabled={content.enabled} />
          ) : (
            <div className="scroll-x">
              <table className="plain-table hosts" ref={table}>
                <thead>
                  <tr>
                    <th>Host</th>
                    <th>Profile</th>
                    <th>Fits by</th>
                    <th>Last seen</th>
                    <th>Events</th>
                  </tr>
                </thead>
                <tbody>
                  {agents.map((agent) => (
                    <AgentRow
                      key={agent.agentId}
                      agent={agent}
                      profileId={id}
                      q={include(q, clauseFor('agentId', agent.agentId))}
                      events={events?.find(({ values }) => values[0] === agent.agentId)}
                    />
                  ))}
                </tbody>
              </table>
            </div>
          )
        }
      </Loaded>
      {rollout.data !== undefined && rollout.data.total > pageAgents && (
        <Pages page={page} isLast={(page + 1) * pageAgents >= rollout.data.total} onPage={setPage} />
      )}
    </section>
  );
}

/** Whether something is to be seen soon: after a new version, and while an agent that speaks does not have it. */
function isOnItsWay({ updatedAt }: Profile, rollout: ProfileRollout | undefined): boolean {
  const isAwaited = rollout?.agents.some(({ state, agentState }) => state === 'pending' && agentState === 'active');
  return isAwaited === true || Date.now() - updatedAt < freshMs;
}

/** Events of the agents on the page, from the sources of the profile, each with the time of its first one. */
function useEventsOfAgents(
  profile: Profile,
  q: string,
  rollout: ProfileRollout | undefined,
): readonly Group[] | undefined {
  const may = useMay('events:read');
  const agents = rollout?.agents.map(({ agentId }) => agentId) ?? [];
  const { data } = useQuery({
    queryKey: ['rollout-events', profile.id, q, agents.join(' ')],
    queryFn: ({ signal }) =>
      groupEvents(
        {
          q: include(q, `(${anyOf('agentId', agents)})`),
          from: Date.now() - countedMs,
          to: undefined,
          zone: 'UTC',
          by: ['agentId'],
          limit: groupsMax,
        },
        signal,
      ),
    enabled: may && agents.length > 0 && q !== '',
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) =>
      (state.data?.length ?? 0) < agents.length && isOnItsWay(profile, rollout) ? busyMs : calmMs,
  });
  return data;
}

function sourcesQuery({ profile }: Profile['content']): string {
  return anyOf('source', [...new Set([...profile.sources, ...profile.collectors].map(({ source }) => source))]);
}

function NoAgents({ enabled }: { readonly enabled: boolean }): ReactNode {
  const may = useMay('enrollment:read');
  if (!enabled) {
    return (
      <Empty title="It is switched off">
        <p className="muted">No agent gets it until it is enabled.</p>
      </Empty>
    );
  }
  return (
    <Empty title="No agent fits yet">
      <p className="muted">An agent that is enrolled with one of its tags or names gets it by itself.</p>
      {may && (
        <p>
          <Link to="/enrollment" search={{}}>
            Enroll a host
          </Link>
        </p>
      )}
    </Empty>
  );
}

function AgentRow({
  agent,
  profileId,
  q,
  events,
}: {
  readonly agent: ProfileRollout['agents'][number];
  readonly profileId: string;
  /** Its events from the sources of the profile. */
  readonly q: string;
  readonly events: Group | undefined;
}): ReactNode {
  const { zone } = usePreferences();
  const { agentId, name, agentState, state, refused, follows, lastSeen, lastEventTime } = agent;
  return (
    <tr>
      <td>
        <Link to="/agents/$agentId" params={{ agentId }} search={{}} data-row>
          <InertText text={name} />
        </Link>
      </td>
      <td className="wrap">
        <ProfileStateWord state={state} />
        {refused !== undefined && (
          <div className="sub">
            <bdi>{showText(refused.sentence)}</bdi> <code>{refused.code}</code>
          </div>
        )}
        {state === 'pending' && (
          <div className="sub">
            {agentState === 'silent'
              ? `the agent ${lastSeen === undefined ? 'has not spoken yet' : 'is not heard of'}; it gets it when it speaks`
              : follows === undefined
                ? 'on its way'
                : follows.profileId === profileId
                  ? `follows version ${follows.version} until then`
                  : 'follows another profile until then'}
          </div>
        )}
      </td>
      <td>
        <bdi>{showText(fitWords(agent))}</bdi>
      </td>
      <td>
        <Ago time={lastSeen} />
      </td>
      <td>
        {events === undefined ? (
          <span className="muted">
            {lastEventTime === undefined ? (
              'none yet'
            ) : (
              <>
                last <Ago time={lastEventTime} />
              </>
            )}
          </span>
        ) : (
          <>
            <HuntLink q={q} window={counted}>
              {formatCount(events.count)} in Hunt
            </HuntLink>
            <div className="sub">
              first of 30 days{' '}
              <Link to="/hunt" search={{ q, ...counted, sort: 'eventTime' }} title="Oldest first">
                <RowTime time={events.first} zone={zone} />
              </Link>
            </div>
          </>
        )}
      </td>
    </tr>
  );
}
