import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AgentVoices, Voice } from '#catalog';
import { keyIdOf, readSignature, type SignatureClaims, signatureWindowSeconds, verifySignature } from '#delivery';
import { AppError } from '#error';
import { type Attempts, createAttempts } from '../attempts.ts';
import type { ServerLimits } from '../limits.ts';
import type { FleetLog } from './fleet-log.ts';
import { createNonces } from './nonces.ts';

/** Who signed a request, after everything but its body was verified. */
export interface Speaker {
  readonly voice: Voice;
  readonly claims: SignatureClaims;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** The agent that signed the request; undefined for others. */
    speaker: Speaker | undefined;
    /** What the signature of an agent that is enrolling claims; the key stands in the body. */
    enrolling: SignatureClaims | undefined;
  }
}

/** Lets agents in. */
export interface AgentDoor {
  /** Verifies a signed request by its headers alone, and notes who speaks. Throws why it does not come in. */
  admit(request: FastifyRequest, reply: FastifyReply): Promise<void>;
  /** Looks at the headers of an enrollment. */
  admitEnrolling(request: FastifyRequest, reply: FastifyReply): void;
  /** Verifies an enrollment against the key in its body. */
  verifyEnrolling(request: FastifyRequest, publicKey: string): SignatureClaims;
  /** Counts a refused enrollment against its address. */
  refusedEnrolling(request: FastifyRequest): void;
}

/** What the door needs. */
export interface AgentDoorParts {
  readonly voices: AgentVoices;
  readonly fleet: FleetLog;
  readonly limits: ServerLimits;
  readonly clock: () => number;
}

const hourMs = 3_600_000;

/** Makes the door. An address that was refused too often is turned away before anything is looked up. */
export function createAgentDoor({ voices, fleet, limits, clock }: AgentDoorParts): AgentDoor {
  const refusals = createAttempts(limits.agentRefusals, limits.attemptsWindowMs, clock);
  const enrollments = createAttempts(limits.attempts, limits.attemptsWindowMs, clock);
  const requests = createAttempts(limits.agentRequests, limits.attemptsWindowMs, clock);
  const nonces = createNonces(signatureWindowSeconds, limits.nonces, clock);

  async function listen(request: FastifyRequest, reply: FastifyReply): Promise<Speaker> {
    const claims = readSignature(request.headers, clock());
    const voice = await voices.find(claims.agentId ?? '', claims.keyId);
    verifySignature(signable(request), claims, voice.publicKey);
    const waitSeconds = requests.fail(voice.agentId);
    if (waitSeconds > 0) {
      reply.header('retry-after', waitSeconds);
      throw new AppError('requests-exceeded', 'The agent sends more requests than one agent may.');
    }
    if (!nonces.take(claims.keyId, claims.nonce, claims.created)) {
      throw new AppError('nonce-replayed', 'The request came a second time.');
    }
    try {
      await voices.hear(voice, claims.instance, claims.created);
    } catch (thrown) {
      if (thrown instanceof AppError && thrown.code === 'agent-identity-copied') noteCopy(request, voice, claims);
      throw thrown;
    }
    return { voice, claims };
  }

  function noteCopy(request: FastifyRequest, voice: Voice, claims: SignatureClaims): void {
    const time = clock();
    fleet.note({
      kind: 'identity-copied',
      // Once an hour is enough to be seen.
      key: `identity-copied ${voice.agentId} ${claims.instance} ${Math.floor(time / hourMs)}`,
      time,
      agentId: voice.agentId,
      host: voice.name,
      address: request.ip,
      message: `Two processes speak with the identity of the agent on ${voice.name}.`,
      details: { instance: claims.instance, current: voice.instance },
    });
  }

  return {
    async admit(request, reply) {
      turnAway(refusals, request, reply);
      try {
        request.speaker = await listen(request, reply);
      } catch (thrown) {
        if (thrown instanceof AppError && thrown.status < 429 && thrown.status > 400) refusals.fail(request.ip);
        throw thrown;
      }
    },
    admitEnrolling(request, reply) {
      turnAway(enrollments, request, reply);
      try {
        request.enrolling = readSignature(request.headers, clock(), true);
      } catch (thrown) {
        enrollments.fail(request.ip);
        throw thrown;
      }
    },
    verifyEnrolling(request, publicKey) {
      const claims = request.enrolling;
      if (claims === undefined || claims.keyId !== keyIdOf(publicKey)) {
        throw new AppError('signature-wrong', 'The enrollment is not signed with the key it offers.');
      }
      verifySignature(signable(request), claims, publicKey);
      if (!nonces.take(claims.keyId, claims.nonce, claims.created)) {
        throw new AppError('nonce-replayed', 'The request came a second time.');
      }
      return claims;
    },
    refusedEnrolling(request) {
      enrollments.fail(request.ip);
    },
  };
}

function turnAway(attempts: Attempts, request: FastifyRequest, reply: FastifyReply): void {
  const waitSeconds = attempts.waitSeconds(request.ip);
  if (waitSeconds === 0) return;
  reply.header('retry-after', waitSeconds);
  throw new AppError(
    'attempts-exceeded',
    `Too many refused requests came from this address; wait ${waitSeconds} seconds.`,
  );
}

function signable(request: FastifyRequest): Parameters<typeof verifySignature>[0] {
  return { method: request.method, target: request.raw.url ?? '', headers: request.headers };
}
