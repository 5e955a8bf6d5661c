import { Type } from 'typebox';
import { bytesMaxOf, type Enricher, Shelf, uploadPlaces } from '#enrich';
import type { App } from '../app.ts';
import type { ServerLimits } from '../limits.ts';
import { failures } from '../schemas.ts';
import { addEnrichmentFileRoutes } from './enrichment-files.ts';
import { addLookUpRoute } from './enrichment-look-up.ts';

/** The part of an enricher that tells how it is. */
export type EnrichmentView = Pick<Enricher, 'status' | 'notices' | 'lookUp' | 'refresh'>;

/** What the routes need. */
export interface EnrichmentParts {
  readonly enricher: EnrichmentView;
  /** Undefined where there is none: then nothing can be uploaded. */
  readonly folder: string | undefined;
  readonly limits: Pick<ServerLimits, 'uploads' | 'uploadsRead'>;
  readonly clock: () => number;
}

/** Milliseconds between two looks for former versions whose time is over. */
const tidyMs = 3_600_000;

const Empty = Type.Object({}, { additionalProperties: false });
const Time = Type.Number({ description: 'Epoch milliseconds.' });
const EnrichmentBody = Type.Object({
  folder: Type.Optional(Type.String({ description: 'Absent where nothing can be uploaded.' })),
  writable: Type.Boolean(),
  files: Type.Array(
    Type.Object({
      kind: Type.String(),
      path: Type.String(),
      source: Type.Optional(Type.String({ description: 'Name and version of the data in use.' })),
      entries: Type.Integer(),
      readAt: Type.Optional(Time),
      staleAfter: Type.Optional(Type.Number({ description: 'Epoch milliseconds after which it should be renewed.' })),
      skipped: Type.Integer({ description: 'Rows that cannot be used.' }),
      skippedRows: Type.Array(Type.Object({ at: Type.Integer(), reason: Type.String() })),
      upload: Type.Optional(
        Type.Object(
          {
            kind: Type.String(),
            name: Type.String(),
            file: Type.String(),
            form: Type.String(),
            bytes: Type.Integer(),
            changed: Time,
            state: Type.String({ description: 'Is another whenever the file is another.' }),
          },
          { description: 'Where it lies as uploads see it; absent for files that uploads cannot replace.' },
        ),
      ),
    }),
  ),
  former: Type.Array(
    Type.Object({
      kind: Type.String(),
      name: Type.String(),
      id: Type.String(),
      form: Type.String(),
      bytes: Type.Integer(),
      changed: Time,
      keptAt: Time,
    }),
    { description: 'Former versions, newest first.' },
  ),
  zones: Type.Integer(),
  assets: Type.Integer(),
  identities: Type.Integer(),
  databases: Type.Array(Type.Object({ label: Type.String(), builtAt: Time })),
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

const KindsBody = Type.Object({
  kinds: Type.Array(
    Type.Object({
      kind: Type.String(),
      title: Type.String(),
      about: Type.String(),
      names: Type.String({ description: '`none`: there is one. `may`, `must`: several, told apart by names.' }),
      forms: Type.Array(Type.Object({ form: Type.String(), bytesMax: Type.Integer() })),
      columns: Type.Array(Type.Object({ name: Type.String(), about: Type.String() })),
      sample: Type.Optional(Type.Object({ file: Type.String(), text: Type.String() })),
    }),
  ),
});

/** `/enrichment`: which context is in use, what is wrong with its files, what it says, and changing it. */
export function addEnrichmentRoutes(app: App, parts: EnrichmentParts): void {
  const { enricher, folder, limits, clock } = parts;
  const shelf = folder === undefined ? undefined : new Shelf(folder, clock, (gone) => enricher.refresh(gone));
  const tidying = setInterval(() => void shelf?.tidy(), tidyMs).unref();
  app.addHook('onClose', async () => clearInterval(tidying));
  app.get(
    '/enrichment',
    {
      schema: {
        tags: ['system'],
        summary: 'Which context files are in use, and what is wrong with them.',
        querystring: Empty,
        response: { 200: EnrichmentBody, ...failures },
      },
    },
    async () => {
      const { files, databases, lists, ...counts } = enricher.status();
      const listing = await shelf?.list();
      const places = new Map(listing?.files.map(({ path, ...upload }) => [path, upload]));
      return {
        ...counts,
        ...(folder === undefined ? {} : { folder }),
        writable: listing?.writable ?? false,
        files: files.map(({ kind, path, source, entries, readAt, staleAfter, skipped, skippedRows }) => {
          const upload = places.get(path);
          return {
            kind,
            path,
            entries,
            skipped,
            skippedRows: skippedRows.map((row) => ({ ...row })),
            ...(source === undefined ? {} : { source }),
            ...(readAt === undefined ? {} : { readAt }),
            ...(staleAfter === undefined ? {} : { staleAfter }),
            ...(upload === undefined ? {} : { upload: { ...upload } }),
          };
        }),
        former: (listing?.former ?? []).map((version) => ({ ...version })),
        databases: databases.map((one) => ({ ...one })),
        lists: lists.map((one) => ({ ...one })),
        notices: enricher.notices().map((one) => ({ ...one })),
      };
    },
  );

  app.get(
    '/enrichment/kinds',
    {
      schema: {
        tags: ['system'],
        summary: 'Kinds of context files: their columns, forms, limits, and a sample of each.',
        querystring: Empty,
        response: { 200: KindsBody, ...failures },
      },
    },
    async () => ({
      kinds: uploadPlaces.map((place) => {
        const { kind, title, about, names, forms, columns, sample } = place;
        return {
          kind,
          title,
          about,
          names,
          forms: forms.map((form) => ({ form, bytesMax: bytesMaxOf(place, form) })),
          columns: columns.map((column) => ({ name: column.name, about: column.about })),
          ...(sample === undefined ? {} : { sample: { ...sample } }),
        };
      }),
    }),
  );

  addLookUpRoute(app, parts);
  addEnrichmentFileRoutes(app, { shelf, limits });
}
