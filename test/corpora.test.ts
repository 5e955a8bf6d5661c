/**
 * Real logs of real servers, with what their clients saw. Every log of every corpus is read; the access logs are held
 * against the clients' own counts (`truth.json`) and against the server's own analyser (`logconv.txt`). Where they
 * differ, the difference is named here, number by number, with its reason.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { createCategorizer } from '#categorize';
import type { DeadLetter, Event, Rec } from '#event';
import { createNormalizer } from '#normalize';
import { loadSources, type ReadCounts, type Source } from '#source';

const root = join(process.env['MERIDIAN_CORPUS'] ?? join(import.meta.dirname, '../../shared/corpus'), '389ds');
const there = existsSync(root);
const corpora = there ? readdirSync(root).filter((name) => !name.includes('.md')) : [];
const logFiles = /^(?:access|audit|auditfail|errors|security)(?:\.gz)?$/;

const reasons = {
  vanished: 'the client was gone, or had stopped reading, before the answer came',
  persistent: 'and persistent searches, which end with their connection',
  crossed: 'the client took the answer to one request in flight for the answer to another',
  raw: 'sent by clients that spoke raw bytes and kept no count',
} as const;

/** `operation result`, what clients saw, what the log has, why. */
const differences: Readonly<Record<string, readonly (readonly [string, number, number, string])[]>> = {
  '2.3.1-text-medium': [
    ['ADD unanswered', 1, 0, reasons.vanished],
    ['BIND 0', 327, 318, reasons.crossed],
    ['BIND 14', 18, 15, reasons.crossed],
    ['BIND 49', 3102, 3111, reasons.crossed],
    ['COMPARE 49', 1, 0, reasons.crossed],
    ['EXTENDED 49', 4, 0, reasons.crossed],
    ['EXTENDED unanswered', 1, 0, reasons.vanished],
    ['MODIFY unanswered', 1, 0, reasons.vanished],
    ['SEARCH 0', 6104, 6113, reasons.vanished],
    ['SEARCH 49', 4, 0, reasons.crossed],
    ['SEARCH unanswered', 45, 0, `${reasons.vanished}, ${reasons.persistent}`],
    ['UNBIND none-due', 2464, 2465, reasons.raw],
  ],
  '2.3.1-text-restart-internal': [
    ['ADD unanswered', 1, 0, reasons.vanished],
    ['BIND 0', 66, 65, reasons.crossed],
    ['BIND 49', 771, 772, reasons.crossed],
    ['COMPARE 49', 1, 0, reasons.crossed],
    ['MODIFY unanswered', 2, 0, reasons.vanished],
    ['SEARCH 0', 1149, 1152, reasons.vanished],
    ['SEARCH unanswered', 12, 0, `${reasons.vanished}, ${reasons.persistent}`],
    ['UNBIND none-due', 603, 605, reasons.raw],
  ],
  '2.3.1-text-small': [
    ['ADD unanswered', 1, 0, reasons.vanished],
    ['BIND unanswered', 1, 0, reasons.vanished],
    ['MODIFY unanswered', 1, 0, reasons.vanished],
    ['SEARCH 0', 1114, 1117, reasons.vanished],
    ['SEARCH unanswered', 15, 0, `${reasons.vanished}, ${reasons.persistent}`],
    ['UNBIND none-due', 487, 489, reasons.raw],
  ],
  '3.3-json-medium': [
    ['BIND 0', 278, 271, reasons.crossed],
    ['BIND 49', 2708, 2715, reasons.crossed],
    ['BIND unanswered', 1, 0, reasons.vanished],
    ['COMPARE 49', 2, 0, reasons.crossed],
    ['EXTENDED 49', 1, 0, reasons.crossed],
    ['MODIFY unanswered', 2, 0, reasons.vanished],
    ['SEARCH 0', 5286, 5292, reasons.vanished],
    ['SEARCH 49', 4, 0, reasons.crossed],
    ['SEARCH unanswered', 62, 0, `${reasons.vanished}, ${reasons.persistent}`],
    ['UNBIND none-due', 1933, 1934, reasons.raw],
  ],
  '3.3-json-pretty-small': [
    ['MODIFY unanswered', 1, 0, reasons.vanished],
    ['SEARCH 0', 340, 343, reasons.vanished],
    ['SEARCH unanswered', 4, 0, `${reasons.vanished}, ${reasons.persistent}`],
    ['UNBIND none-due', 282, 283, reasons.raw],
  ],
  '3.3-json-small': [
    ['MODIFY unanswered', 1, 0, reasons.vanished],
    ['SEARCH 0', 1194, 1196, reasons.vanished],
    ['SEARCH unanswered', 11, 0, `${reasons.vanished}, ${reasons.persistent}`],
    ['UNBIND none-due', 464, 465, reasons.raw],
  ],
  '3.3-text-small': [
    ['BIND 0', 34, 33, reasons.crossed],
    ['BIND 49', 556, 557, reasons.crossed],
    ['MODIFY unanswered', 1, 0, reasons.vanished],
    ['SEARCH 0', 569, 571, reasons.vanished],
    ['SEARCH 49', 1, 0, reasons.crossed],
    ['SEARCH unanswered', 7, 0, `${reasons.vanished}, ${reasons.persistent}`],
    ['UNBIND none-due', 351, 352, reasons.raw],
  ],
};

