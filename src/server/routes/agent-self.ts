import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Catalog, UnclaimedGeneration } from '#catalog';
import {
  AgentStatusSchema,
  checkMessage,
  EnrollmentAnswerSchema,
  EnrollmentRequestSchema,
  HeartbeatAnswerSchema,
  KeyRotationAnswerSchema,
  KeyRotationRequestSchema,
  messageLimits,
  parseCheckpointState,
  printCheckpointState,
  profileWaitSecondsMax,
  SignedProfileSchema,
  StreamClaimAnswerSchema,
  StreamClaimSchema,
} from '#delivery';
import { AppError } from '#error';
import type { Store } from '#store';
import type { App } from '../app.ts';
import { clientGone } from '../client-gone.ts';
import { exactBody } from '../exact-body.ts';
import { readSignedBodies } from '../fleet/agent-bodies.ts';
import type { AgentDoor, Speaker } from '../fleet/agent-door.ts';
import { enrollmentEvents } from '../fleet/enrollment-events.ts';
import { changesOf, happeningsOf } from '../fleet/hear-agent.ts';
import { signFor, type TellParts, whatToTell } from '../fleet/tell-agent.ts';
import { failures } from '../schemas.ts';

/** What the routes of agents need. */
export interface AgentSelfParts extends TellParts {
  readonly catalog: Catalog;
  readonly store: Store;
  readonly door: AgentDoor;
}

const tags = ['agents'];
const signedNote =
  'Signed by the agent: HTTP Message Signatures (RFC 9421), ed25519, over method, path, query, content-digest, content-encoding and every header that begins with meridian-.';
/** A generation that was read before is looked at for its marks; of more than this many, the newest. */
const generationsMax = 200;
const reasonLengthMax = 256;

/** `/agents/enroll` and `/agents/self/…`: what agents ask and tell, each request signed with their key. */
export function addAgentSelfRoutes(app: App, parts: AgentSelfParts): void {
  void app.register((scope: App, _options, done) => {
    readSignedBodies(scope, messageLimits.messageBytes * 4);
    addEnrollRoute(scope, parts);
    addKeyRoute(scope, parts);
    addProfileRoute(scope, parts);
    addHeartbeatRoute(scope, parts);
    addClaimRoute(scope, parts);
    addLeaveRoute(scope, parts);
    done();
  });
}

function addEnrollRoute(app: App, parts: AgentSelfParts): void {
  const { catalog, door, fleet, profiles, clock } = parts;
  app.post(
    '/agents/enroll',
    {
      validatorCompiler: exactBody,
      schema: {
        tags,
        summary: 'Makes an agent known: exchanges an enrollment token and a public key for an identity.',
        description: `${signedNote} While enrolling, with the key that is offered, and without meridian-agent.`,
        security: [],
        body: EnrollmentRequestSchema,
        response: { 200: EnrollmentAnswerSchema, ...failures },
      },
    },
    async (request) => {
      try {
        const body = checkMessage(EnrollmentRequestSchema, request.body, 'request-invalid', 'the enrollment');
        const claims = door.verifyEnrolling(request, body.publicKey);
        const { instance, created } = claims;
        const enrolled = await catalog.enroll({ ...body, instance, created });
        fleet.note(...enrollmentEvents(enrolled, request.ip, clock()));
        profiles.poke();
        const { serverId, key } = catalog.identity;
        const { agent } = enrolled;
        return { agentId: agent.id, serverId, serverKey: key.publicKey, tags: [...agent.tags] };
      } catch (thrown) {
        if (thrown instanceof AppError && thrown.status < 500) door.refusedEnrolling(request);
        throw thrown;
      }
    },
  );
}

function addKeyRoute(app: App, { catalog, fleet, clock }: AgentSelfParts): void {
  app.post(
    '/agents/self/key',
    {
      validatorCompiler: exactBody,
      schema: {
        tags,
        summary: 'Gives the agent another key; the old one ends with the first use of the new, or after ten minutes.',
        description: signedNote,
        security: [],
        body: KeyRotationRequestSchema,
        response: { 200: KeyRotationAnswerSchema, ...failures },
      },
    },
    async (request) => {
      const { voice } = speakerOf(request);
      const body = checkMessage(KeyRotationRequestSchema, request.body, 'request-invalid', 'the request');
      const answer = await catalog.voices.rotate(voice, body);
      fleet.note({
        kind: 'key-rotated',
        key: `key-rotated ${voice.agentId} ${answer.keyId}`,
        time: clock(),
        agentId: voice.agentId,
        host: voice.name,
        address: request.ip,
        message: `The agent on ${voice.name} has another key.`,
        details: { keyId: answer.keyId },
      });
      return answer;
    },
  );
}

function addProfileRoute(app: App, parts: AgentSelfParts): void {
  const { profiles } = parts;
  app.get(
    '/agents/self/profile',
    {
      schema: {
        tags,
        summary:
          'Gives the profile of the agent, signed, when it is newer than the revision named; waits for that as long as asked.',
        description: signedNote,
        security: [],
        querystring: Type.Object(
          {
            revision: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, default: 0 })),
            waitSeconds: Type.Optional(Type.Integer({ minimum: 0, maximum: profileWaitSecondsMax, default: 0 })),
          },
          { additionalProperties: false },
        ),
        response: { 200: SignedProfileSchema, 204: Type.Null({ description: 'Nothing newer.' }), ...failures },
      },
    },
    async (request, reply) => {
      const { agentId } = speakerOf(request).voice;
      const { revision = 0, waitSeconds = 0 } = request.query;
      const gone = clientGone(reply);
      const end = performance.now() + waitSeconds * 1_000;
      for (;;) {
        const told = await whatToTell(agentId, parts);
        if (told.revision > revision) return signFor(agentId, told, parts);
        const leftMs = end - performance.now();
        if (leftMs <= 0 || gone.aborted || profiles.closed) return reply.code(204).send(null);
        await profiles.changed(told.changes, leftMs, gone);
      }
    },
  );
}

