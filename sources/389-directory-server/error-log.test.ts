import { describe, expect, test } from 'vitest';
import type { Rec } from '#event';
import { createErrorReader } from './error-log.ts';
import { errorMessages } from './error-messages.ts';
import { type ReadBack, readAccess } from './read-access.ts';

const read = (log: string | Buffer): ReadBack => readAccess(log, createErrorReader({ log: 'error' }));
const time = '[07/Mar/2025:09:15:02.004512345 +0100]';

function one(line: string): Rec {
  const { records, dead } = read(`${line}\n`);
  expect(dead).toEqual([]);
  expect(records).toHaveLength(1);
  return records[0] as Rec;
}

describe('forms', () => {
  test.each<[string, Partial<Rec>]>([
    [
      `${time} - INFO - main - slapd stopped.`,
      { verb: 'INFO', subsystem: 'main', message: 'slapd stopped.', nanos: 512345 },
    ],
    [
      `${time} - WARNING - Security Initialization - x - y`,
      { verb: 'WARN', subsystem: 'Security Initialization', message: 'x - y' },
    ],
    [
      `${time} - ERR - agmt="cn=a - b" (ldap2:389) - clcache_load_buffer - x`,
      { subsystem: 'agmt="cn=a - b" (ldap2:389)', message: 'clcache_load_buffer - x' },
    ],
    [`${time} - NOTICE - no subsystem here`, { verb: 'NOTICE', subsystem: undefined, message: 'no subsystem here' }],
    [`${time}  - EMERG - the log itself is in trouble`, { verb: 'EMERG', message: 'the log itself is in trouble' }],
    [
      '[05/Feb/2013:09:16:02 +0100] NSMMReplicationPlugin - agmt="cn=x" (h:389): text',
      { verb: 'INFO', subsystem: 'NSMMReplicationPlugin', EventTime: Date.UTC(2013, 1, 5, 8, 16, 2) },
    ],
    [
      '[05/Feb/2013:09:16:02 +0100] - slapd started.',
      { verb: 'INFO', subsystem: undefined, message: 'slapd started.', kind: 'listening' },
    ],
    [
      '[05/Feb/2013:09:16:02 +0100] slapi_ldap_bind - Error: could not send',
      { verb: 'ERR', subsystem: 'slapi_ldap_bind' },
    ],
    ['[05/Feb/2013:09:16:02 +0100] no dash at all', { verb: 'INFO', message: 'no dash at all' }],
    [`Mar 07 09:15:02 ldap1 ns-slapd[812]: ${time} - CRIT - main - x`, { verb: 'CRIT', subsystem: 'main' }],
    [
      '\u00a0\u00a0[16/Nov/2012:15:09:02\u00a0-0500]\u00a0NSMMReplicationPlugin\u00a0-\u00a0x  ',
      { subsystem: 'NSMMReplicationPlugin', message: 'x' },
    ],
    [
      '{"local_time":"2025-03-07T09:15:02.004512345 +0100","severity":"ERR","subsystem":"","msg":"x\\n"}',
      { verb: 'ERR', subsystem: undefined, message: 'x', EventTime: 1741335302004, nanos: 512345 },
    ],
  ])('%s', (line, expected) => {
    expect(one(line)).toMatchObject({ log: 'error', correlation: 'none', ...expected });
  });

  test('a message of several lines is one record, and its text is whole', () => {
    const message = `${time} - ERR - ruv - RUV does not\n contain {replica 55}\n{replica 56 ldap://h}\n\nwhich is`;
    const { records, dead, counts } = read(`${message}\n${time} - INFO - main - next\n`);
    expect(dead).toEqual([]);
    expect(records.map((rec) => rec.raw)).toEqual([message, `${time} - INFO - main - next`]);
    expect(counts).toMatchObject({ lines: 6, records: 2, continuations: 4 });
  });

  test('a message of the usual kind is not swallowed by megabytes of noise behind it', () => {
    const { records, dead } = read(
      `${time} - ERR - main - first\n${'x'.repeat(2_000_000)}\n${time} - INFO - main - next\n`,
    );
    expect(records.map((rec) => rec.message)).toEqual(['first', 'next']);
    expect(dead).toMatchObject([{ code: 'record-too-long' }]);
  });

  test('times in a form nobody knows take the time of the record before', () => {
    const { records } = read(
      '{"local_time":"2025-03-07T09:15:02.004512345 +0100","severity":"ERR","subsystem":"a","msg":"x"}\n{"local_time":"friday","severity":"ERR","subsystem":"a","msg":"y"}\n',
    );
    expect(records[1]).toMatchObject({ EventTime: 1741335302004, tags: ['time-unknown'] });
  });

  test.each([
    '[07/Jun/2005:08:33:50] info ( 2400): successful server startup',
    '{"severity":"ERR"}',
    '{"local_time":',
    'noise',
  ])('%s is a dead letter', (line) => {
    expect(read(`${line}\n`)).toMatchObject({ records: [], dead: [{ log: 'error' }] });
  });
});

