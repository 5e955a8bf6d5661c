/** What `docs/enrichment.md` says is true: its examples work, its tables are those of the code. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { createEvent, foldDn } from '#event';
import { createEnricher } from './enricher.ts';
import { defaultPrivilegedGroups } from './identity-book.ts';
import { kindPatterns } from './identity-kind.ts';
import { uploadPlaces } from './upload-kinds.ts';
import { defaultZones } from './zones.ts';

const page = readFileSync(new URL('../../docs/enrichment.md', import.meta.url), 'utf8');

/** Examples of the page: "`name`:" and a block of text. */
const examples = [...page.matchAll(/^`([\w./-]+)`:\n\n```\w+\n([\s\S]*?)^```$/gm)].map(
  ([, name = '', text = '']) => [name, text] as const,
);

test('its examples are one folder that works', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'enrich-docs-'));
  for (const [name, text] of examples) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const enricher = await createEnricher({ folder, pollMs: 0 });
  const event = createEvent();
  event.eventTime = Date.now();
  event.sourceIp = '8.8.8.8';
  event.destinationIp = '10.20.0.17';
  event.boundDnFolded = foldDn('uid=alice,ou=people,dc=example,dc=com');
  enricher.enrich(event);
  expect(enricher.notices()).toEqual([]);
  expect(enricher.status()).toMatchObject({ zones: 4, assets: 4, identities: 4 });
  expect(
    enricher
      .status()
      .files.map((file) => file.path.slice(folder.length + 1))
      .sort(),
  ).toEqual(examples.map(([name]) => name).sort());
  expect(event).toMatchObject({
    sourceZone: 'external',
    destinationZone: 'server',
    destinationAssetId: 'srv-17',
    actorName: 'Alice Example',
    actorPrivileged: true,
  });
  await enricher.close();
  rmSync(folder, { recursive: true });
});

/** What the console offers to begin with is what the page shows, where it shows one. */
test('samples of uploads are its examples', () => {
  const shown = new Map(examples.map(([name, text]) => [name.replace(/^intelligence\//, ''), text]));
  const samples = uploadPlaces.flatMap(({ sample }) => (sample !== undefined && shown.has(sample.file) ? sample : []));
  expect(samples.map(({ file }) => file).length).toBeGreaterThan(6);
  for (const { file, text } of samples) expect([file, shown.get(file)]).toEqual([file, text]);
});

/** Whether a table row of the page has the text in its first cell and the word in its second. */
function hasRow(text: string, word: string): boolean {
  return page.split('\n').some((line) => {
    const [, first = '', second = ''] = line.split('|').map((cell) => cell.trim());
    return first.includes(`\`${text}\``) && second === word;
  });
}

test.each(defaultZones)('the zone of %s is %s', (block, zone) => expect(hasRow(block, zone)).toBe(true));

test.each(kindPatterns)('%s is a %s', (pattern, kind) => expect(hasRow(pattern, kind)).toBe(true));

test.each(defaultPrivilegedGroups)('%s is privileged', (group) => expect(page).toContain(`\`${group}\``));
