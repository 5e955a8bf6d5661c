import type { Kysely, Selectable } from 'kysely';
import { AppError } from '#error';
import type { DashboardTable } from './dashboard-table.ts';
import { foldName } from './json-columns.ts';
import { catalogLimits } from './limits.ts';
import { randomId } from './random-secret.ts';
import type { CatalogTables } from './tables.ts';

/** A dashboard somebody keeps. What its text means is no business of the catalog. */
export interface StoredDashboard extends DashboardContent {
  readonly id: string;
  readonly ownerId: string;
  /** Name of the owner when it was made. */
  readonly owner: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface DashboardContent {
  readonly name: string;
  readonly description: string;
  /** Number of its widgets. */
  readonly widgets: number;
  /** The whole, as YAML, with the comments of its author. */
  readonly yaml: string;
  /** Everybody sees it; only its owner changes it. */
  readonly shared: boolean;
}

/** A dashboard in a list: without its text. */
export type DashboardSummary = Omit<StoredDashboard, 'yaml'>;

/** Dashboards people keep. */
export interface Dashboards {
  /** Those of a person and those everybody sees, by name. */
  list(userId: string): Promise<readonly DashboardSummary[]>;
  /** Throws `dashboard-unknown`, also for one of another person that is not shared. */
  get(id: string, userId: string): Promise<StoredDashboard>;
  /** Throws `dashboard-name-taken`, `dashboards-exceeded`. */
  create(owner: { readonly id: string; readonly name: string }, content: DashboardContent): Promise<StoredDashboard>;
  /** Throws `dashboard-unknown`, `dashboard-foreign`, `dashboard-name-taken`. */
  change(id: string, userId: string, content: DashboardContent): Promise<StoredDashboard>;
  /** `foreign` also removes what another person shares. Throws `dashboard-unknown`, `dashboard-foreign`. */
  remove(id: string, userId: string, foreign: boolean): Promise<StoredDashboard>;
}

type Database = Kysely<CatalogTables>;

/** See {@link Dashboards}. */
export function createDashboards(database: Database, clock: () => number): Dashboards {
  async function own(change: Database, id: string, userId: string): Promise<StoredDashboard> {
    const dashboard = await find(change, id, userId);
    if (dashboard.ownerId === userId) return dashboard;
    throw new AppError('dashboard-foreign', 'The dashboard belongs to somebody else.');
  }

  return {
    async list(userId) {
      const rows = await database
        .selectFrom('dashboards')
        .select(['id', 'owner_id', 'owner', 'name', 'description', 'widgets', 'shared', 'created_at', 'updated_at'])
        .where((where) => where.or([where('owner_id', '=', userId), where('shared', '=', 1)]))
        .orderBy('name_folded')
        .orderBy('id')
        .limit(catalogLimits.pageRows)
        .execute();
      return rows.map(summaryOf);
    },
    get: (id, userId) => find(database, id, userId),
    create: (owner, content) =>
      database.transaction().execute(async (change) => {
        await refuseTaken(change, owner.id, content.name);
        const { count } = await change
          .selectFrom('dashboards')
          .where('owner_id', '=', owner.id)
          .select((of) => of.fn.countAll<number>().as('count'))
          .executeTakeFirstOrThrow();
        if (Number(count) >= catalogLimits.userDashboards) {
          throw new AppError('dashboards-exceeded', `One person may keep ${catalogLimits.userDashboards} dashboards.`);
        }
        const now = clock();
        const row = {
          id: `dashboard_${randomId()}`,
          owner_id: owner.id,
          owner: owner.name,
          ...columnsOf(content),
          created_at: now,
          updated_at: now,
        };
        await change.insertInto('dashboards').values(row).execute();
        return dashboardOf(row);
      }),
    change: (id, userId, content) =>
      database.transaction().execute(async (change) => {
        await own(change, id, userId);
        await refuseTaken(change, userId, content.name, id);
        await change
          .updateTable('dashboards')
          .set({ ...columnsOf(content), updated_at: clock() })
          .where('id', '=', id)
          .execute();
        return find(change, id, userId);
      }),
    async remove(id, userId, foreign) {
      const dashboard = await (foreign ? find(database, id, userId) : own(database, id, userId));
      await database.deleteFrom('dashboards').where('id', '=', id).execute();
      return dashboard;
    },
  };
}

async function find(database: Database, id: string, userId: string): Promise<StoredDashboard> {
  const row = await database
    .selectFrom('dashboards')
    .selectAll()
    .where('id', '=', id)
    .where((where) => where.or([where('owner_id', '=', userId), where('shared', '=', 1)]))
    .executeTakeFirst();
  if (row === undefined) throw new AppError('dashboard-unknown', 'There is no dashboard with this id.');
  return dashboardOf(row);
}

async function refuseTaken(change: Database, ownerId: string, name: string, besides = ''): Promise<void> {
  const taken = await change
    .selectFrom('dashboards')
    .select('id')
    .where('owner_id', '=', ownerId)
    .where('name_folded', '=', foldName(name))
    .where('id', '!=', besides)
    .executeTakeFirst();
  if (taken !== undefined) throw new AppError('dashboard-name-taken', 'You have a dashboard of this name.');
}

type Row = Selectable<DashboardTable>;

function columnsOf({
  name,
  description,
  widgets,
  yaml,
  shared,
}: DashboardContent): Pick<Row, 'name' | 'name_folded' | 'description' | 'widgets' | 'content' | 'shared'> {
  return { name, name_folded: foldName(name), description, widgets, content: yaml, shared: shared ? 1 : 0 };
}

function summaryOf(row: Omit<Row, 'content' | 'name_folded'>): DashboardSummary {
  const { id, name, description, owner, widgets } = row;
  return {
    id,
    ownerId: row.owner_id,
    owner,
    name,
    description,
    widgets,
    shared: row.shared === 1,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

function dashboardOf(row: Row): StoredDashboard {
  return { ...summaryOf(row), yaml: row.content };
}
