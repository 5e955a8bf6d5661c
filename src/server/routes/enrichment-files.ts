import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Shelf, ShelfName, Upload, UploadPreview } from '#enrich';
import { AppError } from '#error';
import type { App } from '../app.ts';
import { clientGone } from '../client-gone.ts';
import { createGate } from '../gate.ts';
import type { ServerLimits } from '../limits.ts';
import { failures } from '../schemas.ts';

/** What the routes need. */
interface EnrichmentFileParts {
  readonly shelf: Shelf | undefined;
  readonly limits: Pick<ServerLimits, 'uploads' | 'uploadsRead'>;
}

const mediaType = 'application/octet-stream';

const Kind = Type.Object({ kind: Type.String({ minLength: 1, maxLength: 64 }) });
const Name = Type.String({ maxLength: 128, default: '', description: 'Tells several files of a kind apart.' });
const Form = Type.String({ maxLength: 16, description: 'csv, tsv, json, jsonl, yaml, txt or mmdb.' });
const PreviewBody = Type.Object({
  file: Type.String({ description: 'Name it would have in the folder.' }),
  bytes: Type.Integer(),
  version: Type.String({ description: 'Of what was sent; see `PUT`.' }),
  replaces: Type.String({ description: 'State of the file it would replace; empty for none.' }),
  usable: Type.Boolean(),
  reason: Type.Optional(Type.String({ description: 'Why it cannot be used.' })),
  accepted: Type.Integer({ description: 'Rows that would be used.' }),
  skipped: Type.Integer(),
  skippedRows: Type.Array(Type.Object({ at: Type.Integer(), reason: Type.String() })),
  exceeded: Type.Integer({ description: 'Rows left out because there are too many.' }),
  unmatchable: Type.Integer(),
  unread: Type.Array(Type.String(), { description: 'Columns that nothing reads.' }),
  columns: Type.Array(Type.String()),
  rows: Type.Array(Type.Object({ at: Type.Integer(), cells: Type.Array(Type.String()) })),
  database: Type.Optional(Type.Object({ label: Type.String(), builtAt: Type.Number() })),
});
const FormerId = Type.Optional(Type.String({ description: 'Id of the version that was put away.' }));

/** `/enrichment/files`: previews, puts, removes and brings back context files, under names made of kind and name. */
export function addEnrichmentFileRoutes(app: App, parts: EnrichmentFileParts): void {
  addUploadRoutes(app, parts);

  app.delete(
    '/enrichment/files/:kind',
    {
      schema: {
        tags: ['system'],
        summary: 'Takes a context file away; it is kept as a former version for 30 days.',
        params: Kind,
        querystring: Type.Object({ name: Type.Optional(Name) }, { additionalProperties: false }),
        response: { 200: Type.Object({ former: FormerId }), ...failures },
      },
    },
    async (request) => {
      const name = named(request.params.kind, request.query.name);
      request.audited = { object: wordsFor(name) };
      const former = await shelfOf(parts).remove(name);
      return { former };
    },
  );

  app.post(
    '/enrichment/files/:kind/restore',
    {
      schema: {
        tags: ['system'],
        summary: 'Brings a former version of a context file back; what is there is kept in turn.',
        params: Kind,
        body: Type.Object(
          { name: Type.Optional(Name), former: Type.String({ minLength: 1, maxLength: 64 }) },
          { additionalProperties: false },
        ),
        response: { 200: Type.Object({ form: Type.String(), bytes: Type.Integer() }), ...failures },
      },
    },
    async (request) => {
      const name = named(request.params.kind, request.body.name);
      request.audited = { object: wordsFor(name), detail: request.body.former };
      const { form, bytes } = await shelfOf(parts).bringBack(name, request.body.former);
      return { form, bytes };
    },
  );
}

