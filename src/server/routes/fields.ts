import { Type } from 'typebox';
import { fieldOf, labels } from '#event';
import type { App } from '../app.ts';
import { FieldGroupName, failures } from '../schemas.ts';

const FieldBody = Type.Object({
  label: Type.String(),
  group: FieldGroupName,
  type: Type.String({
    description: 'instant, unsigned, integer, decimal, boolean, ip, ipv4, ipv6, dn, filter, enum, identifier or text.',
  }),
  many: Type.Boolean({ description: 'True where an event may hold several values.' }),
  about: Type.String(),
  sample: Type.Optional(Type.String()),
  values: Type.Optional(Type.Array(Type.String())),
});

/** `GET /fields`: the field dictionary. */
export function addFieldRoutes(app: App): void {
  app.get(
    '/fields',
    {
      schema: {
        tags: ['language'],
        summary: 'The field dictionary: every label, its group, type and meaning.',
        querystring: Type.Object({ group: Type.Optional(FieldGroupName) }, { additionalProperties: false }),
        response: { 200: Type.Object({ fields: Type.Array(FieldBody) }), ...failures },
      },
    },
    async (request) => ({
      fields: labels
        .map((label) => ({ label, field: fieldOf(label) }))
        .filter(({ field }) => request.query.group === undefined || field.group === request.query.group)
        .map(({ label, field }) => ({
          label,
          group: field.group,
          type: field.type,
          many: field.many === true,
          about: field.about,
          ...(field.sample === undefined ? {} : { sample: field.sample }),
          ...(field.values === undefined ? {} : { values: [...field.values] }),
        })),
    }),
  );
}
