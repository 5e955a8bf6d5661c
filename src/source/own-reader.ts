import { AppError } from '#error';
import { createRec, decodeText, type Rec, type RecKey } from '#event';
import type { FileIdentity, LogReader, ReadCounts, ReaderOptions, ReaderState, RecordSink } from './source.ts';

const newline = 0x0a;
const stateVersion = 1;
const recordBytesDefault = 1024 * 1024;

/** Keys of a record whose values are texts. */
type TextKey = { [K in RecKey]: Rec[K] extends string | undefined ? K : never }[RecKey];

/** What the records of a product say of themselves, and which keys of theirs are read. */
export interface OwnRecords {
  readonly sourceId: string;
  readonly deviceModel: string;
  readonly deviceType: string;
  /** Kind of its only log. */
  readonly log: string;
  readonly textKeys: readonly TextKey[];
  /** What a line is, for people: "fleet event". */
  readonly what: string;
}

/** Makes a reader of what the product itself records, one JSON object a line. */
export function createOwnReader(own: OwnRecords, options: ReaderOptions): LogReader {
  return new OwnReader(own, options.recordBytesMax ?? recordBytesDefault);
}

class OwnReader implements LogReader {
  readonly counts: ReadCounts = { lines: 0, bytes: 0, records: 0, deadLetters: 0, continuations: 0, glued: 0 };
  readonly #own: OwnRecords;
  readonly #recordBytesMax: number;
  #file: FileIdentity = { stream: '', generation: 0, position: 0 };
  #position = 0;
  /** The beginning of a line whose end was not seen yet; what goes beyond the limit is counted, not kept. */
  #held: Buffer[] = [];
  #heldBytes = 0;
  #skippedBytes = 0;

  constructor(own: OwnRecords, recordBytesMax: number) {
    this.#own = own;
    this.#recordBytesMax = recordBytesMax;
  }

  get position(): number {
    return this.#position;
  }

  startFile(file: FileIdentity): void {
    this.#file = file;
    this.#position = file.position;
    this.#drop();
  }

  push(bytes: Buffer, sink: RecordSink): void {
    this.counts.bytes += bytes.length;
    let start = 0;
    for (let end = bytes.indexOf(newline); end !== -1; end = bytes.indexOf(newline, start)) {
      this.#hold(bytes.subarray(start, end));
      this.#line(1, sink);
      start = end + 1;
    }
    // A copy: the caller may fill its buffer again.
    if (start < bytes.length) this.#hold(Buffer.from(bytes.subarray(start)));
  }

  endFile(sink: RecordSink): void {
    if (this.#heldBytes + this.#skippedBytes > 0) this.#line(0, sink);
  }

  save(): ReaderState {
    return { version: stateVersion };
  }

  restore(state: ReaderState): void {
    if (state.version !== stateVersion)
      throw new AppError('state-damaged', 'The reading state of the log is of another version.');
  }

  #hold(bytes: Buffer): void {
    const room = Math.max(0, this.#recordBytesMax - this.#heldBytes);
    const kept = bytes.subarray(0, room);
    if (kept.length > 0) this.#held.push(kept);
    this.#heldBytes += kept.length;
    this.#skippedBytes += bytes.length - kept.length;
  }

  #drop(): void {
    this.#held = [];
    this.#heldBytes = 0;
    this.#skippedBytes = 0;
  }

  #line(breakBytes: number, sink: RecordSink): void {
    const raw = decodeText(Buffer.concat(this.#held)).replace(/\r$/, '');
    const from = this.#position;
    const cut = this.#skippedBytes > 0;
    this.#position += this.#heldBytes + this.#skippedBytes + breakBytes;
    this.#drop();
    this.counts.lines += 1;
    if (raw.trim() === '') {
      this.counts.continuations += 1;
      return;
    }
    const rec = cut ? undefined : readRecord(raw, this.#own);
    const { stream, generation } = this.#file;
    const { log, sourceId: source, what } = this.#own;
    if (rec === undefined) {
      this.counts.deadLetters += 1;
      const [code, reason] = cut
        ? ['line-too-long', 'The line is longer than a record may be.']
        : ['unreadable-line', `The line is no ${what}.`];
      sink.dead({ stream, generation, position: from, log, source, code, reason, raw });
      return;
    }
    this.counts.records += 1;
    sink.record(Object.assign(rec, { stream, generation, position: from, raw }));
  }
}

/** Reads one line; undefined when it is no record of this product. */
function readRecord(raw: string, { sourceId, deviceModel, deviceType, log, textKeys }: OwnRecords): Rec | undefined {
  let value: unknown;
  try {
    value = JSON.parse(raw);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || !('EventTime' in value)) return undefined;
  if (!('DeviceModel' in value) || value.DeviceModel !== deviceModel) return undefined;
  const time = value.EventTime;
  if (typeof time !== 'number' || !Number.isSafeInteger(time) || time < 0) return undefined;
  const rec = createRec();
  rec.EventTime = time;
  rec.DeviceModel = deviceModel;
  rec.DeviceType = deviceType;
  rec.source = sourceId;
  const texts = new Map<string, unknown>(Object.entries(value));
  for (const key of textKeys) {
    const text = texts.get(key);
    if (typeof text === 'string') rec[key] = text;
  }
  rec.log ??= log;
  return rec;
}
