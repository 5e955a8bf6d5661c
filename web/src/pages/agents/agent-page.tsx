import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { type AgentStatus, type DetailedAgent, getAgent } from '../../api/fleet-agents.ts';
import { Ago } from '../../parts/ago.tsx';
import { Fact } from '../../parts/fact.tsx';
import { countOf, formatBytes, formatSeconds } from '../../parts/format.ts';
import { HuntLink } from '../../parts/hunt-link.tsx';
import { InertText } from '../../parts/inert-text.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { useMay } from '../../parts/own-session.tsx';
import { ProfileStateWord } from '../../parts/profile-state.tsx';
import { showText } from '../../parts/show-characters.ts';
import { TagWords } from '../../parts/tag-words.tsx';
import { clauseFor } from '../../query/refine.ts';
import { AgentFiles } from './agent-files.tsx';
import { AgentSettings } from './agent-settings.tsx';
import { AgentStreams } from './agent-streams.tsx';
import { AgentStateWord } from './state-word.tsx';
import { Unenroll } from './unenroll.tsx';
import '../profiles/profiles.css';
import './agents.css';

const refreshMs = 3_000;
const allTime = { from: '', to: '' };
/** A clock this far off is worth looking at, in milliseconds. */
const clockOddMs = 2_000;

/** One agent: how it is, what it reads, what came of it, and what may be set. */
export function AgentPage(): ReactNode {
  const { agentId } = useParams({ from: '/agents/$agentId' });
  const agent = useQuery({
    queryKey: ['agents', 'one', agentId],
    queryFn: ({ signal }) => getAgent(agentId, signal),
    refetchInterval: refreshMs,
  });
  return (
    <div className="page fleet">
      <Loaded asked={agent} what="The agent cannot be shown" rows={8}>
        {(one) => <Shown agent={one} />}
      </Loaded>
    </div>
  );
}

function Shown({ agent }: { readonly agent: DetailedAgent }): ReactNode {
  const may = useMay('agents:write');
  const mayEvents = useMay('events:read');
  const { id, name, state, status, notices } = agent;
  const own = clauseFor('agentId', id);
  return (
    <>
      <div className="page-head">
        <h1 className="agent-name">
          <InertText text={name} />
        </h1>
        <AgentStateWord state={state} />
        {mayEvents && (
          <div className="actions linked">
            <HuntLink q={`${own} and not source: meridian-fleet`} window={allTime}>
              Its events in Hunt
            </HuntLink>
            <HuntLink q={`${own} and source: meridian-fleet`} window={allTime}>
              What happened to it
            </HuntLink>
          </div>
        )}
      </div>
      {state === 'revoked' && (
        <p className="notice">
          It was un-enrolled <Ago time={agent.revokedAt} />
          {(agent.revokedReason ?? '') === '' ? '' : ': '}
          <bdi>{showText(agent.revokedReason ?? '')}</bdi>. Its key is refused; what it sent stays.
        </p>
      )}
      {notices.map(({ code, sentence, hint }) => (
        <p key={code} className="notice">
          {sentence} <span className="muted">{hint}</span>
        </p>
      ))}
      <section className="panel" aria-label="How it is">
        <header>
          <h2>How it is</h2>
          <span className="muted">
            last seen <Ago time={agent.lastSeen} />
          </span>
        </header>
        <div className="body">
          <Facts agent={agent} />
        </div>
      </section>
      <AgentFiles files={status?.files} more={status?.filesMore ?? 0} state={state} />
      <AgentStreams agentId={id} />
      {status !== undefined && status.errors.length > 0 && <Errors errors={status.errors} />}
      {may && state !== 'revoked' && <AgentSettings agent={agent} />}
      {may && state !== 'revoked' && <Unenroll agent={agent} />}
    </>
  );
}

