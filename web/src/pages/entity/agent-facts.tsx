import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { getStreams } from '../../api/fleet-agents.ts';
import { Fact } from '../../parts/fact.tsx';
import { countOf } from '../../parts/format.ts';
import { useMay } from '../../parts/own-session.tsx';

const streamsMax = 1_000;

/** How completely what an agent reads was received; and where the agent itself is shown. */
export function AgentFacts({ agentId }: { readonly agentId: string }): ReactNode {
  const mayAgents = useMay('agents:read');
  const { data } = useQuery({
    queryKey: ['entity', 'agent-streams', agentId],
    queryFn: ({ signal }) => getStreams(agentId, streamsMax, signal),
  });
  const gaps = data?.reduce((sum, stream) => sum + stream.gaps, 0) ?? 0;
  return (
    <>
      {data !== undefined && (
        <Fact name="Received">
          <span className={gaps > 0 ? 'outcome-failure' : ''}>
            {countOf(data.length, 'log')},{' '}
            {gaps === 0 ? 'nothing missing in between' : `${countOf(gaps, 'stretch is', 'stretches are')} missing`}
          </span>
        </Fact>
      )}
      {mayAgents && (
        <Fact name="The agent itself">
          <Link to="/agents/$agentId" params={{ agentId }}>
            State, files and settings
          </Link>
        </Fact>
      )}
    </>
  );
}
