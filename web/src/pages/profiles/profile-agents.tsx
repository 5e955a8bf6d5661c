import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useRef, useState } from 'react';
import { type Group, groupEvents } from '../../api/events.ts';
import { getRollout, type Profile, type ProfileRollout } from '../../api/fleet-profiles.ts';
import { formatCount } from '../../parts/format.ts';
import { HuntLink } from '../../parts/hunt-link.tsx';
import { InertText } from '../../parts/inert-text.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { useMay } from '../../parts/own-session.tsx';
import { usePreferences } from '../../parts/preferences.tsx';
import { showText } from '../../parts/show-characters.ts';
import { Empty } from '../../parts/states.tsx';
import { RowTime } from '../../parts/time.tsx';
import { useRowKeys } from '../../parts/use-row-keys.ts';
import { clauseFor } from '../../query/refine.ts';
import { Ago } from '../agents/ago.tsx';
import { Pages } from '../agents/pages.tsx';
import { fitWords } from './fit-words.ts';
import { RolloutNumbers, RolloutWord } from './rollout-counts.tsx';

const pageAgents = 100;
/** How often it is looked at again: often while something is on its way. */
const busyMs = 1_500;
const calmMs = 10_000;
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
    refetchInterval: ({ state }) => ((state.data?.states.pending ?? 0) > 0 ? busyMs : calmMs),
  });
  const events = useEventsOfAgents(profile, rollout.data);
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

/** Events of the agents on the page, from the sources of the profile, each with the time of its first one. */
function useEventsOfAgents(
  { id, content }: Profile,
  rollout: ProfileRollout | undefined,
): readonly Group[] | undefined {
  const may = useMay('events:read');
  const agents = rollout?.agents.map(({ agentId }) => agentId) ?? [];
  const q = sourcesQuery(content);
  const { data } = useQuery({
    queryKey: ['rollout-events', id, q, agents.join(' ')],
    queryFn: ({ signal }) =>
      groupEvents(
        {
          q: `${q} and agentId: (${agents.map((one) => `"${one}"`).join(' or ')})`,
          zone: 'UTC',
          by: ['agentId'],
          limit: groupsMax,
        },
        signal,
      ),
    enabled: may && agents.length > 0 && q !== '',
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => ((state.data?.length ?? 0) < agents.length ? busyMs : calmMs),
  });
  return data;
}

function sourcesQuery({ profile }: Profile['content']): string {
  const names = [...new Set([...profile.sources, ...profile.collectors].map(({ source }) => source))];
  if (names.length === 0) return '';
  return names.length === 1
    ? clauseFor('source', names[0])
    : `(${names.map((one) => clauseFor('source', one)).join(' or ')})`;
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
  events,
}: {
  readonly agent: ProfileRollout['agents'][number];
  readonly profileId: string;
  readonly events: Group | undefined;
}): ReactNode {
  const { zone } = usePreferences();
  const { agentId, name, agentState, state, refused, follows, lastSeen } = agent;
  const q = clauseFor('agentId', agentId);
  return (
    <tr>
      <td>
        <Link to="/agents/$agentId" params={{ agentId }} search={{}} data-row>
          <InertText text={name} />
        </Link>
      </td>
      <td className="wrap">
        <RolloutWord state={state} />
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
          <span className="muted">none yet</span>
        ) : (
          <>
            <HuntLink q={q} window={{ from: '', to: '' }}>
              {formatCount(events.count)} in Hunt
            </HuntLink>
            <div className="sub">
              first{' '}
              <Link to="/hunt" search={{ q, from: '', to: '', sort: 'eventTime' }} title="Oldest first">
                <RowTime time={events.first} zone={zone} />
              </Link>
            </div>
          </>
        )}
      </td>
    </tr>
  );
}
