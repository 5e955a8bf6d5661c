import { Readable } from 'node:stream';
import { Type } from 'typebox';
import { labels as allLabels, type Label } from '#event';
import { readLabels, readQuestion, readSort } from '#query';
import type { Store, StoredEvent } from '#store';
import type { App } from '../app.ts';
import { clientGone } from '../client-gone.ts';
import { csvHeader, csvRow } from '../csv.ts';
import type { Gate } from '../gate.ts';
import type { ServerLimits } from '../limits.ts';
import { questionParameters } from '../question.ts';
import { failures, LabelList, SortText } from '../schemas.ts';

/** What an export needs. */
interface ExportParts {
  readonly store: Store;
  readonly limits: ServerLimits;
  readonly clock: () => number;
  readonly exports: Gate;
}

const Format = Type.Unsafe<'csv' | 'ndjson'>({ type: 'string', enum: ['csv', 'ndjson'], default: 'ndjson' });

/** `/events/export`: all events that match, as CSV or NDJSON, in flat memory. */
export function addExportRoute(app: App, { store, limits, clock, exports }: ExportParts): void {
  app.get(
    '/events/export',
    {
      // HEAD would run the whole query to throw it away.
      exposeHeadRoute: false,
      schema: {
        tags: ['events'],
        summary: 'All events that match, as CSV (safe to open in a spreadsheet) or NDJSON.',
        description:
          'The header `meridian-matched` tells how many events match, `meridian-row-limit` how many are sent at most. ' +
          'An answer that ends early (without the last chunk) is not whole.',
        querystring: Type.Object(
          {
            ...questionParameters,
            format: Type.Optional(Format),
            fields: Type.Optional(LabelList),
            sort: Type.Optional(SortText),
            limit: Type.Optional(Type.Integer({ minimum: 1, maximum: limits.exportRows, default: limits.exportRows })),
          },
          { additionalProperties: false },
        ),
        response: {
          200: Type.Unsafe<unknown>({ type: 'string', description: 'text/csv or application/x-ndjson' }),
          ...failures,
        },
      },
    },
    async (request, reply) => {
      const { format = 'ndjson', fields, sort, limit = limits.exportRows, ...asked } = request.query;
      const { condition, from, to } = readQuestion(asked, clock());
      request.audited = { object: format, detail: asked.q ?? '' };
      const labels = fields === undefined ? undefined : readLabels(fields, 'fields');
      const order = sort === undefined ? undefined : readSort(sort);
      const signal = clientGone(reply);
      const leave = await exports.enter(signal);
      reply.raw.once('close', leave);
      // A client that stops reading must not keep a place for ever; this looks at bytes that get through, not at work.
      reply.raw.setTimeout(limits.stalledMs, () => reply.raw.destroy());
      const matched = await store.count(condition, { from, to, signal });
      const pages = store.scan(condition, { from, to, sort: order, fields: labels, limit, signal });
      reply.header('meridian-matched', matched);
      reply.header('meridian-row-limit', limit);
      reply.header('content-disposition', `attachment; filename="events.${format}"`);
      reply.type(format === 'csv' ? 'text/csv; charset=utf-8; header=present' : 'application/x-ndjson; charset=utf-8');
      return reply.send(
        Readable.from(format === 'csv' ? csvChunks(pages, labels ?? allLabels) : ndjsonChunks(pages), {
          objectMode: false,
        }),
      );
    },
  );
}

async function* csvChunks(
  pages: AsyncIterable<readonly StoredEvent[]>,
  labels: readonly Label[],
): AsyncGenerator<Buffer> {
  yield Buffer.from(csvHeader(labels));
  for await (const page of pages) {
    if (page.length > 0) yield Buffer.from(page.map((row) => csvRow(row, labels)).join(''));
  }
}

async function* ndjsonChunks(pages: AsyncIterable<readonly StoredEvent[]>): AsyncGenerator<Buffer> {
  for await (const page of pages) {
    if (page.length > 0) yield Buffer.from(page.map((row) => `${JSON.stringify(row)}\n`).join(''));
  }
}
