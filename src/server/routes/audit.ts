import { Type } from 'typebox';
import type { AuditOutcome, Catalog } from '#catalog';
import type { App } from '../app.ts';
import { sentenceOf } from '../people/audit-record.ts';
import { failures } from '../schemas.ts';

const pageMax = 500;
const Outcome = Type.Unsafe<AuditOutcome>({ type: 'string', enum: ['success', 'failure', 'denied'] });

const Entry = Type.Object({
  number: Type.Integer(),
  time: Type.Number({ description: 'Epoch milliseconds.' }),
  actorId: Type.String({ description: 'Id of the user, `access-token`, or empty for somebody unknown.' }),
  actor: Type.String(),
  via: Type.String(),
  action: Type.String(),
  object: Type.String(),
  outcome: Outcome,
  code: Type.Optional(Type.String()),
  address: Type.String(),
  detail: Type.String(),
  sentence: Type.String(),
});

/** `GET /audit`: who did what, when, from where, on which object. */
export function addAuditRoute(app: App, { catalog }: { readonly catalog: Catalog }): void {
  app.get(
    '/audit',
    {
      schema: {
        tags: ['people'],
        summary: 'The audit trail, newest first.',
        description: 'The same entries are events of the source `meridian-audit`.',
        querystring: Type.Object(
          {
            before: Type.Optional(Type.Integer({ minimum: 1, description: '`next` of the page before.' })),
            limit: Type.Optional(Type.Integer({ minimum: 1, maximum: pageMax, default: 100 })),
            actor: Type.Optional(Type.String({ maxLength: 256 })),
            action: Type.Optional(
              Type.String({ maxLength: 64, description: 'The action, or what stands before its point.' }),
            ),
            outcome: Type.Optional(Outcome),
            from: Type.Optional(Type.Integer({ description: 'Epoch milliseconds.' })),
            to: Type.Optional(Type.Integer({ description: 'Epoch milliseconds; behind the last.' })),
          },
          { additionalProperties: false },
        ),
        response: {
          200: Type.Object({ entries: Type.Array(Entry), next: Type.Optional(Type.Integer()) }),
          ...failures,
        },
      },
    },
    async (request) => {
      const { limit = 100, ...filter } = request.query;
      const found = await catalog.audit.list({ ...filter, limit: limit + 1 });
      const entries = found.slice(0, limit).map((entry) => {
        const { code, ...rest } = entry;
        return { ...rest, sentence: sentenceOf(entry), ...(code === undefined ? {} : { code }) };
      });
      const last = entries.at(-1);
      return { entries, ...(found.length > limit && last !== undefined ? { next: last.number } : {}) };
    },
  );
}
