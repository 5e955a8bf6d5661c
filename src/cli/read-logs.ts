import { dirname } from 'node:path';
import { type ByteSource, openFile, PipeSource } from '#delivery';
import { AppError } from '#error';
import type { DeadLetter, Rec } from '#event';
import { type ReadCounts, recognizeLog, type Source, sampleBytes } from '#source';
import type { Bookmarks } from './bookmarks.ts';
import { type Discovery, discoverLogs, type Ignored, type LogSet } from './discover-logs.ts';
import { type FileResult, LogReading, noCounts, type ReadTarget } from './read-log.ts';
import { ReadProgress } from './read-progress.ts';
import type { RunContext } from './run-context.ts';

/** What is asked of the commands that read logs. */
export interface ReadRequest {
  /** Files and folders; `-` for stdin. */
  readonly paths: readonly string[];
  readonly sources: readonly Source[];
  readonly zone: string;
  /** Takes last lines without line break for complete. */
  readonly complete: boolean;
}

/** Takes records; `room` resolves when more may come. */
export interface RecordTaker {
  record(rec: Rec): void;
  dead(letter: DeadLetter): void;
  room(): Promise<void>;
}

/** What came of all files. */
export interface ReadSummary {
  readonly files: readonly FileResult[];
  readonly ignored: readonly Ignored[];
  /** Sum over all files. */
  readonly counts: ReadCounts;
  /** Bytes of the files as they lie there. */
  readonly bytes: number;
  readonly seconds: number;
  readonly interrupted: boolean;
}

/** Reads everything asked for, log by log, into a taker. Throws `no-logs` when nothing is a log. */
export async function readLogs(
  request: ReadRequest,
  taker: RecordTaker,
  bookmarks: Bookmarks,
  context: RunContext,
): Promise<ReadSummary> {
  const begun = performance.now();
  const pipe = request.paths.includes('-') ? new PipeSource(process.stdin) : undefined;
  const found = await discoverLogs(
    request.paths.filter((path) => path !== '-'),
    request.sources,
  );
  const bytes = found.sets.flatMap((set) => set.files).reduce((sum, file) => sum + file.bytes, 0);
  const progress = new ReadProgress(process.stderr, pipe === undefined ? bytes : 0);
  const run = new Run(request, taker, bookmarks, context, progress);
  for (const set of errorLogsFirst(found.sets)) {
    if (!context.signal.aborted) await run.readSet(set);
  }
  if (pipe !== undefined && !context.signal.aborted) await run.readPipe(pipe);
  progress.clear();
  const files = run.results;
  if (files.length === 0 && found.ignored.every(({ why }) => why !== 'empty')) throw noLogs(request, found);
  return {
    files,
    ignored: found.ignored,
    counts: files.map((file) => file.counts).reduce(add, noCounts()),
    bytes: bytes + (pipe?.consumedBytes ?? 0),
    seconds: (performance.now() - begun) / 1000,
    interrupted: context.signal.aborted,
  };
}

class Run {
  readonly results: FileResult[] = [];
  readonly #request: ReadRequest;
  readonly #taker: RecordTaker;
  readonly #bookmarks: Bookmarks;
  readonly #context: RunContext;
  readonly #progress: ReadProgress;
  /** Server starts that error logs tell of, by the folder of the log; epoch milliseconds, rising. */
  readonly #starts = new Map<string, number[]>();
  #doneBytes = 0;
  #doneLines = 0;

  constructor(
    request: ReadRequest,
    taker: RecordTaker,
    bookmarks: Bookmarks,
    context: RunContext,
    progress: ReadProgress,
  ) {
    this.#request = request;
    this.#taker = taker;
    this.#bookmarks = bookmarks;
    this.#context = context;
    this.#progress = progress;
  }

  async readSet(set: LogSet): Promise<void> {
    const reading = this.#reading(set.source, set.log, this.#bookmarks, dirname(set.files[0]?.path ?? ''));
    for (const [at, file] of set.files.entries()) {
      if (this.#context.signal.aborted) return;
      const bytes = await openFile(file.path);
      await this.#readOne(reading, bytes, at === set.files.length - 1);
      this.#doneBytes += file.bytes;
    }
  }

  async readPipe(bytes: PipeSource): Promise<void> {
    const sample = await bytes.peek(sampleBytes);
    if (sample.length === 0) return;
    const found = recognizeLog(sample, this.#request.sources);
    if (found === undefined) return;
    await this.#readOne(this.#reading(found.source, found.recognition.log, this.#bookmarks), bytes, true);
  }

  async #readOne(reading: LogReading, bytes: ByteSource, last: boolean): Promise<void> {
    try {
      const result = await reading.read(bytes, last);
      this.#doneLines += result.counts.lines;
      this.results.push(result);
    } finally {
      await bytes.close();
    }
  }

  #reading(source: Source, log: string, bookmarks: Bookmarks, folder?: string): LogReading {
    const { zone, complete } = this.#request;
    const say = (sentence: string): void => {
      this.#progress.clear();
      this.#context.say(sentence);
    };
    const target: ReadTarget = {
      record: (rec) => {
        if (log === 'error' && rec.kind === 'start' && folder !== undefined) this.#noteStart(folder, rec.EventTime);
        this.#taker.record(rec);
      },
      dead: (letter) => this.#taker.dead(letter),
      room: () => this.#taker.room(),
      progress: (bytes, lines) => {
        this.#progress.update({ consumedBytes: this.#doneBytes + bytes.consumedBytes, lines: this.#doneLines + lines });
      },
    };
    const restarts = folder === undefined ? undefined : this.#starts.get(folder);
    const reader = { zone, ...(restarts === undefined ? {} : { restarts }) };
    const options = { source, log, reader, complete, signal: this.#context.signal };
    return new LogReading(options, bookmarks, target, say);
  }

  #noteStart(folder: string, time: number | undefined): void {
    if (time === undefined) return;
    const starts = this.#starts.get(folder) ?? [];
    starts.push(time);
    starts.sort((one, other) => one - other);
    this.#starts.set(folder, starts);
  }
}

/** What an error log tells of server starts helps to read the other logs beside it. */
function errorLogsFirst(sets: readonly LogSet[]): readonly LogSet[] {
  return [...sets.filter(({ log }) => log === 'error'), ...sets.filter(({ log }) => log !== 'error')];
}

function noLogs({ paths, sources }: ReadRequest, { ignored }: Discovery): AppError {
  const names = sources.map((source) => source.product).join(', ');
  const [one] = ignored;
  if (paths.length === 1 && one !== undefined && one.path === paths[0]) {
    const what = one.why === 'binary' ? 'is no text' : 'is no log that can be recognized';
    return new AppError('no-logs', `"${one.path}" ${what}. Known logs: ${names}.`, { place: { file: one.path } });
  }
  const looked =
    ignored.length === 0 ? 'there are no files' : `none of ${ignored.length} files is a log that can be recognized`;
  return new AppError('no-logs', `In ${paths.map((path) => `"${path}"`).join(', ')} ${looked}. Known logs: ${names}.`);
}

function add(sum: ReadCounts, counts: ReadCounts): ReadCounts {
  return {
    lines: sum.lines + counts.lines,
    bytes: sum.bytes + counts.bytes,
    records: sum.records + counts.records,
    deadLetters: sum.deadLetters + counts.deadLetters,
    continuations: sum.continuations + counts.continuations,
    glued: sum.glued + counts.glued,
  };
}
