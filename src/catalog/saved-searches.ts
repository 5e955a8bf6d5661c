import type { Kysely, Selectable } from 'kysely';
import { AppError } from '#error';
import { foldName, readJson } from './json-columns.ts';
import { catalogLimits } from './limits.ts';
import type { SavedSearchTable } from './people-tables.ts';
import { randomId } from './random-secret.ts';
import type { CatalogTables } from './tables.ts';

/** What a saved search is made of: words of an address, by name. */
export type SearchWords = Readonly<Record<string, string>>;

export interface SavedSearch {
  readonly id: string;
  readonly ownerId: string;
  /** Name of the owner when it was saved. */
  readonly owner: string;
  readonly name: string;
  readonly description: string;
  readonly words: SearchWords;
  /** Everybody sees it; only its owner changes it. */
  readonly shared: boolean;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface SearchContent {
  readonly name: string;
  readonly description: string;
  readonly words: SearchWords;
  readonly shared: boolean;
}

/** Searches people keep. */
export interface SavedSearches {
  /** Those of a person and those everybody sees, by name. */
  list(userId: string): Promise<readonly SavedSearch[]>;
  /** Throws `saved-search-unknown`, also for one of another person that is not shared. */
  get(id: string, userId: string): Promise<SavedSearch>;
  /** Throws `saved-search-name-taken`, `saved-searches-exceeded`. */
  create(owner: { readonly id: string; readonly name: string }, content: SearchContent): Promise<SavedSearch>;
  /** Throws `saved-search-unknown`, `saved-search-foreign`, `saved-search-name-taken`. */
  change(id: string, userId: string, content: SearchContent): Promise<SavedSearch>;
  /** `foreign` also removes what another person shares. Throws `saved-search-unknown`, `saved-search-foreign`. */
  remove(id: string, userId: string, foreign: boolean): Promise<SavedSearch>;
}

type Database = Kysely<CatalogTables>;

/** See {@link SavedSearches}. */
export function createSavedSearches(database: Database, clock: () => number): SavedSearches {
  async function own(change: Database, id: string, userId: string): Promise<SavedSearch> {
    const search = await find(change, id, userId);
    if (search.ownerId === userId) return search;
    throw new AppError('saved-search-foreign', 'The saved search belongs to somebody else.');
  }

  return {
    async list(userId) {
      const rows = await database
        .selectFrom('saved_searches')
        .selectAll()
        .where((where) => where.or([where('owner_id', '=', userId), where('shared', '=', 1)]))
        .orderBy('name_folded')
        .orderBy('id')
        .limit(catalogLimits.pageRows)
        .execute();
      return rows.map(searchOf);
    },
    get: (id, userId) => find(database, id, userId),
    create: (owner, content) =>
      database.transaction().execute(async (change) => {
        await refuseTaken(change, owner.id, content.name);
        const { count } = await change
          .selectFrom('saved_searches')
          .where('owner_id', '=', owner.id)
          .select((of) => of.fn.countAll<number>().as('count'))
          .executeTakeFirstOrThrow();
        if (Number(count) >= catalogLimits.userSearches) {
          throw new AppError('saved-searches-exceeded', `One person may save ${catalogLimits.userSearches} searches.`);
        }
        const now = clock();
        const row = {
          id: `search_${randomId()}`,
          owner_id: owner.id,
          owner: owner.name,
          ...columnsOf(content),
          created_at: now,
          updated_at: now,
        };
        await change.insertInto('saved_searches').values(row).execute();
        return searchOf(row);
      }),
    change: (id, userId, content) =>
      database.transaction().execute(async (change) => {
        await own(change, id, userId);
        await refuseTaken(change, userId, content.name, id);
        await change
          .updateTable('saved_searches')
          .set({ ...columnsOf(content), updated_at: clock() })
          .where('id', '=', id)
          .execute();
        return find(change, id, userId);
      }),
    async remove(id, userId, foreign) {
      const search = await (foreign ? find(database, id, userId) : own(database, id, userId));
      await database.deleteFrom('saved_searches').where('id', '=', id).execute();
      return search;
    },
  };
}

async function find(database: Database, id: string, userId: string): Promise<SavedSearch> {
  const row = await database
    .selectFrom('saved_searches')
    .selectAll()
    .where('id', '=', id)
    .where((where) => where.or([where('owner_id', '=', userId), where('shared', '=', 1)]))
    .executeTakeFirst();
  if (row === undefined) throw new AppError('saved-search-unknown', 'There is no saved search with this id.');
  return searchOf(row);
}

async function refuseTaken(change: Database, ownerId: string, name: string, besides = ''): Promise<void> {
  const taken = await change
    .selectFrom('saved_searches')
    .select('id')
    .where('owner_id', '=', ownerId)
    .where('name_folded', '=', foldName(name))
    .where('id', '!=', besides)
    .executeTakeFirst();
  if (taken !== undefined) throw new AppError('saved-search-name-taken', 'You have a saved search of this name.');
}

function columnsOf({
  name,
  description,
  words,
  shared,
}: SearchContent): Pick<Selectable<SavedSearchTable>, 'name' | 'name_folded' | 'description' | 'content' | 'shared'> {
  return { name, name_folded: foldName(name), description, content: JSON.stringify(words), shared: shared ? 1 : 0 };
}

function searchOf(row: Selectable<SavedSearchTable>): SavedSearch {
  const { id, name, description, owner } = row;
  return {
    id,
    ownerId: row.owner_id,
    owner,
    name,
    description,
    words: readWords(row.content),
    shared: row.shared === 1,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

function readWords(text: string): SearchWords {
  const value = readJson(text);
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, word]) => (typeof word === 'string' ? [[name, word]] : [])),
  );
}