describe('kinds', () => {
  const kinds: readonly [string, string, Partial<Rec>?][] = [
    ['- INFO - main - 389-Directory/2.6.1 B2025.034.0512 starting up', 'start', { serverVersion: '2.6.1' }],
    ['- Red Hat-Directory/7.1 SP3 B2006.207.178 starting up', 'start', { serverVersion: '7.1' }],
    ['- INFO - slapd_daemon - slapd started.  Listening on All Interfaces port 389 for LDAP requests', 'listening'],
    ['- INFO - slapd_daemon - Listening on /run/slapd-EXAMPLE.socket for LDAPI requests', 'listening'],
    ['- INFO - op_thread_cleanup - slapd shutting down - signaling operation threads', 'stopping'],
    ['- INFO - main - slapd stopped.', 'stop'],
    [
      '- NOTICE - bdb_start - Detected Disorderly Shutdown last time Directory Server was running, recovering database.',
      'crash-recovery',
    ],
    [
      '- NOTICE - ldbm_back_search - Unindexed search: search base="dc=a" scope=2 filter="(cn="x" conn=9 op=9)" conn=41 op=8',
      'unindexed-search',
      { conn: 41, op: 8, base: 'dc=a', scope: 'subtree', filter: '(cn="x" conn=9 op=9)' },
    ],
    [
      '- NOTICE - ldbm_back_search - Internal unindexed search: source (cn=referential integrity postoperation,cn=plugins,cn=config) search base="dc=a" scope=2 filter="(member=*x)" conn=38 op=4 (internal op=2 count=1)',
      'unindexed-internal-search',
      { conn: 38, op: 4, internal: true, internalId: '2.1', filter: '(member=*x)' },
    ],
    [
      '- NOTICE - log_result - Internal unindexed search: source (cn=x,cn=plugins,cn=config) search base="dc=a" filter="(a=b)" nentries=3 etime=0.1 notes=U,A',
      'unindexed-internal-search',
      { nentries: 3, notes: ['U', 'A'], base: 'dc=a', filter: '(a=b)' },
    ],
    [
      'Internal search - Unindexed search: source (cn=x,cn=plugins,cn=config) base dn "dc=a" filter "(seeAlso=uid=4\\*)" etime (0) nentries (0) notes=U',
      'unindexed-internal-search',
      { base: 'dc=a', filter: '(seeAlso=uid=4\\*)', nentries: 0, notes: ['U'] },
    ],
    [
      '- ERR - log_ber_too_big_error - conn=70 fd=77 Incoming BER Element was 200080 bytes, max allowable is 131072 bytes. Change',
      'ber-too-big',
      { conn: 70, fd: 77 },
    ],
    [
      '- ERR - log_ber_too_big_error - conn=70 fd=77 Incoming BER Element was too long, max allowable is 131072 bytes. Change',
      'ber-too-big',
      { conn: 70 },
    ],
    [
      '- ERR - log_ber_too_big_error - conn=70 fd=77 Incoming BER Element may be misformed. This may indicate',
      'ber-malformed',
      { conn: 70 },
    ],
    ['- ERR - connection_read_operation - conn=293 ber_peek_tag returns 0x4', 'ber-malformed', { conn: 293 }],
    [
      '- ERR - connection_dispatch_operation - Ignoring unknown LDAP request (conn=484, tag=0x41)',
      'unknown-request',
      { conn: 484 },
    ],
    [
      '- DEBUG - NSACLPlugin - print_access_control_summary - conn=41 op=8 (main): Deny write on entry(uid=bob) to uid=x: y,dc=a).attr(mail) to uid=alice,dc=a: no aci matched the subject',
      'acl-decision',
      { conn: 41, op: 8, dn: 'uid=bob) to uid=x: y,dc=a', boundDn: 'uid=alice,dc=a' },
    ],
    [
      'NSACLPlugin - conn=41 op=8 (main): Allow read on entry(dc=a).attr(NULL) to proxy (uid=alice,dc=a): allowed by aci(3): aciname= "x"',
      'acl-decision',
      { boundDn: 'uid=alice,dc=a', dn: 'dc=a' },
    ],
    [
      '- DEBUG - NSACLPlugin - print_access_control_summary - conn=41 op=8 (main): Deny search on entry(dc=a).attr(cn) to anonymous: no allow acis',
      'acl-decision',
      { boundMethod: 'ANONYMOUS', boundDn: undefined },
    ],
    [
      '- DEBUG - PWDPOLICY_DEBUG - Account is locked: Entry (uid=bob,dc=a) Policy (Global)',
      'account-locked',
      { dn: 'uid=bob,dc=a' },
    ],
    [
      '- DEBUG - PWDPOLICY_DEBUG - Password in history: Entry (uid=bob,dc=a) Policy (cn=p)',
      'password-policy',
      { dn: 'uid=bob,dc=a' },
    ],
    [
      '- ERR - NSMMReplicationPlugin - bind_and_check_pwp - agmt="cn=to-ldap2" (ldap2:636) - Replication bind with SIMPLE auth failed: LDAP error 49 (Invalid credentials) ()',
      'replication-bind-failed',
      { err: 49 },
    ],
    [
      'NSMMReplicationPlugin - agmt="cn=to-ldap2" (ldap2:389): Replication bind with SIMPLE auth resumed',
      'replication-bind-resumed',
    ],
    [
      '- ERR - NSMMReplicationPlugin - send_updates - agmt="cn=x" (h:389): Data required to update replica has been purged from the changelog.',
      'replication-stopped',
    ],
    [
      '- ERR - NSMMReplicationPlugin - multisupplier_extop_StartNSDS50ReplicationRequest - conn=5 op=3 replica="unknown": Unable to acquire replica: error: decoding error',
      'replication-refused',
      { conn: 5, op: 3 },
    ],
    [
      'NSMMReplicationPlugin - conn=12949 op=7 repl="dc=example,dc=com": Excessive clock skew from supplier RUV',
      'clock-skew',
      { conn: 12949, op: 7 },
    ],
    [
      '- ALERT - disk_monitoring_thread - Disk space is critically low on disk (/var), remaining space: 5 Kb.',
      'disk-critical',
    ],
    ['- ALERT - disk_monitoring_thread - Disk space is too low on disk (/var)', 'disk-low'],
    ['- ERR - accept_thread - Not listening for new connections - too many fds open', 'too-many-files'],
    [
      '- NOTICE - connection_threadmain - Connection (conn=12) has a running persistent search that has exceeded the maximum allowed threads per connection.',
      'thread-limit',
      { conn: 12 },
    ],
    [
      '- ERR - oc_check_allowed_sv - Entry "uid=a,dc=b" -- attribute "memberOf" not allowed',
      'schema-violation',
      { dn: 'uid=a,dc=b' },
    ],
    [
      '- ERR - oc_check_required - Entry "cn=a,dc=b" missing attribute "sn" required by object class "person"',
      'schema-violation',
      { dn: 'cn=a,dc=b' },
    ],
  ];
  test.each(kinds)('%s is %s', (body, kind, expected = {}) => {
    expect(one(`${time} ${body}`)).toMatchObject({ kind, ...expected });
  });

  test('other messages have none, but may begin with a connection; one in quotes is a client’s text', () => {
    expect(
      one(`${time} - ERR - connection_acquire_nolock_ext - conn=18446744073709551615 fd=65 Attempt`),
    ).toMatchObject({ kind: undefined, conn: '18446744073709551615', fd: 65 });
    expect(one(`${time} - ERR - main - cannot read "x conn=7 op=8"`).conn).toBeUndefined();
    expect(one(`${time} - ERR - main - "conn=7 op=8"`).conn).toBeUndefined();
  });

  test('a start renews the version of all records behind it', () => {
    const { records } = read(
      `\t389-Directory/2.5.0 B1\n\tldap1.example.com:636 (/etc/dirsrv/slapd-EXAMPLE)\n\n${time} - INFO - x - a\n${time} - INFO - main - 389-Directory/2.6.1 B2 starting up\n${time} - INFO - x - b\n`,
    );
    expect(records.map((rec) => rec.serverVersion)).toEqual(['2.5.0', '2.6.1', '2.6.1']);
  });

  test('every kind of the table is recognized by a message here or is a variant of one', () => {
    const tested = new Set(kinds.map(([, kind]) => kind));
    const untested = [...new Set(errorMessages.map(({ kind }) => kind))].filter((kind) => !tested.has(kind));
    expect(untested).toEqual([
      'password-expired',
      'replication-unreachable',
      'replication-disabled',
      'replica-cleaned',
      'files-recovered',
      'certificate-problem',
      'schema-error',
      'import',
      'export',
      'task',
      'log-truncated',
    ]);
  });
});

