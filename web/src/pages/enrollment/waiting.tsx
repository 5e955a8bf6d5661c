import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { type Agent, getAgents } from '../../api/fleet-agents.ts';
import type { EnrollmentToken, MadeToken } from '../../api/fleet-enrollment.ts';
import { countOf } from '../../parts/format.ts';
import { InertText } from '../../parts/inert-text.tsx';
import { useMay } from '../../parts/own-session.tsx';
import { ProblemLine } from '../../parts/problem-line.tsx';
import { ShownOnce } from '../../parts/shown-once.tsx';
import { AgentStateWord } from '../agents/state-word.tsx';
import { tokensQuery } from './tokens-query.ts';

const lookMs = 1_500;
const shownMax = 20;

/** A new token with its command, shown this once; waits for the hosts that come in with it, and names them. */
export function Waiting({ made, onDone }: { readonly made: MadeToken; readonly onDone: () => void }): ReactNode {
  const { token, command, handsOutAgent } = made;
  return (
    <>
      <ShownOnce title="The command to paste on the host" text={command} onDone={onDone}>
        Run it as a user who may use sudo. The token in it is not shown again, and lets{' '}
        {token.usesMax === 1 ? 'one host' : countOf(token.usesMax, 'host')} in. It goes to the agent through a pipe,
        where no list of processes shows it; put a blank in front to keep it out of the shell’s history.
        {isOwnMachine(command) && (
          <>
            {' '}
            <strong>
              The address in it leads back to the machine it is run on: for another host, write one there at which that
              host reaches this server.
            </strong>
          </>
        )}
        {!handsOutAgent && (
          <>
            {' '}
            <strong>This server has no agent to hand out: install Meridian on the host first.</strong>
          </>
        )}
      </ShownOnce>
      <CameIn token={token} />
    </>
  );
}

/** The hosts that came in with a token; it waits for more as long as the token lets them in. */
function CameIn({ token }: { readonly token: EnrollmentToken }): ReactNode {
  // The list below asks for it again and again.
  const tokens = useQuery(tokensQuery(0));
  const now = tokens.data?.tokens.find(({ id }) => id === token.id) ?? token;
  const isOpen = now.state === 'usable' && Date.now() < now.expiresAt;
  const mayAgents = useMay('agents:read');
  const hosts = useQuery({
    queryKey: ['agents', 'of-token', token.id],
    queryFn: ({ signal }) => getAgents({ tokenId: token.id }, 0, shownMax, signal),
    enabled: mayAgents,
    refetchInterval: ({ state: { data } }) =>
      isOpen ? lookMs : data !== undefined && data.total >= now.uses && data.agents.every(isHeard) ? false : lookMs * 4,
  });
  const total = hosts.data?.total ?? now.uses;
  return (
    <section className="panel" aria-label="Who came in">
      <div className="body" role="status">
        {total === 0 ? (
          <Nobody isOpen={isOpen} isRevoked={now.state === 'revoked'} />
        ) : (
          <>
            <p>
              {countOf(total, 'host')} came in
              {isOpen && now.usesMax > total ? ', waiting for more' : ''}
              {mayAgents ? ':' : '.'}
            </p>
            <ul className="came">
              {hosts.data?.agents.map(({ id, name, state }) => (
                <li key={id}>
                  <Link to="/agents/$agentId" params={{ agentId: id }} search={{}}>
                    <InertText text={name} />
                  </Link>{' '}
                  <AgentStateWord state={state} />
                </li>
              ))}
            </ul>
          </>
        )}
      </div>
      <ProblemLine error={hosts.error} />
    </section>
  );
}

function Nobody({ isOpen, isRevoked }: { readonly isOpen: boolean; readonly isRevoked: boolean }): ReactNode {
  if (isOpen) return <span className="outcome-pending">◌ Waiting for the first host…</span>;
  return `${isRevoked ? 'The token was revoked' : 'The token has ended'}: no host came in, and none does any more.`;
}

/** Whether there is nothing more to wait for. */
const isHeard = ({ state }: Agent): boolean => state !== 'never-heard';

/** Whether a command leads to the machine it is run on. */
function isOwnMachine(command: string): boolean {
  return /https?:\/\/(?:localhost|127\.|\[::1\])/.test(command);
}
