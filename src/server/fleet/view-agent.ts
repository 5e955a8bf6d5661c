import { Type } from 'typebox';
import type { Agent, Fit } from '#catalog';

/** An agent in answers. Times are epoch milliseconds. */
export const AgentBody: Type.TUnsafe<AgentView> = Type.Unsafe<AgentView>({
  type: 'object',
  additionalProperties: true,
  description:
    'An agent: id, host, addresses, tags, state (active, silent, never-heard, revoked), lag, spool, clock offset, and what became of its profile (none, pending, applied, refused). Times are epoch milliseconds.',
});

/** See {@link AgentBody}. */
export type AgentView = Omit<Agent, 'machineId'>;

/** An agent as answers show it; absent values are left out. */
export function viewAgent({ machineId: _, ...agent }: Agent): AgentView {
  return agent;
}

/** A profile that fits an agent, in answers. */
export interface FitView {
  readonly profileId: string;
  readonly name: string;
  readonly priority: number;
  readonly reason: Fit['reason'];
  readonly by?: string;
}

/** See {@link FitView}. */
export function viewFit({ profile, reason, by }: Fit): FitView {
  const { name, priority } = profile.content;
  return { profileId: profile.id, name, priority, reason, ...(by === undefined ? {} : { by }) };
}
