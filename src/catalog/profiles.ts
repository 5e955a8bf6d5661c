import { randomBytes } from 'node:crypto';
import type { Kysely, Selectable, Transaction } from 'kysely';
import { AppError } from '#error';
import { countChange } from './change-counter.ts';
import { foldName, holds, readJson } from './json-columns.ts';
import { catalogLimits } from './limits.ts';
import { type ProfileContent, parseProfileContent } from './profile-content.ts';
import type { CatalogTables, ProfileTable } from './tables.ts';

/** A profile as it stands now. */
export interface StoredProfile {
  readonly id: string;
  readonly version: number;
  readonly content: ProfileContent;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** One of its versions. */
export interface ProfileVersion {
  readonly version: number;
  readonly content: ProfileContent;
  readonly createdAt: number;
  readonly createdBy: string;
  /** What was done: "created", "rolled back to version 3". */
  readonly remark: string;
}

/** Who changes something, and what is said about it. */
export interface ChangeNote {
  readonly by: string;
  readonly remark: string;
}

export interface ProfileListOptions {
  /** Part of the name. */
  readonly search?: string | undefined;
  readonly enabled?: boolean | undefined;
  readonly offset?: number | undefined;
  readonly limit?: number | undefined;
}

/** Profiles, with all their versions. */
export interface Profiles {
  /** Throws `profile-name-taken`, `catalog-full`. */
  create(content: ProfileContent, note: ChangeNote): Promise<StoredProfile>;
  /** Throws `profile-unknown`. */
  get(id: string): Promise<StoredProfile>;
  /** In the order in which they are tried: priority, then name. */
  list(options?: ProfileListOptions): Promise<{ readonly profiles: readonly StoredProfile[]; readonly total: number }>;
  /** All there are: at most as many as the limit says. */
  all(): Promise<readonly StoredProfile[]>;
  /**
   * Makes a new version. `ifVersion`: only when that is the newest one, else throws `catalog-conflict`. Content that is
   * the same makes no version.
   */
  update(id: string, content: ProfileContent, ifVersion: number | undefined, note: ChangeNote): Promise<StoredProfile>;
  /** Removes a profile with its versions; agents it was given to by hand are free again. */
  remove(id: string, ifVersion: number | undefined): Promise<StoredProfile>;
  /** Newest first. */
  versions(
    id: string,
    options?: { readonly offset?: number | undefined; readonly limit?: number | undefined },
  ): Promise<readonly ProfileVersion[]>;
  /** Throws `profile-version-unknown`. */
  version(id: string, version: number): Promise<ProfileVersion>;
}

type Database = Kysely<CatalogTables>;
type Change = Transaction<CatalogTables>;

/** See {@link Profiles}. */
export function createProfiles(database: Database, clock: () => number): Profiles {
  async function list(options: ProfileListOptions = {}): ReturnType<Profiles['list']> {
    const limit = Math.min(Math.max(1, options.limit ?? 100), catalogLimits.pageRows);
    let chosen = database.selectFrom('profiles');
    if (options.search !== undefined && options.search !== '') {
      chosen = chosen.where(holds('name_folded', foldName(options.search)));
    }
    if (options.enabled !== undefined) chosen = chosen.where('enabled', '=', options.enabled ? 1 : 0);
    const rows = await chosen
      .selectAll()
      .orderBy('priority')
      .orderBy('name_folded')
      .offset(Math.max(0, options.offset ?? 0))
      .limit(limit)
      .execute();
    const { count } = await chosen.select((of) => of.fn.countAll<number>().as('count')).executeTakeFirstOrThrow();
    return { profiles: rows.map(profileOf), total: Number(count) };
  }

  return {
    list,
    all: async () => (await list({ limit: catalogLimits.profiles })).profiles,
    get: async (id) => profileOf(await rowOf(database, id)),
    create: (content, note) => database.transaction().execute((change) => create(change, content, note, clock())),
    update: (id, content, ifVersion, note) =>
      database.transaction().execute((change) => update(change, id, content, ifVersion, note, clock())),
    remove: (id, ifVersion) => database.transaction().execute((change) => remove(change, id, ifVersion)),
    async versions(id, { offset = 0, limit = 100 } = {}) {
      await rowOf(database, id);
      const rows = await database
        .selectFrom('profile_versions')
        .selectAll()
        .where('profile_id', '=', id)
        .orderBy('version', 'desc')
        .offset(Math.max(0, offset))
        .limit(Math.min(Math.max(1, limit), catalogLimits.pageRows))
        .execute();
      return rows.map(versionOf);
    },
    async version(id, version) {
      const row = await database
        .selectFrom('profile_versions')
        .selectAll()
        .where('profile_id', '=', id)
        .where('version', '=', version)
        .executeTakeFirst();
      if (row === undefined) throw new AppError('profile-version-unknown', `The profile has no version ${version}.`);
      return versionOf(row);
    },
  };
}

async function create(change: Change, content: ProfileContent, note: ChangeNote, now: number): Promise<StoredProfile> {
  const { count } = await change
    .selectFrom('profiles')
    .select((of) => of.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  if (Number(count) >= catalogLimits.profiles) {
    throw new AppError('catalog-full', `There are ${catalogLimits.profiles} profiles already.`);
  }
  await refuseTakenName(change, content.name, undefined);
  const id = `prf_${randomBytes(8).toString('hex')}`;
  if (content.isDefault) await moveDefault(change, id, note, now);
  const row = { id, ...columnsOf(content), version: 1, created_at: now, updated_at: now };
  await change.insertInto('profiles').values(row).execute();
  await addVersion(change, row, note, now);
  await countChange(change, 'profiles');
  return profileOf(row);
}

async function update(
  change: Change,
  id: string,
  content: ProfileContent,
  ifVersion: number | undefined,
  note: ChangeNote,
  now: number,
): Promise<StoredProfile> {
  const old = await rowOf(change, id);
  checkVersion(old, ifVersion);
  const columns = columnsOf(content);
  if (columns.content === old.content) return profileOf(old);
  await refuseTakenName(change, content.name, id);
  if (content.isDefault) await moveDefault(change, id, note, now);
  const row = { ...old, ...columns, version: old.version + 1, updated_at: now };
  const done = await change
    .updateTable('profiles')
    .set({ ...columns, version: row.version, updated_at: now })
    .where('id', '=', id)
    .where('version', '=', old.version)
    .executeTakeFirst();
  if (done.numUpdatedRows !== 1n) throw conflict();
  await addVersion(change, row, note, now);
  await countChange(change, 'profiles');
  return profileOf(row);
}

async function remove(change: Change, id: string, ifVersion: number | undefined): Promise<StoredProfile> {
  const old = await rowOf(change, id);
  checkVersion(old, ifVersion);
  await change.updateTable('agents').set({ pinned_profile_id: null }).where('pinned_profile_id', '=', id).execute();
  await change.deleteFrom('profile_versions').where('profile_id', '=', id).execute();
  await change.deleteFrom('profiles').where('id', '=', id).execute();
  await countChange(change, 'profiles');
  return profileOf(old);
}

/** One profile at most is the default: the one that was gets a version in which it is not. */
async function moveDefault(change: Change, id: string, note: ChangeNote, now: number): Promise<void> {
  const others = await change
    .selectFrom('profiles')
    .selectAll()
    .where('is_default', '=', 1)
    .where('id', '!=', id)
    .execute();
  for (const other of others) {
    const columns = columnsOf({ ...contentOf(other.content), isDefault: false });
    const row = { ...other, ...columns, version: other.version + 1, updated_at: now };
    await change
      .updateTable('profiles')
      .set({ ...columns, version: row.version, updated_at: now })
      .where('id', '=', other.id)
      .execute();
    await addVersion(change, row, { by: note.by, remark: 'another profile became the default' }, now);
  }
}

async function addVersion(
  change: Change,
  { id, version, content }: Pick<Selectable<ProfileTable>, 'id' | 'version' | 'content'>,
  { by, remark }: ChangeNote,
  now: number,
): Promise<void> {
  await change
    .insertInto('profile_versions')
    .values({ profile_id: id, version, content, created_at: now, created_by: by, remark })
    .execute();
  await change
    .deleteFrom('profile_versions')
    .where('profile_id', '=', id)
    .where('version', '<=', version - catalogLimits.profileVersions)
    .execute();
}

async function refuseTakenName(change: Change, name: string, id: string | undefined): Promise<void> {
  const other = await change
    .selectFrom('profiles')
    .select('id')
    .where('name_folded', '=', foldName(name))
    .executeTakeFirst();
  if (other === undefined || other.id === id) return;
  throw new AppError('profile-name-taken', 'Another profile has this name.', { place: { field: 'name' } });
}

async function rowOf(database: Database, id: string): Promise<Selectable<ProfileTable>> {
  const row = await database.selectFrom('profiles').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw new AppError('profile-unknown', 'There is no profile with this id.');
  return row;
}

function checkVersion(row: Selectable<ProfileTable>, ifVersion: number | undefined): void {
  if (ifVersion === undefined || ifVersion === row.version) return;
  throw new AppError('catalog-conflict', 'Somebody else changed the profile in the meantime.', {
    place: { field: 'version', found: String(row.version), expected: String(ifVersion) },
  });
}

function conflict(): AppError {
  return new AppError('catalog-conflict', 'Somebody else changed the profile at the same time.');
}

function columnsOf(
  content: ProfileContent,
): Omit<Selectable<ProfileTable>, 'id' | 'version' | 'created_at' | 'updated_at'> {
  return {
    name: content.name,
    name_folded: foldName(content.name),
    platform: content.platform,
    enabled: content.enabled ? 1 : 0,
    is_default: content.isDefault ? 1 : 0,
    priority: content.priority,
    content: JSON.stringify(content),
  };
}

function contentOf(text: string): ProfileContent {
  return parseProfileContent(readJson(text));
}

function profileOf(row: Selectable<ProfileTable>): StoredProfile {
  const { id, version, created_at: createdAt, updated_at: updatedAt } = row;
  return { id, version, content: contentOf(row.content), createdAt, updatedAt };
}

function versionOf(row: {
  readonly version: number;
  readonly content: string;
  readonly created_at: number;
  readonly created_by: string;
  readonly remark: string;
}): ProfileVersion {
  const { version, created_at: createdAt, created_by: createdBy, remark } = row;
  return { version, content: contentOf(row.content), createdAt, createdBy, remark };
}
