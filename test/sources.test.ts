import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import {
  containsAddress,
  createEvent,
  createRec,
  type DeadLetter,
  fieldOf,
  labels,
  parseAddress,
  parseCidr,
  type Rec,
  recKeyNames,
  suffixOf,
  toPlain,
} from '#event';
import { createNormalizer, Rejection } from '#normalize';
import { check, parse } from '#query';
import { loadSources, type MappingRow, type Source } from '#source';

/**
 * One suite for every folder in `sources/`: whoever adds a source writes no test of these kinds.
 */
const sources = await loadSources();

const headings = ['What it logs', 'Connect it', 'What you get', 'Known gaps'];

/** What samples may name: addresses and names set aside for documentation (RFC 5737, 3849, 2606), and loopback. */
const sampleBlocks = [
  '192.0.2.0/24',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '2001:db8::/32',
  '127.0.0.0/8',
  '::1/128',
  'fe80::/10',
];
const sampleDomains = /(?:^|\.)(?:example\.(?:com|net|org)|example|test|invalid|localhost)$/;

function folderOf(source: Source): URL {
  return new URL(`../sources/${source.id}/`, import.meta.url);
}

function samplesOf(source: Source): string[] {
  const folder = fileURLToPath(new URL('samples/', folderOf(source)));
  return existsSync(folder) ? readdirSync(folder).filter((name) => !name.endsWith('.events.json')) : [];
}

function sample(source: Source, name: string): Buffer {
  return readFileSync(fileURLToPath(new URL(`samples/${name}`, folderOf(source))));
}

/** Reads a log, and makes of each record what the caller makes of it, at once: readers may go on with a record. */
function read<Made>(source: Source, bytes: Buffer, make: (rec: Rec) => Made): { made: Made[]; dead: DeadLetter[] } {
  const log = source.recognize(bytes)?.log ?? 'access';
  const made: Made[] = [];
  const dead: DeadLetter[] = [];
  const sink = {
    record: (rec: Rec) => void made.push(make(rec)),
    dead: (letter: DeadLetter) => void dead.push(letter),
  };
  const reader = source.createReader({ log });
  reader.startFile({ stream: 'sample', generation: 0, position: 0 });
  reader.push(bytes, sink);
  reader.endFile(sink);
  return { made, dead };
}

/** A sample cut, doubled, and with some bits flipped. */
function mangle(bytes: Buffer, random: (below: number) => number): Buffer[] {
  const at = random(bytes.length);
  const flipped = Buffer.from(bytes);
  for (let flips = 1 + random(4); flips > 0; flips--) {
    const place = random(bytes.length);
    flipped[place] = (flipped[place] ?? 0) ^ (1 << random(8));
  }
  return [bytes.subarray(at), bytes.subarray(0, at), Buffer.concat([bytes.subarray(0, at), bytes]), flipped];
}