function addHeartbeatRoute(app: App, parts: AgentSelfParts): void {
  const { catalog, fleet, profiles, clock } = parts;
  app.post(
    '/agents/self/heartbeat',
    {
      validatorCompiler: exactBody,
      schema: {
        tags,
        summary: 'Tells how the agent is; says what revision of its profile it should have.',
        description: signedNote,
        security: [],
        body: AgentStatusSchema,
        response: { 200: HeartbeatAnswerSchema, ...failures },
      },
    },
    async (request) => {
      const { voice, claims } = speakerOf(request);
      const status = checkMessage(AgentStatusSchema, request.body, 'request-invalid', 'the status');
      if (status.instance !== claims.instance) {
        throw new AppError('request-invalid', 'The status is that of another process than the one that signed it.', {
          place: { field: 'instance' },
        });
      }
      const heard = await catalog.book.heard(voice.agentId, status);
      fleet.note(...changesOf(heard, request.ip, clock()));
      // The agent keeps its own until they are durable.
      await fleet.store(happeningsOf(heard, status, request.ip, clock()));
      const upTo = status.events.at(-1)?.sequence ?? 0;
      if (heard.fresh.length > 0) await catalog.book.storedHappenings(voice.agentId, status.instance, upTo);
      if (status.events.some(({ kind }) => kind === 'server-changed')) {
        await catalog.agents.revoke(voice.agentId, 'the host was enrolled at another server');
      }
      const { revision } = await whatToTell(voice.agentId, parts);
      if (heard.before.tags.join() !== heard.now.tags.join()) profiles.poke();
      const now = clock();
      return { time: now, revision, clockOffsetMs: Math.round(status.time - now), eventsUpTo: upTo };
    },
  );
}

function addClaimRoute(app: App, { catalog, store }: AgentSelfParts): void {
  app.post(
    '/agents/self/streams',
    {
      validatorCompiler: exactBody,
      schema: {
        tags,
        summary: 'Says which generation of its stream a file is, and up to where it is in the store.',
        description: signedNote,
        security: [],
        body: StreamClaimSchema,
        response: { 200: StreamClaimAnswerSchema, ...failures },
      },
    },
    async (request) => {
      const { voice } = speakerOf(request);
      const claim = checkMessage(StreamClaimSchema, request.body, 'request-invalid', 'the claim');
      const { stream, place, source, log, marks } = claim;
      const known = await knownGenerations(store, stream);
      const { generation } = await catalog.streams.claim(voice, claim, known);
      if (!known.some((one) => one.generation === generation)) {
        // So that reading the same log without an agent finds it, too.
        const state = printCheckpointState({ marks, reader: null });
        const counts = { position: 0, lines: 0, events: 0, deadLetters: 0, continuations: 0 };
        await store.streams.save({ stream, generation, source, log, file: place, ...counts, state });
      }
      return { generation, position: await store.coverage.contiguousEnd(stream, generation) };
    },
  );
}

function addLeaveRoute(app: App, { catalog, fleet, clock }: AgentSelfParts): void {
  app.post(
    '/agents/self/leave',
    {
      validatorCompiler: exactBody,
      schema: {
        tags,
        summary: 'Un-enrolls the agent that asks for it; its key is refused from then on.',
        description: signedNote,
        security: [],
        body: Type.Object({ reason: Type.String({ maxLength: reasonLengthMax }) }, { additionalProperties: false }),
        response: { 204: Type.Null(), ...failures },
      },
    },
    async (request, reply) => {
      const { voice } = speakerOf(request);
      const Leave = Type.Object(
        { reason: Type.String({ maxLength: reasonLengthMax }) },
        { additionalProperties: false },
      );
      const { reason } = checkMessage(Leave, request.body, 'request-invalid', 'the request');
      await catalog.agents.revoke(voice.agentId, reason);
      fleet.note({
        kind: 'unenrolled',
        key: `unenrolled ${voice.agentId}`,
        time: clock(),
        agentId: voice.agentId,
        host: voice.name,
        address: request.ip,
        message: `The agent on ${voice.name} un-enrolled itself: ${reason}`,
      });
      return reply.code(204).send(null);
    },
  );
}

/** The agent that signed a request, all of it verified. */
export function speakerOf(request: FastifyRequest): Speaker {
  if (request.speaker === undefined) throw new AppError('signature-missing', 'The request is not signed.');
  return request.speaker;
}

/** Generations in the store, with the marks of their content. */
async function knownGenerations(store: Store, stream: string): Promise<UnclaimedGeneration[]> {
  const list = (await store.streams.list({ stream })).slice(-generationsMax);
  const known: UnclaimedGeneration[] = [];
  for (const { generation } of list) {
    const checkpoint = await store.streams.get(stream, generation);
    known.push({ generation, marks: marksOf(checkpoint?.state ?? '') });
  }
  return known;
}

/** Marks of a saved state; undefined when it cannot be read, or holds none. */
function marksOf(state: string): UnclaimedGeneration['marks'] {
  try {
    const { marks } = parseCheckpointState(state);
    return marks.length === 0 ? undefined : marks;
  } catch {
    return undefined;
  }
}
