/** What the tables make of real logs: hardly anything is left over, and nothing is contradictory. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { createCategorizer } from '#categorize';
import { createEnricher, type Enricher } from '#enrich';
import type { Event, Rec } from '#event';
import { createNormalizer } from '#normalize';
import { categories } from './categories.ts';
import { source } from './source.ts';

const root = join(process.env['MERIDIAN_CORPUS'] ?? join(import.meta.dirname, '../../../shared/corpus'), '389ds');
const corpora = existsSync(root) ? readdirSync(root).filter((name) => !name.endsWith('.md')) : [];
const logs = [
  ['access', 'access'],
  ['audit', 'audit'],
  ['auditfail', 'auditfail'],
  ['errors', 'error'],
  ['security', 'security'],
] as const;

/** All events of a corpus, categorized. */
function eventsOf(corpus: string, enricher: Enricher): Event[] {
  const normalizer = createNormalizer([source]);
  const categorize = createCategorizer(categories);
  const events: Event[] = [];
  for (const [file, log] of logs) {
    const path = join(root, corpus, file);
    const bytes = existsSync(path) ? readFileSync(path) : gunzipSync(readFileSync(`${path}.gz`));
    const reader = source.createReader({ log });
    const sink = {
      record: (rec: Rec) => {
        const event = normalizer.normalize(rec);
        if ('code' in event) return;
        enricher.enrich(event);
        categorize(event);
        events.push(event);
      },
      dead: () => undefined,
    };
    reader.startFile({ stream: log, generation: 0, position: 0 });
    reader.push(bytes, sink);
    reader.endFile(sink);
  }
  return events;
}

describe.skipIf(corpora.length === 0)('real logs (skipped where there is no corpus)', () => {
  test.each(corpora)('%s: less than one event in a thousand is other', async (corpus) => {
    const enricher = await createEnricher({ pollMs: 0 });
    const events = eventsOf(corpus, enricher);
    await enricher.close();
    const other = events.filter((event) => event.eventCategory === 'other');
    expect(events.length).toBeGreaterThan(4_000);
    expect(other.length / events.length).toBeLessThan(0.001);
    // Answers have an outcome with a reason, requests have none.
    for (const event of events) {
      if (event.eventSubType === 'RESULT') expect(event.outcome, event.rawEvent).toBeDefined();
      if (event.logName === 'access' && event.resultCode === undefined && event.eventSubType === 'SRCH') {
        expect(event.outcome, event.rawEvent).toBeUndefined();
      }
      if (event.resultCode === 0 && event.logName !== 'error') expect(event.outcome, event.rawEvent).toBe('success');
      expect(event.ocsfTypeUid, event.rawEvent).toBeGreaterThan(0);
    }
    // A client's words never become tags or categories.
    const tags = new Set(events.flatMap((event) => event.tags ?? []));
    expect([...tags].filter((tag) => !/^[a-z-]+$/.test(tag))).toEqual([]);
    expect(enricher.status()).toMatchObject({ events: events.length, partial: 0 });
  });
});
