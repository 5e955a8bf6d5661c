import { type Static, Type } from 'typebox';
import { check, complete, describeAt, type FieldHelp, parse, print } from '#query';
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

const HelpBody = Type.Object({
  label: Type.String(),
  group: Type.String(),
  type: Type.String(),
  many: Type.Boolean(),
  about: Type.String(),
  sample: Type.Optional(Type.String({ description: 'A clause to copy.' })),
  values: Type.Array(Type.String()),
  operators: Type.Array(Type.Object({ text: Type.String(), about: Type.String() })),
});

const CompletionBody = Type.Object({
  from: Type.Integer({ description: 'An item stands for the text from here, in UTF-16 units,' }),
  to: Type.Integer({ description: 'to here.' }),
  items: Type.Array(
    Type.Object({
      kind: Type.String({ description: 'field, operator, value or keyword.' }),
      insert: Type.String(),
      about: Type.String(),
    }),
  ),
  help: Type.Optional(HelpBody),
});

/** `/query/…`: what an editor of queries asks: what is wrong, what could stand here, what is this. */
export function addQueryRoutes(app: App, { clock }: { readonly clock: () => number }): void {
  addValidateRoute(app, clock);
  addCompleteRoute(app);
  addHelpRoute(app);
}

function addValidateRoute(app: App, clock: () => number): void {
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

  app.get('/query/validate', { schema: { ...schema, querystring: parameters } }, async ({ query }) => validate(query));
  app.post('/query/validate', { schema: { ...schema, body: parameters } }, async ({ body }) => validate(body));
}

/** A place in a text: where the cursor stands. */
const placeParameters = Type.Object(
  {
    q: Type.Optional(QueryText),
    offset: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 65_536,
        description: 'Place of the cursor, in UTF-16 units; default the end.',
      }),
    ),
  },
  { additionalProperties: false },
);
type Place = Static<typeof placeParameters>;

function addCompleteRoute(app: App): void {
  const schema = {
    tags: ['language'],
    summary: 'What could stand at a place of a QQL text, best first, however broken the text.',
    response: { 200: CompletionBody, ...failures },
  };

  function completeAt({ q = '', offset = q.length }: Place): Static<typeof CompletionBody> {
    const { from, to, items, help } = complete(q, offset);
    return {
      from,
      to,
      items: items.map((item) => ({ ...item })),
      ...(help === undefined ? {} : { help: helpBody(help) }),
    };
  }

  app.get('/query/complete', { schema: { ...schema, querystring: placeParameters } }, async ({ query }) =>
    completeAt(query),
  );
  app.post('/query/complete', { schema: { ...schema, body: placeParameters } }, async ({ body }) => completeAt(body));
}

function addHelpRoute(app: App): void {
  const schema = {
    tags: ['language'],
    summary: 'What the field at a place of a QQL text means, and which operators it takes.',
    response: { 200: Type.Object({ help: Type.Optional(HelpBody) }), ...failures },
  };

  function helpAt({ q = '', offset = q.length }: Place): { help?: Static<typeof HelpBody> } {
    const help = describeAt(q, offset);
    return help === undefined ? {} : { help: helpBody(help) };
  }

  app.get('/query/help', { schema: { ...schema, querystring: placeParameters } }, async ({ query }) => helpAt(query));
  app.post('/query/help', { schema: { ...schema, body: placeParameters } }, async ({ body }) => helpAt(body));
}

function helpBody({ sample, values, operators, ...help }: FieldHelp): Static<typeof HelpBody> {
  return {
    ...help,
    ...(sample === undefined ? {} : { sample }),
    values: [...values],
    operators: operators.map((one) => ({ ...one })),
  };
}