const analyser = {
  inside: 'the analyser also counts records that stand inside values, where clients forged them',
  abandons: 'the analyser adds one per ABANDON, and counts forged records',
  proxied: 'the analyser counts authzid="(null)", which is printed where nobody was proxied',
  anywhere: 'the analyser looks for the text anywhere in the filter',
  internal: 'the analyser counts operations of the server itself among those of clients',
  closed: 'the analyser knows the words of older releases only',
} as const;

/** Counter, the analyser's number, ours, why. Counters not named here are equal. */
const analysed: Readonly<Record<string, readonly (readonly [string, number, number, string])[]>> = {
  '2.3.1-text-medium': [
    ['Total Results', 11991, 11933, analyser.abandons],
    ['Binds', 3545, 3484, analyser.inside],
    ['Proxied Auth Operations', 100, 88, analyser.proxied],
    ['Entire Search Base Queries', 74, 70, analyser.anywhere],
    ['FDs Returned', 358, 2965, analyser.closed],
    ['Unbinds', 2471, 2465, analyser.inside],
  ],
  '2.3.1-text-restart-internal': [
    ['Total Results', 5887, 2608, analyser.internal],
    ['Searches', 4224, 1389, analyser.internal],
    ['Modifications', 132, 119, analyser.internal],
    ['Adds', 412, 61, analyser.internal],
    ['Deletes', 117, 69, analyser.internal],
    ['Binds', 879, 862, analyser.inside],
    ['Proxied Auth Operations', 14, 6, analyser.proxied],
    ['Entry Operations', 36825, 35661, analyser.internal],
    ['Entire Search Base Queries', 37, 31, analyser.anywhere],
    ['FDs Returned', 217, 906, analyser.closed],
    ['Unbinds', 608, 605, analyser.inside],
  ],
  '2.3.1-text-small': [
    ['Total Results', 2471, 2449, analyser.abandons],
    ['Binds', 753, 743, analyser.inside],
    ['Proxied Auth Operations', 20, 11, analyser.proxied],
    ['Entire Search Base Queries', 25, 22, analyser.anywhere],
    ['FDs Returned', 81, 626, analyser.closed],
    ['Unbinds', 492, 489, analyser.inside],
  ],
  '3.3-text-small': [
    ['Total Results', 1574, 1572, analyser.abandons],
    ['Binds', 610, 600, analyser.inside],
    ['Proxied Auth Operations', 9, 6, analyser.proxied],
    ['Unbinds', 353, 352, analyser.inside],
  ],
};

