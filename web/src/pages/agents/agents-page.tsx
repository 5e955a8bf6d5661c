import { Button, NativeSelect } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { type ReactNode, useRef } from 'react';
import { type Agent, type FleetSummary, getAgents, getFleetSummary } from '../../api/fleet-agents.ts';
import { Ago } from '../../parts/ago.tsx';
import { countOf, formatBytes, formatCount, formatSeconds } from '../../parts/format.ts';
import { InertText } from '../../parts/inert-text.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { useMay } from '../../parts/own-session.tsx';
import { Pages } from '../../parts/pages.tsx';
import { ProfileStateWord } from '../../parts/profile-state.tsx';
import { SearchField } from '../../parts/search-field.tsx';
import { showText } from '../../parts/show-characters.ts';
import { Empty } from '../../parts/states.tsx';
import { TagWords } from '../../parts/tag-words.tsx';
import { useRowKeys } from '../../parts/use-row-keys.ts';
import { AgentStateWord, agentStates } from './state-word.tsx';
import '../profiles/profiles.css';
import './agents.css';

const pageAgents = 100;
const refreshMs = 5_000;

/** Who is enrolled, and how each is. */
export function AgentsPage(): ReactNode {
  const words = useSearch({ from: '/agents' });
  const { search, tag } = words;
  const state = agentStates.find(([one]) => one === words['state'])?.[0];
  const navigate = useNavigate();
  const page = Math.max(0, Number.parseInt(words['page'] ?? '0', 10) || 0);
  const field = useRef<HTMLInputElement>(null);
  const table = useRef<HTMLTableElement>(null);
  useRowKeys(table, field);
  const agents = useQuery({
    queryKey: ['agents', 'list', search, state, tag, page],
    queryFn: ({ signal }) => getAgents({ search, state, tag }, page * pageAgents, pageAgents, signal),
    placeholderData: keepPreviousData,
    refetchInterval: refreshMs,
  });
  const summary = useQuery({
    queryKey: ['agents', 'summary'],
    queryFn: ({ signal }) => getFleetSummary(signal),
    refetchInterval: refreshMs,
  });
  const mayEnroll = useMay('enrollment:read');
  const total = agents.data?.total ?? 0;
  const isFiltered = (search ?? state ?? tag) !== undefined;
  return (
    <div className="page fleet">
      <div className="page-head">
        <h1>Agents</h1>
        {mayEnroll && (
          <div className="actions">
            <Button renderRoot={(props: object) => <Link {...props} to="/enrollment" search={{}} />}>
              Enroll a host
            </Button>
          </div>
        )}
      </div>
      <section className="panel" aria-label="Agents">
        <Filters field={field} summary={summary.data} total={agents.data === undefined ? undefined : total} />
        <Loaded asked={agents} what="The agents cannot be shown" rows={6}>
          {({ agents: shown }) =>
            total === 0 ? (
              <NoAgents isFiltered={isFiltered} mayEnroll={mayEnroll} />
            ) : (
              <div className="scroll-x">
                <table className="plain-table agents" ref={table}>
                  <thead>
                    <tr>
                      <th>Host</th>
                      <th>State</th>
                      <th>Profile</th>
                      <th>Tags</th>
                      <th>Last seen</th>
                      <th>Last event</th>
                      <th className="number">Behind</th>
                      <th className="number">Spool</th>
                      <th>System</th>
                    </tr>
                  </thead>
                  <tbody>
                    {shown.map((agent) => (
                      <AgentRow key={agent.id} agent={agent} />
                    ))}
                  </tbody>
                </table>
              </div>
            )
          }
        </Loaded>
        {total > pageAgents && (
          <Pages
            page={page}
            isLast={(page + 1) * pageAgents >= total}
            onPage={(next) => void navigate({ to: '/agents', search: { ...words, page: String(next) } })}
          />
        )}
      </section>
    </div>
  );
}

