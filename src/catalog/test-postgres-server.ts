import { execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** For tests: a PostgreSQL server of its own, on the loopback address, in a folder that goes away. */
export interface TestPostgres {
  readonly url: string;
  stop(): Promise<void>;
}

const versionsFolder = '/usr/lib/postgresql';

/** Folder of PostgreSQL's programs; undefined where there are none. */
export function findPostgres(): string | undefined {
  if (!existsSync(versionsFolder)) return undefined;
  const folders = readdirSync(versionsFolder).map((version) => join(versionsFolder, version, 'bin'));
  return folders.find((folder) => existsSync(join(folder, 'initdb')) && accountOf() !== undefined);
}

/** PostgreSQL refuses to run as root, so root starts it as the account its package made. */
function accountOf(): { readonly uid: number; readonly gid: number } | undefined {
  const uid = process.getuid?.() ?? 0;
  if (uid !== 0) return { uid, gid: process.getgid?.() ?? uid };
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((one) => one.startsWith('postgres:'));
  const [, , user, group] = line?.split(':') ?? [];
  return user === undefined || group === undefined ? undefined : { uid: Number(user), gid: Number(group) };
}

/** Starts one. */
export async function startPostgres(programs: string): Promise<TestPostgres> {
  const account = accountOf();
  if (account === undefined) throw new Error('there is no account to run PostgreSQL with');
  const folder = mkdtempSync(join(tmpdir(), 'meridian-postgres-'));
  chownSync(folder, account.uid, account.gid);
  const data = join(folder, 'data');
  const options = { ...account, cwd: folder, env: { PATH: process.env['PATH'], LC_ALL: 'C.UTF-8' } };
  execFileSync(join(programs, 'initdb'), ['-D', data, '-U', 'meridian', '-A', 'trust', '-N', '-E', 'UTF8'], {
    ...options,
    stdio: 'ignore',
  });
  const port = await freePort();
  const settings = [
    'listen_addresses=127.0.0.1',
    `unix_socket_directories=${folder}`,
    'fsync=off',
    'shared_buffers=16MB',
  ];
  const child = spawn(
    join(programs, 'postgres'),
    ['-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])],
    { ...options, stdio: 'ignore' },
  );
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
  });
  await untilReady(programs, port);
  return {
    url: `postgres://meridian@127.0.0.1:${port}/postgres`,
    async stop() {
      // Immediate shutdown: nothing in it is kept.
      child.kill('SIGQUIT');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function untilReady(programs: string, port: number): Promise<void> {
  for (let tries = 0; tries < 150; tries++) {
    try {
      execFileSync(join(programs, 'pg_isready'), ['-q', '-h', '127.0.0.1', '-p', String(port)]);
      return;
    } catch {
      await delay(100);
    }
  }
  throw new Error('PostgreSQL did not become ready');
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (typeof address === 'object' && address !== null ? resolve(address.port) : reject()));
    });
  });
}
