import { once } from 'node:events';
import type { ServerResponse } from 'node:http';

/** Writes server-sent events (HTML standard, section 9.2). */
export interface EventStream {
  /** Writes one event and waits while the client's connection is full. */
  send(event: string, data: string, id?: string): Promise<void>;
  /** A comment: keeps the connection open through proxies. */
  heartbeat(): Promise<void>;
  end(): void;
  readonly open: boolean;
}

/** Milliseconds after which a client that lost its connection comes back. */
const retryMs = 2_000;

/** Begins a stream on a raw response; `headers` are those every answer has. */
export function openEventStream(response: ServerResponse, headers: Readonly<Record<string, string>>): EventStream {
  response.writeHead(200, {
    ...headers,
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    // Asks a proxy in front not to collect the events.
    'x-accel-buffering': 'no',
  });
  response.write(`retry: ${retryMs}\n\n`);

  async function write(text: string): Promise<void> {
    if (response.destroyed || response.writableEnded || response.write(text)) return;
    const left = new AbortController();
    try {
      await Promise.race([
        once(response, 'drain', { signal: left.signal }),
        once(response, 'close', { signal: left.signal }),
      ]);
    } finally {
      left.abort();
    }
  }

  return {
    get open() {
      return !response.destroyed && !response.writableEnded;
    },
    send: (event, data, id) =>
      write(`${id === undefined ? '' : `id: ${oneLine(id)}\n`}event: ${oneLine(event)}\n${dataLines(data)}\n`),
    heartbeat: () => write(': alive\n\n'),
    end: () => {
      response.end();
    },
  };
}

function oneLine(text: string): string {
  return text.replace(/[\r\n\0]/g, ' ');
}

/** A line end in the data would begin another field: each line gets its own `data:`. */
function dataLines(data: string): string {
  return data
    .split(/\r\n|\r|\n/)
    .map((line) => `data: ${line}\n`)
    .join('');
}
