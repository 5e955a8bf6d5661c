import { Type } from 'typebox';
import { AppError } from '#error';
import type { Store, StoredDeadLetter } from '#store';
import type { App } from '../app.ts';
import { clientGone } from '../client-gone.ts';
import type { ServerLimits } from '../limits.ts';
import { CursorText, failures } from '../schemas.ts';
import { showRaw } from '../show-raw.ts';

/** Characters of a raw line in a list, and in the answer about one letter. */
const beginningLength = 200;
const shownLength = 65_536;
const pageRows = 100;

const LetterBody = {
  id: Type.String(),
  time: Type.Number({ description: 'When it was stored, epoch milliseconds.' }),
  code: Type.String(),
  reason: Type.String(),
  source: Type.String(),
  log: Type.String(),
  stream: Type.String(),
  generation: Type.Integer(),
  position: Type.Number(),
};
const shown = Type.String({
  description: 'The raw record for eyes: control characters and bytes that are not UTF-8 as escapes, long ones cut.',
});

/** `/dead-letters`: what could not be read, by code; one with its raw record. */
export function addDeadLetterRoutes(
  app: App,
  { store, limits }: { readonly store: Store; readonly limits: ServerLimits },
): void {
  app.get(
    '/dead-letters',
    {
      schema: {
        tags: ['records'],
        summary: 'Records that could not be decoded or mapped, in the order they stood in their logs.',
        querystring: Type.Object(
          {
            code: Type.Optional(Type.String({ maxLength: 100 })),
            source: Type.Optional(Type.String({ maxLength: 100 })),
            log: Type.Optional(Type.String({ maxLength: 100 })),
            limit: Type.Optional(Type.Integer({ minimum: 1, maximum: limits.pageRows, default: pageRows })),
            cursor: Type.Optional(CursorText),
          },
          { additionalProperties: false },
        ),
        response: {
          200: Type.Object({
            letters: Type.Array(Type.Object({ ...LetterBody, shown })),
            next: Type.Optional(CursorText),
          }),
          ...failures,
        },
      },
    },
    async (request, reply) => {
      const page = await store.deadLetters.list({
        ...request.query,
        limit: request.query.limit ?? pageRows,
        signal: clientGone(reply),
      });
      return {
        letters: page.letters.map((letter) => ({ ...about(letter), shown: showRaw(letter.raw, beginningLength) })),
        ...(page.next === undefined ? {} : { next: page.next }),
      };
    },
  );

  app.get(
    '/dead-letters/counts',
    {
      schema: {
        tags: ['records'],
        summary: 'How many there are of each code and source.',
        querystring: Type.Object({}, { additionalProperties: false }),
        response: {
          200: Type.Object({
            total: Type.Integer(),
            counts: Type.Array(Type.Object({ code: Type.String(), source: Type.String(), count: Type.Integer() })),
          }),
          ...failures,
        },
      },
    },
    async (_request, reply) => {
      const counts = await store.deadLetters.counts({ signal: clientGone(reply) });
      return { total: counts.reduce((sum, { count }) => sum + count, 0), counts: counts.map((one) => ({ ...one })) };
    },
  );

  app.get(
    '/dead-letters/:id',
    {
      schema: {
        tags: ['records'],
        summary: 'One of them with its raw record.',
        params: Type.Object({ id: Type.String({ minLength: 1, maxLength: 512 }) }),
        response: {
          200: Type.Object({
            ...LetterBody,
            shown,
            raw: Type.String({
              description: 'As it was; bytes that are not UTF-8 are lone surrogates U+DC80 to U+DCFF.',
            }),
          }),
          ...failures,
        },
      },
    },
    async (request, reply) => {
      const letter = await store.deadLetters.get(request.params.id, { signal: clientGone(reply) });
      if (letter === undefined)
        throw new AppError('dead-letter-unknown', 'No dead letter has this id.', { place: { field: 'id' } });
      return { ...about(letter), shown: showRaw(letter.raw, shownLength), raw: letter.raw };
    },
  );
}

function about({ id, time, code, reason, source, log, stream, generation, position }: StoredDeadLetter) {
  return { id, time, code, reason, source, log, stream, generation, position };
}