describe('records without a line break between them', () => {
  const next = `${time} - INFO - main - slapd stopped.`;

  test('behind a message that has no quotes', () => {
    const { records, counts } = read(`${time} - ERR - main - no end${next}\n`);
    expect(records.map((rec) => rec.message)).toEqual(['no end', 'slapd stopped.']);
    expect(counts).toMatchObject({ lines: 1, glued: 1 });
  });

  test('behind the last line of a message of several', () => {
    const { records } = read(`${time} - ERR - main - one\ntwo${next}\n`);
    expect(records.map((rec) => rec.message)).toEqual(['one\ntwo', 'slapd stopped.']);
  });

  test('where the server cuts, whatever stands before', () => {
    const start = `${time} - NOTICE - ldbm_back_search - Unindexed search: search base="dc=a" scope=2 filter="(cn=`;
    const cut = start + 'x'.repeat(2047 - start.length);
    const { records } = read(
      `${cut}${next}\n${cut}{"local_time":"2025-03-07T09:15:02.004512345 +0100","severity":"ERR","subsystem":"a","msg":"x"}\n`,
    );
    expect(records).toMatchObject([
      { raw: cut, tags: ['truncated'] },
      { kind: 'stop' },
      { raw: cut },
      { message: 'x' },
    ]);
  });

  test('but not in a filter, which a client writes', () => {
    const line = `${time} - NOTICE - ldbm_back_search - Unindexed search: search base="dc=a" scope=2 filter="(cn=${next}) 389-Directory/9 starting up" conn=41 op=8`;
    expect(one(line)).toMatchObject({ kind: 'unindexed-search', conn: 41, raw: line });
  });

  test('nor on a line that a client begins in a filter or a DN', () => {
    const search = `${time} - NOTICE - ldbm_back_search - Unindexed search: search base="dc=a" scope=2 filter="(cn\n${next}=*)" conn=41 op=8`;
    const entry = `${time} - ERR - oc_check_required - Entry "cn=a\n${next},dc=b" missing attribute "sn" required by object class "person"`;
    const { records } = read(`${search}\n${entry}\n${next}\n`);
    expect(records.map((rec) => rec.raw)).toEqual([search, entry, next]);
    expect(records[0]).toMatchObject({ tags: ['embedded-line-break'], conn: 41 });
  });

  test('a quote that nothing closes hides no record behind it', () => {
    const { records } = read(`${time} - ERR - oc_check - Entry "cn=a\n${next}\n${next}\n`);
    expect(records).toHaveLength(3);
    expect(records[0]).toMatchObject({ tags: ['truncated'] });
  });
});

test.each([
  ['ordinary records', '[07/Mar/2025:09:15:02 +0100] - INFO - main - x\n'],
  ['times that nothing closes', '[07/Mar/2025:09:15:02 '],
  ['records without a line break between them', '[07/Mar/2025:09:15:02 +0100] - INFO - main - x'],
  ['quotes that nothing closes', '[07/Mar/2025:09:15:02 +0100] - ERR - a - Entry "x\n'],
])('a log of %s is read in time linear in its length', (_what, unit) => {
  const reader = createErrorReader({ log: 'error' });
  const log = Buffer.from(unit.repeat(2_000_000 / unit.length));
  const start = performance.now();
  reader.startFile({ stream: 's', generation: 0, position: 0 });
  reader.push(log, { record: () => undefined, dead: () => undefined });
  reader.endFile({ record: () => undefined, dead: () => undefined });
  // About a second; were it quadratic, minutes.
  expect(performance.now() - start).toBeLessThan(20_000);
});
