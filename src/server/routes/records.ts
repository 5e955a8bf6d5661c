import { Type } from 'typebox';
import type { App } from '../app.ts';
import { readBatchIdentity } from '../batch-identity.ts';
import { clientGone } from '../client-gone.ts';
import type { Gate } from '../gate.ts';
import { inflateBody } from '../inflate.ts';
import type { Metrics } from '../metrics.ts';
import { failures } from '../schemas.ts';
import { type BatchParts, takeBatch } from '../take-batch.ts';

/** What the route needs besides what a batch goes through. */
interface RecordsParts extends BatchParts {
  readonly batches: Gate;
  readonly metrics: Metrics;
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
            'One record that cannot be read becomes a dead letter and never holds up its batch.',
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
        const body = await inflateBody(sent, request.headers['content-encoding'], limits);
        const identity = readBatchIdentity(request.headers, body);
        const counts = await takeBatch(body, identity, parts);
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
