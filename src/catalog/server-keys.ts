import { randomBytes } from 'node:crypto';
import type { Kysely } from 'kysely';
import { makeSigningKey, readSigningKey, type SigningKey, writeSigningKey } from '#delivery';
import type { CatalogTables } from './tables.ts';

/** Who this server is to its agents; the same for all servers of one catalog. */
export interface ServerIdentity {
  readonly serverId: string;
  /** Signs profiles. */
  readonly key: SigningKey;
}

const idName = 'server-id';
const keyName = 'server-key';

/** Reads the identity of the server, made at the first start. */
export async function readServerIdentity(database: Kysely<CatalogTables>, now: number): Promise<ServerIdentity> {
  const key = makeSigningKey();
  await database.transaction().execute(async (change) => {
    // Whoever comes first makes it; the others find it.
    const made = await change
      .insertInto('remarks')
      .values({ name: keyName, value: key.keyId })
      .onConflict((conflict) => conflict.column('name').doNothing())
      .returning('name')
      .executeTakeFirst();
    if (made === undefined) return;
    const { publicKey: public_key, keyId: key_id } = key;
    await change
      .insertInto('server_keys')
      .values({ key_id, public_key, private_key: writeSigningKey(key), created_at: now })
      .execute();
    await change
      .insertInto('remarks')
      .values({ name: idName, value: `srv_${randomBytes(10).toString('hex')}` })
      .execute();
  });
  const remark = await database
    .selectFrom('remarks')
    .select('value')
    .where('name', '=', idName)
    .executeTakeFirstOrThrow();
  const row = await database
    .selectFrom('server_keys')
    .innerJoin('remarks', 'remarks.value', 'server_keys.key_id')
    .where('remarks.name', '=', keyName)
    .select('server_keys.private_key')
    .executeTakeFirstOrThrow();
  return { serverId: remark.value, key: readSigningKey(row.private_key) };
}
