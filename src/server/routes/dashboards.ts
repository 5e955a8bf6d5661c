import type { FastifyRequest } from 'fastify';
import { type Static, Type } from 'typebox';
import type { Catalog, DashboardContent, DashboardSummary, StoredDashboard } from '#catalog';
import { checkMessage } from '#delivery';
import { AppError } from '#error';
import type { App } from '../app.ts';
import { type Dashboard, DashboardBody } from '../dashboards/document.ts';
import { dashboardLimits } from '../dashboards/limits.ts';
import type { DashboardProblem } from '../dashboards/problem.ts';
import { type DashboardReading, lookAtDashboard, readDashboard } from '../dashboards/read-dashboard.ts';
import type { ShippedDashboard } from '../dashboards/shipped-dashboards.ts';
import { addWidget, renameDashboard } from '../dashboards/write-dashboard.ts';
import { exactBody } from '../exact-body.ts';
import { ifMatch } from '../if-match.ts';
import { callerOf } from '../people/caller.ts';
import { failures } from '../schemas.ts';
import { IdParams, NoQuery } from './people-schemas.ts';

/** What the routes need. */
interface DashboardParts {
  readonly catalog: Catalog;
  readonly dashboards: readonly ShippedDashboard[];
}

const tags = ['dashboards'];
// Longer texts are refused by the reader, with a sentence of its own.
const Yaml = Type.String({ maxLength: dashboardLimits.textLength * 2, description: 'See docs/dashboards.md.' });

const NewDashboard = Type.Object(
  { yaml: Yaml, shared: Type.Boolean({ description: 'Everybody sees it; only its owner changes it.' }) },
  { additionalProperties: false },
);

const SummaryBody = Type.Object({
  id: Type.String(),
  name: Type.String(),
  description: Type.String(),
  widgets: Type.Integer({ description: 'How many.' }),
  shipped: Type.Boolean({ description: 'Comes with the product; nobody changes it.' }),
  shared: Type.Boolean(),
  own: Type.Boolean({ description: 'Whether it is the caller’s.' }),
  owner: Type.Optional(Type.String()),
  updatedAt: Type.Optional(
    Type.Number({ description: 'Epoch milliseconds. Also the entity tag: send it as "if-match" with a change.' }),
  ),
});
type Summary = Static<typeof SummaryBody>;

const readingProperties = {
  dashboard: Type.Optional(DashboardBody),
  problems: Type.Array(
    Type.Object({
      code: Type.String(),
      message: Type.String(),
      hint: Type.String(),
      path: Type.String({ description: 'As in `widgets[2].query`.' }),
      line: Type.Integer({ description: 'From 1.' }),
      column: Type.Integer({ description: 'From 1.' }),
      offset: Type.Integer({ description: 'Characters from the beginning.' }),
      length: Type.Integer(),
      found: Type.Optional(Type.String()),
      expected: Type.Optional(Type.String()),
    }),
    { description: 'All that is wrong with the text; none where there is a dashboard.' },
  ),
};
interface ShownReading {
  readonly dashboard?: Dashboard;
  readonly problems: DashboardProblem[];
}

const TextBody = Type.Object({ ...SummaryBody.properties, yaml: Type.String() });
type Text = Summary & { readonly yaml: string };

const WholeBody = Type.Object({ ...TextBody.properties, ...readingProperties });
type Whole = Text & ShownReading;

const CheckBody = Type.Object(
  {
    yaml: Yaml,
    name: Type.Optional(Type.String({ description: 'Gives the text with this name.' })),
    add: Type.Optional(
      Type.Record(Type.String(), Type.Unknown(), { description: 'Gives the text with this widget at its end.' }),
    ),
  },
  { additionalProperties: false },
);

const CheckedBody = Type.Object({ yaml: Type.String(), ...readingProperties });

/** `/dashboards`: those that come with the product, and those people keep. */
export function addDashboardRoutes(app: App, parts: DashboardParts): void {
  addReading(app, parts);
  addWriting(app, parts);
  addChecking(app);
}

function addReading(app: App, { catalog, dashboards: shipped }: DashboardParts): void {
  app.get(
    '/dashboards',
    {
      schema: {
        tags,
        summary: 'The dashboards that come with the product, one’s own, and those others share, by name.',
        querystring: NoQuery,
        response: { 200: Type.Object({ dashboards: Type.Array(SummaryBody) }), ...failures },
      },
    },
    async (request) => {
      const { id } = callerOf(request);
      const kept = await catalog.dashboards.list(id);
      return { dashboards: [...shipped.map(showShipped), ...kept.map((one) => showSummary(one, id))] };
    },
  );

  async function find(request: FastifyRequest, id: string): Promise<Text> {
    const own = shipped.find((one) => one.id === id);
    if (own !== undefined) return { ...showShipped(own), yaml: own.yaml };
    const { id: callerId } = callerOf(request);
    return showText(await catalog.dashboards.get(id, callerId), callerId);
  }

  app.get(
    '/dashboards/:id',
    {
      schema: {
        tags,
        summary: 'One dashboard: its text, and what it says, or what is wrong with it since.',
        params: IdParams,
        querystring: NoQuery,
        response: { 200: WholeBody, ...failures },
      },
    },
    async (request): Promise<Whole> => {
      const found = await find(request, request.params.id);
      const own = shipped.find(({ id }) => id === found.id);
      const reading =
        own === undefined ? lookAtDashboard(found.yaml) : { dashboard: own.dashboard, problems: [] as const };
      return { ...found, ...showReading(reading) };
    },
  );

  app.get(
    '/dashboards/:id/export',
    {
      schema: {
        tags,
        summary: 'The dashboard as YAML.',
        params: IdParams,
        querystring: NoQuery,
        response: { 200: { content: { 'application/yaml': { schema: Type.String() } } }, ...failures },
      },
    },
    async (request, reply) => {
      const { name, yaml } = await find(request, request.params.id);
      reply.header('content-disposition', `attachment; filename="${fileNameOf(name)}.yaml"`);
      return reply.type('application/yaml; charset=utf-8').serializer(String).send(yaml);
    },
  );
}

