import { describe, expect, test } from 'vitest';
import { readAccess } from './read-access.ts';

const time = '"local_time":"2025-09-07T09:15:02.004512345 +0100"';
const key = '"key":"1757232902-41","conn_id":41';
const header =
  '{"header":{"version":"389-Directory\\/3.1.3 B2025.176.0000","instance":"ldap1.example.com:636 (\\/etc\\/dirsrv\\/slapd-EXAMPLE)"}}\n';
const session = [
  `{${time},"operation":"CONNECTION",${key},"fd":66,"slot":66,"tls":true,"client_ip":"192.0.2.10","server_ip":"192.0.2.1"}`,
  `{${time},"operation":"TLS_INFO","key":"1757232903-41","conn_id":41,"tls_version":"TLS1.3","cipher":"AES-GCM","keysize":256}`,
  `{${time},"operation":"BIND",${key},"op_id":0,"bind_dn":"uid=alice,ou=People,dc=example,dc=com","version":3,"method":"128"}`,
  `{${time},"operation":"RESULT",${key},"op_id":0,"msg":"SASL bind in progress","tag":97,"err":0,"nentries":0,"client_ip":"192.0.2.10","bind_dn":"uid=alice,ou=people,dc=example,dc=com","wtime":"0.000130401","etime":"0.002004586"}`,
  `{${time},"operation":"SEARCH",${key},"op_id":1,"base_dn":"ou=People,dc=example,dc=com","scope":2,"filter":"(description=*x*)","attrs":["cn","mail"]}`,
  `{${time},"operation":"RESULT",${key},"op_id":1,"msg":" - Invalid attribute in filter","tag":101,"err":0,"nentries":4,"client_ip":"192.0.2.10","notes":[{"note":"U","description":"x"},{"note":"P"}],"etime":"0.402004586","wbusy":3,"wmax":16,"wqdepth":0}`,
  `{${time},"operation":"DISCONNECT",${key},"op_id":2,"fd":66,"close_reason":"Cleanly Closed Connection - U1"}`,
];
const plain = `${header}${session.join('\n')}\n`;
const pretty = header + session.map((object) => `${JSON.stringify(JSON.parse(object), null, 2)}\n`).join('');

describe('access JSON', () => {
  test.each([
    ['plain', plain, { lines: 8, records: 7, continuations: 1, glued: 0 }],
    ['pretty', pretty, { lines: pretty.split('\n').length - 1, records: 7, glued: 0 }],
    ['glued', header + session.join(''), { lines: 2, records: 7, continuations: 1, glued: 6 }],
  ])('%s objects say what the text log says', (_name, log, counts) => {
    const { records, dead, counts: counted } = readAccess(log);
    expect(dead).toEqual([]);
    expect(counted).toMatchObject(counts);
    expect(
      records.map((rec) => [rec.verb, rec.client, rec.transport, rec.tlsVersion, rec.boundDn, rec.session?.slice(-13)]),
    ).toEqual(
      ['CONNECTION', 'TLS', 'BIND', 'RESULT', 'SRCH', 'RESULT', 'DISCONNECT'].map((verb, index) => [
        verb,
        '192.0.2.10',
        'ldaps',
        index > 0 ? 'TLS1.3' : undefined,
        index > 2 ? 'uid=alice,ou=people,dc=example,dc=com' : undefined,
        '1757232902-41',
      ]),
    );
    expect(records[3]).toMatchObject({
      request: 'BIND',
      method: '128',
      text: undefined,
      etime: 0.002004586,
      nanos: 512345,
    });
    expect(records[5]).toMatchObject({
      request: 'SRCH',
      base: 'ou=People,dc=example,dc=com',
      scope: 'subtree',
      notes: ['U', 'P'],
      text: 'Invalid attribute in filter',
      wbusy: 3,
      wmax: 16,
    });
    expect(records[6]).toMatchObject({ code: 'U1', host: 'ldap1.example.com', instance: 'EXAMPLE' });
  });

  test('a record that broke off keeps what it had, and the one glued to its brace is read', () => {
    const cut = `{${time},"operation":"SEARCH",${key},"op_id":1,"base_dn":"dc=example,dc=com","scope":2,"filter":"(|(cn=aaaa...\n}${session[6]}\n`;
    const { records, dead, counts } = readAccess(`${header}${session[0]}\n${cut}`);
    expect(dead).toEqual([]);
    expect(records[1]).toMatchObject({ verb: 'SRCH', base: 'dc=example,dc=com', tags: ['truncated'] });
    expect(records[2]).toMatchObject({ verb: 'DISCONNECT', code: 'U1' });
    expect(counts.lines + counts.glued).toBe(counts.records + counts.deadLetters + counts.continuations);
  });

  test('text records stand between objects', () => {
    const text =
      '[07/Sep/2025:09:15:02.104512345 +0100] conn=41 op=5 SRCH base="dc=example,dc=com" scope=2 filter="???", Bad search filter\n';
    const { records } = readAccess(`${header}${session[0]}\n${text}${session[6]}\n`);
    expect(records.map((rec) => [rec.verb, rec.client])).toEqual([
      ['CONNECTION', '192.0.2.10'],
      ['SRCH', '192.0.2.10'],
      ['DISCONNECT', '192.0.2.10'],
    ]);
  });

  test('a key of a later run opens a session of its own', () => {
    const later = `{${time},"operation":"UNBIND","key":"1757239999-41","conn_id":41,"op_id":3}\n`;
    const { records } = readAccess(header + session.slice(0, 4).join('\n') + '\n' + later);
    expect(records.at(-1)).toMatchObject({ correlation: 'partial', client: undefined, boundDn: undefined });
  });

  test.each([
    ['no object', '{"operation" "BIND"}\n', 'broken-json'],
    ['another log', '{"gm_time":"2025-03-07T08:15:05Z","target_dn":"x"}\n', 'unknown-object'],
  ])('%s becomes a dead letter, and the next record is read', (_name, line, code) => {
    const { records, dead } = readAccess(`${header}${session[0]}\n${line}${session[6]}\n`);
    expect(dead.map((letter) => letter.code)).toEqual([code]);
    expect(records).toHaveLength(2);
  });
});
