import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { LogReader } from '#source';
import { createAuditReader } from './audit.ts';
import { createErrorReader } from './error-log.ts';
import { readAccess } from './read-access.ts';
import { createSecurityReader } from './security.ts';

/** Lines people published; not part of the product, so the test runs only where they are at hand. */
const folder = process.env['MERIDIAN_FRAGMENTS'] ?? join(import.meta.dirname, '../../../shared/fragments');
const there = existsSync(folder);

function readerOf(file: string): LogReader {
  if (file.includes('audit')) return createAuditReader({ log: file.includes('auditfail') ? 'auditfail' : 'audit' });
  return file.includes('errors') ? createErrorReader({ log: 'error' }) : createSecurityReader({ log: 'security' });
}

interface Expected {
  readonly file: string;
  readonly line: number;
  readonly expect: Readonly<Record<string, unknown>>;
}

/** Keys of the hand-read expectations that have another name in a record, and their values in a record's words. */
const keys: Readonly<Record<string, string>> = { clientIp: 'client', serverIp: 'server', time: 'EventTime' };
const verbs: Readonly<Record<string, string>> = { modify: 'MOD', add: 'ADD', delete: 'DEL' };

describe.runIf(there)('published fragments of the other logs', () => {
  const files = there ? readdirSync(folder).filter((name) => /errors|audit|security/.test(name)) : [];
  test.each(files)('%s is read without a crash, and adds up', (file) => {
    const { records, dead, counts } = readAccess(readFileSync(join(folder, file)), readerOf(file));
    expect(counts.lines + counts.glued).toBe(records.length + dead.length + counts.continuations);
    expect(records.length + dead.length).toBeGreaterThan(0);
  });

  const lines = there ? readFileSync(join(folder, 'expected.jsonl'), 'utf8').trim().split('\n') : [];
  const expected = lines
    .map((line): Expected => JSON.parse(line))
    .filter(({ file }) => /errors|audit|security/.test(file));
  test.each(expected)('$file line $line says what a person read in it', ({ file, line, expect: wanted }) => {
    const bytes = readFileSync(join(folder, file));
    const { records } = readAccess(bytes, readerOf(file));
    const found = records.find((rec) => bytes.subarray(0, rec.position).toString('latin1').split('\n').length === line);
    for (const [key, value] of Object.entries(wanted)) {
      const got = found?.[(keys[key] ?? key) as keyof typeof found];
      const whole = key === 'verb' ? (verbs[String(value)] ?? value) : value;
      // The zone is taken from a stamp that may be a second apart.
      if (key === 'time' && file.includes('audit'))
        expect(Math.abs(Number(got) - Number(whole))).toBeLessThanOrEqual(1000);
      else expect([key, got]).toEqual([key, whole]);
    }
  });
});
