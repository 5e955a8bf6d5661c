import { AppError } from '#error';
import type { DeadLetter, Event } from '#event';
import type { ReadRecord } from '#normalize';
import {
  createPipeline,
  type Normalize,
  type PipelineCounts,
  type PipelineSink,
  type Refusal,
  type Stage,
} from '#pipeline';
import type { EventWriter, Store } from '#store';
import type { BatchIdentity, BatchStretch } from './batch-identity.ts';
import { type BatchLine, batchLines } from './batch-lines.ts';
import type { ServerLimits } from './limits.ts';
import type { LiveTail } from './live-tail.ts';
import { type BatchSender, readRecordLine } from './read-record-line.ts';

/** What a batch goes through. */
export interface BatchParts {
  readonly store: Store;
  readonly readRecord: ReadRecord;
  readonly normalize: Normalize;
  readonly stages: readonly Stage[];
  readonly tail: LiveTail;
  readonly limits: ServerLimits;
}

/** What became of a batch: `records = stored + known + dropped + deadLetters`. */
export interface BatchCounts {
  readonly records: number;
  /** Events that are new in the store. */
  readonly stored: number;
  /** Events that were there already. */
  readonly known: number;
  readonly dropped: number;
  readonly deadLetters: number;
  /** Dead letters by code. */
  readonly deadLetterCodes: Readonly<Record<string, number>>;
}

/** What is known of a batch besides its records. */
export interface BatchOrigin {
  /** The agent that signed it. */
  readonly sender?: BatchSender | undefined;
  /** The stretch of a file it is; noted as received once all of it is durable. */
  readonly stretch?: (BatchStretch & { readonly source: string }) | undefined;
}

/** Word in {@link DeadLetter.log} for what came in as a record, not as a line of a log. */
export const recordsLog = 'records';

/** Longest stretch of work between two looks at other requests, in milliseconds. */
const stretchMs = 10;
/** Lines between two looks at the clock. */
const linesPerLook = 64;

/**
 * Takes a batch of records through the stages into the store. Resolves when all of it is durable. A record that cannot
 * be read becomes a dead letter; only the store can fail the batch as a whole. Throws `too-many-records` before anything is stored.
 */
export async function takeBatch(
  body: Buffer,
  identity: BatchIdentity,
  parts: BatchParts,
  { sender, stretch }: BatchOrigin = {},
): Promise<BatchCounts> {
  checkRecordCount(body, parts.limits);
  const writer = parts.store.writer({ flushMs: 0 });
  const shown = parts.tail.begin();
  const sink = new BatchSink(writer, (event) => shown.offer(event));
  const pipeline = createPipeline(parts.normalize, parts.stages, [sink]);
  try {
    let since = performance.now();
    let lines = 0;
    for (const line of batchLines(body, parts.limits.recordBytes)) {
      sink.line = line;
      const read = readRecordLine(line, identity, parts.readRecord, parts.limits, sender);
      if ('reason' in read) pipeline.dead(letterOf(line, identity, read, sender));
      else pipeline.record(read);
      lines += 1;
      if (writer.full) await writer.drain();
      if (lines % linesPerLook === 0 && performance.now() - since > stretchMs) {
        await new Promise((resolve) => setImmediate(resolve));
        since = performance.now();
      }
    }
    if (stretch !== undefined) noteCovered(writer, identity, stretch, sender, sink, pipeline.counts);
    await writer.flush();
  } catch (thrown) {
    await abandon(writer);
    throw thrown;
  }
  const { durable, known } = writer.counts;
  await writer.close();
  // A batch that was sent again brings nothing new to those who look.
  if (durable > known) shown.publish();
  const { records, unread, dropped, deadLetters } = pipeline.counts;
  return {
    records: records + unread,
    stored: durable - known,
    known,
    dropped: sum(dropped),
    deadLetters: sum(deadLetters),
    deadLetterCodes: deadLetters,
  };
}

/**
 * Writes events and dead letters. A dead letter keeps the record as it was sent; when that is a log's record which its
 * sender could not read either, it keeps the log's own line, so that it is the same letter wherever it was found out.
 */
class BatchSink implements PipelineSink {
  line: BatchLine | undefined;
  /** Times of the oldest and newest event. */
  oldest: number | undefined;
  newest: number | undefined;
  /** Events per kind. */
  readonly kinds = new Map<string, number>();
  readonly #writer: EventWriter;
  readonly #show: (event: Event) => void;

  constructor(writer: EventWriter, show: (event: Event) => void) {
    this.#writer = writer;
    this.#show = show;
  }

  event(event: Event): void {
    this.#writer.add(event);
    this.#show(event);
    this.#count(event);
  }

  #count({ eventTime, eventSubType = '' }: Event): void {
    if (eventTime !== undefined) {
      if (this.oldest === undefined || eventTime < this.oldest) this.oldest = eventTime;
      if (this.newest === undefined || eventTime > this.newest) this.newest = eventTime;
    }
    // What a hostile log calls its records must not grow without end.
    const kind = this.kinds.size < kindsMax || this.kinds.has(eventSubType) ? eventSubType : otherKinds;
    this.kinds.set(kind, (this.kinds.get(kind) ?? 0) + 1);
  }

  dead(letter: DeadLetter): void {
    const sent = this.line?.text ?? letter.raw;
    const isLogLine = letter.source !== '' && letter.log !== '' && letter.raw !== '' && letter.raw !== sent;
    this.#writer.addDead(isLogLine ? letter : { ...letter, log: recordsLog, raw: sent });
  }
}

/** Different kinds counted in one stretch; further ones count as one. */
const kindsMax = 100;
const otherKinds = 'other';

function noteCovered(
  writer: EventWriter,
  { stream, generation, from, to = from }: BatchIdentity,
  { source, log, place, lines }: BatchStretch & { readonly source: string },
  sender: BatchSender | undefined,
  { oldest, newest, kinds }: BatchSink,
  { records, unread, deadLetters }: PipelineCounts,
): void {
  if (to <= from) return;
  writer.covered({
    ...{ stream, generation, source, log, place, from, to, lines, oldest, newest },
    agent: sender?.agentId ?? '',
    records: records + unread,
    deadLetters: sum(deadLetters),
    kinds: Object.fromEntries(kinds),
  });
}

function letterOf(line: BatchLine, identity: BatchIdentity, why: Refusal, sender: BatchSender | undefined): DeadLetter {
  return {
    // Positions of an agent's records are those of its log; where in it an unreadable one stood is not known.
    stream: sender === undefined ? identity.stream : `unread-${identity.stream}`,
    generation: identity.generation,
    position: identity.from + line.position,
    log: recordsLog,
    source: '',
    code: why.code,
    reason: why.reason,
    raw: line.text,
  };
}

function checkRecordCount(body: Buffer, limits: ServerLimits): void {
  let lines = 0;
  for (let at = body.indexOf(0x0a); at !== -1; at = body.indexOf(0x0a, at + 1)) lines += 1;
  if (lines <= limits.batchRecords) return;
  throw new AppError(
    'too-many-records',
    `The batch has ${lines} lines, more than the ${limits.batchRecords} one request may carry.`,
    {
      place: { found: `${lines} lines`, expected: `at most ${limits.batchRecords}` },
    },
  );
}

/** Ends a writer after a failure; its own complaint about the same failure is not wanted. */
async function abandon(writer: EventWriter): Promise<void> {
  try {
    await writer.close();
  } catch {
    // The first failure is the one that is told.
  }
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}
