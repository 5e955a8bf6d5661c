import { createEvent, type DeadLetter, type Event } from '#event';
import type { Condition } from '#query';
import type { StreamCheckpoint } from './store.ts';

/** A quarter past eight on a day of 2026, in epoch milliseconds. */
export const start: number = Date.UTC(2026, 10, 24, 8, 15);

export const everything: Condition = { kind: 'always' };

/** The condition `label: word`, case not counting. */
export function is(label: 'eventSubType' | 'boundDn' | 'tags', value: string): Condition {
  return { kind: 'text', labels: [label], test: { kind: 'equals-folded', values: [value] } };
}

/** An event with an identity: one second and a hundred bytes behind the one of the number before. */
export function makeEvent(number: number, more: Partial<Event> = {}, stream = 'stream-a'): Event {
  const event = createEvent();
  event.eventTime = start + number * 1000;
  event.eventNanos = 1 + (number % 999_999);
  event.stream = stream;
  event.generation = 0;
  event.position = number * 100;
  event.source = '389-directory-server';
  event.eventSubType = ['BIND', 'RESULT', 'SRCH'][number % 3];
  event.sessionKey = `session-${Math.floor(number / 10)}`;
  event.rawEvent = `[24/Nov/2026] conn=${number} op=1 line number${number}`;
  return Object.assign(event, more);
}

export function makeEvents(count: number, more: Partial<Event> = {}, stream = 'stream-a'): readonly Event[] {
  return Array.from({ length: count }, (_, number) => makeEvent(number, more, stream));
}

export function makeLetter(number: number, more: Partial<DeadLetter> = {}): DeadLetter {
  return {
    stream: 'stream-a',
    generation: 0,
    position: number * 100,
    log: 'access',
    source: '389-directory-server',
    code: 'unreadable-line',
    reason: 'The line has no time.',
    raw: `line ${number}`,
    ...more,
  };
}

export function makeCheckpoint(position: number, more: Partial<StreamCheckpoint> = {}): StreamCheckpoint {
  return {
    stream: 'stream-a',
    generation: 0,
    source: '389-directory-server',
    log: 'access',
    file: '/var/log/dirsrv/slapd-corp/access',
    position,
    lines: 10,
    events: 7,
    deadLetters: 1,
    continuations: 2,
    state: '{"version":1}',
    ...more,
  };
}
