import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { restoreBackup, writeBackup } from './backup.ts';
import { CoverageTable } from './coverage-book.ts';
import { type DataLock, takeDataDirectory } from './data-lock.ts';
import { DeadLetterBox, parseId } from './dead-letter-box.ts';
import { openEmbedded } from './embedded.ts';
import type { Engine } from './engine.ts';
import { storeError } from './engine-error.ts';
import { eventRows, inOrder, selectList } from './event-rows.ts';
import { BlockWriter, SpareBlocks } from './event-writer.ts';
import { KnownRows } from './known-rows.ts';
import { queryLimits, readersDefault, readersMax } from './limits.ts';
import { MergePause } from './merge-pause.ts';
import { Overview } from './overview.ts';
import { Reading } from './reading.ts';
import { openRemote } from './remote.ts';
import { readRetention, writeRetention } from './retention-rules.ts';
import { checkVersion, compactTables, prepareTables, schemaVersion } from './schema.ts';
import { Search } from './search.ts';
import type { CancelOptions, EmbeddedOptions, QueryLimits, Store, StoredEvent, StoreOptions } from './store.ts';
import { StreamBook } from './stream-book.ts';
import { Summaries } from './summaries.ts';
import { bytesParameter, bytesValue } from './where.ts';
import { WriteQueue } from './write-queue.ts';

/** Looks at the directory before the engine does: is it ours, free, and not of a newer version? */
function takeDirectory(directory: string, notice: (sentence: string) => void): DataLock {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const lock = takeDataDirectory(directory);
    if (lock.tookOver)
      notice('The last process that used the data directory ended without closing it; going on from what it stored.');
    try {
      checkDirectory(directory);
    } catch (thrown) {
      lock.release();
      throw thrown;
    }
    return lock;
  } catch (thrown) {
    throw storeError(thrown, `use the data directory ${directory}`);
  }
}

/** The version stands in a file of its own, for a newer engine's files might not even load. */
function checkDirectory(directory: string): void {
  const file = join(directory, 'store-version');
  let text: string | undefined;
  try {
    text = readFileSync(file, 'utf8').trim();
  } catch (thrown) {
    if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT')) throw thrown;
  }
  if (text !== undefined) checkVersion(text, directory);
  if (text !== String(schemaVersion)) writeFileSync(file, `${schemaVersion}\n`, { mode: 0o600 });
}

interface Opened {
  readonly engine: Engine;
  readonly release: () => void;
}

async function openDirectory(
  options: EmbeddedOptions,
  limits: QueryLimits,
  notice: (sentence: string) => void,
): Promise<Opened> {
  const directory = resolve(options.directory);
  const lock = takeDirectory(directory, notice);
  try {
    return { engine: await openEmbedded({ ...options, directory }, limits), release: () => lock.release() };
  } catch (thrown) {
    lock.release();
    throw storeError(thrown, 'open the embedded engine');
  }
}

/**
 * Opens the store. Embedded, this process then owns the data directory until `close`; one process can have one
 * embedded store open at a time. Throws `store-in-use`, `store-newer`, `store-forbidden`, `store-unreachable`,
 * `store-refused`, `disk-full`, `engine-missing`.
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const limits: QueryLimits = { ...queryLimits, ...options.limits };
  const notice = options.notice ?? ((): void => undefined);
  const readers = Math.min(Math.max(1, Math.floor(options.readers ?? readersDefault)), readersMax);
  const { engine, release } =
    options.kind === 'embedded'
      ? await openDirectory({ ...options, readers }, limits, notice)
      : { engine: openRemote({ ...options, readers }, limits), release: (): void => undefined };
  const reading = new Reading(engine.readers, engine.killer);
  try {
    await prepareTables(engine, reading, notice);
    const isLater = options.kind === 'embedded' && options.mergeLater === true;
    return joinParts(engine, reading, isLater ? await MergePause.begin(engine, reading) : undefined, release);
  } catch (thrown) {
    await engine.close();
    release();
    throw thrown;
  }
}

/** Joins the parts of the store. */
function joinParts(engine: Engine, reading: Reading, pause: MergePause | undefined, release: () => void): Store {
  const { database } = engine;
  const checking = new Reading([engine.checker], engine.killer);
  let known = new KnownRows(checking, database, engine.exclusive);
  const queue = new WriteQueue(
    engine,
    () => known,
    async () => pause?.wrote(),
  );
  const overview = new Overview(engine, reading);
  const search = new Search(reading, overview, database);
  const summaries = new Summaries(reading, database);
  const spare = new SpareBlocks();
  const writers = new Set<BlockWriter>();
  let closing: Promise<void> | undefined;

  async function get(eventId: string, { signal }: CancelOptions = {}): Promise<StoredEvent | undefined> {
    const identity = parseId(eventId);
    if (identity === undefined) return undefined;
    const wanted = inOrder(undefined);
    const [block] = await reading.ask({
      sql: `SELECT ${selectList(wanted)} FROM ${database}.events
        WHERE stream = ${bytesParameter('stream')} AND generation = {generation:Int64} AND position = {position:UInt64} LIMIT 1`,
      params: {
        stream: bytesValue(identity.stream),
        generation: String(identity.generation),
        position: String(identity.position),
      },
      signal,
      doing: 'look up an event',
    });
    return block === undefined ? undefined : eventRows(block, wanted)[0];
  }

  async function close(): Promise<void> {
    for (const writer of writers) writer.abandon();
    await queue.close();
    await Promise.all([reading.close(), checking.close()]);
    await engine.close();
    release();
  }

  return {
    kind: engine.kind,
    writer: (options = {}) => {
      const writer: BlockWriter = new BlockWriter(queue, spare, options, () => writers.delete(writer));
      writers.add(writer);
      return writer;
    },
    search: (condition, options = {}) => search.search(condition, options),
    scan: (condition, options = {}) => search.scan(condition, options),
    count: (condition, options = {}) => summaries.count(condition, options),
    histogram: (condition, options) => summaries.histogram(condition, options),
    facets: (condition, labels, options = {}) => summaries.facets(condition, labels, options),
    groupBy: (condition, labels, options = {}) => summaries.groupBy(condition, labels, options),
    get,
    session: (sessionKey, options = {}) =>
      search.search(
        { kind: 'text', labels: ['sessionKey'], test: { kind: 'equals', values: [sessionKey] } },
        { ...options, sort: { label: 'eventTime', order: 'ascending' } },
      ),
    bounds: (options = {}) => overview.bounds(options),
    stats: (options = {}) => overview.stats(options),
    highWater: (stream, generation, options = {}) => known.highWater(stream, generation, options.signal),
    deadLetters: new DeadLetterBox(reading, queue, database),
    streams: new StreamBook(reading, queue, database),
    coverage: new CoverageTable(engine, reading, queue),
    retention: (options = {}) => readRetention(engine, reading, options),
    setRetention: (retention) => writeRetention(engine, reading, retention),
    backup: (name) => queue.enqueue(() => writeBackup(engine, name)),
    restore: (name) =>
      queue.enqueue(async () => {
        await restoreBackup(engine, name);
        // A backup of an older version may lack tables.
        await prepareTables(engine, reading, () => undefined);
        // What is stored is another truth now.
        known = new KnownRows(checking, database, engine.exclusive);
      }),
    compact: () => compactTables(engine, reading),
    inspect: (options = {}) => overview.inspect(options),
    close: () => (closing ??= close()),
  };
}
