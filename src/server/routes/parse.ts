import { Type } from 'typebox';
import type { App } from '../app.ts';
import type { ServerLimits } from '../limits.ts';
import type { ParseText } from '../parse-text.ts';
import { EventBody, failures, ZoneText } from '../schemas.ts';
import { showRaw } from '../show-raw.ts';

/** Characters of an unreadable line in the answer. */
const shownLength = 1_000;

const TraceBody = Type.Object({
  from: Type.String({ description: 'Key of the record.' }),
  sourceField: Type.Union([Type.String(), Type.Null()], { description: "The guide's name of it." }),
  to: Type.String({ description: 'Label.' }),
  group: Type.String({ description: '`guide` or `extended`.' }),
  value: Type.Unknown({ description: 'What the record had; null when it had nothing.' }),
  gave: Type.Unknown({ description: 'What the label became; null when it stayed absent.' }),
  rule: Type.Optional(Type.String()),
  about: Type.String(),
});

const ParsedBody = Type.Object({
  source: Type.String(),
  log: Type.String(),
  format: Type.Optional(Type.String()),
  records: Type.Array(
    Type.Object({
      record: Type.Unsafe<Record<string, unknown>>({ type: 'object', additionalProperties: true }),
      event: Type.Optional(EventBody),
      refused: Type.Optional(Type.Object({ code: Type.String(), reason: Type.String() })),
      trace: Type.Array(TraceBody),
    }),
  ),
  unread: Type.Array(
    Type.Object({ position: Type.Number(), code: Type.String(), reason: Type.String(), shown: Type.String() }),
  ),
  counts: Type.Object(
    {},
    { additionalProperties: Type.Integer(), description: 'lines + glued = records + deadLetters + continuations.' },
  ),
  left: Type.Integer({ description: 'Records and unreadable lines not given back because there were too many.' }),
});

/** `POST /parse`: runs pasted text through a source and the stages; stores nothing. */
export function addParseRoute(
  app: App,
  { parse, limits }: { readonly parse: ParseText; readonly limits: ServerLimits },
): void {
  app.post(
    '/parse',
    {
      schema: {
        tags: ['records'],
        summary:
          'What would become of log lines: record, event, and which row of the mapping made which label. Nothing is stored.',
        body: Type.Object(
          {
            text: Type.String({ minLength: 1, maxLength: limits.parseLength }),
            source: Type.Optional(Type.String({ maxLength: 100, description: 'Recognized when not told.' })),
            log: Type.Optional(
              Type.Unsafe<string>({
                type: 'string',
                enum: ['access', 'security', 'audit', 'auditfail', 'error'],
                description: 'Recognized when not told.',
              }),
            ),
            zone: Type.Optional(ZoneText),
          },
          { additionalProperties: false },
        ),
        response: { 200: ParsedBody, ...failures },
      },
    },
    async (request) => {
      const { text, source, log, zone } = request.body;
      const parsed = parse({ text, source, log, zone });
      return {
        source: parsed.source,
        log: parsed.log,
        ...(parsed.format === undefined ? {} : { format: parsed.format }),
        records: parsed.records.map(({ record, event, refused, trace }) => ({
          record,
          ...(event === undefined ? {} : { event }),
          ...(refused === undefined ? {} : { refused }),
          trace: trace.map(({ rule, value, gave, ...row }) => ({
            ...row,
            value: value ?? null,
            gave: gave ?? null,
            ...(rule === undefined ? {} : { rule }),
          })),
        })),
        unread: parsed.unread.map(({ position, code, reason, raw }) => ({
          position,
          code,
          reason,
          shown: showRaw(raw, shownLength),
        })),
        counts: { ...parsed.counts },
        left: parsed.left,
      };
    },
  );
}
