import type { Kysely } from 'kysely';
import { AppError } from '#error';
import { createUser, type NewUser } from './create-user.ts';
import { foldName, holds } from './json-columns.ts';
import { catalogLimits } from './limits.ts';
import type { Role } from './roles.ts';
import type { CatalogTables } from './tables.ts';
import {
  type Credentials,
  credentialsOf,
  keepAdministrator,
  takeTurn,
  type User,
  userOf,
  userRow,
} from './user-rows.ts';

export interface UserListOptions {
  /** Part of the name, or of the name that is shown. */
  readonly search?: string | undefined;
  readonly offset?: number | undefined;
  readonly limit?: number | undefined;
}

export interface UserChange {
  readonly displayName?: string | undefined;
  readonly role?: Role | undefined;
  readonly enabled?: boolean | undefined;
}

/** People who may sign in. */
export interface Users {
  count(): Promise<number>;
  /** By name. */
  list(options?: UserListOptions): Promise<{ readonly users: readonly User[]; readonly total: number }>;
  /** Throws `user-unknown`. */
  get(id: string): Promise<User>;
  credentials(id: string): Promise<Credentials>;
  /** Finds who signs in with this name, however it is written. */
  findByName(name: string): Promise<Credentials | undefined>;
  findBySubject(issuer: string, subject: string): Promise<User | undefined>;
  /** Throws `user-name-taken`, `users-exceeded`. */
  create(user: NewUser): Promise<User>;
  /** Sessions of a person who is not enabled any more end. Throws `last-administrator`, `user-unknown`. */
  change(id: string, change: UserChange): Promise<User>;
  /** Removes a person with all that is theirs alone; what they share stays. Throws `last-administrator`, `user-unknown`. */
  remove(id: string): Promise<User>;
  /** Sets the password, and ends all sessions but one. */
  setPassword(id: string, hash: string, keepSession?: string): Promise<void>;
  noteSignIn(id: string): Promise<void>;
}

type Database = Kysely<CatalogTables>;

/** See {@link Users}. */
export function createUsers(database: Database, clock: () => number): Users {
  return {
    ...listing(database),
    create: (user) => database.transaction().execute((change) => createUser(change, user, clock())),
    change: (id, wanted) => changeUser(database, id, wanted),
    async remove(id) {
      return database.transaction().execute(async (change) => {
        await takeTurn(change);
        const user = userOf(await userRow(change, id));
        if (user.role === 'administrator' && user.enabled) await keepAdministrator(change, id);
        for (const table of ['sessions', 'api_tokens', 'recovery_codes', 'invitations'] as const) {
          await change.deleteFrom(table).where('user_id', '=', id).execute();
        }
        await change.deleteFrom('saved_searches').where('owner_id', '=', id).where('shared', '=', 0).execute();
        await change.deleteFrom('users').where('id', '=', id).execute();
        return user;
      });
    },
    async setPassword(id, hash, keepSession = '') {
      await database.transaction().execute(async (change) => {
        await change
          .updateTable('users')
          .set({ password_hash: hash, password_at: clock() })
          .where('id', '=', id)
          .execute();
        await change.deleteFrom('sessions').where('user_id', '=', id).where('id', '!=', keepSession).execute();
        await change.deleteFrom('invitations').where('user_id', '=', id).execute();
      });
    },
    async noteSignIn(id) {
      await database.updateTable('users').set({ last_sign_in: clock() }).where('id', '=', id).execute();
    },
  };
}

function listing(
  database: Database,
): Pick<Users, 'count' | 'list' | 'get' | 'credentials' | 'findByName' | 'findBySubject'> {
  return {
    async count() {
      const { count } = await database
        .selectFrom('users')
        .select((of) => of.fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow();
      return Number(count);
    },
    async list({ search = '', offset = 0, limit = 100 } = {}) {
      const folded = foldName(search);
      const chosen = database
        .selectFrom('users')
        .$if(search !== '', (from) =>
          from.where((where) => where.or([holds('name_folded', folded), holds('display_name', search)])),
        );
      const rows = await chosen
        .selectAll()
        .orderBy('name_folded')
        .offset(Math.max(0, offset))
        .limit(Math.min(Math.max(1, limit), catalogLimits.pageRows))
        .execute();
      const { count } = await chosen.select((of) => of.fn.countAll<number>().as('count')).executeTakeFirstOrThrow();
      return { users: rows.map(userOf), total: Number(count) };
    },
    get: async (id) => userOf(await userRow(database, id)),
    credentials: async (id) => credentialsOf(await userRow(database, id)),
    async findByName(name) {
      const row = await database
        .selectFrom('users')
        .selectAll()
        .where('name_folded', '=', foldName(name))
        .executeTakeFirst();
      return row === undefined ? undefined : credentialsOf(row);
    },
    async findBySubject(issuer, subject) {
      const row = await database
        .selectFrom('users')
        .selectAll()
        .where('issuer', '=', issuer)
        .where('subject', '=', subject)
        .executeTakeFirst();
      return row === undefined ? undefined : userOf(row);
    },
  };
}

async function changeUser(database: Database, id: string, wanted: UserChange): Promise<User> {
  return database.transaction().execute(async (change) => {
    await takeTurn(change);
    const before = userOf(await userRow(change, id));
    const { displayName = before.displayName, role = before.role, enabled = before.enabled } = wanted;
    const wasAdministrator = before.role === 'administrator' && before.enabled;
    if (wasAdministrator && (role !== 'administrator' || !enabled)) await keepAdministrator(change, id);
    const row = await change
      .updateTable('users')
      .set({ display_name: displayName, role, enabled: enabled ? 1 : 0 })
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirst();
    if (row === undefined) throw new AppError('user-unknown', 'There is no user with this id.');
    if (!enabled) await change.deleteFrom('sessions').where('user_id', '=', id).execute();
    return userOf(row);
  });
}
