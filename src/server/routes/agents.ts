import { Type } from 'typebox';
import { type Agent, type Catalog, fitsOf, TagSchema } from '#catalog';
import { type AgentStatus, checkMessage, messageLimits } from '#delivery';
import { AppError } from '#error';
import type { App } from '../app.ts';
import { exactBody } from '../exact-body.ts';
import type { FleetLog } from '../fleet/fleet-log.ts';
import type { ProfileBook } from '../fleet/profile-book.ts';
import { RolloutCounts, rolloutsOf, tallyRollouts } from '../fleet/profile-rollout.ts';
import { AgentBody, viewAgent, viewFit } from '../fleet/view-agent.ts';
import { failures } from '../schemas.ts';

/** What the routes need. */
export interface AgentParts {
  readonly catalog: Catalog;
  readonly profiles: ProfileBook;
  readonly fleet: FleetLog;
  readonly clock: () => number;
}

const tags = ['agents'];
const Id = Type.Object({ id: Type.String({ maxLength: 64 }) });
const TagsBody = Type.Object(
  { tags: Type.Array(TagSchema, { maxItems: messageLimits.tags }) },
  { additionalProperties: false },
);
const PinBody = Type.Object(
  { profileId: Type.Union([Type.String({ maxLength: 64 }), Type.Null()]) },
  { additionalProperties: false },
);
const Listed = Type.Object({ agents: Type.Array(AgentBody), total: Type.Integer() });
const reasonLengthMax = 256;

/** `/agents`: who is enrolled, how each is, its tags, and un-enrolling. */
export function addAgentRoutes(app: App, parts: AgentParts): void {
  addListRoutes(app, parts);
  addOneRoute(app, parts);
  addChangeRoutes(app, parts);
  addRemoveRoute(app, parts);
}

function addListRoutes(app: App, { catalog, profiles }: AgentParts): void {
  app.get(
    '/agents',
    {
      schema: {
        tags,
        summary: 'Agents by name of their host.',
        querystring: Type.Object(
          {
            search: Type.Optional(
              Type.String({ maxLength: 256, description: 'Part of the name of the host, or of an address.' }),
            ),
            tag: Type.Optional(TagSchema),
            state: Type.Optional(Type.Enum(['active', 'silent', 'never-heard', 'revoked'])),
            profileId: Type.Optional(Type.String({ maxLength: 64 })),
            tokenId: Type.Optional(Type.String({ maxLength: 64, description: 'Enrollment token it came in with.' })),
            offset: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000, default: 0 })),
            limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000, default: 100 })),
          },
          { additionalProperties: false },
        ),
        response: { 200: Listed, ...failures },
      },
    },
    async ({ query }) => {
      const { agents, total } = await catalog.agents.list(query);
      const { profiles: all } = await profiles.current();
      return { agents: agents.map((agent) => viewAgent(agent, all)), total };
    },
  );

  app.get(
    '/agents/summary',
    {
      schema: {
        tags,
        summary: 'How many agents there are in each state, the tags in use, and what became of each profile.',
        querystring: Type.Object({}, { additionalProperties: false }),
        response: {
          200: Type.Object({
            states: Type.Record(Type.String(), Type.Integer()),
            tags: Type.Array(Type.Object({ tag: Type.String(), agents: Type.Integer() })),
            profiles: Type.Record(Type.String(), RolloutCounts, {
              description: 'Per id of a profile: the agents that get it, by what became of it.',
            }),
          }),
          ...failures,
        },
      },
    },
    async () => {
      const { profiles: all } = await profiles.current();
      const { living, states, tags: inUse } = await catalog.agents.summary();
      return {
        states: { ...states },
        tags: [...inUse],
        profiles: Object.fromEntries(tallyRollouts(rolloutsOf(living, all))),
      };
    },
  );
}

