import type { Insertable, Kysely, Selectable } from 'kysely';
import { AppError, type ErrorCode } from '#error';
import { foldName } from './json-columns.ts';
import type { KeptTable } from './kept-table.ts';
import { catalogLimits } from './limits.ts';
import { randomId } from './random-secret.ts';
import type { CatalogTables } from './tables.ts';

/** What is known of everything that people keep, for themselves or for all. */
export interface KeptThing {
  readonly id: string;
  readonly ownerId: string;
  /** Name of the owner when it was made. */
  readonly owner: string;
  readonly name: string;
  readonly description: string;
  /** Everybody sees it; only its owner changes it. */
  readonly shared: boolean;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** What its owner says of it. */
export type KeptContent = Pick<KeptThing, 'name' | 'description' | 'shared'>;

/** What people keep of one kind. Which errors are thrown, the kind says. */
export interface KeptThings<Thing, Summary, Content> {
  /** Those of a person and those everybody sees, by name. */
  list(userId: string): Promise<readonly Summary[]>;
  /** Throws `…-unknown`, also for one of another person that is not shared. */
  get(id: string, userId: string): Promise<Thing>;
  /** Throws `…-name-taken`, `…-exceeded`. */
  create(owner: { readonly id: string; readonly name: string }, content: Content): Promise<Thing>;
  /**
   * `ifUpdatedAt`: only when it was last changed then, else throws `catalog-conflict`. Throws `…-unknown`, `…-foreign`,
   * `…-name-taken`.
   */
  change(id: string, userId: string, content: Content, ifUpdatedAt?: number): Promise<Thing>;
  /** `foreign` also removes what another person shares. Throws `…-unknown`, `…-foreign`. */
  remove(id: string, userId: string, foreign: boolean): Promise<Thing>;
}

export type KeptRow = Selectable<KeptTable>;

/** What is different between the kinds. */
export interface KeptKind<Thing, Summary, Content> {
  readonly table: 'saved_searches' | 'dashboards';
  /** As sentences call one, and several. */
  readonly word: string;
  readonly words: string;
  readonly idPrefix: string;
  /** Things one person may keep. */
  readonly most: number;
  readonly errors: Readonly<Record<'unknown' | 'foreign' | 'taken' | 'exceeded', ErrorCode>>;
  /** Columns of a list, besides those of {@link KeptThing}. */
  readonly listed: readonly ('content' | 'widgets')[];
  readonly columnsOf: (content: Content) => Pick<Insertable<KeptTable>, 'content' | 'widgets'>;
  readonly thingOf: (thing: KeptThing, row: KeptRow) => Thing;
  readonly summaryOf: (thing: KeptThing, row: Pick<KeptRow, 'content' | 'widgets'>) => Summary;
}

type Database = Kysely<Record<string, KeptTable>>;

const common = ['id', 'owner_id', 'owner', 'name', 'description', 'shared', 'created_at', 'updated_at'] as const;

/** See {@link KeptThings}. */
export function createKeptThings<Thing extends KeptThing, Summary, Content extends KeptContent>(
  catalog: Kysely<CatalogTables>,
  clock: () => number,
  kind: KeptKind<Thing, Summary, Content>,
): KeptThings<Thing, Summary, Content> {
  const { table, word, words, errors, most } = kind;
  const database: Database = catalog.withTables<Record<string, KeptTable>>();

  async function find(change: Database, id: string, userId: string): Promise<Thing> {
    const row = await change
      .selectFrom(table)
      .selectAll()
      .where('id', '=', id)
      .where((where) => where.or([where('owner_id', '=', userId), where('shared', '=', 1)]))
      .executeTakeFirst();
    if (row === undefined) throw new AppError(errors.unknown, `There is no ${word} with this id.`);
    return kind.thingOf(thingOf(row), row);
  }

  async function own(change: Database, id: string, userId: string): Promise<Thing> {
    const thing = await find(change, id, userId);
    if (thing.ownerId === userId) return thing;
    throw new AppError(errors.foreign, `The ${word} belongs to somebody else.`);
  }

  async function refuseTaken(change: Database, ownerId: string, name: string, besides = ''): Promise<void> {
    const taken = await change
      .selectFrom(table)
      .select('id')
      .where('owner_id', '=', ownerId)
      .where('name_folded', '=', foldName(name))
      .where('id', '!=', besides)
      .executeTakeFirst();
    if (taken !== undefined) throw new AppError(errors.taken, `You have a ${word} of this name.`);
  }

  async function refuseMore(change: Database, ownerId: string): Promise<void> {
    const { count } = await change
      .selectFrom(table)
      .where('owner_id', '=', ownerId)
      .select((of) => of.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow();
    if (Number(count) >= most) throw new AppError(errors.exceeded, `One person may keep ${most} ${words}.`);
  }

  function columnsOf(content: Content) {
    const { name, description, shared } = content;
    const named = { name, name_folded: foldName(name), description, shared: shared ? 1 : 0 };
    return { ...named, ...kind.columnsOf(content) };
  }

  return {
    async list(userId) {
      const rows = await database
        .selectFrom(table)
        .select([...common, ...kind.listed])
        .where((where) => where.or([where('owner_id', '=', userId), where('shared', '=', 1)]))
        .orderBy('name_folded')
        .orderBy('id')
        .limit(catalogLimits.pageRows)
        .execute();
      return rows.map((row) => kind.summaryOf(thingOf(row), row));
    },
    get: (id, userId) => find(database, id, userId),
    create: (owner, content) =>
      database.transaction().execute(async (change) => {
        await refuseTaken(change, owner.id, content.name);
        await refuseMore(change, owner.id);
        const now = clock();
        const id = `${kind.idPrefix}_${randomId()}`;
        const made = { id, owner_id: owner.id, owner: owner.name, created_at: now, updated_at: now };
        await change
          .insertInto(table)
          .values({ ...made, ...columnsOf(content) })
          .execute();
        return find(change, id, owner.id);
      }),
    change: (id, userId, content, ifUpdatedAt) =>
      database.transaction().execute(async (change) => {
        const { updatedAt } = await own(change, id, userId);
        if (ifUpdatedAt !== undefined && ifUpdatedAt !== updatedAt) throw conflict(word);
        await refuseTaken(change, userId, content.name, id);
        // Two changes never bear the same time, whatever the clock does: it tells one from the other.
        const { numUpdatedRows } = await change
          .updateTable(table)
          .set({ ...columnsOf(content), updated_at: Math.max(clock(), updatedAt + 1) })
          .where('id', '=', id)
          .$if(ifUpdatedAt !== undefined, (update) => update.where('updated_at', '=', updatedAt))
          .executeTakeFirstOrThrow();
        if (numUpdatedRows === 0n) throw conflict(word);
        return find(change, id, userId);
      }),
    async remove(id, userId, foreign) {
      const thing = await (foreign ? find(database, id, userId) : own(database, id, userId));
      await database.deleteFrom(table).where('id', '=', id).execute();
      return thing;
    },
  };
}

function conflict(word: string): AppError {
  return new AppError('catalog-conflict', `The ${word} was changed elsewhere in the meantime.`);
}

function thingOf(row: Pick<KeptRow, (typeof common)[number]>): KeptThing {
  const { id, name, description, owner } = row;
  return {
    id,
    ownerId: row.owner_id,
    owner,
    name,
    description,
    shared: row.shared === 1,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