/** Words of the clients' counts. */
const operations: Readonly<Record<string, string>> = {
  SRCH: 'SEARCH',
  CMP: 'COMPARE',
  DEL: 'DELETE',
  MOD: 'MODIFY',
  EXT: 'EXTENDED',
};
/** Words of the analyser. */
const counters: Readonly<Record<string, string>> = {
  SRCH: 'Searches',
  MOD: 'Modifications',
  ADD: 'Adds',
  DEL: 'Deletes',
  MODRDN: 'Mod RDNs',
  CMP: 'Compares',
  BIND: 'Binds',
  UNBIND: 'Unbinds',
  EXT: 'Extended Operations',
  ABANDON: 'Abandoned Requests',
  VLV: 'VLV Operations',
  SORT: 'SORT Operations',
  ENTRY: 'Entry Operations',
  REFERRAL: 'Smart Referrals Received',
  AUTOBIND: 'AUTOBINDs(LDAPI)',
  RESULT: 'Total Results',
  DISCONNECT: 'FDs Returned',
  CONNECTION: 'Total Connections',
};
const noteCounters: Readonly<Record<string, string>> = {
  A: 'Unindexed Searches',
  U: 'Unindexed Components',
  P: 'Paged Searches',
  F: 'Invalid Attribute Filters',
};
const requests = new Set(['BIND', 'SRCH', 'CMP', 'ADD', 'MOD', 'DEL', 'MODRDN', 'EXT', 'UNBIND', 'ABANDON']);

interface Read {
  readonly records: readonly Rec[];
  readonly dead: readonly DeadLetter[];
  readonly counts: Readonly<ReadCounts>;
}

function bytesOf(corpus: string, file: string): Buffer {
  const bytes = readFileSync(join(root, corpus, file));
  return file.endsWith('.gz') ? gunzipSync(bytes) : bytes;
}

function read(source: Source, corpus: string, file: string): Read {
  const bytes = bytesOf(corpus, file);
  const recognition = source.recognize(bytes.subarray(0, 65_536));
  expect(recognition?.log).toBe(file.replace('.gz', '').replace('errors', 'error'));
  const reader = source.createReader({ log: recognition?.log ?? '' });
  const records: Rec[] = [];
  const dead: DeadLetter[] = [];
  const sink = { record: (rec: Rec) => void records.push(rec), dead: (letter: DeadLetter) => void dead.push(letter) };
  reader.startFile({ stream: 'test', generation: 0, position: 0 });
  for (let at = 0; at < bytes.length; at += 65_521) reader.push(bytes.subarray(at, at + 65_521), sink);
  reader.endFile(sink);
  return { records, dead, counts: reader.counts };
}

function accessOf(corpus: string): string {
  return readdirSync(join(root, corpus)).find((name) => /^access(?:\.gz)?$/.test(name)) ?? 'access';
}

function add(counts: Map<string, number>, key: string, number = 1): void {
  counts.set(key, (counts.get(key) ?? 0) + number);
}

/** What the clients saw, all runs together. */
function truthOf(corpus: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of ['truth.json', 'truth.2.json']) {
    const path = join(root, corpus, name);
    if (!existsSync(path)) continue;
    const truth: { totals: { operations: Record<string, Record<string, number>> } } = JSON.parse(
      readFileSync(path, 'utf8'),
    );
    for (const [operation, results] of Object.entries(truth.totals.operations)) {
      for (const [result, number] of Object.entries(results))
        add(counts, `${operation} ${/^\d+$|^none-due$/.test(result) ? result : 'unanswered'}`, number);
    }
  }
  return counts;
}

function answered(records: readonly Rec[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const rec of records) {
    if (rec.internal === true || rec.tags?.includes('suspect-forged') === true) continue;
    if (rec.verb === 'RESULT') add(counts, `${operations[rec.request ?? ''] ?? rec.request} ${rec.err}`);
    else if (rec.verb === 'UNBIND' || rec.verb === 'ABANDON') add(counts, `${rec.verb} none-due`);
  }
  return counts;
}

