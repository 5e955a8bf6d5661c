import { type TProperties, type TSchema, type TUnsafe, Type } from 'typebox';
import { dashboardLimits as limits } from './limits.ts';

/** What a dashboard is made of, as its YAML says it and as the API gives it. */

/** Kinds of widgets, in the order they are offered. */
export const widgetKinds = ['number', 'trend', 'ratio', 'top', 'table', 'heat', 'map'] as const;
export type WidgetKind = (typeof widgetKinds)[number];

/** What every widget has. */
interface WidgetBase {
  readonly title: string;
  /** A sentence on what it means, and when to worry. */
  readonly about?: string;
  /** QQL; empty is every event. */
  readonly query: string;
  /** Columns of twelve. */
  readonly width: number;
}

/** One number, and how it was before. */
export interface NumberWidget extends WidgetBase {
  readonly kind: 'number';
  /** Measure; absent: the number of events. */
  readonly value?: string;
}

/** Over time. */
export interface TrendWidget extends WidgetBase {
  readonly kind: 'trend';
  readonly value?: string;
  /** Label that splits it into series. */
  readonly by?: string;
  /** Series. */
  readonly limit: number;
}

/** Which share of the events of the query the part is. */
export interface RatioWidget extends WidgetBase {
  readonly kind: 'ratio';
  /** QQL, of the events of the query. */
  readonly part: string;
}

/** The values with most events, or with the largest measure. */
export interface TopWidget extends WidgetBase {
  readonly kind: 'top';
  readonly by: readonly string[];
  readonly value?: string;
  readonly limit: number;
}

/** Groups with their measures, or events one by one. */
export interface TableWidget extends WidgetBase {
  readonly kind: 'table';
  readonly by?: readonly string[];
  readonly values?: readonly string[];
  readonly columns?: readonly string[];
  /** Of events: label to sort by, `-` in front is descending. Of groups: one of the values, or `count`; largest first. */
  readonly sort?: string;
  readonly limit: number;
}

/** By hour of the week. */
export interface HeatWidget extends WidgetBase {
  readonly kind: 'heat';
}

/** By country of the client. */
export interface MapWidget extends WidgetBase {
  readonly kind: 'map';
}

export type Widget = NumberWidget | TrendWidget | RatioWidget | TopWidget | TableWidget | HeatWidget | MapWidget;

/** A dashboard: its defaults filled in, its names as the dictionary writes them. */
export interface Dashboard {
  readonly name: string;
  readonly description: string;
  /** QQL date from which on it shows events unless somebody chooses; empty is all time. */
  readonly window: string;
  readonly widgets: readonly Widget[];
}

const closed = { additionalProperties: false } as const;
// Words of people: no control characters, which would break lines where names are listed, and none that turn text around.
const lineForm = '^(?=.*\\S)[^\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069]*$';
const Line = (maxLength: number): TSchema => Type.String({ minLength: 1, maxLength, pattern: lineForm });
const Query = Type.String({ maxLength: limits.queryLength, description: 'QQL; empty or absent: every event.' });
const Name = Type.String({ minLength: 1, maxLength: 64, description: 'Label of the field dictionary.' });
const Measure = Type.String({
  minLength: 1,
  maxLength: 80,
  description: '"count", or a measure such as p95(duration) or distinct(sourceIp).',
});
const Rows = Type.Integer({ minimum: 1, maximum: limits.rows });
const Names = (maxItems: number): TSchema => Type.Array(Name, { minItems: 1, maxItems });

const base = {
  title: Line(limits.titleLength),
  about: Type.Optional(Line(limits.descriptionLength)),
  query: Type.Optional(Query),
  width: Type.Optional(Type.Integer({ minimum: 2, maximum: 12, description: 'Columns of twelve.' })),
};
const value = Type.Optional(Measure);
const limit = Type.Optional(Rows);

/** A widget as it is written, before its defaults. */
export interface RawWidget {
  readonly kind: WidgetKind;
  readonly title: string;
  readonly about?: string;
  readonly query?: string;
  readonly width?: number;
  readonly value?: string;
  readonly by?: string | readonly string[];
  readonly part?: string;
  readonly values?: readonly string[];
  readonly columns?: readonly string[];
  readonly sort?: string;
  readonly limit?: number;
}

/** What a kind of widget may say. */
export interface WidgetForm {
  readonly schema: TUnsafe<RawWidget>;
  readonly keys: readonly string[];
}

function form(kind: WidgetKind, own: TProperties): WidgetForm {
  const properties = { kind: Type.Literal(kind), ...base, ...own };
  return { schema: Type.Unsafe<RawWidget>(Type.Object(properties, closed)), keys: Object.keys(properties) };
}

export const widgetForms: Readonly<Record<WidgetKind, WidgetForm>> = {
  number: form('number', { value }),
  trend: form('trend', {
    value,
    by: Type.Optional(Name),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: limits.series })),
  }),
  ratio: form('ratio', { part: Type.String({ minLength: 1, maxLength: limits.queryLength, description: 'QQL.' }) }),
  top: form('top', { by: Names(2), value, limit }),
  table: form('table', {
    by: Type.Optional(Names(limits.labels)),
    values: Type.Optional(Type.Array(Measure, { minItems: 1, maxItems: limits.measures })),
    columns: Type.Optional(Names(limits.columns)),
    sort: Type.Optional(Type.String({ minLength: 1, maxLength: 80 })),
    limit,
  }),
  heat: form('heat', {}),
  map: form('map', {}),
};

/** A dashboard as it is written, before its widgets are looked at. */
interface RawDashboard {
  readonly name: string;
  readonly description?: string;
  readonly window?: string;
  readonly widgets: readonly unknown[];
}

/** The document around its widgets, which are looked at one by one. */
export const documentSchema: TUnsafe<RawDashboard> = Type.Unsafe<RawDashboard>(
  Type.Object(
    {
      meridianDashboard: Type.Literal(1),
      name: Line(limits.nameLength),
      description: Type.Optional(Type.String({ maxLength: limits.descriptionLength })),
      window: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
      widgets: Type.Array(Type.Unknown(), { maxItems: limits.widgets }),
    },
    closed,
  ),
);

/** Keys of the document, in their order. */
export const documentKeys = ['meridianDashboard', 'name', 'description', 'window', 'widgets'] as const;

/** Columns of twelve a widget takes unless it says so. */
export const usualWidth: Readonly<Record<WidgetKind, number>> = {
  number: 3,
  trend: 6,
  ratio: 3,
  top: 4,
  table: 6,
  heat: 6,
  map: 6,
};

export const usualLimit = 10;
export const usualSeries = 5;
/** Window of a dashboard that names none. */
export const usualWindow = 'now-24h';
/** Word for a window without a beginning. */
export const allTime = 'all';

/** Schema of a dashboard as the API gives it. */
export const DashboardBody: TSchema = Type.Object({
  name: Type.String(),
  description: Type.String(),
  window: Type.String({ description: 'QQL date; empty is all time.' }),
  widgets: Type.Array(
    Type.Object(
      {
        kind: Type.String({ enum: [...widgetKinds] }),
        title: Type.String(),
        query: Type.String({ description: 'QQL.' }),
        width: Type.Integer({ description: 'Columns of twelve.' }),
      },
      { additionalProperties: true, description: 'What else a kind of widget has: see docs/dashboards.md.' },
    ),
  ),
});
