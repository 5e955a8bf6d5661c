import { expect, test } from 'vitest';
import type { EventLabels } from '../../api/event-value.ts';
import { tellSession } from './tell-session.ts';

let position = 0;
function event(seconds: number, eventSubType: string, labels: EventLabels = {}): EventLabels {
  const whole = Math.floor(seconds * 1_000);
  return {
    eventId: `e${position++}`,
    logName: 'access',
    eventTime: 1_795_510_000_000 + whole,
    eventNanos: Math.round((seconds * 1_000 - whole) * 1_000_000),
    eventSubType,
    ...labels,
  };
}

const alice = 'uid=alice,ou=people,dc=example,dc=com';

test('requests and answers are one line each, with time, target and outcome', () => {
  const story = tellSession([
    event(0, 'CONNECTION', { transport: 'ldaps', outcome: 'success' }),
    event(0.002, 'BIND', { operationNumber: 0, distinguishedName: alice, method: 'SIMPLE' }),
    event(0.004, 'RESULT', {
      operationNumber: 0,
      requestType: 'BIND',
      outcome: 'success',
      boundDn: alice,
      duration: 0.002,
    }),
    event(0.014, 'SRCH', {
      operationNumber: 1,
      requestContext: 'ou=people',
      searchFilter: '(uid=bob)',
      boundDn: alice,
    }),
    event(0.015, 'SRCH', { operationNumber: 2, requestContext: 'ou=groups', searchFilter: '(cn=x)', boundDn: alice }),
    event(0.016, 'RESULT', { operationNumber: 2, requestType: 'SRCH', outcome: 'success', count: 0, boundDn: alice }),
    event(0.02, 'RESULT', { operationNumber: 1, requestType: 'SRCH', outcome: 'success', count: 1, boundDn: alice }),
    event(0.03, 'UNBIND', { operationNumber: 3, boundDn: alice }),
    event(0.03, 'DISCONNECT', { closeReason: 'U1', boundDn: alice }),
  ]);
  expect(story.lines.map(({ kind, verb, target, outcome, entries }) => [kind, verb, target, outcome, entries])).toEqual(
    [
      ['opening', 'CONNECTION', undefined, 'success', undefined],
      ['operation', 'BIND', alice, 'success', undefined],
      ['operation', 'SRCH', 'ou=people', 'success', 1],
      ['operation', 'SRCH', 'ou=groups', 'success', 0],
      ['closing', 'UNBIND', undefined, undefined, undefined],
      ['closing', 'DISCONNECT', undefined, undefined, undefined],
    ],
  );
  expect(story.lines[1]).toMatchObject({ at: 0.002, seconds: 0.002, note: 'identity changes', identity: alice });
  expect(story.lines[2]?.seconds).toBeCloseTo(0.006);
  expect(story.identities).toEqual([undefined, alice]);
  expect(story).toMatchObject({ beginningUnseen: false, endUnseen: false });
});

test('a failed bind drops the identity, and that is said', () => {
  const story = tellSession([
    event(0, 'SRCH', { operationNumber: 4, boundDn: alice }),
    event(0.1, 'RESULT', { operationNumber: 4, requestType: 'SRCH', boundDn: alice, outcome: 'success' }),
    event(0.2, 'BIND', { operationNumber: 5, distinguishedName: 'cn=directory manager', boundDn: alice }),
    event(0.3, 'RESULT', { operationNumber: 5, requestType: 'BIND', outcome: 'failure' }),
  ]);
  expect(story.lines.at(-1)).toMatchObject({ outcome: 'failure', identity: undefined, note: 'identity dropped' });
  expect(story).toMatchObject({ beginningUnseen: true, endUnseen: true });
});

test('what is missing is said: a request, an answer', () => {
  const story = tellSession([
    event(0, 'RESULT', { operationNumber: 7, requestType: 'SRCH', outcome: 'success' }),
    event(1, 'MOD', { operationNumber: 8, distinguishedName: alice }),
  ]);
  expect(story.lines.map(({ verb, note }) => [verb, note])).toEqual([
    ['SRCH', 'request not seen'],
    ['MOD', 'no answer seen'],
  ]);
});

test('silence is drawn where it is long, in itself and within the whole', () => {
  const search = (at: number, number: number): EventLabels[] => [
    event(at, 'SRCH', { operationNumber: number }),
    event(at + 0.01, 'RESULT', { operationNumber: number, requestType: 'SRCH' }),
  ];
  const story = tellSession([...search(0, 1), ...search(0.5, 2), ...search(8, 3), ...search(9.5, 4)]);
  expect(story.lines.map(({ pause }) => pause?.toFixed(2))).toEqual([undefined, undefined, '7.49', '1.49']);
  expect(tellSession([...search(0, 1), ...search(2, 2), ...search(100, 3)]).lines[1]?.pause).toBeUndefined();
});

test('further records of an operation stand with it', () => {
  const story = tellSession([
    event(0, 'SRCH', { operationNumber: 1 }),
    event(0.1, 'SORT', { operationNumber: 1 }),
    event(0.2, 'ENTRY', { operationNumber: 1 }),
    event(0.3, 'RESULT', { operationNumber: 1, requestType: 'SRCH', outcome: 'success' }),
  ]);
  expect(story.lines).toHaveLength(1);
  expect(story.lines[0]?.extras).toEqual(['SORT', 'ENTRY']);
});

test('no event makes no story', () => {
  expect(tellSession([])).toMatchObject({ lines: [], seconds: 0, beginningUnseen: false, endUnseen: false });
});
