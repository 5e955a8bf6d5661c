import { chmod, type FileHandle, mkdir, mkdtemp, open, rm, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type ClickHouseClient, type ClickHouseSettings, createClient } from '@clickhouse/client';
import { AppError } from '#error';
import { partCompression } from './columns.ts';
import { type Engine, insertStatement, type NativeInsert, quoteText } from './engine.ts';
import { storeError } from './engine-error.ts';
import { readingSettings, writingSettings } from './engine-settings.ts';
import { engineMemoryBytesDefault, readersDefault } from './limits.ts';
import type { EmbeddedOptions, QueryLimits } from './store.ts';

const mebibyte = 1024 ** 2;

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** What the engine can only be told when it starts: memory, small caches, few threads, where backups may lie. */
function engineConfig(options: EmbeddedOptions): string {
  const memory = options.engineMemoryBytesMax ?? engineMemoryBytesDefault;
  const cache = Math.floor(memory / 24);
  const settings: Record<string, number> = {
    max_server_memory_usage: memory,
    mark_cache_size: cache,
    primary_index_cache_size: cache,
    index_mark_cache_size: cache,
    uncompressed_cache_size: 0,
    query_condition_cache_size: 4 * mebibyte,
    compiled_expression_cache_size: 4 * mebibyte,
    text_index_tokens_cache_size: 4 * mebibyte,
    text_index_header_cache_size: cache,
    text_index_postings_cache_size: cache,
    mmap_cache_size: 0,
    background_pool_size: 1,
    background_merges_mutations_concurrency_ratio: 1,
    max_thread_pool_size: 200,
    max_thread_pool_free_size: 8,
    max_io_thread_pool_size: 8,
    max_active_parts_loading_thread_pool_size: 2,
    max_parts_cleaning_thread_pool_size: 2,
    max_backups_io_thread_pool_size: 4,
  };
  const lines = Object.entries(settings).map(([name, value]) => `  <${name}>${value}</${name}>`);
  const backups = `  <backups><allowed_path>${escapeXml(join(options.directory, 'backups'))}/</allowed_path></backups>`;
  // Of several cases that fit, the last one counts.
  const cases = partCompression.map(
    ({ bytesMin, zstdLevel }) =>
      `<case><min_part_size>${bytesMin}</min_part_size><min_part_size_ratio>0</min_part_size_ratio>` +
      `<method>zstd</method><level>${zstdLevel}</level></case>`,
  );
  const compression = `  <compression>${cases.join('')}</compression>`;
  return `<clickhouse>\n${lines.join('\n')}\n${compression}\n${backups}\n</clickhouse>\n`;
}

/** Times a block is tried when the engine is short of memory, and the pause that grows with each. */
const attemptsMax = 8;
const pauseMs = 250;

/** Most pieces the system takes in one write. */
const piecesMax = 1024;

async function writeAll(file: FileHandle, parts: readonly Uint8Array[]): Promise<void> {
  let at = 0;
  for (let piece = 0; piece < parts.length; piece += piecesMax) {
    const pieces = parts.slice(piece, piece + piecesMax);
    const bytes = pieces.reduce((sum, part) => sum + part.length, 0);
    const { bytesWritten } = await file.writev(pieces, at);
    if (bytesWritten !== bytes) throw new Error('No space left on device: a block could not be written whole');
    at += bytes;
  }
  await file.truncate(at);
}

/** Files through which blocks reach the engine: written over and over, because making files is what costs. */
class BlockFiles {
  readonly #directory: string;
  readonly #free: string[] = [];
  #made = 0;

  constructor(directory: string) {
    this.#directory = directory;
  }