function Facts({ agent }: { readonly agent: DetailedAgent }): ReactNode {
  const { status, lagBytes, lagSeconds } = agent;
  return (
    <dl className="agent-facts">
      <Fact name="Profile">
        <OwnProfile agent={agent} />
      </Fact>
      <Fact name="Last event">
        <Ago time={agent.lastEventTime} />
      </Fact>
      <Fact name="Behind">
        {lagBytes === 0 ? 'up to date' : `${formatBytes(lagBytes)}, ${formatSeconds(lagSeconds)}`}
      </Fact>
      {status !== undefined && <StatusFacts status={status} />}
      <Fact name="Clock">
        <Clock offsetMs={agent.clockOffsetMs} />
      </Fact>
      <Fact name="Enrolled">
        <Ago time={agent.enrolledAt} />
      </Fact>
      <Fact name="Addresses">
        <InertText text={agent.addresses.join(', ')} />
      </Fact>
      <Fact name="System">
        <InertText text={agent.os} />{' '}
        <span className="muted">
          <bdi>{showText(agent.arch)}</bdi>
        </span>
        <div className="sub">
          kernel <InertText text={agent.kernel} />
        </div>
      </Fact>
      <Fact name="Agent">
        <InertText text={agent.version} />
      </Fact>
      <Fact name="Tags">
        <TagWords tags={agent.tags} />
      </Fact>
      <Fact name="Id">
        <code>{agent.id}</code>
      </Fact>
    </dl>
  );
}

function StatusFacts({ status }: { readonly status: AgentStatus }): ReactNode {
  const { sessionsOpen, spool, shipped, startedAt } = status;
  return (
    <>
      <Fact name="Sessions open">{countOf(sessionsOpen, 'session')}</Fact>
      <Fact name="Spool">
        <Spool spool={spool} />
      </Fact>
      <Fact name="Sent since its start">
        {countOf(shipped.records, 'record')} of {countOf(shipped.lines, 'line')}
        {shipped.deadLetters > 0 && `, ${countOf(shipped.deadLetters, 'dead letter')}`}
      </Fact>
      <Fact name="Running since">
        <Ago time={startedAt} />
      </Fact>
    </>
  );
}

function OwnProfile({ agent: { profile, profileName, fits } }: { readonly agent: DetailedAgent }): ReactNode {
  const { profileId, profileVersion, state, refusedSentence, refusedCode } = profile;
  const [first] = fits;
  const next = first !== undefined && first.profileId !== profileId && (
    <div className="sub">
      gets <bdi>{showText(first.name)}</bdi> next
    </div>
  );
  if (profileId === undefined) {
    return (
      <>
        <ProfileStateWord state="none" />
        {next}
      </>
    );
  }
  return (
    <>
      <Link to="/profiles/$profileId" params={{ profileId }} search={{}}>
        <bdi>{showText(profileName ?? profileId)}</bdi>
      </Link>
      <div>
        version {profileVersion} <ProfileStateWord state={state} />
      </div>
      {refusedSentence !== undefined && (
        <div className="outcome-denied">
          <bdi>{showText(refusedSentence)}</bdi> <code>{refusedCode}</code>
        </div>
      )}
      {next}
    </>
  );
}

function Clock({ offsetMs }: { readonly offsetMs: number }): ReactNode {
  const size = Math.abs(offsetMs);
  if (size < 1_000) return 'as the server’s';
  return (
    <span className={size > clockOddMs ? 'outcome-partial' : ''}>
      {formatSeconds(size / 1_000)} {offsetMs > 0 ? 'ahead' : 'behind'}
    </span>
  );
}

function Spool({ spool }: { readonly spool: AgentStatus['spool'] }): ReactNode {
  const { bytes, batches, oldestSeconds, full } = spool;
  if (batches === 0 && !full) return 'empty';
  return (
    <>
      {formatBytes(bytes)}, {countOf(batches, 'batch waits', 'batches wait')}
      {batches > 0 && `, the oldest for ${formatSeconds(oldestSeconds)}`}
      {full && <div className="outcome-denied">■ full: reading waits</div>}
    </>
  );
}

function Errors({ errors }: { readonly errors: AgentStatus['errors'] }): ReactNode {
  return (
    <section className="panel" aria-label="Errors">
      <header>
        <h2>Errors</h2>
        <span className="muted">since its start</span>
      </header>
      <div className="scroll-x">
        <table className="plain-table">
          <thead>
            <tr>
              <th>What</th>
              <th className="number">How often</th>
              <th>Last</th>
            </tr>
          </thead>
          <tbody>
            {errors.map(({ code, sentence, count, last }) => (
              <tr key={`${code} ${sentence}`}>
                <td className="wrap">
                  <bdi>{showText(sentence)}</bdi> <code className="muted">{code}</code>
                </td>
                <td className="number">{count}</td>
                <td>
                  <Ago time={last} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
