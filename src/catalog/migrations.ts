import type { Kysely, Migration } from 'kysely';
import { full, keyed, type NewTable, sparse } from './build-table.ts';
import { dashboardMigration } from './dashboard-migration.ts';
import { fleetOutboxMigration } from './fleet-outbox-migration.ts';
import { peopleMigration } from './people-migration.ts';

/**
 * What leads from each version of the catalog to the next, by name; the names sort in the order they are run. They only go
 * forward, run in a transaction, and speak the SQL that SQLite and PostgreSQL share. A migration that was released never
 * changes.
 */
export const migrations: Readonly<Record<string, Migration>> = {
  '0001-fleet': { up: fleet },
  '0002-people': { up: peopleMigration },
  '0003-dashboards': { up: dashboardMigration },
  '0004-fleet-outbox': { up: fleetOutboxMigration },
};

async function fleet(database: Kysely<unknown>): Promise<void> {
  const { schema } = database;
  const make = (name: string): NewTable => schema.createTable(name);

  await full(keyed(make('remarks'), 'name'), 'text', 'value').execute();
  await full(keyed(make('counters'), 'name'), 'bigint', 'value').execute();
  await full(full(keyed(make('leases'), 'name'), 'text', 'holder'), 'bigint', 'until').execute();
  await full(
    full(keyed(make('server_keys'), 'key_id'), 'text', 'public_key', 'private_key'),
    'bigint',
    'created_at',
  ).execute();
  await profileTables(make);
  await agentTables(make);

  await schema.createIndex('profiles_name').unique().on('profiles').column('name_folded').execute();
  await schema.createIndex('agents_name').on('agents').column('name_folded').execute();
  await schema.createIndex('agents_machine').on('agents').column('machine_id').execute();
  await schema.createIndex('agents_seen').on('agents').column('last_seen').execute();
  await schema.createIndex('agent_keys_agent').on('agent_keys').column('agent_id').execute();
  await schema.createIndex('agent_streams_agent').on('agent_streams').column('agent_id').execute();
}

async function profileTables(make: (name: string) => NewTable): Promise<void> {
  let profiles = full(keyed(make('profiles'), 'id'), 'text', 'name', 'name_folded', 'platform', 'content');
  profiles = full(profiles, 'integer', 'enabled', 'is_default', 'priority', 'version');
  await full(profiles, 'bigint', 'created_at', 'updated_at').execute();

  let versions = full(make('profile_versions'), 'text', 'profile_id', 'content', 'created_by', 'remark');
  versions = full(full(versions, 'integer', 'version'), 'bigint', 'created_at');
  await versions.addPrimaryKeyConstraint('profile_versions_key', ['profile_id', 'version']).execute();

  let tokens = full(keyed(make('enrollment_tokens'), 'id'), 'text', 'secret_hash', 'description', 'tags');
  tokens = full(full(tokens, 'integer', 'uses_max', 'uses'), 'bigint', 'created_at', 'expires_at');
  await sparse(sparse(tokens, 'bigint', 'revoked_at'), 'text', 'profile_id').execute();
}

async function agentTables(make: (name: string) => NewTable): Promise<void> {
  let agents = full(
    keyed(make('agents'), 'id'),
    'text',
    ...['name', 'name_folded', 'machine_id', 'os', 'kernel', 'arch', 'addresses', 'agent_version'],
    ...['own_tags', 'given_tags', 'token_id', 'instance', 'superseded', 'happenings_of'],
  );
  agents = full(
    agents,
    'bigint',
    ...['enrolled_at', 'instance_since', 'clock_offset_ms', 'lag_bytes', 'lag_seconds', 'spool_bytes', 'spool_full'],
    ...['happenings_up_to', 'revision', 'told_profile_version', 'applied_revision', 'refused_revision'],
  );
  agents = sparse(agents, 'text', 'pinned_profile_id', 'revoked_reason', 'status', 'told_profile_id', 'refused_code');
  agents = sparse(agents, 'text', 'refused_sentence');
  await sparse(agents, 'bigint', 'revoked_at', 'last_seen', 'silent_since', 'last_event_time').execute();

  let keys = full(keyed(make('agent_keys'), 'key_id'), 'text', 'agent_id', 'public_key');
  keys = full(full(keys, 'bigint', 'created_at'), 'integer', 'used');
  await sparse(keys, 'bigint', 'ends_at').execute();

  let streams = full(
    make('agent_streams'),
    'text',
    ...['stream', 'agent_id', 'machine_id', 'host', 'source', 'log', 'place', 'marks'],
  );
  streams = full(full(streams, 'integer', 'generation'), 'bigint', 'claimed_at', 'updated_at');
  await streams.addPrimaryKeyConstraint('agent_streams_key', ['stream', 'generation']).execute();
}
