import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Rec } from '#event';
import type { DeadLetter } from '#source';
import { createAccessReader } from './access-reader.ts';
import { readAccess } from './read-access.ts';

const runs = Number(process.env['FUZZ_RUNS'] ?? 100);
const head = '\t389-Directory/2.6.1 B2025.034.0512\n\tldap1.example.com:636 (/etc/dirsrv/slapd-EXAMPLE)\n\n';

let second = 0;
/** A line at the next moment. */
function line(body: string): string {
  second++;
  const time = `${String(9 + Math.trunc(second / 3600)).padStart(2, '0')}:${String(Math.trunc(second / 60) % 60).padStart(2, '0')}:${String(second % 60).padStart(2, '0')}`;
  return `[07/Mar/2025:${time}.004512345 +0100] ${body}\n`;
}

const session = [
  line('conn=41 fd=66 slot=66 connection from 192.0.2.10 to 192.0.2.1'),
  line('conn=41 op=0 EXT oid="1.3.6.1.4.1.1466.20037" name="start_tls_plugin"'),
  line('conn=41 op=0 RESULT err=0 tag=120 nentries=0 wtime=0.000142742 optime=0.000046899 etime=0.000188600'),
  line('conn=41 TLS1.3 256-bit AES-GCM'),
  line('conn=41 op=1 BIND dn="uid=alice,ou=People,dc=example,dc=com" method=128 version=3'),
  line(
    'conn=41 op=1 RESULT err=0 tag=97 nentries=0 wtime=0.000130401 optime=0.001878951 etime=0.002004586 dn="uid=alice,ou=people,dc=example,dc=com"',
  ),
  line(
    'conn=41 op=2 SRCH base="ou=People,dc=example,dc=com" scope=2 filter="(&(objectClass=person)(cn=smi*))" attrs="cn mail" authzid="uid=bob,ou=people,dc=example,dc=com"',
  ),
  line('conn=41 op=3 MOD dn="uid=carol,ou=People,dc=example,dc=com"'),
  line('conn=41 op=3 RESULT err=50 tag=103 nentries=0 etime=0.000081574 csn=67caa4c9000000010000'),
  line(
    'conn=41 op=2 RESULT err=0 tag=101 nentries=37 wtime=0.000131574 optime=0.003835295 etime=0.003964499 notes=U,P details="Partially Unindexed Filter,Paged Search" pr_idx=0 pr_cookie=-1',
  ),
  line('conn=41 op=4 UNBIND'),
  line('conn=41 op=4 fd=66 Disconnect - Cleanly Closed Connection - U1'),
].join('');

describe('a session', () => {
  const { records, counts } = readAccess(head + session);
  const at = (index: number): Rec => records[index] as Rec;

  test('every record carries addresses, transport and identity as of its moment', () => {
    expect(
      records.map((rec) => [rec.verb, rec.client, rec.transport, rec.tlsVersion, rec.boundDn, rec.boundMethod]),
    ).toEqual([
      ['CONNECTION', '192.0.2.10', 'plain', undefined, undefined, 'ANONYMOUS'],
      ['EXT', '192.0.2.10', 'plain', undefined, undefined, 'ANONYMOUS'],
      ['RESULT', '192.0.2.10', 'plain', undefined, undefined, 'ANONYMOUS'],
      ['TLS', '192.0.2.10', 'starttls', 'TLS1.3', undefined, 'ANONYMOUS'],
      ['BIND', '192.0.2.10', 'starttls', 'TLS1.3', undefined, 'ANONYMOUS'],
      ...Array.from({ length: 7 }, (_, more) => [
        ['RESULT', 'SRCH', 'MOD', 'RESULT', 'RESULT', 'UNBIND', 'DISCONNECT'][more],
        '192.0.2.10',
        'starttls',
        'TLS1.3',
        'uid=alice,ou=people,dc=example,dc=com',
        'SIMPLE',
      ]),
    ]);
  });

  test('a RESULT carries its request, also when others came between', () => {
    expect(at(9)).toMatchObject({
      verb: 'RESULT',
      request: 'SRCH',
      err: 0,
      nentries: 37,
      etime: 0.003964499,
      wtime: 0.000131574,
      notes: ['U', 'P'],
      prIdx: 0,
      prCookie: -1,
      base: 'ou=People,dc=example,dc=com',
      scope: 'subtree',
      filter: '(&(objectClass=person)(cn=smi*))',
      attrs: ['cn', 'mail'],
      authzid: 'uid=bob,ou=people,dc=example,dc=com',
      requestTime: at(6).EventTime,
    });
    expect(at(8)).toMatchObject({
      request: 'MOD',
      dn: 'uid=carol,ou=People,dc=example,dc=com',
      err: 50,
      csn: '67caa4c9000000010000',
    });
  });

  test('the title names host, instance and version; time is exact', () => {
    expect(at(0)).toMatchObject({
      host: 'ldap1.example.com',
      instance: 'EXAMPLE',
      EventTime: Date.UTC(2025, 2, 7, 8, 0, 1, 4),
      nanos: 512345,
    });
    expect(at(11)).toMatchObject({ verb: 'DISCONNECT', code: 'U1', correlation: 'complete' });
  });

  test('lines = records + dead letters + continuations', () => {
    expect(counts).toMatchObject({ lines: 15, records: 12, deadLetters: 0, continuations: 3 });
  });
});

