import { Type } from 'typebox';
import type { App } from '../app.ts';
import { EventBody, failures } from '../schemas.ts';
import type { EnrichmentParts } from './enrichment.ts';

const textLengthMax = 8_192;

/** `POST /enrichment/look-up`: what an address, a DN or a host name would get. In a body: a DN is personal data. */
export function addLookUpRoute(app: App, { enricher, clock }: EnrichmentParts): void {
  app.post(
    '/enrichment/look-up',
    {
      schema: {
        tags: ['system'],
        summary: 'What an address, a DN or a host name would get, and which file says so.',
        body: Type.Object(
          {
            text: Type.String({ minLength: 1, maxLength: textLengthMax }),
            time: Type.Optional(
              Type.Number({ minimum: 0, maximum: 8.64e15, description: 'Epoch milliseconds; now, unless told.' }),
            ),
          },
          { additionalProperties: false },
        ),
        response: {
          200: Type.Object({
            kind: Type.String({ description: '`address`, `dn` or `host`.' }),
            value: Type.String({ description: 'As it is compared.' }),
            added: EventBody,
            parts: Type.Array(
              Type.Object({
                kind: Type.String(),
                source: Type.String(),
                added: EventBody,
              }),
              { description: 'What each file adds by itself.' },
            ),
            remarks: Type.Array(Type.String(), { description: 'Why something is not added.' }),
          }),
          ...failures,
        },
      },
    },
    async (request) => {
      const { text, time = clock() } = request.body;
      const { kind, value, added, parts, remarks } = enricher.lookUp(text, time);
      return {
        kind,
        value,
        added: { ...added },
        parts: parts.map((part) => ({ kind: part.kind, source: part.source, added: { ...part.added } })),
        remarks: [...remarks],
      };
    },
  );
}
