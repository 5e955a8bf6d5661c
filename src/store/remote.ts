import { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { type ClickHouseClient, type ClickHouseSettings, createClient } from '@clickhouse/client';
import { AppError } from '#error';
import { type Engine, insertStatement, type NativeInsert, quoteText } from './engine.ts';
import { storeError } from './engine-error.ts';
import { readingSettings, writeSecondsMax, writingSettings } from './engine-settings.ts';
import { readersDefault } from './limits.ts';
import type { QueryLimits, RemoteOptions } from './store.ts';

/** Times an insert is tried when the server does not answer: the token keeps it from being stored twice. */
const attemptsMax = 4;
const firstPauseMs = 250;

/** Seconds the network is given on top of a query's own time. */
const graceSeconds = 10;

function checkName(name: string, what: string): string {
  if (/^[A-Za-z_][A-Za-z0-9_]{0,63}$/.test(name)) return name;
  throw new AppError(
    'store-option-invalid',
    `The name of the ${what} must be letters, digits and underscores, found "${name}".`,
  );
}

function parseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol)) return url;
  throw new AppError('store-option-invalid', 'The URL of the store must be like http://host:8123.', {
    place: { expected: 'http:// or https://' },
  });
}

/** Opens connections to a server. Nothing is asked of it yet. */
export function openRemote(options: RemoteOptions, limits: QueryLimits): Engine {
  const url = parseUrl(options.url);
  const username = options.user ?? (decodeURIComponent(url.username) || 'default');
  const password = options.password ?? decodeURIComponent(url.password);
  url.username = '';
  url.password = '';

  function connect(seconds: number, settings: ClickHouseSettings): ClickHouseClient {
    return createClient({
      url,
      username,
      password,
      application: 'meridian',
      request_timeout: (seconds + graceSeconds) * 1000,
      max_open_connections: 1,
      compression: { response: false, request: { codec: 'gzip', level: 1 } },
      // The answer is held back until it is whole, so that an error is an error and no broken answer.
      clickhouse_settings: { ...settings, wait_end_of_query: 1 },
      log: { level: 127 },
    });
  }

  const writer = connect(writeSecondsMax, writingSettings);
  const control = connect(writeSecondsMax, writingSettings);
  const killer = connect(graceSeconds, {});
  const checker = connect(writeSecondsMax, { readonly: '1' });
  const readers = Array.from({ length: options.readers ?? readersDefault }, () =>
    connect(limits.seconds, readingSettings(limits)),
  );

  async function send(block: NativeInsert): Promise<void> {
    const { stream } = await writer.exec({
      query: `${insertStatement(block, (structure) => `input(${structure})`)} FORMAT Native`,
      values: Readable.from(
        block.parts.map((part) => Buffer.from(part.buffer, part.byteOffset, part.length)),
        {
          objectMode: false,
        },
      ),
      clickhouse_settings: { insert_deduplication_token: block.token },
    });
    for await (const _ of stream) {
      // nothing is answered; reading to the end lets the connection be used again
    }
  }

  async function insert(block: NativeInsert): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        await send(block);
        block.taken?.();
        return;
      } catch (thrown) {
        const error = storeError(thrown, 'send events to the server');
        if (error.code !== 'store-unreachable' || attempt === attemptsMax) throw error;
        await wait(firstPauseMs * 2 ** attempt);
      }
    }
  }

  return {
    kind: 'remote',
    place: url.href,
    database: checkName(options.database ?? 'meridian', 'database'),
    cluster: options.cluster === undefined ? undefined : checkName(options.cluster, 'cluster'),
    exclusive: false,
    control,
    killer,
    readers,
    checker,
    insert,
    backupTarget: (name) => `Disk('backups', ${quoteText(name)})`,
    freeBytes: async () => undefined,
    close: async () => {
      await Promise.all([writer, control, killer, checker, ...readers].map((client) => client.close()));
    },
  };
}