function addUploadRoutes(app: App, parts: EnrichmentFileParts): void {
  const { uploads, uploadsRead } = parts.limits;
  const sending = createGate(uploads, 0);
  const reading = createGate(uploadsRead, uploads);

  /** Gives the upload of a request to what is to be done with it; it is sent at once, and read when it is its turn. */
  async function upload<Result>(
    request: FastifyRequest,
    reply: FastifyReply,
    asked: ShelfName & { readonly form: string },
    work: (sent: Upload) => Promise<Result>,
  ): Promise<Result> {
    const { body } = request;
    let leave: (() => void) | undefined;
    try {
      const gone = clientGone(reply);
      leave = await sending.enter(gone);
      return await work({ ...uploadOf(request, asked), turn: () => reading.enter(gone) });
    } finally {
      leave?.();
      // Whoever is refused is still sending; what comes is let through, so that the answer is read.
      if (body instanceof Readable && !body.readableEnded) body.resume();
    }
  }

  // In a scope of its own: the body is not read into memory, and elsewhere application/json is parsed.
  void app.register((scope: App, _options, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(mediaType, (_request, payload, parsed) => parsed(null, payload));
    scope.post(
      '/enrichment/files/:kind/preview',
      {
        schema: {
          tags: ['system'],
          summary: 'Reads a context file as it would be read in its place; changes nothing.',
          consumes: [mediaType],
          params: Kind,
          querystring: Type.Object({ name: Type.Optional(Name), form: Form }, { additionalProperties: false }),
          response: { 200: PreviewBody, ...failures },
        },
      },
      async (request, reply) => {
        const asked = { ...named(request.params.kind, request.query.name), form: request.query.form };
        return answerOf(await upload(request, reply, asked, (sent) => shelfOf(parts).preview(sent)));
      },
    );
    scope.put(
      '/enrichment/files/:kind',
      {
        schema: {
          tags: ['system'],
          summary: 'Puts a context file in its place, and takes it into use at once; what was there is kept.',
          consumes: [mediaType],
          params: Kind,
          querystring: Type.Object(
            {
              name: Type.Optional(Name),
              form: Form,
              version: Type.Optional(
                Type.String({ maxLength: 64, description: 'As in the preview: nothing else is put in place.' }),
              ),
              replaces: Type.Optional(
                Type.String({ maxLength: 256, description: 'As in the preview: nothing else is replaced.' }),
              ),
            },
            { additionalProperties: false },
          ),
          response: { 200: Type.Object({ ...PreviewBody.properties, former: FormerId }), ...failures },
        },
      },
      async (request, reply) => {
        const { name: asked, form, version, replaces } = request.query;
        const name = named(request.params.kind, asked);
        request.audited = { object: wordsFor(name) };
        const expected = { version, replaces };
        const put = await upload(request, reply, { ...name, form }, (sent) => shelfOf(parts).put(sent, expected));
        const rows = put.database === undefined ? `${put.accepted} rows` : put.database.label;
        request.audited = { object: wordsFor(name), detail: `${rows}, ${put.bytes} bytes, version ${put.version}` };
        const { former, ...preview } = put;
        return { ...answerOf(preview), ...(former === undefined ? {} : { former }) };
      },
    );
    done();
  });
}

function shelfOf({ shelf }: EnrichmentFileParts): Shelf {
  if (shelf !== undefined) return shelf;
  throw new AppError('enrichment-folder-absent', 'The server has no enrichment folder.');
}

function named(kind: string, name = ''): ShelfName {
  return { kind, name };
}

function wordsFor({ kind, name }: ShelfName): string {
  return name === '' ? kind : `${kind} ${name}`;
}

function uploadOf(request: FastifyRequest, asked: ShelfName & { readonly form: string }): Upload {
  const { 'content-encoding': encoding = 'identity', 'content-length': length } = request.headers;
  if (encoding !== 'identity') {
    throw new AppError('media-type-unknown', 'An upload is sent as it is, not compressed.', {
      place: { field: 'content-encoding', expected: 'none' },
      hint: 'Unpack the file first.',
    });
  }
  const { body } = request;
  // A body that is given up half-way must not break the connection: its sender is to read why.
  const pieces = body instanceof Readable ? body.iterator({ destroyOnReturn: false }) : Readable.from([]);
  return { ...asked, length: length === undefined ? undefined : Number(length), body: pieces };
}

function answerOf(preview: UploadPreview) {
  const { skippedRows, unread, columns, rows, database, ...others } = preview;
  return {
    ...others,
    skippedRows: skippedRows.map((row) => ({ ...row })),
    unread: [...unread],
    columns: [...columns],
    rows: rows.map(({ at, cells }) => ({ at, cells: [...cells] })),
    ...(database === undefined ? {} : { database: { ...database } }),
  };
}
