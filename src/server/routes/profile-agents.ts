import { Type } from 'typebox';
import type { Catalog } from '#catalog';
import type { App } from '../app.ts';
import type { ProfileBook } from '../fleet/profile-book.ts';
import {
  noRollouts,
  type Rollout,
  RolloutCounts,
  type RolloutState,
  rolloutsOf,
  tallyRollouts,
} from '../fleet/profile-rollout.ts';
import { failures } from '../schemas.ts';

const Time = Type.Number({ description: 'Epoch milliseconds.' });
const AgentOfProfile = Type.Object({
  agentId: Type.String(),
  name: Type.String({ description: 'Of its host.' }),
  agentState: Type.Enum(['active', 'silent', 'never-heard', 'revoked']),
  state: Type.Enum(['pending', 'applied', 'refused']),
  reason: Type.Enum(['pinned', 'tag', 'host', 'default']),
  by: Type.Optional(Type.String({ description: 'The tag or name pattern that fits.' })),
  follows: Type.Optional(
    Type.Object(
      { profileId: Type.String(), version: Type.Integer() },
      { description: 'What the agent was told last, where that is something else.' },
    ),
  ),
  refused: Type.Optional(Type.Object({ code: Type.String(), sentence: Type.String() })),
  lastSeen: Type.Optional(Time),
  lastEventTime: Type.Optional(Time),
});
const order: readonly RolloutState[] = ['refused', 'pending', 'applied'];

/** `GET /profiles/:id/agents`: the agents that get a profile, and what became of it on each. */
export function addProfileAgentsRoute(
  app: App,
  { catalog, profiles }: { readonly catalog: Catalog; readonly profiles: ProfileBook },
): void {
  app.get(
    '/profiles/:id/agents',
    {
      schema: {
        tags: ['profiles'],
        summary: 'Agents that get the profile, those that refused it first, then those that do not have it yet.',
        params: Type.Object({ id: Type.String({ maxLength: 64 }) }),
        querystring: Type.Object(
          {
            offset: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000, default: 0 })),
            limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000, default: 100 })),
          },
          { additionalProperties: false },
        ),
        response: {
          200: Type.Object({ agents: Type.Array(AgentOfProfile), total: Type.Integer(), states: RolloutCounts }),
          ...failures,
        },
      },
    },
    async ({ params, query }) => {
      await catalog.profiles.get(params.id);
      const { profiles: all } = await profiles.current();
      const own = rolloutsOf(await catalog.agents.living(), all)
        .filter(({ fit }) => fit.profile.id === params.id)
        .sort((one, other) => order.indexOf(one.state) - order.indexOf(other.state));
      const { offset = 0, limit = 100 } = query;
      return {
        agents: own.slice(offset, offset + limit).map(viewRollout),
        total: own.length,
        states: tallyRollouts(own).get(params.id) ?? noRollouts(),
      };
    },
  );
}

function viewRollout({ agent, fit, isTold, state }: Rollout) {
  const { profileId, profileVersion, refusedCode, refusedSentence } = agent.profile;
  return {
    agentId: agent.id,
    name: agent.name,
    agentState: agent.state,
    state,
    reason: fit.reason,
    ...(fit.by === undefined ? {} : { by: fit.by }),
    ...(isTold || profileId === undefined ? {} : { follows: { profileId, version: profileVersion } }),
    ...(state !== 'refused' || refusedCode === undefined
      ? {}
      : { refused: { code: refusedCode, sentence: refusedSentence ?? '' } }),
    ...(agent.lastSeen === undefined ? {} : { lastSeen: agent.lastSeen }),
    ...(agent.lastEventTime === undefined ? {} : { lastEventTime: agent.lastEventTime }),
  };
}
