/**
 * The pipeline: record → event → stages in order → sinks. It runs record by record, at once and in one go: what waits
 * (a store that is behind) is asked for by the caller between two chunks of a log, so that nothing is awaited per record.
 */
import { asAppError } from '#error';
import type { DeadLetter, Event, Rec } from '#event';
import type { Outcome } from './outcome.ts';

/** Why no event can be made of a record: a stable code, and one sentence that quotes nothing of it. */
export interface Refusal {
  readonly code: string;
  readonly reason: string;
}

/** The first step: makes a new event of a record. */
export type Normalize = (rec: Rec) => Event | Refusal;

/** A further step: changes the event in place, and says what becomes of it. */
export interface Stage {
  /** A verb: enrich, categorize. */
  readonly name: string;
  readonly run: (event: Event, rec: Rec) => Outcome;
}

/** Where events and dead letters end. */
export interface PipelineSink {
  /** Takes an event, which nobody changes any more. */
  event(event: Event): void;
  dead(letter: DeadLetter): void;
}

/** What has passed so far. `records + unread = events + dropped + deadLetters`. */
export interface PipelineCounts {
  /** Records taken in. */
  readonly records: number;
  /** Dead letters that came from the reader: what could not be decoded. */
  readonly unread: number;
  /** Events given to the sinks. */
  readonly events: number;
  /** Events left out on purpose, by reason. */
  readonly dropped: Readonly<Record<string, number>>;
  /** All dead letters given to the sinks, by code. */
  readonly deadLetters: Readonly<Record<string, number>>;
}

/** Takes what a reader gives, in the order of the log. */
export interface Pipeline {
  record(rec: Rec): void;
  dead(letter: DeadLetter): void;
  readonly counts: PipelineCounts;
}

/** Different words counted apart; more are counted together as `other`. */
const wordsMax = 100;

/** Joins the steps and the sinks to a pipeline. */
export function createPipeline(
  normalize: Normalize,
  stages: readonly Stage[],
  sinks: readonly PipelineSink[],
): Pipeline {
  return new RunningPipeline(normalize, stages, sinks);
}

class RunningPipeline implements Pipeline {
  readonly #normalize: Normalize;
  readonly #stages: readonly Stage[];
  readonly #sinks: readonly PipelineSink[];
  readonly #dropped = new Map<string, number>();
  readonly #deadLetters = new Map<string, number>();
  #records = 0;
  #unread = 0;
  #events = 0;

  constructor(normalize: Normalize, stages: readonly Stage[], sinks: readonly PipelineSink[]) {
    this.#normalize = normalize;
    this.#stages = stages;
    this.#sinks = sinks;
  }

  record(rec: Rec): void {
    this.#records += 1;
    const event = this.#normalize(rec);
    if ('code' in event) {
      this.#bury(letterOf(rec, event.code, event.reason));
      return;
    }
    for (const stage of this.#stages) {
      const outcome = runStage(stage, event, rec);
      if (outcome.kind === 'keep') continue;
      if (outcome.kind === 'drop') count(this.#dropped, outcome.reason);
      else this.#bury(letterOf(rec, outcome.code, outcome.reason));
      return;
    }
    this.#events += 1;
    for (const sink of this.#sinks) sink.event(event);
  }

  dead(letter: DeadLetter): void {
    this.#unread += 1;
    this.#bury(letter);
  }

  get counts(): PipelineCounts {
    return {
      records: this.#records,
      unread: this.#unread,
      events: this.#events,
      dropped: Object.fromEntries(this.#dropped),
      deadLetters: Object.fromEntries(this.#deadLetters),
    };
  }

  #bury(letter: DeadLetter): void {
    count(this.#deadLetters, letter.code);
    for (const sink of this.#sinks) sink.dead(letter);
  }
}

/** A stage that throws is a bug; the record is kept all the same, and the next one has its turn. */
function runStage(stage: Stage, event: Event, rec: Rec): Outcome {
  try {
    return stage.run(event, rec);
  } catch (thrown) {
    const { code } = asAppError(thrown);
    return { kind: 'reject', code: `${stage.name}-failed`, reason: `The stage "${stage.name}" failed with ${code}.` };
  }
}

function letterOf(rec: Rec, code: string, reason: string): DeadLetter {
  return {
    stream: rec.stream ?? '',
    generation: rec.generation ?? 0,
    position: rec.position ?? 0,
    log: rec.log ?? '',
    source: rec.source ?? '',
    code,
    reason,
    raw: rec.raw ?? '',
  };
}

function count(counts: Map<string, number>, word: string): void {
  const known = counts.has(word) || counts.size < wordsMax ? word : 'other';
  counts.set(known, (counts.get(known) ?? 0) + 1);
}