describe('identity', () => {
  const open = (conn: number) => line(`conn=${conn} fd=66 slot=66 connection from 192.0.2.10 to 192.0.2.1`);
  const bind = (conn: number, op: number, tail: string) =>
    line(`conn=${conn} op=${op} BIND dn="uid=alice,dc=example,dc=com" method=128 version=3`) +
    line(`conn=${conn} op=${op} RESULT ${tail}`);
  const ok = 'err=0 tag=97 nentries=0 etime=0.002004586 dn="uid=alice,dc=example,dc=com"';
  const search = (conn: number, op: number) =>
    line(`conn=${conn} op=${op} SRCH base="dc=example,dc=com" scope=0 filter="(objectClass=*)" attrs=ALL`);
  const last = (log: string): Rec => readAccess(log).records.at(-1) as Rec;

  test.each<[string, string, string | undefined, string | undefined]>([
    ['nobody is bound at first', open(1) + search(1, 0), undefined, 'ANONYMOUS'],
    [
      'a bind that is asked for changes nothing yet',
      open(1) + line('conn=1 op=0 BIND dn="uid=alice,dc=example,dc=com" method=128 version=3') + search(1, 1),
      undefined,
      'ANONYMOUS',
    ],
    ['a good bind', open(1) + bind(1, 0, ok) + search(1, 1), 'uid=alice,dc=example,dc=com', 'SIMPLE'],
    [
      'a failed bind leaves the connection anonymous',
      open(1) + bind(1, 0, ok) + bind(1, 1, 'err=49 tag=97 nentries=0 etime=0 - Invalid credentials') + search(1, 2),
      undefined,
      'ANONYMOUS',
    ],
    [
      'releases that print no dn with the result',
      open(1) + bind(1, 0, 'err=0 tag=97 nentries=0 etime=0') + search(1, 1),
      'uid=alice,dc=example,dc=com',
      'SIMPLE',
    ],
    [
      'an anonymous bind',
      open(1) +
        line('conn=1 op=0 BIND dn="" method=128 version=3') +
        line('conn=1 op=0 RESULT err=0 tag=97 nentries=0 etime=0 dn=""') +
        search(1, 1),
      undefined,
      'ANONYMOUS',
    ],
    [
      'SASL in two steps',
      open(1) +
        line('conn=1 op=0 BIND dn="" method=sasl version=3 mech=GSSAPI') +
        line('conn=1 op=0 RESULT err=14 tag=97 nentries=0 etime=0.002149871, SASL bind in progress') +
        line('conn=1 op=1 BIND dn="" method=sasl version=3 mech=GSSAPI') +
        line('conn=1 op=1 RESULT err=0 tag=97 nentries=0 etime=0.002 dn="uid=bob,dc=example,dc=com"') +
        search(1, 2),
      'uid=bob,dc=example,dc=com',
      'GSSAPI',
    ],
    [
      'SASL half way is anonymous',
      open(1) +
        bind(1, 0, ok) +
        line('conn=1 op=1 BIND dn="" method=sasl version=3 mech=GSSAPI') +
        line('conn=1 op=1 RESULT err=14 tag=97 nentries=0 etime=0, SASL bind in progress') +
        search(1, 2),
      undefined,
      'ANONYMOUS',
    ],
    [
      'autobind',
      line('conn=1 fd=66 slot=66 connection from local to /run/slapd-EXAMPLE.socket') +
        line('conn=1 AUTOBIND dn="cn=Directory Manager"') +
        search(1, 0),
      'cn=Directory Manager',
      'AUTOBIND',
    ],
    [
      'a result without its request binds nobody',
      open(1) + line(`conn=1 op=0 RESULT ${ok}`) + search(1, 1),
      undefined,
      'ANONYMOUS',
    ],
    [
      'unless the log begins in the middle',
      line(`conn=7 op=0 RESULT ${ok}`) + search(7, 1),
      'uid=alice,dc=example,dc=com',
      'SIMPLE',
    ],
    ['nothing is known before that', search(7, 1), undefined, undefined],
    [
      'a restart forgets',
      open(1) + bind(1, 0, ok) + open(2) + bind(2, 0, ok) + open(1) + search(1, 0),
      undefined,
      'ANONYMOUS',
    ],
    [
      'a restart forgets other connections, too',
      open(1) + open(2) + bind(2, 0, ok) + open(1) + search(2, 9),
      undefined,
      undefined,
    ],
    [
      'a client certificate alone binds nobody',
      open(1) +
        line('conn=1 TLS1.2 256-bit AES; client CN=bob; issuer CN=Example CA') +
        line('conn=1 TLS1.2 client bound as uid=bob,dc=example,dc=com') +
        search(1, 0),
      undefined,
      'ANONYMOUS',
    ],
  ])('%s', (_name, log, boundDn, boundMethod) => {
    const rec = last(log);
    expect([rec.boundDn, rec.boundMethod]).toEqual([boundDn, boundMethod]);
  });

  test('behind a proxy the real client counts, and the proxy is named', () => {
    const rec = last(
      open(1) + line('conn=1 fd=66 HAProxy new_address_from=198.51.100.7 to new_address_dest=192.0.2.9') + search(1, 0),
    );
    expect(rec).toMatchObject({ client: '198.51.100.7', server: '192.0.2.9', proxy: '192.0.2.10' });
  });

  test('a RESULT behind the close still finds its session and request', () => {
    const log =
      open(1) +
      bind(1, 0, ok) +
      search(1, 1) +
      line('conn=1 op=1 fd=66 Disconnect - Cleanly Closed Connection - U1') +
      line('conn=1 op=1 RESULT err=0 tag=101 nentries=1 etime=0.1');
    expect(last(log)).toMatchObject({
      request: 'SRCH',
      client: '192.0.2.10',
      boundDn: 'uid=alice,dc=example,dc=com',
      correlation: 'complete',
    });
  });

  test('beyond the sessions remembered the idlest goes, and is partial from then on', () => {
    const reader = createAccessReader({ log: 'access', sessionsMax: 2 });
    const { records } = readAccess(open(1) + open(2) + search(1, 0) + open(3) + search(2, 0) + search(3, 0), reader);
    expect(records.slice(-2).map((rec) => rec.correlation)).toEqual(['partial', 'complete']);
  });

  test('starts known from the error log end a run', () => {
    const log = open(5) + bind(5, 0, ok);
    const restarts = [(readAccess(log).records.at(-1)?.EventTime ?? 0) + 1];
    const { records } = readAccess(log + search(5, 1), createAccessReader({ log: 'access', restarts }));
    expect(records.at(-1)).toMatchObject({ correlation: 'partial', boundDn: undefined });
  });
});

