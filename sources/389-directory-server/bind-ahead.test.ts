import { describe, expect, test } from 'vitest';
import type { Rec } from '#event';
import type { DeadLetter } from '#source';
import { createAccessReader } from './access-reader.ts';
import { readAccess } from './read-access.ts';

let moment = 0;
function line(body: string): string {
  moment++;
  const second = String(Math.trunc(moment / 1000)).padStart(2, '0');
  return `[07/Mar/2025:09:00:${second}.${String(moment % 1000).padStart(3, '0')}004512 +0100] ${body}\n`;
}

const alice = 'uid=alice,dc=example,dc=com';
const opening = line('conn=5 fd=66 slot=66 connection from 192.0.2.10 to 192.0.2.1');
const bind = line(`conn=5 op=0 BIND dn="${alice}" method=128 version=3`);
const search = line('conn=5 op=1 SRCH base="dc=example,dc=com" scope=2 filter="(uid=bob)" attrs=ALL');
const bound = line(`conn=5 op=0 RESULT err=0 tag=97 nentries=0 etime=0.1 dn="${alice}"`);
const refused = line('conn=5 op=0 RESULT err=49 tag=97 nentries=0 etime=0.1');
const found = line('conn=5 op=1 RESULT err=0 tag=101 nentries=1 etime=0.1');
const others = (count: number): string =>
  Array.from({ length: count }, (_, at) => line(`conn=9 op=${at} EXT oid="1.3.6.1.4.1.4203.1.11.3"`)).join('');

function whoAsked(log: string): readonly (string | undefined)[] {
  return readAccess(log)
    .records.filter((rec) => rec.conn === 5 && (rec.verb === 'SRCH' || rec.verb === 'UNBIND'))
    .map((rec) => rec.boundDn);
}

describe('an operation whose bind is answered behind it', () => {
  test.each<[string, string, readonly (string | undefined)[]]>([
    ['in order', opening + bind + bound + search + found, [alice]],
    ['right behind', opening + bind + search + bound + found, [alice]],
    ['behind its own RESULT', opening + bind + search + found + bound, [alice]],
    ['behind lines of others', opening + bind + search + others(100) + bound + found, [alice]],
    ['a bind that failed', opening + bind + search + refused + found, [undefined]],
    ['too far behind to be found', opening + bind + search + others(2000) + bound + found, [undefined]],
    ['never answered', opening + bind + search + others(3), [undefined]],
    [
      'only before the number opened again',
      opening + bind + search + line('conn=5 fd=66 slot=66 connection from 192.0.2.12 to 192.0.2.1') + bind + bound,
      [undefined],
    ],
    [
      'forged: the answer stands inside a value of another client',
      opening +
        bind +
        search +
        line('conn=9 op=3 BIND dn="" method=sasl version=3 mech=X') +
        line(`conn=9 op=4 SRCH base="x\n${bound.trimEnd()}" scope=2 filter="(uid=bob)" attrs=ALL`) +
        refused,
      [undefined],
    ],
  ])('%s', (_, log, expected) => {
    expect(whoAsked(log)).toEqual(expected);
  });

  test('an answer that was taken ahead does not come into force a second time', () => {
    const again =
      line('conn=5 op=2 BIND dn="" method=128 version=3') +
      line('conn=5 op=2 RESULT err=0 tag=97 nentries=0 etime=0.1 dn=""');
    const log = opening + bind + search + again + bound + line('conn=5 op=3 UNBIND');
    expect(whoAsked(log)).toEqual([alice, undefined]);
  });

  test('in JSON, too', () => {
    const json = (fields: object): string => {
      moment++;
      const time = `2025-03-07T09:00:01.${String(moment % 1000).padStart(3, '0')}004512 +0100`;
      return `${JSON.stringify({ local_time: time, key: '1741334401-5', conn_id: 5, ...fields })}\n`;
    };
    const log =
      json({ operation: 'CONNECTION', fd: 66, slot: 66, client_ip: '192.0.2.10', server_ip: '192.0.2.1' }) +
      json({ operation: 'BIND', op_id: 0, version: 3, method: '128', bind_dn: alice }) +
      json({ operation: 'SEARCH', op_id: 1, base_dn: 'dc=example,dc=com', scope: 2, filter: '(uid=bob)' }) +
      json({ operation: 'RESULT', op_id: 0, err: 0, tag: 97, nentries: 0, bind_dn: alice }) +
      json({ operation: 'RESULT', op_id: 1, err: 0, tag: 101, nentries: 1 });
    expect(whoAsked(log)).toEqual([alice]);
  });

  test('it waits for as little as tells', () => {
    const reader = createAccessReader({ log: 'access' });
    const records: Rec[] = [];
    const sink = { record: (rec: Rec) => records.push(rec), dead: (_: DeadLetter) => undefined };
    const verbs = (): readonly (string | undefined)[] => records.map((rec) => rec.verb);
    reader.startFile({ stream: 'test', generation: 0, position: 0 });
    reader.push(Buffer.from(opening + bind + search + found), sink);
    expect(verbs()).toEqual(['CONNECTION', 'BIND']);
    reader.push(Buffer.from(bound + others(2)), sink);
    expect(verbs()).toEqual(['CONNECTION', 'BIND', 'SRCH', 'RESULT', 'RESULT', 'EXT']);
    expect(records[2]?.boundDn).toBe(alice);
  });

  test('a log made of nothing but such operations is read in time linear in its length', () => {
    const pair = (conn: number): string =>
      line(`conn=${conn} op=0 BIND dn="${alice}" method=128 version=3`) +
      line(`conn=${conn} op=1 EXT oid="1.3.6.1.4.1.4203.1.11.3"`);
    const log = Array.from({ length: 15_000 }, (_, conn) => pair(conn + 1)).join('');
    const begun = performance.now();
    expect(readAccess(log).records).toHaveLength(30_000);
    expect(performance.now() - begun).toBeLessThan(10_000);
  });
});
