import { type TSchema, Type } from 'typebox';
import { fieldGroups } from '#event';

/** Schemas that several routes share. From them come the check of requests, the handlers' types and the OpenAPI page. */

/** Labels of an answer or a grouping: repeated, or one text with commas. Case is free, as in QQL. */
export const LabelList: Type.TArray<Type.TString> = Type.Array(Type.String({ maxLength: 8_192 }), {
  maxItems: 256,
  description: 'Labels of the field dictionary (`/api/v1/fields`), repeated or separated by commas.',
  examples: [['eventTime', 'sourceIp', 'distinguishedName']],
});
export const LabelName: Type.TString = Type.String({
  minLength: 1,
  maxLength: 64,
  description: 'Label of the field dictionary (`/api/v1/fields`).',
  examples: ['eventSubType'],
});

export const MeasureText: Type.TString = Type.String({
  minLength: 1,
  maxLength: 80,
  description: 'A function and a label: sum, avg, min, max, p50, p90, p95, p99 of numbers, distinct of any values.',
  examples: ['p95(duration)'],
});

export const QueryText: Type.TString = Type.String({
  maxLength: 65_536,
  default: '',
  description: 'QQL; empty matches everything.',
  examples: ['eventSubType: BIND and outcome: failure'],
});
export const TimeText: Type.TString = Type.String({
  maxLength: 64,
  description: 'QQL date: `now-24h`, `2026-11-24`, `2026-11-24T10:00:00Z`, or epoch milliseconds.',
  examples: ['now-24h'],
});
export const ZoneText: Type.TString = Type.String({
  maxLength: 64,
  default: 'UTC',
  description: 'IANA time zone, or an offset, in which dates without one are read.',
  examples: ['Europe/Berlin'],
});
export const CursorText: Type.TString = Type.String({
  minLength: 1,
  maxLength: 4_096,
  description: '`next` of the page before; belongs to the same query, window and sort.',
});
export const SortText: Type.TString = Type.String({
  maxLength: 80,
  default: '-eventTime',
  description: 'Label to sort by; a `-` in front is descending.',
  examples: ['-duration'],
});

/** What an event is in JSON: the labels it has. */
export const EventBody: Type.TUnsafe<Record<string, unknown>> = Type.Unsafe<Record<string, unknown>>({
  type: 'object',
  description: 'An event: the labels it has, as in `/api/v1/fields`. Times are epoch milliseconds.',
  additionalProperties: true,
});

/** What every failure is answered with. */
export const ErrorBody: Type.TObject<{
  error: Type.TObject<{
    code: Type.TString;
    message: Type.TString;
    place: Type.TOptional<TSchema>;
    hint: Type.TString;
  }>;
}> = Type.Object({
  error: Type.Object({
    code: Type.String({ description: 'Stable; see `docs/errors.md`.' }),
    message: Type.String(),
    place: Type.Optional(
      Type.Object(
        {},
        {
          additionalProperties: true,
          description: 'Where: `offset`, `line`, `field`, `found`, `expected`, as far as known.',
        },
      ),
    ),
    hint: Type.String(),
  }),
});

/** Answers every route may give besides its own. */
export const failures: { readonly '4xx': typeof ErrorBody; readonly '5xx': typeof ErrorBody } = {
  '4xx': ErrorBody,
  '5xx': ErrorBody,
};

export const FieldGroupName: Type.TUnsafe<string> = Type.Unsafe<string>({ type: 'string', enum: [...fieldGroups] });
