import { expect, test } from 'vitest';
import { createEvent, createRec, type DeadLetter, type Event, type Rec, toPlain } from '#event';
import { drop, keep, reject } from './outcome.ts';
import { createPipeline, type Normalize, type PipelineSink, type Stage } from './pipeline.ts';

function record(position: number, verb: string): Rec {
  const rec = createRec();
  return Object.assign(rec, {
    position,
    verb,
    stream: 's',
    generation: 2,
    log: 'access',
    source: 'x',
    raw: `raw ${position}`,
  });
}

class Kept implements PipelineSink {
  readonly events: object[] = [];
  readonly letters: DeadLetter[] = [];
  event(event: Event): void {
    this.events.push(toPlain(event));
  }
  dead(letter: DeadLetter): void {
    this.letters.push(letter);
  }
}

const normalize: Normalize = (rec) =>
  rec.verb === 'BAD'
    ? { code: 'no-time', reason: 'The record has no time.' }
    : Object.assign(createEvent(), { eventSubType: rec.verb });

const stages: readonly Stage[] = [
  {
    name: 'enrich',
    run: (_, rec) => {
      if (rec.verb === 'BUG') throw new TypeError('raw text that must not leak');
      if (rec.verb === 'ODD') return reject('odd', 'It is odd.');
      return rec.verb === 'NOISE' ? drop('wanted-no-noise') : keep;
    },
  },
];

test('every record ends as an event, a dead letter or a counted drop, and the sum is right', () => {
  const kept = new Kept();
  const pipeline = createPipeline(normalize, stages, [kept]);
  for (const [at, verb] of ['BIND', 'BAD', 'NOISE', 'BUG', 'SRCH', 'ODD'].entries()) pipeline.record(record(at, verb));
  pipeline.dead({
    stream: 's',
    generation: 2,
    position: 9,
    log: 'access',
    source: 'x',
    code: 'broken-json',
    reason: 'No.',
    raw: '{',
  });
  expect(kept.events).toEqual([{ eventSubType: 'BIND' }, { eventSubType: 'SRCH' }]);
  expect(kept.letters).toEqual([
    {
      stream: 's',
      generation: 2,
      position: 1,
      log: 'access',
      source: 'x',
      code: 'no-time',
      reason: 'The record has no time.',
      raw: 'raw 1',
    },
    expect.objectContaining({
      position: 3,
      code: 'enrich-failed',
      reason: 'The stage "enrich" failed with internal.',
      raw: 'raw 3',
    }),
    expect.objectContaining({ position: 5, code: 'odd', reason: 'It is odd.' }),
    expect.objectContaining({ position: 9, code: 'broken-json' }),
  ]);
  expect(pipeline.counts).toEqual({
    records: 6,
    unread: 1,
    events: 2,
    dropped: { 'wanted-no-noise': 1 },
    deadLetters: { 'no-time': 1, 'enrich-failed': 1, odd: 1, 'broken-json': 1 },
  });
});

test('words that are counted are bounded', () => {
  const pipeline = createPipeline(normalize, [{ name: 'drop', run: (_, rec) => drop(`reason ${rec.position}`) }], []);
  for (let at = 0; at < 1000; at++) pipeline.record(record(at, 'X'));
  expect(Object.keys(pipeline.counts.dropped)).toHaveLength(101);
  expect(pipeline.counts.dropped['other']).toBe(900);
});