function addWriting(app: App, { catalog, dashboards: shipped }: DashboardParts): void {
  function refuseShipped(id: string): void {
    if (!shipped.some((one) => one.id === id)) return;
    throw new AppError('dashboard-shipped', 'The dashboard comes with the product and cannot be changed.');
  }

  app.post(
    '/dashboards',
    {
      schema: {
        tags,
        summary: 'Keeps a dashboard; its name is in the text.',
        body: NewDashboard,
        response: { 200: WholeBody, ...failures },
      },
    },
    async (request) => {
      const { id, name } = callerOf(request);
      const { content, dashboard } = contentOf(request.body);
      return showWhole(await catalog.dashboards.create({ id, name }, content), id, dashboard);
    },
  );

  app.put(
    '/dashboards/:id',
    {
      schema: {
        tags,
        summary: 'Changes one of one’s own dashboards.',
        description: 'With "if-match: UPDATED-AT" only when it was last changed then, else `catalog-conflict`.',
        params: IdParams,
        body: NewDashboard,
        response: { 200: WholeBody, ...failures },
      },
    },
    async (request) => {
      const { id } = callerOf(request);
      refuseShipped(request.params.id);
      const { content, dashboard } = contentOf(request.body);
      const changed = await catalog.dashboards.change(request.params.id, id, content, ifMatch(request));
      return showWhole(changed, id, dashboard);
    },
  );

  app.delete(
    '/dashboards/:id',
    {
      schema: {
        tags,
        summary: 'Removes one of one’s own dashboards; administrators also one that another shares. Gives what it was.',
        params: IdParams,
        response: { 200: TextBody, ...failures },
      },
    },
    async (request) => {
      const { id, permissions } = callerOf(request);
      refuseShipped(request.params.id);
      return showText(await catalog.dashboards.remove(request.params.id, id, permissions.has('users:write')), id);
    },
  );
}

function addChecking(app: App): void {
  app.post(
    '/dashboards/check',
    {
      // What a widget to add says is read from the text it becomes: nothing is made to fit before.
      validatorCompiler: exactBody,
      schema: {
        tags,
        summary:
          'Reads the text of a dashboard and keeps nothing: says what it is, or all that is wrong, with line and column.',
        body: CheckBody,
        response: { 200: CheckedBody, ...failures },
      },
    },
    async (request) => {
      const { yaml: text, name, add } = checkMessage(CheckBody, request.body, 'request-invalid', 'the body');
      const renamed = name === undefined ? undefined : renameDashboard(text, name);
      const changed = add === undefined ? renamed : addWidget(renamed?.yaml ?? text, add);
      const { yaml, reading } = changed ?? { yaml: text, reading: lookAtDashboard(text) };
      return { yaml, ...showReading(reading) };
    },
  );
}

function contentOf({ yaml, shared }: Static<typeof NewDashboard>): {
  readonly content: DashboardContent;
  readonly dashboard: Dashboard;
} {
  const dashboard = readDashboard(yaml);
  const { name, description, widgets } = dashboard;
  return { content: { name, description, widgets: widgets.length, yaml, shared }, dashboard };
}

function showShipped({ id, dashboard: { name, description, widgets } }: ShippedDashboard): Summary {
  return { id, name, description, widgets: widgets.length, shipped: true, shared: true, own: false };
}

function showSummary(one: DashboardSummary, callerId: string): Summary {
  const { id, name, description, widgets, shared, owner, ownerId, updatedAt } = one;
  return { id, name, description, widgets, shipped: false, shared, own: ownerId === callerId, owner, updatedAt };
}

function showText(stored: StoredDashboard, callerId: string): Text {
  return { ...showSummary(stored, callerId), yaml: stored.yaml };
}

function showWhole(stored: StoredDashboard, callerId: string, dashboard: Dashboard): Whole {
  return { ...showText(stored, callerId), dashboard, problems: [] };
}

function showReading({ dashboard, problems }: DashboardReading): ShownReading {
  return { ...(dashboard === undefined ? {} : { dashboard }), problems: [...problems] };
}

/** A name every file system takes. */
function fileNameOf(name: string): string {
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 80);
  return plain === '' ? 'dashboard' : plain;
}
