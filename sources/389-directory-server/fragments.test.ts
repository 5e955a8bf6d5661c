import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readAccess } from './read-access.ts';

/** Lines people published; not part of the product, so the test runs only where they are at hand. */
const folder = process.env['MERIDIAN_FRAGMENTS'] ?? join(import.meta.dirname, '../../../shared/fragments');
const there = existsSync(folder);

describe.runIf(there)('published access fragments', () => {
  const files = there
    ? readdirSync(folder).filter((name) => name.endsWith('.log') && !/errors|audit|security/.test(name))
    : [];
  test.each(files)('%s is read without a crash, and adds up', (name) => {
    const { records, dead, counts } = readAccess(readFileSync(join(folder, name)));
    expect(counts.lines + counts.glued).toBe(records.length + dead.length + counts.continuations);
  });
});

interface Expected {
  readonly file: string;
  readonly line: number;
  readonly expect: Readonly<Record<string, unknown>>;
}

/** Keys of the hand-read expectations that have another name in a record. */
const keys: Readonly<Record<string, string>> = {
  clientIp: 'client',
  serverIp: 'server',
  closeCode: 'code',
  newSuperior: 'newsuperior',
  time: 'EventTime',
};

describe.runIf(there)('published access fragments say what a person read in them', () => {
  const lines = there ? readFileSync(join(folder, 'expected.jsonl'), 'utf8').trim().split('\n') : [];
  const expected = lines
    .map((line): Expected => JSON.parse(line))
    .filter(({ file }) => !/errors|audit|security/.test(file));
  test.each(expected)('$file line $line', ({ file, line, expect: wanted }) => {
    const bytes = readFileSync(join(folder, file));
    const { records } = readAccess(bytes);
    const found = records.find((rec) => bytes.subarray(0, rec.position).toString('latin1').split('\n').length === line);
    const got = Object.fromEntries(
      Object.keys(wanted).map((key) => {
        const value = found?.[(keys[key] ?? key) as keyof typeof found];
        return [key, Array.isArray(value) ? value.join(',') : value];
      }),
    );
    expect(got).toEqual(wanted);
  });
});
