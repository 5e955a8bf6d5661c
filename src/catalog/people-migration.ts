import type { Kysely } from 'kysely';
import { full, keyed, type NewTable, sparse } from './build-table.ts';

/** Makes the tables of people and of what belongs to them. */
export async function peopleMigration(database: Kysely<unknown>): Promise<void> {
  const { schema } = database;
  const make = (name: string): NewTable => schema.createTable(name);

  let users = full(keyed(make('users'), 'id'), 'text', 'name', 'name_folded', 'display_name', 'role');
  users = full(full(users, 'integer', 'enabled', 'totp_confirmed'), 'bigint', 'totp_step', 'created_at');
  users = sparse(users, 'text', 'password_hash', 'totp_secret', 'issuer', 'subject');
  await sparse(users, 'bigint', 'password_at', 'last_sign_in').execute();
  await schema.createIndex('users_name').unique().on('users').column('name_folded').execute();
  await schema.createIndex('users_subject').unique().on('users').columns(['issuer', 'subject']).execute();

  await full(make('recovery_codes'), 'text', 'user_id', 'code_hash')
    .addPrimaryKeyConstraint('recovery_codes_key', ['user_id', 'code_hash'])
    .execute();

  let invitations = full(keyed(make('invitations'), 'id'), 'text', 'secret_hash', 'purpose');
  invitations = full(invitations, 'bigint', 'created_at', 'expires_at');
  await sparse(invitations, 'text', 'user_id').execute();

  let sessions = full(
    keyed(make('sessions'), 'id'),
    'text',
    ...['secret_hash', 'user_id', 'method', 'address', 'program'],
  );
  sessions = full(sessions, 'bigint', 'created_at', 'last_seen', 'ends_at');
  await sparse(sessions, 'text', 'token_mark').execute();
  await schema.createIndex('sessions_secret').unique().on('sessions').column('secret_hash').execute();
  await schema.createIndex('sessions_user').on('sessions').column('user_id').execute();

  let tokens = full(keyed(make('api_tokens'), 'id'), 'text', 'secret_hash', 'user_id', 'name', 'scopes');
  tokens = full(tokens, 'bigint', 'created_at', 'expires_at');
  await sparse(tokens, 'bigint', 'last_used', 'revoked_at').execute();
  await schema.createIndex('api_tokens_user').on('api_tokens').column('user_id').execute();

  const requests = full(keyed(make('open_id_requests'), 'state_hash'), 'text', 'binding_hash', 'nonce', 'verifier');
  await full(requests, 'bigint', 'ends_at').execute();

  let audit = make('audit').addColumn('number', 'bigint', (column) => column.primaryKey().notNull());
  audit = full(audit, 'text', 'actor_id', 'actor', 'via', 'action', 'object', 'outcome', 'address', 'detail');
  audit = full(full(audit, 'bigint', 'time'), 'integer', 'stored');
  await sparse(audit, 'text', 'code').execute();
  await schema.createIndex('audit_stored').on('audit').column('stored').execute();

  let searches = full(
    keyed(make('saved_searches'), 'id'),
    'text',
    ...['owner_id', 'owner', 'name', 'name_folded', 'description', 'content'],
  );
  searches = full(full(searches, 'integer', 'shared'), 'bigint', 'created_at', 'updated_at');
  await searches.execute();
  await schema
    .createIndex('saved_searches_name')
    .unique()
    .on('saved_searches')
    .columns(['owner_id', 'name_folded'])
    .execute();
}
