import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createEvent, type Event, findLabel, labels } from '#event';
import { check, compileCondition, parse } from '#query';
import { clauseFor, exclude, include } from './refine.ts';

const clock = { now: Date.UTC(2026, 10, 24), zone: 'UTC' };
const runs = Number(process.env['FUZZ_RUNS'] ?? 200);

function matches(query: string, event: Partial<Event>): boolean {
  const checked = check(parse(query), clock);
  if (checked.kind === 'errors') throw new Error(`${query}: ${checked.errors[0]?.message}`);
  return compileCondition(checked.condition)(Object.assign(createEvent(), event));
}

describe('the clause of a value finds that value', () => {
  test.each([
    ['eventSubType', 'BIND'],
    ['outcome', 'failure'],
    ['deviceVendor', '389 Directory Server'],
    ['sourceIp', '2001:db8::15'],
    ['sourceIpv4', '192.0.2.7'],
    ['resultCode', 49],
    ['sessionId', '18446744073709551615'],
    ['duration', 0.000000021],
    ['secureConnection', false],
    ['eventTime', 1_795_510_083_373],
    ['distinguishedName', 'cn=Smith\\, J,ou=people,dc=example,dc=com'],
    ['searchFilter', '(&(objectClass=*)(cn=`x`))'],
    ['resultText', 'two "words" and a \\'],
    ['rawEvent', 'and'],
    ['deviceHostName', 'ldap1.example.com'],
  ] as const)('%s %s', (label, value) => {
    const event = { [label]: value };
    expect(matches(clauseFor(label, value), event)).toBe(true);
    expect(matches(exclude('', clauseFor(label, value)), event)).toBe(false);
  });

  test('an absent one, too', () => {
    expect(matches(clauseFor('boundDn', undefined), {})).toBe(true);
    expect(matches(exclude('', clauseFor('boundDn', undefined)), {})).toBe(false);
    expect(exclude('', 'boundDn is null')).toBe('boundDn is not null');
  });

  test('fuzz: any text of any text label is found by its clause, and its clause is no other query', () => {
    const textLabels = labels.filter((label) =>
      ['rawEvent', 'boundDn', 'searchFilter', 'outcome', 'stream'].includes(label),
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...textLabels),
        fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }),
        (label, text) => {
          // A text that ends in a backslash has no exact form; of blanks and marks alone, no word is left to look for.
          fc.pre(!text.endsWith('\\') && findLabel(label) !== undefined);
          expect(matches(clauseFor(label, text), { [label]: text })).toBe(true);
        },
      ),
      { numRuns: runs },
    );
  });
});

test.each([
  ['', 'a is null', 'a is null'],
  ['outcome: failure', 'resultCode: 49', 'outcome: failure and resultCode: 49'],
  ['outcome: failure or outcome: denied', 'resultCode: 49', '(outcome: failure or outcome: denied) and resultCode: 49'],
  ['outcome: failure and resultCode: 49', 'resultCode:49', 'outcome: failure and resultCode: 49'],
  ['outcome: failure', '', 'outcome: failure'],
  ['outcome:', 'resultCode: 49', 'outcome: and resultCode: 49'],
])('%s and %s', (query, clause, expected) => {
  expect(include(query, clause)).toBe(expected);
});
