import { randomUUID } from 'node:crypto';
import type { ClickHouseClient } from '@clickhouse/client';
import { AppError } from '#error';
import { storeError } from './engine-error.ts';
import { type CellValue, type DecodedBlock, decodeBlocks } from './native/decode-block.ts';

/** A question to the engine: SQL of the program's own, and what users said as parameters. */
export interface Question {
  /** Without `FORMAT`. */
  readonly sql: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly signal?: AbortSignal | undefined;
  /** Completes "Could not …" when it fails. */
  readonly doing: string;
}

/** An answer row as values by column name. */
export type Row = Readonly<Record<string, CellValue>>;

interface Waiting {
  readonly start: (client: ClickHouseClient) => void;
  readonly fail: (error: AppError) => void;
}

function closedError(): AppError {
  return new AppError('store-closed', 'The store was closed.');
}

function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}

function cancelled(doing: string): AppError {
  return new AppError('query-cancelled', `Stopped before it could ${doing}.`);
}

/**
 * Asks through a small pool of connections that can only read. A question that is aborted gives up at once; its
 * connection comes back when the engine has stopped, which `KILL QUERY` sees to.
 */
export class Reading {
  readonly #killer: ClickHouseClient;
  readonly #idle: ClickHouseClient[];
  readonly #waiting: Waiting[] = [];
  readonly #running: Set<Promise<unknown>> = new Set();
  readonly #marks: Set<string> = new Set();
  #closed = false;

  constructor(clients: readonly ClickHouseClient[], killer: ClickHouseClient) {
    this.#idle = [...clients];
    this.#killer = killer;
  }

  /** Asks and gives the blocks of the answer. */
  async ask(question: Question): Promise<readonly DecodedBlock[]> {
    const { signal, doing } = question;
    if (isAborted(signal)) throw cancelled(doing);
    const client = await this.#take(question);
    if (isAborted(signal)) {
      this.#giveBack(client);
      throw cancelled(doing);
    }
    const mark = `meridian:${randomUUID()}`;
    const work = this.#run(client, question, mark);
    this.#marks.add(mark);
    this.#running.add(work);
    const done = (): void => {
      this.#marks.delete(mark);
      this.#running.delete(work);
      this.#giveBack(client);
    };
    work.then(done, done);
    return this.#orAborted(work, signal, mark, doing);
  }

  /** Asks and gives rows. */
  async rows(question: Question): Promise<readonly Row[]> {
    const rows: Row[] = [];
    for (const block of await this.ask(question)) {
      for (let at = 0; at < block.rows; at++) {
        rows.push(Object.fromEntries(block.columns.map(({ name, values }) => [name, values[at] ?? null])));
      }
    }
    return rows;
  }

  async #run(client: ClickHouseClient, question: Question, mark: string): Promise<readonly DecodedBlock[]> {
    try {
      const { stream } = await client.exec({
        // The mark is how KILL QUERY finds it: the client's own query id is not known to the embedded engine.
        query: `/* ${mark} */ ${question.sql} FORMAT Native`,
        ...(question.params === undefined ? {} : { query_params: question.params }),
        use_multipart_params_auto: true,
      });
      const chunks: Buffer[] = [];
      for await (const chunk of stream) chunks.push(Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk));
      return decodeBlocks(chunks.length === 1 ? (chunks[0] ?? Buffer.alloc(0)) : Buffer.concat(chunks));
    } catch (thrown) {
      throw storeError(thrown, question.doing);
    }
  }

  #orAborted<T>(work: Promise<T>, signal: AbortSignal | undefined, mark: string, doing: string): Promise<T> {
    if (signal === undefined) return work;
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        reject(cancelled(doing));
        void this.#kill(mark);
      };
      signal.addEventListener('abort', abort, { once: true });
      work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
    });
  }

  /** Ends a query in the engine. That it cannot be ended is no news to anybody: then it ends by its own limits. */
  async #kill(mark: string): Promise<void> {
    try {
      await this.#killer.command({
        query: 'KILL QUERY WHERE startsWith(query, {mark:String}) ASYNC',
        query_params: { mark: `/* ${mark} */` },
      });
    } catch {
      // see above
    }
  }

  #take(question: Question): Promise<ClickHouseClient> {
    if (this.#closed) return Promise.reject(closedError());
    const client = this.#idle.pop();
    if (client !== undefined) return Promise.resolve(client);
    return new Promise((resolve, reject) => {
      const { signal, doing } = question;
      const leave = (): void => {
        const at = this.#waiting.indexOf(waiting);
        if (at >= 0) this.#waiting.splice(at, 1);
        reject(cancelled(doing));
      };
      const waiting: Waiting = {
        start: (free) => {
          signal?.removeEventListener('abort', leave);
          resolve(free);
        },
        fail: reject,
      };
      signal?.addEventListener('abort', leave, { once: true });
      this.#waiting.push(waiting);
    });
  }

  #giveBack(client: ClickHouseClient): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#idle.push(client);
    else next.start(client);
  }

  /** Ends running questions, refuses waiting and new ones, and resolves when the engine has let go. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const waiting of this.#waiting.splice(0)) waiting.fail(closedError());
    await Promise.all([...this.#marks].map((mark) => this.#kill(mark)));
    await Promise.allSettled([...this.#running]);
  }
}

/** Gives a cell that must be a number. */
export function numberOf(value: CellValue | undefined): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'string' && /^\d+$/.test(value)) return Number(value);
  throw new AppError('store-damaged', 'The store answered with something other than a number.');
}

/** Gives a cell that must be a text. */
export function textOf(value: CellValue | undefined): string {
  if (typeof value === 'string') return value;
  // A column that holds nothing but empty texts is passed over as a whole; see decodeBlocks.
  if (value === null) return '';
  throw new AppError('store-damaged', 'The store answered with something other than a text.');
}
