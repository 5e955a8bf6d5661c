import type { Kysely } from 'kysely';
import { hashSecret } from './random-secret.ts';
import type { CatalogTables } from './tables.ts';

/** The second factor of people: codes of an app, and codes for the day the app is gone. */
export interface SecondFactors {
  /** Keeps a secret that counts once it is confirmed; one that counts already stays as it is: false. */
  begin(userId: string, secret: string): Promise<boolean>;
  /** The secret counts from now on; the step of its first code is taken. False when there is none to confirm. */
  confirm(userId: string, step: number, recoveryCodes: readonly string[]): Promise<boolean>;
  /** Takes the factor away, with its recovery codes. */
  end(userId: string): Promise<void>;
  /** Takes a step, so that its code counts once; false when it, or a later one, was taken already. */
  takeStep(userId: string, step: number): Promise<boolean>;
  /** Uses a recovery code up; false when it is none. */
  takeRecoveryCode(userId: string, code: string): Promise<boolean>;
  /** Puts new recovery codes in the place of all there are. */
  setRecoveryCodes(userId: string, codes: readonly string[]): Promise<void>;
  recoveryCodesLeft(userId: string): Promise<number>;
}

type Database = Kysely<CatalogTables>;

/** See {@link SecondFactors}. Of recovery codes only hashes are kept. */
export function createSecondFactors(database: Database): SecondFactors {
  return {
    async begin(userId, secret) {
      const done = await database
        .updateTable('users')
        .set({ totp_secret: secret, totp_step: 0 })
        .where('id', '=', userId)
        .where('totp_confirmed', '=', 0)
        .executeTakeFirst();
      return done.numUpdatedRows === 1n;
    },
    confirm: (userId, step, codes) =>
      database.transaction().execute(async (change) => {
        const done = await change
          .updateTable('users')
          .set({ totp_confirmed: 1, totp_step: step })
          .where('id', '=', userId)
          .where('totp_confirmed', '=', 0)
          .where('totp_secret', 'is not', null)
          .executeTakeFirst();
        if (done.numUpdatedRows !== 1n) return false;
        await replaceCodes(change, userId, codes);
        return true;
      }),
    end: (userId) =>
      database.transaction().execute(async (change) => {
        await change
          .updateTable('users')
          .set({ totp_secret: null, totp_confirmed: 0, totp_step: 0 })
          .where('id', '=', userId)
          .execute();
        await replaceCodes(change, userId, []);
      }),
    async takeStep(userId, step) {
      const done = await database
        .updateTable('users')
        .set({ totp_step: step })
        .where('id', '=', userId)
        .where('totp_step', '<', step)
        .executeTakeFirst();
      return done.numUpdatedRows === 1n;
    },
    async takeRecoveryCode(userId, code) {
      const done = await database
        .deleteFrom('recovery_codes')
        .where('user_id', '=', userId)
        .where('code_hash', '=', hashSecret(code))
        .executeTakeFirst();
      return done.numDeletedRows === 1n;
    },
    setRecoveryCodes: (userId, codes) =>
      database.transaction().execute((change) => replaceCodes(change, userId, codes)),
    async recoveryCodesLeft(userId) {
      const { count } = await database
        .selectFrom('recovery_codes')
        .where('user_id', '=', userId)
        .select((of) => of.fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow();
      return Number(count);
    },
  };
}

async function replaceCodes(change: Database, userId: string, codes: readonly string[]): Promise<void> {
  await change.deleteFrom('recovery_codes').where('user_id', '=', userId).execute();
  if (codes.length === 0) return;
  const rows = codes.map((code) => ({ user_id: userId, code_hash: hashSecret(code) }));
  await change.insertInto('recovery_codes').values(rows).execute();
}