function addOneRoute(app: App, { catalog, profiles }: AgentParts): void {
  app.get(
    '/agents/:id',
    {
      schema: {
        tags,
        summary: 'One agent: its last status, its streams, and all profiles that fit it, the one it gets first.',
        params: Id,
        response: { 200: AgentBody, ...failures },
      },
    },
    async ({ params }) => {
      const agent = await catalog.agents.get(params.id);
      const status = await catalog.agents.status(params.id);
      const { profiles: all } = await profiles.current();
      const fits = fitsOf(agent, all).map(viewFit);
      const streams = await catalog.streams.list(params.id);
      return { ...viewAgent(agent, all), status, fits, streams, notices: noticesOf(agent, status) };
    },
  );
}

/** What a person should know of an agent, besides its state. */
function noticesOf(
  agent: Agent,
  status: AgentStatus | undefined,
): readonly { code: string; sentence: string; hint: string }[] {
  if (status === undefined || agent.state === 'revoked') return [];
  const notices = [];
  if (agent.profile.state === 'applied' && status.files.length === 0) {
    notices.push({
      code: 'no-files',
      sentence: 'The profile is applied, but none of its path patterns finds a file on this host.',
      hint: 'Compare the patterns with the folders on the host; the agent needs read access.',
    });
  }
  const unreadable = status.files.filter(({ state }) => state === 'unreadable' || state === 'refused').length;
  if (unreadable > 0) {
    notices.push({
      code: 'files-unreadable',
      sentence: unreadable === 1 ? 'One file cannot be read.' : `${unreadable} files cannot be read.`,
      hint: 'Give the user of the agent read access; the status names each file with its code.',
    });
  }
  if (status.spool.full) {
    notices.push({
      code: 'spool-full',
      sentence: 'The spool is full; the agent reads on when it has sent what waits.',
      hint: 'Look at the connection to the server, or give the spool more room in the profile.',
    });
  }
  return notices;
}

function addChangeRoutes(app: App, { catalog, profiles }: AgentParts): void {
  app.put(
    '/agents/:id/tags',
    {
      validatorCompiler: exactBody,
      schema: {
        tags,
        summary: 'Sets the tags given here; those of the own configuration of the agent stay.',
        params: Id,
        body: TagsBody,
        response: { 200: AgentBody, ...failures },
      },
    },
    async ({ params, body }) => {
      const said = checkMessage(TagsBody, body, 'request-invalid', 'the body');
      const agent = await catalog.agents.setTags(params.id, said.tags);
      profiles.poke();
      return viewAgent(agent, (await profiles.current()).profiles);
    },
  );

  app.put(
    '/agents/:id/profile',
    {
      validatorCompiler: exactBody,
      schema: {
        tags,
        summary: 'Gives the agent a profile, whatever its tags say; null lets tags and names decide again.',
        params: Id,
        body: PinBody,
        response: { 200: AgentBody, ...failures },
      },
    },
    async ({ params, body }) => {
      const { profileId } = checkMessage(PinBody, body, 'request-invalid', 'the body');
      if (profileId !== null) await catalog.profiles.get(profileId);
      const agent = await catalog.agents.pin(params.id, profileId ?? undefined);
      profiles.poke();
      return viewAgent(agent, (await profiles.current()).profiles);
    },
  );
}

function addRemoveRoute(app: App, { catalog, profiles, fleet, clock }: AgentParts): void {
  app.delete(
    '/agents/:id',
    {
      schema: {
        tags,
        summary: 'Un-enrolls the agent: from now on its key is refused. What it sent stays.',
        params: Id,
        querystring: Type.Object(
          { reason: Type.Optional(Type.String({ maxLength: reasonLengthMax, default: '' })) },
          { additionalProperties: false },
        ),
        response: { 200: AgentBody, ...failures },
      },
    },
    async ({ params, query }) => {
      const { reason = '' } = query;
      const done = await catalog.agents.revoke(params.id, reason);
      const agent = await catalog.agents.get(params.id);
      if (!done) throw new AppError('agent-revoked', 'The agent was un-enrolled already.');
      fleet.note({
        kind: 'unenrolled',
        key: `unenrolled ${agent.id}`,
        time: clock(),
        agentId: agent.id,
        host: agent.name,
        version: agent.version,
        message: `The agent on ${agent.name} was un-enrolled.`,
        details: { reason },
      });
      return viewAgent(agent, (await profiles.current()).profiles);
    },
  );
}
