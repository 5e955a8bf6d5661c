import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { Rec } from '#event';
import type { LogReader } from '#source';
import { createAuditReader } from './audit.ts';
import { createErrorReader } from './error-log.ts';
import { type ReadBack, readAccess } from './read-access.ts';
import { recognize } from './recognize.ts';
import { createSecurityReader } from './security.ts';

/** Logs of real servers; not part of the product, so the tests run only where they are at hand. */
const folder = process.env['MERIDIAN_CORPUS'] ?? join(import.meta.dirname, '../../../shared/corpus');
const servers = join(folder, '389ds');
const there = existsSync(servers);
const corpora = there ? readdirSync(servers).filter((name) => existsSync(join(servers, name, 'errors'))) : [];

function bytesOf(corpus: string, log: string): Buffer {
  const path = join(servers, corpus, log);
  return existsSync(path) ? readFileSync(path) : gunzipSync(readFileSync(`${path}.gz`));
}

const readers: Readonly<Record<string, () => LogReader>> = {
  security: () => createSecurityReader({ log: 'security' }),
  audit: () => createAuditReader({ log: 'audit' }),
  auditfail: () => createAuditReader({ log: 'auditfail' }),
  errors: () => createErrorReader({ log: 'error' }),
};

/** How a record begins in the text of a log, whatever else a reader makes of it. */
const beginnings: Readonly<Record<string, RegExp>> = {
  security: /\{ "date": /g,
  audit: /^time: \d{14}$|\{\s*"gm_time":/gm,
  auditfail: /^time: \d{14}$|\{\s*"gm_time":/gm,
  errors: /\[\d\d\/\w{3}\/\d{4}:\d\d:\d\d:\d\d\.\d{9} [+-]\d{4}\] - |\{\s*"local_time":/g,
};

function read(corpus: string, log: string): ReadBack {
  return readAccess(bytesOf(corpus, log), readers[log]?.());
}

const cases = corpora.flatMap((corpus) => Object.keys(readers).map((log) => [corpus, log] as const));

describe.runIf(there)('logs of real servers', () => {
  test.each(cases)('%s %s: every record is read, none is lost', (corpus, log) => {
    const { records, dead, counts } = read(corpus, log);
    expect(dead).toEqual([]);
    expect(records).toHaveLength(
      bytesOf(corpus, log)
        .toString('latin1')
        .match(beginnings[log] ?? /$^/)?.length ?? 0,
    );
    expect(counts.lines + counts.glued).toBe(counts.records + counts.continuations);
    expect(records.every((rec) => (rec.EventTime !== undefined && rec.host !== undefined) || log === 'security')).toBe(
      true,
    );
  });

  test.each(cases)('%s %s is recognized', (corpus, log) => {
    const found = recognize(bytesOf(corpus, log).subarray(0, 65_536));
    expect(found).toMatchObject({ log: log === 'errors' ? 'error' : log });
    expect(found?.confidence).toBeGreaterThanOrEqual(0.9);
  });

  test.each(corpora)('%s: no password hash is left of the audit logs', (corpus) => {
    const hash = /\{(?:SSHA|PBKDF2)|e1NTSEE|e1BCS0RG/;
    for (const log of ['audit', 'auditfail']) expect(JSON.stringify(read(corpus, log))).not.toMatch(hash);
  });

  test.each(corpora)('%s: the error log tells of every start and stop', (corpus) => {
    const text = bytesOf(corpus, 'errors').toString('latin1');
    const kinds = read(corpus, 'errors').records.map((rec) => rec.kind);
    const count = (kind: string): number => kinds.filter((one) => one === kind).length;
    expect(count('start')).toBe(text.split(' starting up').length - 1);
    expect(count('stop')).toBe(text.split('slapd stopped.').length - 1);
    expect(count('start')).toBeGreaterThan(0);
  });

  // What one log says of an operation, another one says too: two ways of reading that know nothing of each other.
  test.each(corpora.filter((corpus) => corpus.includes('-json')))(
    '%s: audit and access log agree on what was done and what was refused',
    (corpus) => {
      const results = resultsOf(corpus);
      const changes = ['audit', 'auditfail']
        .flatMap((log) => read(corpus, log).records)
        // A password that the extended operation changes is logged as made by operation 0.
        .filter((rec) => rec.conn !== undefined && rec.op !== 0);
      expect(changes.length).toBeGreaterThan(0);
      // Where an entry is missing the auditfail log says so (32), while its client was only told that it may not (50).
      expect(changes.filter((rec) => (results.get(keyOf(rec)) === 0) !== (rec.err === 0))).toEqual([]);
    },
  );

  test.each(corpora.filter((corpus) => !corpus.includes('restart')))(
    '%s: security and access log agree on every refusal',
    (corpus) => {
      const results = resultsOf(corpus);
      const refused = read(corpus, 'security').records.filter((rec) => rec.verb === 'AUTHZ_ERROR');
      expect(refused.length).toBeGreaterThan(0);
      expect(refused.filter((rec) => (results.get(keyOf(rec)) ?? 50) !== 50)).toEqual([]);
    },
  );
});

function keyOf(rec: Rec): string {
  return `${rec.conn} ${rec.op}`;
}

/** Result of every operation in an access log, by connection and operation. */
function resultsOf(corpus: string): Map<string, number | undefined> {
  const { records } = readAccess(bytesOf(corpus, 'access'));
  const results = records.filter((rec) => rec.verb === 'RESULT' && rec.internal !== true && rec.tags === undefined);
  return new Map(results.map((rec) => [keyOf(rec), rec.err]));
}
