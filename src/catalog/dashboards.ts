import type { Kysely } from 'kysely';
import { createKeptThings, type KeptContent, type KeptThing, type KeptThings } from './kept-things.ts';
import { catalogLimits } from './limits.ts';
import type { CatalogTables } from './tables.ts';

/** What a dashboard holds. What its text means is no business of the catalog. */
interface DashboardText {
  /** Number of its widgets. */
  readonly widgets: number;
  /** The whole, as YAML, with the comments of its author. */
  readonly yaml: string;
}

/** A dashboard somebody keeps. */
export interface StoredDashboard extends KeptThing, DashboardText {}

export interface DashboardContent extends KeptContent, DashboardText {}

/** A dashboard in a list: without its text. */
export type DashboardSummary = Omit<StoredDashboard, 'yaml'>;

/** Dashboards people keep. Errors are `dashboard-unknown`, `-foreign`, `-name-taken`, and `dashboards-exceeded`. */
export type Dashboards = KeptThings<StoredDashboard, DashboardSummary, DashboardContent>;

/** See {@link Dashboards}. */
export function createDashboards(database: Kysely<CatalogTables>, clock: () => number): Dashboards {
  return createKeptThings(database, clock, {
    table: 'dashboards',
    word: 'dashboard',
    words: 'dashboards',
    idPrefix: 'dashboard',
    most: catalogLimits.userDashboards,
    errors: {
      unknown: 'dashboard-unknown',
      foreign: 'dashboard-foreign',
      taken: 'dashboard-name-taken',
      exceeded: 'dashboards-exceeded',
    },
    listed: ['widgets'],
    columnsOf: ({ yaml, widgets }) => ({ content: yaml, widgets }),
    thingOf: (thing, { content, widgets }) => ({ ...thing, widgets, yaml: content }),
    summaryOf: (thing, { widgets }) => ({ ...thing, widgets }),
  });
}