describe('forged records', () => {
  const forged =
    '[07/Mar/2025:00:00:00.000000001 +0100] conn=7 op=0 BIND dn="cn=Directory Manager" method=128 version=3';
  const forgedResult =
    '[07/Mar/2025:00:00:00.000000001 +0100] conn=7 op=0 RESULT err=0 tag=97 nentries=0 etime=0.0003 dn="cn=directory manager"';
  const start =
    line('conn=1 fd=64 slot=64 connection from 192.0.2.5 to 192.0.2.1') +
    line('conn=7 fd=66 slot=66 connection from 192.0.2.66 to 192.0.2.1');
  const after = line('conn=7 op=9 SRCH base="" scope=0 filter="(objectClass=*)" attrs=ALL');

  test.each<[string, string]>([
    ['bind DN', line(`conn=7 op=1 BIND dn="x\n${forged}" authzid="(null)", invalid bind dn`)],
    [
      'bind DN, two records',
      line(`conn=7 op=1 BIND dn="x\n${forged}\n${forgedResult}" authzid="(null)", invalid bind dn`),
    ],
    ['bind DN of a plain bind', line(`conn=7 op=1 BIND dn="x\n${forged}\n${forgedResult}" method=128 version=3`)],
    ['search base', line(`conn=7 op=1 SRCH dn="x\n${forged}\n${forgedResult}" authzid="(null)", invalid dn`)],
    [
      'requested attribute',
      line(`conn=7 op=1 SRCH base="dc=example,dc=com" scope=1 filter="(uid=x)" attrs="cn\n${forgedResult}"`),
    ],
    [
      'attribute of a filter',
      line(`conn=7 op=1 SRCH base="dc=example,dc=com" scope=1 filter="(uid\n${forgedResult}=x)" attrs="cn"`),
    ],
    ['OID', line(`conn=7 op=1 EXT oid="1.2.3\n${forged}\n${forgedResult}"`)],
    ['OID, one record', line(`conn=7 op=1 EXT oid="1.2.3\n${forged}"`)],
    ['compared attribute', line(`conn=7 op=1 CMP dn="uid=a,dc=example,dc=com" attr="x\n${forgedResult}"`)],
    ['entry', line(`conn=7 op=1 DEL dn="uid=a+cn=\n${forged}\n${forgedResult},dc=example,dc=com"`)],
    [
      'index key',
      line(`conn=7 op=1 STAT read index: attribute=cn key(eq)=x\n${forgedResult} --> count 0 (duration 0.000011547)`),
    ],
  ])('in the %s belong to the record they stand in', (_name, text) => {
    const { records, dead } = readAccess(start + text + after);
    expect(dead).toEqual([]);
    expect(records.map((rec) => rec.tags)).toEqual([undefined, undefined, ['embedded-line-break'], undefined]);
    expect(records.at(-1)).toMatchObject({ boundDn: undefined, boundMethod: 'ANONYMOUS', client: '192.0.2.66' });
  });

  test.each<[string, string]>([
    [
      'behind an unquoted mechanism',
      line(`conn=7 op=1 BIND dn="" method=sasl version=3 mech=PLAIN\n${forged}\n${forgedResult}`),
    ],
    ['behind a value that was closed on purpose', line(`conn=7 op=1 EXT oid="1.2.3"\n${forged}\n${forgedResult}"`)],
  ])('%s are kept, marked, and change nothing', (_name, text) => {
    const { records } = readAccess(start + text + after);
    expect(records.slice(3, -1).map((rec) => rec.tags)).toEqual([['suspect-forged'], ['suspect-forged']]);
    expect(records.at(-1)).toMatchObject({ boundDn: undefined, boundMethod: 'ANONYMOUS' });
  });

  test('a connection nobody opened', () => {
    const { records } = readAccess(
      `${start}${line('conn=999999 op=0 BIND dn="cn=Directory Manager" method=128 version=3')}`,
    );
    expect(records.at(-1)?.tags).toEqual(['suspect-forged']);
  });

  test('a forged opening does not look like a restart', () => {
    const opening =
      '[07/Mar/2025:00:00:00.000000001 +0100] conn=1 fd=64 slot=64 connection from 203.0.113.9 to 192.0.2.1';
    const good =
      line('conn=7 op=0 BIND dn="uid=a" method=128 version=3') +
      line('conn=7 op=0 RESULT err=0 tag=97 nentries=0 etime=0 dn="uid=a"');
    const { records } = readAccess(
      start +
        good +
        line(`conn=7 op=1 BIND dn="" method=sasl version=3 mech=X\n${opening}`) +
        line('conn=1 op=0 UNBIND'),
    );
    expect(records.at(-1)).toMatchObject({ client: '192.0.2.5', correlation: 'complete' });
  });

  test('a record that was merely cut swallows nothing', () => {
    const { records } = readAccess(start + line('conn=7 op=1 MOD dn="uid=a,ou=peop') + after.repeat(40));
    expect(records).toHaveLength(43);
    expect(records[2]?.tags).toEqual(['truncated']);
  });
});

