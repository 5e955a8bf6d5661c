import { type DeadLetter, type Event, encodeText, type Rec } from '#event';
import type { ReadRecord } from '#normalize';
import { createPipeline, type Normalize, type PipelineSink, type Stage } from '#pipeline';
import type { RecordSink, Source } from '#source';
import type { EventWriter, Store, StoredDeadLetter } from '#store';
import type { ServerLimits } from './limits.ts';
import { readRecordLine } from './read-record-line.ts';
import { recordsLog } from './take-batch.ts';

/** What letters go through when they are tried again. */
export interface ReplayParts {
  readonly store: Store;
  readonly sources: readonly Source[];
  readonly readRecord: ReadRecord;
  readonly normalize: Normalize;
  readonly stages: readonly Stage[];
  readonly limits: ServerLimits;
}

/** What became of letters that were tried again. */
export interface ReplayResult {
  /** Letters that are none any more. */
  readonly replayed: number;
  /** Events they became. */
  readonly events: number;
  /** Letters that stay, and why now. */
  readonly remaining: readonly { readonly id: string; readonly code: string; readonly reason: string }[];
}

/**
 * Tries dead letters again. The events get the identity the records always had; letters are removed once their events
 * are durable, so a crash in between doubles nothing. What a line's connection was is no longer known: such events are
 * `partial`.
 */
export async function replayLetters(letters: readonly StoredDeadLetter[], parts: ReplayParts): Promise<ReplayResult> {
  const writer = parts.store.writer({ flushMs: 0 });
  const done: string[] = [];
  const remaining: { id: string; code: string; reason: string }[] = [];
  let events = 0;
  try {
    for (const letter of letters) {
      const attempt = new Attempt();
      tryAgain(letter, attempt, parts);
      if (attempt.failure === undefined) {
        done.push(letter.id);
        events += attempt.events.length;
        await addAll(writer, attempt.events);
      } else {
        remaining.push({ id: letter.id, code: attempt.failure.code, reason: attempt.failure.reason });
      }
    }
    await writer.flush();
  } finally {
    await writer.close();
  }
  if (done.length > 0) await parts.store.deadLetters.remove(done);
  return { replayed: done.length, events, remaining };
}

async function addAll(writer: EventWriter, events: readonly Event[]): Promise<void> {
  for (const event of events) writer.add(event);
  if (writer.full) await writer.drain();
}

/** Runs one letter as what it was: a record that was sent, or lines of a log. */
function tryAgain(letter: DeadLetter, attempt: Attempt, parts: ReplayParts): void {
  const pipeline = createPipeline(parts.normalize, parts.stages, [attempt]);
  if (letter.log === recordsLog) {
    const identity = { stream: letter.stream, generation: letter.generation, from: letter.position, to: undefined };
    const read = readRecordLine(
      { text: letter.raw, position: 0, cut: false },
      identity,
      parts.readRecord,
      parts.limits,
    );
    if ('reason' in read) attempt.fail(read.code, read.reason);
    else pipeline.record(read);
    return;
  }
  const source = parts.sources.find((one) => one.id === letter.source);
  if (source === undefined) {
    attempt.fail('unknown-source', 'The source of the record is not known here.');
    return;
  }
  const reader = source.createReader({ log: letter.log });
  let records = 0;
  const sink: RecordSink = {
    record(rec: Rec) {
      records += 1;
      pipeline.record(rec);
    },
    dead: ({ code, reason }) => attempt.fail(code, reason),
  };
  reader.startFile(letter);
  reader.push(encodeText(`${letter.raw}\n`), sink);
  reader.endFile(sink);
  if (records === 0) attempt.fail('no-record', 'The line still holds no record.');
}

/** Collects what a letter becomes; the first failure counts. */
class Attempt implements PipelineSink {
  readonly events: Event[] = [];
  failure: { readonly code: string; readonly reason: string } | undefined;

  event(event: Event): void {
    this.events.push(event);
  }

  dead({ code, reason }: DeadLetter): void {
    this.fail(code, reason);
  }

  fail(code: string, reason: string): void {
    this.failure ??= { code, reason };
  }
}
