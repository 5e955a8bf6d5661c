import type { Kysely, Selectable } from 'kysely';
import { catalogLimits } from './limits.ts';
import type { SessionTable } from './people-tables.ts';
import { hashSecret, randomId, randomSecret } from './random-secret.ts';
import type { CatalogTables } from './tables.ts';
import { type User, userOf } from './user-rows.ts';

/** How a person proved who they are. */
export type SignInMethod =
  | 'password'
  | 'password and code'
  | 'password and recovery code'
  | 'provider'
  | 'token'
  | 'link';

/** A session of a person at the console. */
export interface Session {
  readonly id: string;
  /** Who it belongs to; the id of the access token for those who signed in with that. */
  readonly userId: string;
  readonly method: string;
  /** Mark of the access token it was begun with. */
  readonly tokenMark: string | undefined;
  /** Where from, and with what: address, and the name the browser gives itself. */
  readonly address: string;
  readonly program: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly lastSeen: number;
  readonly endsAt: number;
}

export interface NewSession {
  readonly userId: string;
  readonly method: SignInMethod;
  readonly tokenMark?: string | undefined;
  readonly address: string;
  readonly program: string;
}

/** How long sessions last, in milliseconds: without use, and at most. */
export interface SessionLife {
  readonly idleMs: number;
  readonly lifeMs: number;
}

/** Sessions; only a hash of what stands in a cookie is kept. */
export interface Sessions {
  readonly life: SessionLife;
  begin(session: NewSession): Promise<{ readonly session: Session; readonly secret: string }>;
  /** Gives a session that is good now, with its person, unless it is one of the access token. `use` renews it. */
  find(
    secret: string,
    use: boolean,
  ): Promise<{ readonly session: Session; readonly user: User | undefined } | undefined>;
  /** Those that are good, newest use first. */
  list(userId: string): Promise<readonly Session[]>;
  /** Ends one of a person's sessions; false when there is none of this id. */
  end(id: string, userId: string): Promise<boolean>;
  /** Ends all of a person's sessions but one; gives how many. */
  endOthers(userId: string, keep: string): Promise<number>;
}

/** A use within this time of the one before is not written down, in milliseconds. */
const useMs = 60_000;

type Database = Kysely<CatalogTables>;

/** See {@link Sessions}. */
export function createSessions(database: Database, clock: () => number, life: SessionLife): Sessions {
  const good = (now: number) =>
    database
      .selectFrom('sessions')
      .where('ends_at', '>', now)
      .where('last_seen', '>', now - life.idleMs);

  return {
    life,
    async begin(session) {
      const now = clock();
      await makeRoom(database, session.userId, now, life);
      const secret = randomSecret();
      const row = {
        id: randomId(),
        secret_hash: hashSecret(secret),
        user_id: session.userId,
        method: session.method,
        token_mark: session.tokenMark ?? null,
        address: session.address,
        program: session.program,
        created_at: now,
        last_seen: now,
        ends_at: now + life.lifeMs,
      };
      await database.insertInto('sessions').values(row).execute();
      return { session: sessionOf(row), secret };
    },
    async find(secret, use) {
      const now = clock();
      const row = await good(now).selectAll().where('secret_hash', '=', hashSecret(secret)).executeTakeFirst();
      if (row === undefined) return undefined;
      const person = await database.selectFrom('users').selectAll().where('id', '=', row.user_id).executeTakeFirst();
      if (use && now - row.last_seen >= useMs) {
        await database.updateTable('sessions').set({ last_seen: now }).where('id', '=', row.id).execute();
      }
      return { session: sessionOf(row), user: person === undefined ? undefined : userOf(person) };
    },
    async list(userId) {
      const rows = await good(clock()).selectAll().where('user_id', '=', userId).orderBy('last_seen', 'desc').execute();
      return rows.map(sessionOf);
    },
    async end(id, userId) {
      const done = await database
        .deleteFrom('sessions')
        .where('id', '=', id)
        .where('user_id', '=', userId)
        .executeTakeFirst();
      return done.numDeletedRows === 1n;
    },
    async endOthers(userId, keep) {
      const done = await database
        .deleteFrom('sessions')
        .where('user_id', '=', userId)
        .where('id', '!=', keep)
        .executeTakeFirst();
      return Number(done.numDeletedRows);
    },
  };
}

/** Sessions that are over go; of a person who has too many, those not used for longest. */
async function makeRoom(database: Database, userId: string, now: number, life: SessionLife): Promise<void> {
  await database
    .deleteFrom('sessions')
    .where((where) => where.or([where('ends_at', '<=', now), where('last_seen', '<=', now - life.idleMs)]))
    .execute();
  const kept = database
    .selectFrom('sessions')
    .select('id')
    .where('user_id', '=', userId)
    .orderBy('last_seen', 'desc')
    .limit(catalogLimits.userSessions - 1);
  await database.deleteFrom('sessions').where('user_id', '=', userId).where('id', 'not in', kept).execute();
}

function sessionOf(row: Selectable<SessionTable>): Session {
  return {
    id: row.id,
    userId: row.user_id,
    method: row.method,
    tokenMark: row.token_mark ?? undefined,
    address: row.address,
    program: row.program,
    createdAt: row.created_at,
    lastSeen: row.last_seen,
    endsAt: row.ends_at,
  };
}
