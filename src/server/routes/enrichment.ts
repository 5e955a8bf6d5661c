import { Type } from 'typebox';
import type { Enricher } from '#enrich';
import type { App } from '../app.ts';
import { failures } from '../schemas.ts';

/** The part of an enricher that tells how it is. */
export type EnrichmentView = Pick<Enricher, 'status' | 'notices'>;

const EnrichmentBody = Type.Object({
  files: Type.Array(
    Type.Object({
      kind: Type.String(),
      path: Type.String(),
      source: Type.Optional(Type.String({ description: 'Name and version of the data in use.' })),
      entries: Type.Integer(),
      readAt: Type.Optional(Type.Number({ description: 'Epoch milliseconds.' })),
    }),
  ),
  zones: Type.Integer(),
  assets: Type.Integer(),
  identities: Type.Integer(),
  databases: Type.Array(
    Type.Object({ label: Type.String(), builtAt: Type.Number({ description: 'Epoch milliseconds.' }) }),
  ),
  lists: Type.Array(
    Type.Object({
      name: Type.String(),
      addresses: Type.Integer(),
      unmatchable: Type.Integer({ description: 'Indicators that no label can match.' }),
    }),
  ),
  events: Type.Integer({ description: 'Events enriched since the start.' }),
  partial: Type.Integer({ description: 'Of these, events that could be enriched only in part.' }),
  notices: Type.Array(
    Type.Object({ code: Type.String(), file: Type.String(), sentence: Type.String(), hint: Type.String() }),
    {
      description: 'What is wrong with the files; the data read before stays in use.',
    },
  ),
});

/** `GET /enrichment`: which context is in use, and what is wrong with its files. */
export function addEnrichmentRoute(app: App, { enricher }: { readonly enricher: EnrichmentView }): void {
  app.get(
    '/enrichment',
    {
      schema: {
        tags: ['system'],
        summary: 'Which context files are in use, and what is wrong with them.',
        querystring: Type.Object({}, { additionalProperties: false }),
        response: { 200: EnrichmentBody, ...failures },
      },
    },
    async () => {
      const { files, databases, lists, ...counts } = enricher.status();
      return {
        ...counts,
        files: files.map(({ kind, path, source, entries, readAt }) => ({
          kind,
          path,
          entries,
          ...(source === undefined ? {} : { source }),
          ...(readAt === undefined ? {} : { readAt }),
        })),
        databases: databases.map((one) => ({ ...one })),
        lists: lists.map((one) => ({ ...one })),
        notices: enricher.notices().map((one) => ({ ...one })),
      };
    },
  );
}
