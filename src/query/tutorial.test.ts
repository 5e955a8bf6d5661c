import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createEvent, type Event, foldDn, parseTime } from '#event';
import { check, compileCondition, parse } from './index.ts';

/** Runs every example of the tutorial over the events it shows. */
const page = readFileSync(new URL('../../docs/query-language.md', import.meta.url), 'utf8');
const clock = { now: Date.UTC(2024, 8, 15, 12), zone: 'Europe/Berlin' };

function blocksOf(language: string): string[] {
  return [...page.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(([, text = '']) => text);
}

function readEvents(): Event[] {
  const [json = '[]'] = blocksOf('json');
  return (JSON.parse(json) as Record<string, unknown>[]).map((values) => {
    const time = parseTime(String(values['eventTime']));
    const event = Object.assign(createEvent(), values, { eventTime: time?.ms, eventNanos: time?.nanos });
    for (const label of ['distinguishedName', 'requestContext', 'boundDn'] as const) {
      const dn = event[label];
      if (dn !== undefined) event[`${label}Folded`] = foldDn(dn);
    }
    return event;
  });
}

const events = readEvents();

const examples = blocksOf('qql').flatMap((block) =>
  [...block.matchAll(/^(.+)\n([→!] .+)$/gm)].map(([, query = '', outcome = '']) => ({ query, outcome })),
);

function outcomeOf(query: string): string {
  const checked = check(parse(query), clock);
  if (checked.kind === 'errors') {
    const [first] = checked.errors;
    return `! ${first?.code} ${first?.place?.offset} ${first?.message}`;
  }
  const matches = compileCondition(checked.condition);
  const found = events.flatMap((event, index) => (matches(event) ? [index + 1] : []));
  return `→ ${found.join(' ') || 'nothing'}`;
}

describe('the tutorial', () => {
  test('has events and examples, and no example without an outcome', () => {
    expect(events).toHaveLength(10);
    const lines = blocksOf('qql').join('').trim().split('\n');
    expect(lines).toHaveLength(examples.length * 2);
    expect(examples.length).toBeGreaterThan(60);
  });

  test.each(examples)('$query', ({ query, outcome }) => expect(outcomeOf(query)).toBe(outcome));
});
