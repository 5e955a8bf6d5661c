import { type Batch, BatchBuilder } from '#delivery';
import { type ApiClient, property } from './api-client.ts';
import { noBookmarks } from './bookmarks.ts';
import type { IngestResult } from './ingest-into.ts';
import { type ReadRequest, readLogs } from './read-logs.ts';
import type { RunContext } from './run-context.ts';

/** Times a batch is sent before giving up, and the first wait between two times, which doubles. */
const attemptsMax = 5;
const waitMs = 500;

/** Reads logs and sends their records to a server, batch by batch; the server stores each before it answers. */
export async function sendLogs(request: ReadRequest, api: ApiClient, context: RunContext): Promise<IngestResult> {
  // Asked first, so that a wrong URL or token is told before anything is read.
  await api.get('/system');
  const sender = new Sender(api, context.signal);
  const summary = await readLogs(request, sender, noBookmarks, context);
  await sender.flush();
  return { summary, passed: sender.counts, known: sender.known, place: api.url };
}

/** Collects records to batches, and sends them in order. */
class Sender {
  readonly #api: ApiClient;
  readonly #signal: AbortSignal;
  readonly #builder = new BatchBuilder();
  readonly #waiting: Batch[] = [];
  readonly #codes = new Map<string, number>();
  #records = 0;
  #unread = 0;
  #events = 0;
  #dropped = 0;
  known = 0;

  constructor(api: ApiClient, signal: AbortSignal) {
    this.#api = api;
    this.#signal = signal;
  }

  record(rec: Parameters<BatchBuilder['addRecord']>[0]): void {
    this.#records += 1;
    if (this.#builder.full || this.#builder.endsBefore(rec)) this.#close();
    this.#builder.addRecord(rec);
  }

  dead(letter: Parameters<BatchBuilder['addDead']>[0]): void {
    this.#unread += 1;
    if (this.#builder.full || this.#builder.endsBefore(letter)) this.#close();
    this.#builder.addDead(letter);
  }

  async room(): Promise<void> {
    for (const batch of this.#waiting.splice(0)) await this.#send(batch);
  }

  async flush(): Promise<void> {
    this.#close();
    await this.room();
  }

  get counts(): IngestResult['passed'] {
    return {
      records: this.#records,
      unread: this.#unread,
      events: this.#events,
      dropped: this.#dropped > 0 ? { 'at-the-server': this.#dropped } : {},
      deadLetters: Object.fromEntries(this.#codes),
    };
  }

  #close(): void {
    const batch = this.#builder.take();
    if (batch !== undefined) this.#waiting.push(batch);
  }

  async #send({ stream, generation, from, to, body }: Batch): Promise<void> {
    const headers = {
      'meridian-stream': stream,
      'meridian-generation': String(generation),
      'meridian-range': `${from}-${to}`,
    };
    const answer = await withPatience(() => this.#api.send('/records', body, headers), this.#signal);
    const [stored = 0, known = 0, dropped = 0] = ['stored', 'known', 'dropped'].map((name) => numberOf(answer, name));
    this.#events += stored + known;
    this.known += known;
    this.#dropped += dropped;
    const codes = property(answer, 'deadLetterCodes');
    if (typeof codes !== 'object' || codes === null) return;
    for (const code of Object.keys(codes)) this.#codes.set(code, (this.#codes.get(code) ?? 0) + numberOf(codes, code));
  }
}

function numberOf(value: unknown, name: string): number {
  const number = property(value, name);
  return typeof number === 'number' ? number : 0;
}

/** A server that is busy or away for a moment is asked again; a batch that was stored already adds nothing. */
async function withPatience<T>(send: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await send();
    } catch (thrown) {
      const code = property(thrown, 'code');
      const passing = code === 'server-busy' || code === 'server-unreachable' || code === 'server-closing';
      if (!passing || attempt === attemptsMax || signal.aborted) throw thrown;
      await new Promise((resolve) => setTimeout(resolve, waitMs * 2 ** (attempt - 1)));
    }
  }
}