describe('reading in pieces', () => {
  const log = Buffer.from(
    head +
      session +
      session.replaceAll('conn=41', 'conn=42') +
      line('conn=43 op=0 RESULT err=65 tag=105 nentries=0 etime=0.1 - owner: value #0 invalid per syntax\n') +
      line(
        'conn=42 op=5 BIND dn="x\n[07/Mar/2025:09:00:00.000000001 +0100] conn=7 op=0 BIND dn="cn=D" method=128 version=3" authzid="(null)", invalid bind dn',
      ) +
      line('conn=44 op=0 SRCH base="ou=Bücher,dc=example,dc=com" scope=2 filter="(cn=\xff)" attrs=ALL') +
      'no record at all\n' +
      line('conn=45 fd=67 slot=67 connection from 192.0.2.11 to 192.0.2.1') +
      line('conn=45 op=0 BIND dn="uid=bob,ou=people,dc=example,dc=com" method=128 version=3') +
      line('conn=45 op=1 SRCH base="dc=example,dc=com" scope=2 filter="(uid=a)" attrs=ALL') +
      line('conn=42 op=7 UNBIND') +
      line('conn=45 op=1 RESULT err=0 tag=101 nentries=0 etime=0.1') +
      line('conn=45 op=0 RESULT err=0 tag=97 nentries=0 etime=0.1 dn="uid=bob,ou=people,dc=example,dc=com"') +
      line('conn=45 op=2 UNBIND') +
      session,
  );
  const whole = readAccess(log);

  test('fuzz: any cuts give the same records', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(log.length), { maxLength: 12 }), (cuts) => {
        const reader = createAccessReader({ log: 'access' });
        const records: Rec[] = [];
        const sink = { record: (rec: Rec) => records.push(rec), dead: (_: DeadLetter) => undefined };
        reader.startFile({ stream: 'test', generation: 0, position: 0 });
        let from = 0;
        for (const cut of [...cuts, log.length].sort((a, b) => a - b)) {
          reader.push(log.subarray(from, cut), sink);
          from = cut;
        }
        reader.endFile(sink);
        expect(records).toEqual(whole.records);
        expect(reader.counts).toEqual(whole.counts);
      }),
      { numRuns: runs },
    );
  });

  test('fuzz: saving at any byte and going on with a new reader gives the same records', () => {
    fc.assert(
      fc.property(fc.nat(log.length), fc.nat(log.length), (one, two) => {
        const records: Rec[] = [];
        const sink = { record: (rec: Rec) => records.push(rec), dead: (_: DeadLetter) => undefined };
        let reader = createAccessReader({ log: 'access' });
        reader.startFile({ stream: 'test', generation: 0, position: 0 });
        for (const cut of [Math.min(one, two), Math.max(one, two)]) {
          if (cut > reader.position) reader.push(log.subarray(reader.position, cut), sink);
          const state = JSON.parse(JSON.stringify(reader.save()));
          const position = reader.position;
          reader = createAccessReader({ log: 'access' });
          reader.restore(state);
          reader.startFile({ stream: 'test', generation: 0, position });
        }
        reader.push(log.subarray(reader.position), sink);
        reader.endFile(sink);
        expect(records).toEqual(whole.records);
        expect(reader.counts).toEqual(whole.counts);
      }),
      { numRuns: runs },
    );
  });

  test('bytes that are not UTF-8 come back as they were', () => {
    const bytes = Buffer.concat([
      Buffer.from(line('conn=1 op=0 SRCH base="" scope=0 filter="(cn=').trimEnd()),
      Buffer.of(0xff, 0xc3, 0xa4),
      Buffer.from(')" attrs=ALL\n'),
    ]);
    const raw = readAccess(bytes).records[0]?.raw ?? '';
    expect(raw).toContain('(cn=\udcffä)');
  });

  test('a record without an end is cut off, counted, and the next one is read', () => {
    const reader = createAccessReader({ log: 'access', recordBytesMax: 1000 });
    const { records, dead } = readAccess(
      `${session}${line(`conn=41 op=9 MOD dn="${'x'.repeat(5000)}"`)}${line('conn=41 op=10 UNBIND')}`,
      reader,
    );
    expect(dead.map((letter) => letter.code)).toEqual(['record-too-long']);
    expect(records.at(-1)).toMatchObject({ verb: 'UNBIND', op: 10 });
  });

  test('a damaged state is refused with a code', () => {
    expect(() => createAccessReader({ log: 'access' }).restore({ version: 99 })).toThrow(
      expect.objectContaining({ code: 'state-damaged' }),
    );
  });
});