function analysedOf(records: readonly Rec[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const rec of records) {
    if (rec.tags?.includes('suspect-forged') === true) continue;
    const counter = counters[rec.verb ?? ''];
    if (rec.internal !== true && counter !== undefined) add(counts, counter);
    if (rec.verb === 'CONNECTION') {
      add(
        counts,
        { plain: 'LDAP Connections', ldaps: 'LDAPS Connections', ldapi: 'LDAPI Connections' }[rec.transport ?? ''] ??
          '',
      );
      if (rec.conn === 1) add(counts, 'Restarts');
    }
    if (rec.verb === 'EXT' && rec.oid === '1.3.6.1.4.1.1466.20037') add(counts, 'StartTLS Extended Ops');
    if (rec.authzid !== undefined && requests.has(rec.verb ?? '')) add(counts, 'Proxied Auth Operations');
    if (rec.persistent === true && rec.verb === 'SRCH') add(counts, 'Persistent Searches');
    if (rec.verb === 'BIND' && rec.method !== 'sasl' && rec.dn === '') add(counts, 'Anonymous Binds');
    if (rec.verb === 'SRCH' && rec.scope === 'subtree' && /^\(objectclass=(?:\*|top)\)$/i.test(rec.filter ?? ''))
      add(counts, 'Entire Search Base Queries');
    for (const note of rec.verb === 'RESULT' ? (rec.notes ?? []) : []) {
      const noted = noteCounters[note];
      if (noted !== undefined) add(counts, noted);
    }
  }
  return counts;
}

