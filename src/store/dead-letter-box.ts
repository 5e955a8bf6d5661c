import { AppError } from '#error';
import { pageRowsDefault, pageRowsMax } from './limits.ts';
import { numberOf, type Reading, type Row, textOf } from './reading.ts';
import type { CancelOptions, DeadLetterOptions, DeadLetterPage, DeadLetters, StoredDeadLetter } from './store.ts';
import { bytesParameter, bytesValue } from './where.ts';
import type { WriteQueue } from './write-queue.ts';

/** What an id of an event or dead letter says. */
export interface RecordIdentity {
  readonly stream: string;
  readonly generation: number;
  readonly position: number;
}

/** Takes an id apart; undefined when it is none. */
export function parseId(id: string): RecordIdentity | undefined {
  const [, stream, generation, position] = /^([\s\S]{1,4096})-(\d{1,15})-(\d{1,16})$/.exec(id) ?? [];
  if (stream === undefined) return undefined;
  const identity = { stream, generation: Number(generation), position: Number(position) };
  return Number.isSafeInteger(identity.position) ? identity : undefined;
}

/** Ids looked up in one question. */
const idsPerQuestion = 500;

function letterOf(row: Row): StoredDeadLetter {
  const letter = {
    stream: textOf(row['stream']),
    generation: numberOf(row['generation']),
    position: numberOf(row['position']),
    log: textOf(row['log']),
    source: textOf(row['source']),
    code: textOf(row['code']),
    reason: textOf(row['reason']),
    raw: textOf(row['raw']),
  };
  return { ...letter, id: `${letter.stream}-${letter.generation}-${letter.position}`, time: numberOf(row['time']) };
}

function identityOf(cursor: string): RecordIdentity {
  const identity = parseId(Buffer.from(cursor, 'base64url').toString('utf8'));
  if (identity === undefined) throw new AppError('cursor-invalid', 'The cursor is damaged.');
  return identity;
}

/** See {@link DeadLetters}. */
export class DeadLetterBox implements DeadLetters {
  readonly #reading: Reading;
  readonly #queue: WriteQueue;
  readonly #from: string;

  constructor(reading: Reading, queue: WriteQueue, database: string) {
    this.#reading = reading;
    this.#queue = queue;
    this.#from = `FROM ${database}.dead_letters FINAL WHERE removed = 0`;
  }

  async list(options: DeadLetterOptions = {}): Promise<DeadLetterPage> {
    const limit = Math.min(Math.max(1, Math.floor(options.limit ?? pageRowsDefault)), pageRowsMax);
    const params: Record<string, string> = {};
    let where = '';
    for (const name of ['code', 'source', 'log'] as const) {
      const value = options[name];
      if (value === undefined) continue;
      where += ` AND ${name} = ${bytesParameter(name)}`;
      params[name] = bytesValue(value);
    }
    if (options.cursor !== undefined) {
      const place = identityOf(options.cursor);
      where += ` AND (stream, generation, position) > (${bytesParameter('stream')}, {generation:Int64}, {position:UInt64})`;
      params['stream'] = bytesValue(place.stream);
      params['generation'] = String(place.generation);
      params['position'] = String(place.position);
    }
    const rows = await this.#reading.rows({
      sql: `SELECT * ${this.#from}${where} ORDER BY stream, generation, position LIMIT ${limit + 1}`,
      params,
      signal: options.signal,
      doing: 'list dead letters',
    });
    const letters = rows.slice(0, limit).map(letterOf);
    const last = letters.at(-1);
    const next = rows.length > limit && last !== undefined ? Buffer.from(last.id).toString('base64url') : undefined;
    return { letters, next };
  }

  async counts({ signal }: CancelOptions = {}): Promise<readonly { code: string; source: string; count: number }[]> {
    const rows = await this.#reading.rows({
      sql: `SELECT code, source, count() AS letters ${this.#from} GROUP BY code, source ORDER BY letters DESC, code, source`,
      signal,
      doing: 'count dead letters',
    });
    return rows.map((row) => ({
      code: textOf(row['code']),
      source: textOf(row['source']),
      count: numberOf(row['letters']),
    }));
  }

  async get(id: string, options: CancelOptions = {}): Promise<StoredDeadLetter | undefined> {
    const [letter] = await this.#find([id], options.signal);
    return letter;
  }

  async #find(ids: readonly string[], signal: AbortSignal | undefined): Promise<readonly StoredDeadLetter[]> {
    const identities = ids.flatMap((id) => parseId(id) ?? []);
    if (identities.length === 0) return [];
    const params: Record<string, string> = {};
    const conditions = identities.map(({ stream, generation, position }, at) => {
      params[`s${at}`] = bytesValue(stream);
      params[`g${at}`] = String(generation);
      params[`p${at}`] = String(position);
      return `(stream = ${bytesParameter(`s${at}`)} AND generation = {g${at}:Int64} AND position = {p${at}:UInt64})`;
    });
    const rows = await this.#reading.rows({
      sql: `SELECT * ${this.#from} AND (${conditions.join(' OR ')})`,
      params,
      signal,
      doing: 'look up dead letters',
    });
    return rows.map(letterOf);
  }

  async remove(ids: readonly string[]): Promise<void> {
    for (let at = 0; at < ids.length; at += idsPerQuestion) {
      await this.#queue.removeLetters(await this.#find(ids.slice(at, at + idsPerQuestion), undefined));
    }
  }
}
