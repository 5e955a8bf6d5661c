import { AppError } from '#error';
import { type DeadLetter, type Event, type EventValue, encodeText, type Rec, recKeyNames, toPlain } from '#event';
import { createTracer, type TraceRecord, type TraceRow } from '#normalize';
import { createPipeline, type Normalize, type PipelineSink, type Stage } from '#pipeline';
import type { ReadCounts, RecordSink, Source } from '#source';
import { findSource } from './find-source.ts';

/** What a text is to be read as; what is not told is recognized. */
export interface ParseRequest {
  readonly text: string;
  readonly source: string | undefined;
  readonly log: string | undefined;
  readonly zone: string | undefined;
}

/** What the stages are made of. */
export interface ParseParts {
  readonly sources: readonly Source[];
  readonly normalize: Normalize;
  readonly stages: readonly Stage[];
  /** Records given back; more are counted only. */
  readonly recordsMax: number;
}

/** One record of a text, and what became of it. */
export interface ParsedRecord {
  readonly record: Readonly<Record<string, EventValue>>;
  /** Undefined when a stage dropped or refused the record. */
  readonly event: Readonly<Record<string, EventValue>> | undefined;
  readonly refused: { readonly code: string; readonly reason: string } | undefined;
  /** Which row of the mapping made which label from which value. */
  readonly trace: readonly TraceRow[];
}

/** What a text was read as, and what came of it. */
export interface ParsedText {
  readonly source: string;
  readonly log: string;
  readonly format: string | undefined;
  readonly records: readonly ParsedRecord[];
  /** What could not be decoded. */
  readonly unread: readonly DeadLetter[];
  readonly counts: ReadCounts;
  /** Records that are not given back because there were too many. */
  readonly left: number;
}

/** Parses a text as ingest would; stores nothing. */
export type ParseText = (request: ParseRequest) => ParsedText;

/** Stream of parsed texts; never stored. */
const stream = 'pasted';

/** Makes the parser of pasted texts. Tracers are made once a source. */
export function createTextParser(parts: ParseParts): ParseText {
  const tracers = new Map<Source, TraceRecord>();
  const tracerOf = (source: Source): TraceRecord => {
    const tracer = tracers.get(source) ?? createTracer(source);
    tracers.set(source, tracer);
    return tracer;
  };
  return (request) => {
    const bytes = encodeText(request.text);
    const { source, log, format } = recognize(bytes, request, parts.sources);
    const collected = new Collected(parts, tracerOf(source));
    const reader = source.createReader({ log, ...(request.zone === undefined ? {} : { zone: request.zone }) });
    reader.startFile({ stream, generation: 0, position: 0 });
    reader.push(bytes, collected);
    reader.endFile(collected);
    return {
      source: source.id,
      log,
      format,
      records: collected.records,
      unread: collected.unread,
      counts: { ...reader.counts },
      left: collected.left,
    };
  };
}

function recognize(
  bytes: Buffer,
  request: ParseRequest,
  sources: readonly Source[],
): { readonly source: Source; readonly log: string; readonly format: string | undefined } {
  const candidates = request.source === undefined ? sources : [findSource(sources, request.source)];
  const found = candidates
    .map((source) => ({ source, recognition: source.recognize(bytes) }))
    .toSorted((one, other) => (other.recognition?.confidence ?? 0) - (one.recognition?.confidence ?? 0))[0];
  const log = request.log ?? found?.recognition?.log;
  if (found === undefined || log === undefined || (found.recognition === undefined && request.source === undefined)) {
    throw new AppError('text-unrecognized', 'The text is no log that a data source knows.', {
      place: { field: 'text' },
    });
  }
  return { source: found.source, log, format: found.recognition?.format };
}

/** Takes what the reader gives, and runs each record through the stages at once. */
class Collected implements RecordSink {
  readonly records: ParsedRecord[] = [];
  readonly unread: DeadLetter[] = [];
  left = 0;
  readonly #parts: ParseParts;
  readonly #trace: TraceRecord;

  constructor(parts: ParseParts, trace: TraceRecord) {
    this.#parts = parts;
    this.#trace = trace;
  }

  record(rec: Rec): void {
    if (this.records.length >= this.#parts.recordsMax) {
      this.left += 1;
      return;
    }
    const trace = this.#trace(rec);
    const record = plainRecord(rec);
    const outcome = new Outcome();
    createPipeline(this.#parts.normalize, this.#parts.stages, [outcome]).record(rec);
    this.records.push({ record, event: outcome.kept, refused: outcome.refused, trace });
  }

  dead(letter: DeadLetter): void {
    if (this.unread.length >= this.#parts.recordsMax) this.left += 1;
    else this.unread.push(letter);
  }
}

/** What became of one record; both undefined when a stage dropped it. */
class Outcome implements PipelineSink {
  kept: ParsedRecord['event'];
  refused: ParsedRecord['refused'];

  event(event: Event): void {
    this.kept = toPlain(event);
  }

  dead({ code, reason }: DeadLetter): void {
    this.refused = { code, reason };
  }
}

/** A record with only the keys it has. */
function plainRecord(rec: Rec): Record<string, EventValue> {
  const plain: Record<string, EventValue> = {};
  for (const key of recKeyNames) {
    const value = rec[key];
    if (value !== undefined) plain[key] = value;
  }
  return plain;
}
