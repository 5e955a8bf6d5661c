import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Catalog } from '#catalog';
import { verifyContent } from '#delivery';
import { AppError } from '#error';
import type { Source } from '#source';
import type { App } from '../app.ts';
import { type BatchIdentity, readBatchIdentity, readBatchStretch } from '../batch-identity.ts';
import { clientGone } from '../client-gone.ts';
import type { Gate } from '../gate.ts';
import { inflateBody } from '../inflate.ts';
import type { Metrics } from '../metrics.ts';
import { failures } from '../schemas.ts';
import { type BatchOrigin, type BatchParts, takeBatch } from '../take-batch.ts';

/** What the route needs besides what a batch goes through. */
interface RecordsParts extends BatchParts {
  readonly batches: Gate;
  readonly metrics: Metrics;
  /** Absent where there are no agents. */
  readonly catalog: Catalog | undefined;
  readonly sources: readonly Source[];
}

const mediaTypes = [
  'application/x-ndjson',
  'application/ndjson',
  'application/jsonl',
  'application/x-jsonlines',
  'application/json',
  'text/plain',
];

const CountsBody = Type.Object({
  stream: Type.String({ description: 'Stream of records without one of their own.' }),
  generation: Type.Integer(),
  records: Type.Integer({ description: 'stored + known + dropped + deadLetters.' }),
  stored: Type.Integer({ description: 'Events that are new.' }),
  known: Type.Integer({ description: 'Events that were there already.' }),
  dropped: Type.Integer(),
  deadLetters: Type.Integer({ description: 'Records that could not be read; see `/api/v1/dead-letters`.' }),
  deadLetterCodes: Type.Record(Type.String(), Type.Integer()),
});

/** `POST /records`: takes a batch of records; answers once the store has committed it. */
export function addRecordsRoute(app: App, parts: RecordsParts): void {
  const { limits, batches, metrics } = parts;
  const reserved = new Set(parts.sources.filter((source) => source.own === true).map(({ id }) => id));
  // In a scope of its own: elsewhere application/json is parsed.
  void app.register((scope: App, _options, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(
      mediaTypes,
      { parseAs: 'buffer', bodyLimit: limits.batchBytes },
      (_request, body, done) => done(null, body),
    );
    scope.post(
      '/records',
      {
        bodyLimit: limits.batchBytes,
        schema: {
          tags: ['records'],
          summary:
            'Takes records in, one JSON object a line (gzip allowed). Answers once they are stored; the same batch again adds nothing.',
          description:
            'Headers: `content-encoding: gzip`; `meridian-stream`, `meridian-generation`, `meridian-range` (FROM-TO, byte offsets) name the part of a stream this is. ' +
            'One record that cannot be read becomes a dead letter and never holds up its batch. ' +
            'An agent signs the request, and names a stream it has claimed; `meridian-log`, `meridian-place` (percent-encoded) and `meridian-lines` then say what stretch of which file it is.',
          consumes: mediaTypes,
          response: { 200: CountsBody, ...failures },
        },
        // Before the body is read: who waits holds no memory.
        async preParsing(_request, reply, payload) {
          const leave = await batches.enter(clientGone(reply));
          reply.raw.once('close', leave);
          return payload;
        },
      },
      async (request) => {
        const begun = performance.now();
        const sent = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
        if (request.speaker !== undefined) verifyContent(request.headers, sent);
        const body = await inflateBody(sent, request.headers['content-encoding'], limits);
        const identity = readBatchIdentity(request.headers, body);
        const origin = await originOf(request, identity, parts, reserved);
        const counts = await takeBatch(body, identity, parts, origin);
        metrics.batchDone((performance.now() - begun) / 1_000, body.length);
        metrics.recordsDone('stored', counts.stored);
        metrics.recordsDone('known', counts.known);
        metrics.recordsDone('dropped', counts.dropped);
        metrics.recordsDone('dead-letter', counts.deadLetters);
        return {
          stream: identity.stream,
          generation: identity.generation,
          ...counts,
          deadLetterCodes: { ...counts.deadLetterCodes },
        };
      },
    );
    done();
  });
}

/** Who sent a batch, and what stretch it is: an agent may only write what it has claimed, and says which bytes that are. */
async function originOf(
  request: FastifyRequest,
  identity: BatchIdentity,
  { catalog }: RecordsParts,
  reserved: ReadonlySet<string>,
): Promise<BatchOrigin> {
  const { speaker, headers } = request;
  const stretch = readBatchStretch(headers);
  if (speaker === undefined || catalog === undefined) {
    return { stretch: stretch === undefined || identity.to === undefined ? undefined : { ...stretch, source: '' } };
  }
  if (stretch === undefined || identity.to === undefined || headers['meridian-stream'] === undefined) {
    throw new AppError('request-invalid', 'A batch of an agent says its stream, range, log, place and lines.', {
      place: { expected: 'meridian-stream, -generation, -range, -log, -place and -lines' },
    });
  }
  const { agentId } = speaker.voice;
  const { source } = await catalog.streams.find(agentId, identity.stream, identity.generation);
  return { sender: { agentId, reserved }, stretch: { ...stretch, source } };
}