/** A small generator of numbers, the same on every run. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state % below;
  };
}

describe.each(sources.map((source) => [source.id, source] as const))('%s', (id, source) => {
  const normalizer = createNormalizer([source], { clock: () => 0 });

  test('says what it is', () => {
    expect(id).toMatch(/^[a-z0-9]+(?:-[a-z0-9]+)*$/);
    for (const text of [source.vendor, source.product, source.deviceType, source.mappingVersion])
      expect(text).not.toBe('');
  });

  test('has a README with the usual headings', () => {
    const readme = readFileSync(fileURLToPath(new URL('README.md', folderOf(source))), 'utf8');
    expect(readme).toMatch(/^# \S/);
    expect([...readme.matchAll(/^## (.+)$/gm)].map((match) => match[1])).toEqual(headings);
  });

  test("has guide rows for all labels of the guide, in the guide's order", () => {
    const guideLabels = labels.filter((label) => fieldOf(label).group === 'guide');
    expect(source.mapping.guide.map((row) => row.to)).toEqual(guideLabels);
  });

  test('has queries to begin with that are right as they stand', () => {
    for (const { about, query } of source.guide.queries ?? []) {
      expect(about).not.toBe('');
      expect([query, check(parse(query), { now: 0, zone: 'UTC' })]).toEqual([
        query,
        expect.objectContaining({ kind: 'condition', hints: [] }),
      ]);
    }
  });

  test('has a guide that says what was tested', () => {
    const { guide } = source;
    for (const texts of [guide.overview, guide.supportedFormats, guide.supportedVersions, guide.gaps])
      expect(texts.length).toBeGreaterThan(0);
  });

  test('loses no key of a record silently', () => {
    const rec = createRec();
    const filled: Record<string, unknown> = Object.fromEntries(recKeyNames.map((key) => [key, 'x']));
    for (const row of [...source.mapping.guide, ...source.mapping.extended]) filled[row.from] = row.sample;
    normalizer.normalize(
      Object.assign(rec, filled, { EventTime: 1, stream: 's', position: 0, source: id, extra: undefined }),
    );
    expect(normalizer.coverage()).toEqual([expect.objectContaining({ source: id, records: 1, unmapped: [] })]);
  });

  const rows = [...source.mapping.guide, ...source.mapping.extended];
  test.each(rows.map((row): [string, string, MappingRow] => [row.from, row.to, row]))(
    'the sample of %s gives %s',
    (_, to, row) => {
      const rec = Object.assign(createRec(), {
        EventTime: 1,
        stream: 's',
        position: 0,
        source: id,
        ...row.beside,
        [row.from]: row.sample,
      });
      const event = normalizer.normalize(rec);
      expect(event).not.toBeInstanceOf(Rejection);
      const value = Object.entries(event).find(([label]) => label === to)?.[1];
      expect(value).toEqual(row.becomes ?? row.sample);
      expect(row.about).toMatch(/^[A-Z].*\.$/);
    },
  );

  describe.each(samplesOf(source).map((name) => [name]))('sample %s', (name) => {
    const bytes = sample(source, name);

    test('is recognized, and by no other source', () => {
      const mine = source.recognize(bytes)?.confidence ?? 0;
      expect(mine).toBeGreaterThan(0);
      for (const other of sources)
        if (other !== source) expect(other.recognize(bytes)?.confidence ?? 0).toBeLessThan(mine);
    });

    test('gives the events of its golden file', async () => {
      const { made: events, dead } = read(source, bytes, (rec) => {
        const event = normalizer.normalize(rec);
        return event instanceof Rejection ? { rejected: event.code } : toPlain(event);
      });
      expect(dead).toEqual([]);
      const golden = `[\n${events.map((event) => JSON.stringify(event)).join(',\n')}\n]\n`;
      await expect(golden).toMatchFileSnapshot(fileURLToPath(new URL(`samples/${name}.events.json`, folderOf(source))));
    });

    test('holds only addresses and names set aside for documentation', () => {
      const text = bytes.toString('latin1').replaceAll('\\/', '/');
      const blocks = sampleBlocks.map(parseCidr).filter((block) => block !== undefined);
      for (const [word] of text.matchAll(
        /(?<![\w.:-])(?:\d{1,3}(?:\.\d{1,3}){3}|[\da-f]{0,4}(?::[\da-f]{0,4}){2,7})(?![\w.:-])/gi,
      )) {
        const address = parseAddress(word);
        // OIDs begin with 0, 1 or 2, and some have four parts.
        if (address === undefined || /^[012]\./.test(word)) continue;
        expect([word, blocks.some((block) => containsAddress(block, address))]).toEqual([word, true]);
      }
      for (const [, domain = ''] of text.matchAll(/[\w.+-]+@([\w-]+(?:\.[\w-]+)+)/g))
        expect(domain.toLowerCase()).toMatch(sampleDomains);
      for (const [run] of text.matchAll(/dc=[\w-]+(?:,\s?dc=[\w-]+)*/gi)) {
        const domain = suffixOf(run.toLowerCase().replaceAll(', ', ',')).replaceAll('dc=', '').replaceAll(',', '.');
        expect(domain).toMatch(sampleDomains);
      }
    });

    test('cut, doubled, or with flipped bits, never throws (fuzz)', () => {
      const random = numbers(bytes.length);
      const rounds = Math.min(Number(process.env['FUZZ_RUNS'] ?? 50), 2000);
      const names = Object.keys(createEvent());
      for (let round = 0; round < rounds; round++) {
        for (const mangled of mangle(bytes, random)) {
          read(source, mangled, (rec) => {
            const event = normalizer.normalize(rec);
            if (!(event instanceof Rejection)) expect(Object.keys(event)).toEqual(names);
          });
        }
      }
    });
  });

  test('has samples', () => {
    expect(samplesOf(source).length).toBeGreaterThan(0);
  });
});
