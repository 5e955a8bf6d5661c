import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { getGaps, getStreams, type ReceivedStream, type StreamGap } from '../../api/fleet-agents.ts';
import { Ago } from '../../parts/ago.tsx';
import { countOf, formatBytes, formatCount } from '../../parts/format.ts';
import { HuntLink } from '../../parts/hunt-link.tsx';
import { InertText } from '../../parts/inert-text.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Mark } from '../../parts/outcome.tsx';
import { useMay } from '../../parts/own-session.tsx';
import { showText } from '../../parts/show-characters.ts';
import { Empty } from '../../parts/states.tsx';
import { clauseFor } from '../../query/refine.ts';

const streamsMax = 200;
const gapsMax = 100;
const refreshMs = 10_000;

/** What was received of the logs of an agent, and what is missing. */
export function AgentStreams({ agentId }: { readonly agentId: string }): ReactNode {
  const may = useMay('system:read');
  const streams = useQuery({
    queryKey: ['agents', 'streams', agentId],
    queryFn: ({ signal }) => getStreams(agentId, streamsMax, signal),
    enabled: may,
    refetchInterval: refreshMs,
  });
  const holes = streams.data?.some(({ gaps }) => gaps > 0) === true;
  const gaps = useQuery({
    queryKey: ['agents', 'gaps', agentId],
    queryFn: ({ signal }) => getGaps(agentId, gapsMax, signal),
    enabled: may && holes,
    refetchInterval: refreshMs,
  });
  if (!may) return null;
  return (
    <section className="panel" aria-label="Received">
      <header>
        <h2>Received</h2>
        <span className="muted">what the server has of each log, and whether it is all</span>
      </header>
      <Loaded asked={streams} what="What was received cannot be shown" rows={3}>
        {(all) =>
          all.length === 0 ? (
            <Empty title="Nothing was received yet">
              <p className="muted">
                Each log stands here with its bytes, events and gaps once its first batch is stored.
              </p>
            </Empty>
          ) : (
            <StreamTable streams={all} />
          )
        }
      </Loaded>
      {gaps.data !== undefined && gaps.data.length > 0 && <GapTable gaps={gaps.data} />}
    </section>
  );
}

function StreamTable({ streams }: { readonly streams: readonly ReceivedStream[] }): ReactNode {
  return (
    <div className="scroll-x">
      <table className="plain-table">
        <thead>
          <tr>
            <th>Log</th>
            <th>Complete</th>
            <th className="number">Bytes</th>
            <th className="number">Events</th>
            <th className="number">Dead letters</th>
            <th>Newest</th>
            <th>Received</th>
          </tr>
        </thead>
        <tbody>
          {streams.map((one) => (
            <tr key={`${one.stream} ${one.generation}`}>
              <td className="wrap">
                <InertText text={one.place} />
                <div className="sub">
                  <bdi>{showText(one.log)}</bdi>
                </div>
              </td>
              <td>
                <Completeness stream={one} />
              </td>
              <td className="number">{formatBytes(one.bytes)}</td>
              <td className="number">
                <HuntLink
                  q={`${clauseFor('stream', one.stream)} and ${clauseFor('generation', one.generation)}`}
                  window={{ from: '', to: '' }}
                >
                  {formatCount(one.events)}
                </HuntLink>
              </td>
              <td className="number">{formatCount(one.deadLetters)}</td>
              <td>
                <Ago time={one.newest} />
              </td>
              <td>
                <Ago time={one.received} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Completeness({ stream: { gaps, gapBytes, from } }: { readonly stream: ReceivedStream }): ReactNode {
  if (gaps > 0) {
    return (
      <Mark outcome="denied">
        {countOf(gaps, 'gap')}, {formatBytes(gapBytes)}
      </Mark>
    );
  }
  if (from > 0) {
    return (
      <Mark outcome="partial" title="As its profile says, or because it was rotated away before.">
        from byte {from.toLocaleString()} on
      </Mark>
    );
  }
  return <Mark outcome="success">complete</Mark>;
}

function GapTable({ gaps }: { readonly gaps: readonly StreamGap[] }): ReactNode {
  return (
    <div className="scroll-x">
      <table className="plain-table">
        <caption className="unseen">Gaps</caption>
        <thead>
          <tr>
            <th>Missing in</th>
            <th className="number">From byte</th>
            <th className="number">To byte</th>
            <th>Since</th>
          </tr>
        </thead>
        <tbody>
          {gaps.map(({ stream, generation, place, from, to, since }) => (
            <tr key={`${stream} ${generation} ${from}`}>
              <td className="wrap">
                <InertText text={place} />
              </td>
              <td className="number">{from.toLocaleString()}</td>
              <td className="number">{to.toLocaleString()}</td>
              <td>
                <Ago time={since} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
