import { Type } from 'typebox';
import type { StoredDeadLetter } from '#store';
import type { App } from '../app.ts';
import { clientGone } from '../client-gone.ts';
import { type ReplayParts, replayLetters } from '../replay-letters.ts';
import { CursorText, failures } from '../schemas.ts';

const lettersDefault = 100;

/** `POST /dead-letters/replay`: tries letters again, after a fix. */
export function addReplayRoute(app: App, parts: ReplayParts): void {
  const { store, limits } = parts;
  app.post(
    '/dead-letters/replay',
    {
      schema: {
        tags: ['records'],
        summary: 'Tries dead letters again; those that can be read now become events and are letters no more.',
        body: Type.Object(
          {
            ids: Type.Optional(
              Type.Array(Type.String({ minLength: 1, maxLength: 512 }), {
                minItems: 1,
                maxItems: limits.replayLetters,
                description: 'These, instead of those the filters select.',
              }),
            ),
            code: Type.Optional(Type.String({ maxLength: 100 })),
            source: Type.Optional(Type.String({ maxLength: 100 })),
            log: Type.Optional(Type.String({ maxLength: 100 })),
            limit: Type.Optional(Type.Integer({ minimum: 1, maximum: limits.replayLetters, default: lettersDefault })),
            cursor: Type.Optional(CursorText),
          },
          { additionalProperties: false },
        ),
        response: {
          200: Type.Object({
            replayed: Type.Integer(),
            events: Type.Integer(),
            remaining: Type.Array(Type.Object({ id: Type.String(), code: Type.String(), reason: Type.String() })),
            next: Type.Optional(CursorText),
          }),
          ...failures,
        },
      },
    },
    async (request, reply) => {
      const { ids, limit = lettersDefault, ...filter } = request.body;
      const signal = clientGone(reply);
      const page =
        ids === undefined
          ? await store.deadLetters.list({ ...filter, limit, signal })
          : { letters: await lettersOf(ids, (id) => store.deadLetters.get(id, { signal })), next: undefined };
      const { replayed, events, remaining } = await replayLetters(page.letters, parts);
      return {
        replayed,
        events,
        remaining: remaining.map((one) => ({ ...one })),
        ...(page.next === undefined ? {} : { next: page.next }),
      };
    },
  );
}

/** Letters by id, each once; ids of none are left out. */
async function lettersOf(
  ids: readonly string[],
  get: (id: string) => Promise<StoredDeadLetter | undefined>,
): Promise<readonly StoredDeadLetter[]> {
  const letters: StoredDeadLetter[] = [];
  for (const id of new Set(ids)) {
    const letter = await get(id);
    if (letter !== undefined) letters.push(letter);
  }
  return letters;
}
