import { type Static, Type } from 'typebox';
import { check, parse, print } from '#query';
import type { App } from '../app.ts';
import { ErrorBody, failures, QueryText, ZoneText } from '../schemas.ts';

const ValidateBody = Type.Object({
  valid: Type.Boolean(),
  errors: Type.Array(ErrorBody.properties.error),
  hints: Type.Array(
    Type.Object({
      code: Type.String(),
      text: Type.String(),
      start: Type.Integer({ description: 'Place in the text, in UTF-16 units.' }),
      end: Type.Integer(),
    }),
    { description: 'Advice on a query that is right as it stands.' },
  ),
  printed: Type.Optional(Type.String({ description: 'The query in its canonical form, when it is valid.' })),
});

/** `/query/validate`: all that is wrong with a QQL text, and advice. */
export function addQueryRoutes(app: App, { clock }: { readonly clock: () => number }): void {
  const parameters = Type.Object(
    { q: Type.Optional(QueryText), zone: Type.Optional(ZoneText) },
    { additionalProperties: false },
  );
  const schema = {
    tags: ['language'],
    summary: 'All that is wrong with a QQL text, and advice.',
    response: { 200: ValidateBody, ...failures },
  };

  function validate({ q = '', zone = 'UTC' }: Static<typeof parameters>): Static<typeof ValidateBody> {
    const tree = parse(q);
    const checked = check(tree, { now: clock(), zone });
    const valid = checked.kind === 'condition';
    return {
      valid,
      errors: checked.kind === 'errors' ? checked.errors.map((error) => error.toJSON()) : [],
      hints: checked.hints.map(({ code, text, span }) => ({ code, text, start: span.start, end: span.end })),
      ...(valid ? { printed: print(tree) } : {}),
    };
  }

  app.get('/query/validate', { schema: { ...schema, querystring: parameters } }, async (request) =>
    validate(request.query),
  );
  app.post('/query/validate', { schema: { ...schema, body: parameters } }, async (request) => validate(request.body));
}
