import { describe, expect, test } from 'vitest';
import { type ReadBack, readAccess } from './read-access.ts';
import { createSecurityReader } from './security.ts';

const read = (log: string): ReadBack => readAccess(log, createSecurityReader({ log: 'security' }));
const record = (event: string, rest: string): string =>
  `{ "date": "[07\\/Mar\\/2025:09:15:03.003512345 +0100] ", "utc_time": "1741335303.003512345", "event": "${event}", ${rest} }\n`;
const client = '"client_ip": "192.0.2.10", "server_ip": "192.0.2.1", "ldap_version": 3, "conn_id": 41, "op_id": 0';

describe('events', () => {
  test.each([
    [
      'BIND_SUCCESS',
      `"dn": "uid=alice,dc=example,dc=com", "bind_method": "SIMPLE\\/MFA", "root_dn": false, ${client}, "msg": ""`,
      {
        dn: 'uid=alice,dc=example,dc=com',
        method: 'SIMPLE/MFA',
        client: '192.0.2.10',
        server: '192.0.2.1',
        conn: 41,
        op: 0,
      },
    ],
    [
      'BIND_SUCCESS',
      `"dn": "cn=directory manager", "bind_method": "LDAPI", "root_dn": true, "client_ip": "local", "server_ip": "\\/run\\/slapd-EXAMPLE.socket", "conn_id": 9, "op_id": 0, "msg": ""`,
      { rootDn: true, transport: 'ldapi', socket: '/run/slapd-EXAMPLE.socket', method: 'LDAPI' },
    ],
    [
      'BIND_SUCCESS',
      `"dn": "", "bind_method": "SIMPLE", "root_dn": false, ${client}, "msg": "ANONYMOUS_BIND"`,
      { dn: '', message: 'ANONYMOUS_BIND' },
    ],
    [
      'BIND_FAILED',
      `"dn": "uid=x", "bind_method": "SASL\\/GSSAPI", ${client}, "msg": "INVALID_PASSWORD"`,
      { mech: 'GSSAPI', method: 'SASL/GSSAPI', message: 'INVALID_PASSWORD' },
    ],
    [
      'AUTHZ_ERROR',
      `"dn": "uid=alice", "bind_method": "SIMPLE", ${client}, "msg": "target_dn=(uid=bob,dc=example,dc=com)"`,
      { boundDn: 'uid=alice', dn: 'uid=bob,dc=example,dc=com', target: 'uid=bob,dc=example,dc=com', err: 50 },
    ],
    [
      'TCP_ERROR',
      '"client_ip": "203.0.113.9", "server_ip": "192.0.2.1", "ldap_version": 3, "conn_id": 70, "msg": "Bad Ber Tag or uncleanly closed connection - B1"',
      { code: 'B1', client: '203.0.113.9', conn: 70 },
    ],
    [
      'HAPROXY_SUCCESS',
      '"client_ip": "198.51.100.7", "server_ip": "192.0.2.1", "ldap_version": 3, "conn_id": 44, "msg": ""',
      { client: '198.51.100.7' },
    ],
  ])('%s %s', (event, rest, expected) => {
    const { records, dead } = read(record(event, rest));
    expect(dead).toEqual([]);
    expect(records).toMatchObject([
      { verb: event, log: 'security', EventTime: 1741335303003, nanos: 512345, ...expected },
    ]);
  });

  test('a target that the server cut is marked, one it does not know is absent', () => {
    const { records } = read(
      record('AUTHZ_ERROR', '"dn": "uid=alice", "msg": "target_dn=(uid=bob,ou=a very long unit"') +
        record('AUTHZ_ERROR', '"dn": "uid=alice", "msg": "target_dn=(none)"'),
    );
    expect(records[0]).toMatchObject({ target: 'uid=bob,ou=a very long unit', tags: ['truncated'] });
    expect(records[1]?.target).toBeUndefined();
  });
});

test('the text title of the log names host, instance and version', () => {
  const { records } = read(
    `\t389-Directory/2.6.1 B2025.034.0512\n\tldap1.example.com:636 (/etc/dirsrv/slapd-EXAMPLE)\n\n${record('TCP_ERROR', '"msg": ""')}`,
  );
  expect(records).toMatchObject([{ host: 'ldap1.example.com', instance: 'EXAMPLE', serverVersion: '2.6.1' }]);
});

test('seconds without a date, in both forms; and a record without any time takes that of the one before', () => {
  const { records } = read(
    '{ "utc_time": 1741335303, "event": "TCP_ERROR" }\n{ "utc_time": "1741335304.5", "event": "TCP_ERROR" }\n{ "date": "yesterday", "event": "TCP_ERROR" }\n',
  );
  expect(records.map((rec) => [rec.EventTime, rec.tags])).toEqual([
    [1741335303000, undefined],
    [1741335304500, undefined],
    [1741335304500, ['time-unknown']],
  ]);
});

test('a record cut by the server, and the next one behind it on the same line, are both read', () => {
  const cut = record('BIND_FAILED', `"dn": "${'x'.repeat(2000)}"`).slice(0, 2047);
  const { records, dead, counts } = read(cut + record('BIND_SUCCESS', '"dn": "uid=alice"'));
  expect(dead).toEqual([]);
  expect(records).toMatchObject([
    { verb: 'BIND_FAILED', tags: ['truncated'], raw: cut },
    { verb: 'BIND_SUCCESS', dn: 'uid=alice' },
  ]);
  expect(counts).toMatchObject({ lines: 1, glued: 1, records: 2 });
});

test('an object that cannot be read takes nothing along that stands behind it on its line', () => {
  const { records, dead } = read(`{ noise ${record('BIND_SUCCESS', '"dn": "uid=alice"')}`);
  expect(dead).toMatchObject([{ code: 'broken-json', raw: '{ noise ' }]);
  expect(records).toMatchObject([{ dn: 'uid=alice' }]);
});

test('bytes that are not UTF-8 stay recoverable', () => {
  const log = Buffer.concat([
    Buffer.from('{ "utc_time": "1", "event": "BIND_FAILED", "dn": "uid='),
    Buffer.of(0xff),
    Buffer.from('" }\n'),
  ]);
  expect(readAccess(log, createSecurityReader({ log: 'security' })).records[0]?.dn).toBe('uid=\udcff');
});

test('what is no record is a dead letter', () => {
  expect(
    read("{'date': 'x', 'event': 'BIND_FAILED'}\n{ \"a\": 1 }\nnoise\n").dead.map((letter) => letter.code),
  ).toEqual(['broken-json', 'unknown-object', 'unreadable-line']);
});