  async write(parts: readonly Uint8Array[]): Promise<string> {
    const used = this.#free.pop();
    const path = used ?? join(this.#directory, `block-${this.#made++}.native`);
    try {
      const file = await open(path, used === undefined ? 'wx+' : 'r+', 0o600);
      try {
        await writeAll(file, parts);
      } finally {
        await file.close();
      }
    } catch (thrown) {
      if (used !== undefined) this.#free.push(path);
      throw storeError(thrown, 'write a block of events');
    }
    return path;
  }

  giveBack(path: string): void {
    this.#free.push(path);
  }
}

type ConnectionOfClient = NonNullable<NonNullable<Parameters<typeof createClient>[0]>['connection']>;

type Chdb = Pick<typeof import('chdb'), 'Session' | 'drainPending'> &
  Pick<typeof import('chdb/connection'), 'createChdbConnection'>;

/** How long the engine's allocator keeps memory that is free before it gives it back: its own 5 s add 100 MiB. */
const allocatorSettings = 'dirty_decay_ms:500,muzzy_decay_ms:0';

async function loadChdb(): Promise<Chdb> {
  try {
    // Read by the allocator when the engine's library is loaded, and at no other time.
    process.env['JE_MALLOC_CONF'] ??= allocatorSettings;
    const [{ Session, drainPending }, { createChdbConnection }] = await Promise.all([
      import('chdb'),
      import('chdb/connection'),
    ]);
    return { Session, drainPending, createChdbConnection };
  } catch (thrown) {
    throw new AppError('engine-missing', 'The embedded database engine could not be loaded.', { cause: thrown });
  }
}

/** The engine takes blanks, stars and braces of a path for patterns; such a directory gets its block files elsewhere. */
async function makeBlockDirectory(directory: string): Promise<string> {
  const inside = join(directory, 'tmp');
  if (/[*?{}[\],]/.test(inside)) return mkdtemp(join(tmpdir(), 'meridian-'));
  await rm(inside, { recursive: true, force: true });
  await mkdir(inside, { mode: 0o700 });
  return inside;
}

async function connect(chdb: Chdb, path: string, settings: ClickHouseSettings): Promise<ClickHouseClient> {
  // Both packages declare the same interface, each in a copy of its own that the other's private parts do not fit.
  const connection = chdb.createChdbConnection({ path }) as unknown as ConnectionOfClient;
  const client = createClient({ connection });
  await client.command({ query: 'SELECT 1', clickhouse_settings: settings });
  return client;
}

/** Opens the engine in this process. The directory is there, and this process has its lock. */
export async function openEmbedded(options: EmbeddedOptions, limits: QueryLimits): Promise<Engine> {
  const { directory } = options;
  const chdb = await loadChdb();
  const path = join(directory, 'engine');
  const config = join(directory, 'engine.xml');
  await mkdir(join(directory, 'backups'), { recursive: true, mode: 0o700 });
  await writeFile(config, engineConfig(options), { mode: 0o600 });
  await chmod(config, 0o600);
  const blockDirectory = await makeBlockDirectory(directory);
  const files = new BlockFiles(blockDirectory);
  // The first connection of the process brings the configuration; later ones to the same path share that engine.
  const session = new chdb.Session(path, { connectionArgs: [`--config-file=${config}`] });
  const writer = await connect(chdb, path, writingSettings);
  const control = await connect(chdb, path, writingSettings);
  const killer = await connect(chdb, path, {});
  const checker = await connect(chdb, path, { max_threads: 1, readonly: '1' });
  const readers: ClickHouseClient[] = [];
  for (let at = 0; at < (options.readers ?? readersDefault); at++) {
    readers.push(await connect(chdb, path, readingSettings(limits)));
  }

  async function store(block: NativeInsert, file: string): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        await writer.command({
          query: insertStatement(block, (structure) => `file(${quoteText(file)}, Native, ${structure})`),
          clickhouse_settings: { insert_deduplication_token: block.token },
        });
        return;
      } catch (thrown) {
        // Memory that queries and merges hold now is free in a moment; the token keeps the block from going in twice.
        const isShort = storeError(thrown, 'store events').code === 'query-out-of-memory';
        if (!isShort || attempt === attemptsMax) throw thrown;
        await wait(pauseMs * attempt);
      }
    }
  }

  async function insert(block: NativeInsert): Promise<void> {
    const file = await files.write(block.parts);
    block.taken?.();
    try {
      await store(block, file);
    } finally {
      files.giveBack(file);
    }
  }

  async function close(): Promise<void> {
    await Promise.all([writer, control, killer, checker, ...readers].map((client) => client.close()));
    session.close();
    await chdb.drainPending();
    await rm(blockDirectory, { recursive: true, force: true });
  }

  async function freeBytes(): Promise<number> {
    const { bavail, bsize } = await statfs(directory);
    return bavail * bsize;
  }

  return {
    kind: 'embedded',
    place: directory,
    database: 'meridian',
    cluster: undefined,
    exclusive: true,
    control,
    killer,
    readers,
    checker,
    insert,
    backupTarget: (name) => `File(${quoteText(name)})`,
    freeBytes,
    close,
  };
}
