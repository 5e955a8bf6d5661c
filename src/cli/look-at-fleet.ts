import { type Static, type TSchema, Type } from 'typebox';
import { checkMessage } from '#delivery';
import type { CoverageGap, Store } from '#store';
import type { ApiClient } from './api-client.ts';
import type { Finding } from './finding.ts';
import { formatBytes, formatCount } from './read-progress.ts';

/** Gaps and agents named one by one; the others are counted. */
const namedMax = 5;
const gapsMax = 1_000;

const Gaps = Type.Object({
  gaps: Type.Array(Type.Object({ place: Type.String(), from: Type.Number(), to: Type.Number() })),
});
const Silent = Type.Object({ agents: Type.Array(Type.Object({ name: Type.String() })), total: Type.Number() });
const Summary = Type.Object({ states: Type.Record(Type.String(), Type.Number()) });

/** Looks at what a store received: whether bytes are missing between those that came. */
export async function lookAtCoverage(store: Store, signal: AbortSignal): Promise<Finding[]> {
  return gapFindings(await store.coverage.gaps({ limit: gapsMax, signal }));
}

/** The same, and how the agents are, through the API of a server. */
export async function lookAtFleet(client: ApiClient): Promise<Finding[]> {
  const { gaps } = await ask(client, `/completeness/gaps?limit=${gapsMax}`, Gaps);
  const { states } = await ask(client, '/agents/summary', Summary);
  const { agents, total } = await ask(client, `/agents?state=silent&limit=${namedMax}`, Silent);
  const living = Object.entries(states).reduce((sum, [state, count]) => (state === 'revoked' ? sum : sum + count), 0);
  const found = gapFindings(gaps);
  if (living === 0) return found;
  if (total === 0) return [...found, { state: 'good', text: `${formatCount(living)} agents, all heard of` }];
  const names = agents.map(({ name }) => name).join(', ');
  const more = total > agents.length ? `, and ${formatCount(total - agents.length)} more` : '';
  return [
    ...found,
    {
      state: 'bad',
      text: `${formatCount(total)} of ${formatCount(living)} agents are silent: ${names}${more}`,
      hint: 'On the host: systemctl status meridian-agent; or un-enroll an agent that is not meant to come back.',
    },
  ];
}

function gapFindings(gaps: readonly Pick<CoverageGap, 'place' | 'from' | 'to'>[]): Finding[] {
  if (gaps.length === 0) return [{ state: 'good', text: 'nothing is missing between what was received' }];
  const bytes = gaps.reduce((sum, { from, to }) => sum + to - from, 0);
  const places = [...new Set(gaps.map(({ place }) => place))];
  const named = places.slice(0, namedMax).join(', ');
  const more = places.length > namedMax ? ', …' : '';
  return [
    {
      state: 'bad',
      text: `${formatCount(gaps.length)} gaps, ${formatBytes(bytes)}, in what was received of ${named}${more}`,
      hint: 'An agent may still send them; else read the log again with meridian ingest, which adds only what is missing.',
    },
  ];
}

async function ask<S extends TSchema>(client: ApiClient, path: string, schema: S): Promise<Static<S>> {
  return checkMessage(schema, await client.get(path), 'server-answer', 'the answer of the server');
}
