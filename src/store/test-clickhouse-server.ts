import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { drainPending, Session } from 'chdb';

/**
 * A server that speaks ClickHouse's HTTP interface, for tests of the remote store: in front of it the real client, behind
 * it the real engine. It knows what that client sends: the query in the body, in the URL or in a form, parameters and
 * settings in the URL, bodies of bytes, gzip, Basic authentication; and it answers with the interface's headers and codes.
 */
export interface TestServer {
  readonly url: string;
  /** Queries it got, newest last. */
  readonly queries: readonly string[];
  /** Breaks the connection of the next inserts: before the engine sees them, or after it has stored them. */
  breakInserts(times: number, when: 'before' | 'after'): void;
  close(): Promise<void>;
}

export const testUser = 'meridian';
export const testPassword = 'p@ss:word';

/** Parameters of the URL that are no settings of the engine. */
const notSettings = new Set([
  'query',
  'query_id',
  'database',
  'session_id',
  'wait_end_of_query',
  'enable_http_compression',
  'role',
]);

function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  return request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
}

/** Parts of a form, by name. */
function readForm(body: Buffer, type: string): Map<string, string> {
  const boundary = /boundary=(.+)$/.exec(type)?.[1] ?? '';
  const parts = new Map<string, string>();
  for (const part of body.toString('utf8').split(`--${boundary}`)) {
    const [, name, value] = /name="([^"]+)"[\s\S]*?\r\n\r\n([\s\S]*)\r\n$/.exec(part) ?? [];
    if (name !== undefined && value !== undefined) parts.set(name, value);
  }
  return parts;
}

function isAuthorized(request: IncomingMessage): boolean {
  const expected = Buffer.from(`${testUser}:${testPassword}`).toString('base64');
  return request.headers.authorization === `Basic ${expected}`;
}

function configOf(directory: string): string {
  return `<clickhouse>
    <max_server_memory_usage>500000000</max_server_memory_usage>
    <storage_configuration><disks><backups><type>local</type><path>${directory}/backup-disk/</path></backups></disks></storage_configuration>
    <backups><allowed_disk>backups</allowed_disk></backups>
  </clickhouse>`;
}

/** Starts the server on a free port of the loopback, with an engine of its own in this process. */
export async function startTestServer(): Promise<TestServer> {
  const directory = mkdtempSync(join(tmpdir(), 'meridian-http-'));
  const config = join(directory, 'config.xml');
  writeFileSync(config, configOf(directory));
  const data = join(directory, 'data');
  const first = new Session(data, { connectionArgs: [`--config-file=${config}`] });
  const queries: string[] = [];
  let breaks = 0;
  let breakWhen: 'before' | 'after' = 'before';
  let files = 0;

  async function execute(request: IncomingMessage, body: Buffer): Promise<Uint8Array> {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const inUrl = url.searchParams.get('query');
    const type = request.headers['content-type'] ?? '';
    const form = type.startsWith('multipart/form-data') ? readForm(body, type) : new Map<string, string>();
    let query = inUrl ?? form.get('query') ?? body.toString('utf8');
    const isInsert = inUrl !== null && body.length > 0 && form.size === 0;
    queries.push(query);
    if (isInsert) {
      const path = join(directory, `body-${files++}`);
      writeFileSync(path, body);
      query = query
        .replace(/input\(('(?:[^'\\]|\\.)*')\)/, `file(${quote(path)}, Native, $1)`)
        .replace(/ FORMAT Native$/, '');
    }
    const session = new Session(data);
    try {
      const entries = [...url.searchParams, ...form];
      const settings = entries.filter(([name]) => !notSettings.has(name) && !name.startsWith('param_'));
      settings.sort(([a], [b]) => Number(a === 'readonly') - Number(b === 'readonly'));
      for (const [name, value] of entries) {
        if (name.startsWith('param_')) await session.queryAsync(`SET ${name} = ${quote(value)}`);
      }
      for (const [name, value] of settings) await session.queryAsync(`SET ${name} = ${quote(value)}`);
      return (await session.queryAsync(query)).bytes();
    } finally {
      session.close();
    }
  }

  function answerError(response: ServerResponse, thrown: unknown): void {
    const text = thrown instanceof Error ? thrown.message.replace(/^Query failed: /, '') : String(thrown);
    const code = /Code: (\d+)/.exec(text)?.[1] ?? '1002';
    response.writeHead(code === '516' ? 403 : 500, {
      'X-ClickHouse-Exception-Code': code,
      'Content-Type': 'text/plain',
    });
    response.end(text);
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request);
    if (request.url === '/ping') {
      response.end('Ok.\n');
      return;
    }
    if (!isAuthorized(request)) {
      answerError(
        response,
        new Error(`Code: 516. DB::Exception: ${testUser}: Authentication failed. (AUTHENTICATION_FAILED)`),
      );
      return;
    }
    const breaking = breaks > 0 && (request.url ?? '').includes('INSERT');
    if (breaking) breaks -= 1;
    if (breaking && breakWhen === 'before') {
      request.socket.destroy();
      return;
    }
    try {
      const bytes = await execute(request, body);
      if (breaking) {
        request.socket.destroy();
        return;
      }
      response.writeHead(200, {
        'X-ClickHouse-Query-Id': 'test',
        'X-ClickHouse-Summary':
          '{"read_rows":"0","read_bytes":"0","written_rows":"0","written_bytes":"0","elapsed_ns":"0"}',
        'Content-Type': 'application/octet-stream',
      });
      response.end(bytes);
    } catch (thrown) {
      answerError(response, thrown);
    }
  }

  const server: Server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    queries,
    breakInserts: (times, when) => {
      breaks = times;
      breakWhen = when;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      first.close();
      await drainPending();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
