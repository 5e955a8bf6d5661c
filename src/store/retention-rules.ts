import { AppError } from '#error';
import type { Engine } from './engine.ts';
import { retentionDaysMax } from './limits.ts';
import type { Reading } from './reading.ts';
import { readMeta, run, writeMeta } from './schema.ts';
import type { CancelOptions, Retention } from './store.ts';
import { ownTable, retentionRule } from './tables.ts';

const forever: Retention = { days: null, sources: {} };

function isDays(value: unknown): value is number | null {
  return value === null || (Number.isInteger(value) && Number(value) >= 1 && Number(value) <= retentionDaysMax);
}

function check(retention: Retention): void {
  for (const [source, days] of [['', retention.days] as const, ...Object.entries(retention.sources)]) {
    if (isDays(days) && source.length <= 256) continue;
    throw new AppError(
      'store-option-invalid',
      `Retention must be whole days from 1 to ${retentionDaysMax}, or null for ever.`,
      {
        place: { field: source === '' ? 'days' : `sources.${source}`, found: String(days) },
      },
    );
  }
}

function parse(text: string): Retention {
  const said: unknown = JSON.parse(text);
  if (typeof said !== 'object' || said === null) return forever;
  const days = 'days' in said && isDays(said.days) ? said.days : null;
  const sources: Record<string, number | null> = {};
  if ('sources' in said && typeof said.sources === 'object' && said.sources !== null) {
    for (const [source, value] of Object.entries(said.sources)) if (isDays(value)) sources[source] = value;
  }
  return { days, sources };
}

/** Reads how long events are kept. */
export async function readRetention(engine: Engine, reading: Reading, _options: CancelOptions): Promise<Retention> {
  const text = await readMeta(engine, reading, 'retention');
  return text === undefined ? forever : parse(text);
}

/** Sets how long events are kept. The rule is the engine's own; what it says is also noted, to be read back. */
export async function writeRetention(engine: Engine, reading: Reading, retention: Retention): Promise<void> {
  check(retention);
  const before = await readRetention(engine, reading, {});
  if (retentionRule(before) === retentionRule(retention)) {
    await writeMeta(engine, 'retention', JSON.stringify(retention));
    return;
  }
  const on = engine.cluster === undefined ? '' : ` ON CLUSTER ${engine.cluster}`;
  const table = `${engine.database}.${ownTable('events', engine.cluster)}${on}`;
  const rule = retentionRule(retention);
  // Removing a rule where there is none is an error of the engine's, so a rule that removes nothing stands in its place.
  const sql = `ALTER TABLE ${table} MODIFY TTL ${rule === '' ? 'toDateTime(eventTime) + toIntervalYear(1000) DELETE WHERE 0' : rule}`;
  await run(engine, sql, 'set the retention');
  await run(engine, `ALTER TABLE ${table} MATERIALIZE TTL`, 'apply the retention to what is stored');
  await writeMeta(engine, 'retention', JSON.stringify(retention));
}
