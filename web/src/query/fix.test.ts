import { expect, test } from 'vitest';
import { check, parse } from '#query';
import { fixesFor } from './fix.ts';

const clock = { now: 0, zone: 'UTC' };

function firstFix(text: string): string | undefined {
  const checked = check(parse(text), clock);
  const [error] = checked.kind === 'errors' ? checked.errors : [];
  return error === undefined ? undefined : fixesFor(text, error)[0]?.text;
}

test.each([
  ['two clauses side by side', 'eventSubType: BIND method: SASL', 'eventSubType: BIND and method: SASL'],
  ['a slip in a name', 'evntSubType: BIND', 'eventSubType: BIND'],
  ['a parenthesis not closed', '(outcome: failure', '(outcome: failure)'],
  ['a bracket not closed', 'outcome: [failure, denied', 'outcome: [failure, denied]'],
  ['a quote not closed', 'rawEvent: "a b', 'rawEvent: "a b"'],
  ['a parenthesis that closes nothing', 'outcome: failure)', 'outcome: failure'],
  ['a word left over', 'outcome: failure and', 'outcome: failure'],
  ['a word too early', 'and outcome: failure', 'outcome: failure'],
  ['no value', 'method:', 'method: *'],
  ['an order where there is none', 'method > SASL', 'method: SASL'],
])('%s is mended', (_, text, mended) => {
  expect(firstFix(text)).toBe(mended);
  expect(check(parse(mended), clock).kind).toBe('condition');
});

test('what only the person can know has no fix', () => {
  expect(firstFix('count: many')).toBeUndefined();
});