function Filters({
  field,
  summary,
  total,
}: {
  readonly field: React.RefObject<HTMLInputElement | null>;
  readonly summary: FleetSummary | undefined;
  readonly total: number | undefined;
}): ReactNode {
  const words = useSearch({ from: '/agents' });
  const navigate = useNavigate();
  function set(name: string, text: string): void {
    const { [name]: _, page: __, ...others } = words;
    void navigate({ to: '/agents', search: text === '' ? others : { ...others, [name]: text }, replace: true });
  }
  const { search = '', state = '', tag = '' } = words;
  const known = summary?.tags ?? [];
  return (
    <div className="body line">
      <SearchField
        field={field}
        label="Host or address"
        name="Host or address"
        value={search}
        onSearch={(text) => set('search', text)}
      />
      <NativeSelect
        label="State"
        data={[
          { value: '', label: 'all' },
          ...agentStates.map(([value, label]) => ({
            value,
            label: summary === undefined ? label : `${label} (${formatCount(summary.states[value] ?? 0)})`,
          })),
        ]}
        value={state}
        onChange={(event) => set('state', event.currentTarget.value)}
      />
      <NativeSelect
        label="Tag"
        data={[
          { value: '', label: 'all' },
          ...known.map((one) => ({ value: one.tag, label: `${one.tag} (${formatCount(one.agents)})` })),
          ...(tag === '' || known.some((one) => one.tag === tag) ? [] : [{ value: tag, label: tag }]),
        ]}
        value={tag}
        onChange={(event) => set('tag', event.currentTarget.value)}
      />
      <span className="muted" role="status">
        {total !== undefined && countOf(total, 'agent')}
      </span>
    </div>
  );
}

function NoAgents({ isFiltered, mayEnroll }: { readonly isFiltered: boolean; readonly mayEnroll: boolean }): ReactNode {
  if (isFiltered) {
    return (
      <Empty title="No agent is like that">
        <p>
          <Link to="/agents" search={{}}>
            Show all
          </Link>
        </p>
      </Empty>
    );
  }
  return (
    <Empty title="No agents yet">
      <p className="muted">An agent reads the logs of its host and sends what they say, whole and in order.</p>
      {mayEnroll && (
        <p>
          <Link to="/enrollment" search={{}}>
            Enroll the first host
          </Link>
        </p>
      )}
    </Empty>
  );
}

function AgentRow({ agent }: { readonly agent: Agent }): ReactNode {
  const { id, name, addresses, state, profile, tags, lastSeen, lastEventTime, lagBytes, lagSeconds } = agent;
  const { profileId } = profile;
  const isGone = state === 'revoked';
  return (
    <tr className={isGone ? 'gone' : ''}>
      <td>
        <Link to="/agents/$agentId" params={{ agentId: id }} search={{}} data-row className="host">
          <InertText text={name} />
        </Link>
        <div className="sub">
          <InertText text={shortList(addresses)} />
        </div>
      </td>
      <td>
        <AgentStateWord state={state} />
      </td>
      <td className="wrap">
        {profileId === undefined ? (
          <ProfileStateWord state="none" />
        ) : (
          <>
            <Link to="/profiles/$profileId" params={{ profileId }} search={{}} className="clamp">
              <bdi>{showText(agent.profileName ?? profileId)}</bdi>
            </Link>
            <div className="sub">
              version {profile.profileVersion} <ProfileStateWord state={profile.state} />
            </div>
          </>
        )}
      </td>
      <td>
        <TagWords tags={tags} />
      </td>
      <td>
        <Ago time={lastSeen} />
      </td>
      <td>
        <Ago time={lastEventTime} />
      </td>
      <td className="number">
        {lastSeen === undefined || isGone ? (
          '–'
        ) : lagBytes === 0 ? (
          'up to date'
        ) : (
          <>
            {formatBytes(lagBytes)}
            {lagSeconds > 0 && <div className="sub">{formatSeconds(lagSeconds)}</div>}
          </>
        )}
      </td>
      <td className="number">
        {lastSeen === undefined ? '–' : agent.spoolBytes === 0 ? 'empty' : formatBytes(agent.spoolBytes)}
        {agent.spoolFull && <div className="sub outcome-denied">■ full</div>}
      </td>
      <td>
        <InertText text={agent.os} />
        <div className="sub">
          agent <InertText text={agent.version} />
        </div>
      </td>
    </tr>
  );
}

function shortList(addresses: readonly string[]): string {
  const [first, second, ...others] = addresses;
  return [first, second, ...(others.length > 0 ? [`+${others.length}`] : [])]
    .filter((one) => one !== undefined)
    .join(', ');
}