describe.runIf(there)('real logs', async () => {
  const [source] = await loadSources();
  if (source === undefined) throw new Error('no data source');
  const normalizer = createNormalizer([source]);
  const categorize = createCategorizer(source.categories);

  test.each(corpora)('%s: nothing is lost, and nothing is left without a category', (corpus) => {
    let events = 0;
    let unclassified = 0;
    for (const file of readdirSync(join(root, corpus)).filter((name) => logFiles.test(name))) {
      const { records, dead, counts } = read(source, corpus, file);
      expect(dead).toEqual([]);
      expect(counts.lines + counts.glued).toBe(records.length + dead.length + counts.continuations);
      expect(counts.bytes).toBe(bytesOf(corpus, file).length);
      for (const rec of records) {
        const event = normalizer.normalize(rec);
        if ('code' in event) throw new Error(`${event.code}: ${rec.raw}`);
        categorize(event as Event);
        events++;
        if (event.eventCategory === undefined || event.eventCategory === 'other') unclassified++;
      }
    }
    expect(unclassified / events).toBeLessThan(0.001);
  });

  test.each(corpora)(
    '%s: every operation has its address, transport and identity, every RESULT its request',
    (corpus) => {
      const { records } = read(source, corpus, accessOf(corpus));
      for (const rec of records) {
        if (rec.internal === true || rec.tags?.includes('suspect-forged') === true) continue;
        if (
          rec.correlation !== 'complete' ||
          (rec.client === undefined && rec.socket === undefined) ||
          rec.transport === undefined ||
          rec.boundMethod === undefined
        ) {
          throw new Error(`not known: ${rec.raw}`);
        }
        if (rec.transport === 'starttls' && rec.tlsVersion === undefined) throw new Error(`no TLS version: ${rec.raw}`);
        if (rec.boundMethod !== 'ANONYMOUS' && rec.boundDn === undefined) throw new Error(`no identity: ${rec.raw}`);
        if (rec.verb === 'RESULT' && rec.requestTime === undefined) throw new Error(`no request: ${rec.raw}`);
      }
    },
  );

  test.each(corpora)(
    '%s: every operation has the identity that the bind before it gave, wherever its RESULT stands',
    (corpus) => {
      const { records } = read(source, corpus, accessOf(corpus));
      // By the numbers of the operations, not by the order of the lines: all RESULTs of binds first, then who asked what.
      const binds = new Map<string, { readonly op: number; readonly dn: string | undefined }[]>();
      const own = records.filter((rec) => rec.internal !== true && rec.tags?.includes('suspect-forged') !== true);
      for (const rec of own) {
        if (rec.verb !== 'RESULT' || rec.request !== 'BIND' || rec.session === undefined) continue;
        const list = binds.get(rec.session) ?? [];
        binds.set(rec.session, list);
        list.push({ op: rec.op ?? -1, dn: rec.err === 0 && rec.dn !== '' ? rec.dn : undefined });
      }
      let checked = 0;
      const wrong = own.filter((rec) => {
        if (!requests.has(rec.verb ?? '') || rec.verb === 'ABANDON' || rec.session === undefined) return false;
        const before = (binds.get(rec.session) ?? []).filter(({ op }) => op < (rec.op ?? -1));
        const last = before.toSorted((one, other) => one.op - other.op).at(-1);
        if (last === undefined) return false;
        checked++;
        return last.dn !== rec.boundDn;
      });
      expect(wrong.map((rec) => rec.raw)).toEqual([]);
      expect(checked).toBeGreaterThan(100);
    },
  );

  test.each(corpora)('%s: no identity comes from a line a client forged', (corpus) => {
    const { records } = read(source, corpus, accessOf(corpus));
    const episodes: { readonly client: readonly string[]; readonly t_start: number; readonly t_end: number }[] = [];
    for (const name of ['labels.jsonl', 'labels.2.jsonl']) {
      const path = join(root, corpus, name);
      if (!existsSync(path)) continue;
      for (const line of readFileSync(path, 'utf8').trim().split('\n')) {
        const label: { kind: string; client: string[]; t_start: number; t_end: number } = JSON.parse(line);
        if (label.kind === 'log-forging') episodes.push(label);
      }
    }
    expect(episodes.length).toBeGreaterThan(0);
    // What was forged is a bind as cn=Directory Manager on connections 1, 7 and 999999, by clients that never were that.
    const believed = records.filter((rec) => {
      if (rec.boundDn?.toLowerCase() !== 'cn=directory manager') return false;
      const time = (rec.EventTime ?? 0) / 1000;
      const forger = episodes.some(
        ({ client, t_start, t_end }) => t_start <= time && time <= t_end && client.includes(rec.client ?? ''),
      );
      return forger || [1, 7, 999_999].includes(Number(rec.conn));
    });
    expect(believed.map((rec) => rec.raw)).toEqual([]);
  });

  test.each(corpora)('%s: agrees with what the clients saw', (corpus) => {
    const truth = truthOf(corpus);
    const log = answered(read(source, corpus, accessOf(corpus)).records);
    const found = [...new Set([...truth.keys(), ...log.keys()])]
      .sort()
      .filter((key) => (truth.get(key) ?? 0) !== (log.get(key) ?? 0));
    expect(found.map((key) => [key, truth.get(key) ?? 0, log.get(key) ?? 0])).toEqual(
      (differences[corpus] ?? []).map((row) => row.slice(0, 3)),
    );
  });

  test.each(Object.keys(analysed).filter((corpus) => corpora.includes(corpus)))(
    "%s: agrees with the server's own analyser",
    (corpus) => {
      const ours = analysedOf(read(source, corpus, accessOf(corpus)).records);
      const names = new Set([...ours.keys(), ...Object.values(counters)]);
      const seen = new Set<string>();
      const found: (readonly [string, number, number])[] = [];
      let equal = 0;
      for (const line of readFileSync(join(root, corpus, 'logconv.txt'), 'utf8').split('\n')) {
        const match = /^\s*-?\s*([A-Za-z()][A-Za-z ()]*):\s+(\d+)\b/.exec(line);
        const name = match?.[1]?.trim() ?? '';
        // The report names some counters twice.
        if (!names.has(name) || seen.has(name)) continue;
        seen.add(name);
        const theirs = Number(match?.[2]);
        if (theirs === (ours.get(name) ?? 0)) equal++;
        else found.push([name, theirs, ours.get(name) ?? 0]);
      }
      expect(found).toEqual((analysed[corpus] ?? []).map((row) => row.slice(0, 3)));
      expect(equal).toBeGreaterThanOrEqual(20);
    },
  );
});
