import * as v from 'valibot';
import type { Asked } from './events.ts';
import { address, request } from './request.ts';

const base = { title: v.string(), about: v.optional(v.string()), query: v.string(), width: v.number() };
const value = v.optional(v.string());

const widgetSchema = v.variant('kind', [
  v.object({ kind: v.literal('number'), ...base, value }),
  v.object({ kind: v.literal('trend'), ...base, value, by: v.optional(v.string()), limit: v.number() }),
  v.object({ kind: v.literal('ratio'), ...base, part: v.string() }),
  v.object({ kind: v.literal('top'), ...base, by: v.array(v.string()), value, limit: v.number() }),
  v.object({
    kind: v.literal('table'),
    ...base,
    by: v.optional(v.array(v.string())),
    values: v.optional(v.array(v.string())),
    columns: v.optional(v.array(v.string())),
    sort: v.optional(v.string()),
    limit: v.number(),
  }),
  v.object({ kind: v.literal('heat'), ...base }),
  v.object({ kind: v.literal('map'), ...base }),
]);

const dashboardSchema = v.object({
  name: v.string(),
  description: v.string(),
  window: v.string(),
  widgets: v.array(widgetSchema),
});

const summary = {
  id: v.string(),
  name: v.string(),
  description: v.string(),
  shipped: v.boolean(),
  shared: v.boolean(),
  own: v.boolean(),
  owner: v.optional(v.string()),
  updatedAt: v.optional(v.number()),
};
const listSchema = v.object({ dashboards: v.array(v.object({ ...summary, widgets: v.number() })) });
const text = { ...summary, yaml: v.string() };
const textSchema = v.object(text);

const problemSchema = v.object({
  code: v.string(),
  message: v.string(),
  hint: v.string(),
  path: v.string(),
  line: v.number(),
  column: v.number(),
  offset: v.number(),
  length: v.number(),
});
/** What a text says, or what is wrong with it: one that is kept may have been a dashboard once. */
const reading = { dashboard: v.optional(dashboardSchema), problems: v.array(problemSchema) };
const wholeSchema = v.object({ ...text, ...reading });
const checkedSchema = v.object({ yaml: v.string(), ...reading });

const measured = v.nullish(v.number());
const groupsSchema = v.object({
  groups: v.array(
    v.object({
      values: v.array(v.unknown()),
      count: v.number(),
      first: v.number(),
      last: v.number(),
      measured: v.optional(v.array(measured)),
    }),
  ),
});
const seriesSchema = v.object({
  intervalMs: v.number(),
  values: v.optional(v.array(v.unknown())),
  buckets: v.array(
    v.object({
      from: v.number(),
      count: v.number(),
      parts: v.optional(v.array(v.number())),
      measured: v.optional(measured),
      partsMeasured: v.optional(v.array(measured)),
    }),
  ),
});

export type Widget = v.InferOutput<typeof widgetSchema>;
export type WidgetKind = Widget['kind'];
export type WidgetOf<Kind extends WidgetKind> = Extract<Widget, { kind: Kind }>;
export type Dashboard = v.InferOutput<typeof dashboardSchema>;
export type DashboardSummary = v.InferOutput<typeof listSchema>['dashboards'][number];
export type DashboardText = v.InferOutput<typeof textSchema>;
export type WholeDashboard = v.InferOutput<typeof wholeSchema>;
export type DashboardProblem = v.InferOutput<typeof problemSchema>;
export type CheckedDashboard = v.InferOutput<typeof checkedSchema>;
export type MeasuredGroup = v.InferOutput<typeof groupsSchema>['groups'][number];
export type MeasuredSeries = v.InferOutput<typeof seriesSchema>;

const path = (id: string): string => `/dashboards/${encodeURIComponent(id)}`;

/** Those of the product, one's own, and those others share. */
export async function getDashboards(signal?: AbortSignal): Promise<readonly DashboardSummary[]> {
  return (await request('/dashboards', listSchema, { signal })).dashboards;
}

/** One, with its text and what it says. */
export function getDashboard(id: string, signal?: AbortSignal): Promise<WholeDashboard> {
  return request(path(id), wholeSchema, { signal });
}

/**
 * Keeps a text as a dashboard: a new one, or in the place of one. `version` is when that one was last changed: when it
 * was changed since, the server refuses with `catalog-conflict`.
 */
export function saveDashboard(
  id: string | undefined,
  content: { readonly yaml: string; readonly shared: boolean },
  version?: number,
): Promise<WholeDashboard> {
  const headers = version === undefined ? {} : { 'if-match': `"${version}"` };
  return id === undefined
    ? request('/dashboards', wholeSchema, { method: 'POST', body: content })
    : request(path(id), wholeSchema, { method: 'PUT', headers, body: content });
}

/** Removes one, and gives what it was. */
export function removeDashboard(id: string): Promise<DashboardText> {
  return request(path(id), textSchema, { method: 'DELETE' });
}

/** Reads a text and keeps nothing; gives it with another name, or with one more widget, where asked to. */
export function checkDashboard(
  asked: { readonly yaml: string; readonly name?: string; readonly add?: Readonly<Record<string, unknown>> },
  signal?: AbortSignal,
): Promise<CheckedDashboard> {
  return request('/dashboards/check', checkedSchema, { method: 'POST', body: asked, signal });
}

/** Where the browser gets the text as a file. */
export function exportAddressOf(id: string): string {
  return address(`${path(id)}/export`);
}

function bodyOf({ q, from, to, zone }: Asked): Record<string, unknown> {
  return {
    q,
    zone,
    ...(from === undefined ? {} : { from: String(from) }),
    ...(to === undefined ? {} : { to: String(to) }),
  };
}

/** Counts and measures events per combination of values: most events first, or the largest of one measure. */
export async function measureGroups(
  asked: Asked & {
    readonly by: readonly string[];
    readonly limit: number;
    readonly measures?: readonly string[];
    /** Place of the measure that orders the groups. */
    readonly order?: number | undefined;
  },
  signal?: AbortSignal,
): Promise<readonly MeasuredGroup[]> {
  const { by, limit, measures = [], order } = asked;
  const answer = await request('/events/group', groupsSchema, {
    method: 'POST',
    body: {
      ...bodyOf(asked),
      by,
      limit,
      ...(measures.length === 0 ? {} : { measures, ...(order === undefined ? {} : { order }) }),
    },
    signal,
  });
  return answer.groups;
}

/** Counts and measures events over time. */
export function measureOverTime(
  asked: Asked & {
    readonly buckets?: number;
    readonly intervalMs?: number;
    readonly by?: string | undefined;
    readonly measure?: string | undefined;
  },
  signal?: AbortSignal,
): Promise<MeasuredSeries> {
  const { buckets, intervalMs, by, measure } = asked;
  return request('/events/histogram', seriesSchema, {
    method: 'POST',
    body: {
      ...bodyOf(asked),
      ...(buckets === undefined ? {} : { buckets }),
      ...(intervalMs === undefined ? {} : { intervalMs }),
      ...(by === undefined ? {} : { by }),
      ...(measure === undefined ? {} : { measure }),
    },
    signal,
  });
}
