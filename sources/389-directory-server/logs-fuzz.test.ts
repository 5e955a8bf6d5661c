import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LogReader, RecordSink } from '#source';
import { createAuditReader } from './audit.ts';
import { createErrorReader } from './error-log.ts';
import { mutatedLine } from './mutate.ts';
import { readAccess } from './read-access.ts';
import { createSecurityReader } from './security.ts';

const runs = Number(process.env['FUZZ_RUNS'] ?? 300);

const title = '\t389-Directory/2.6.1 B2025.034.0512\n\tldap1.example.com:636 (/etc/dirsrv/slapd-EXAMPLE)\n';
const header =
  '{"header":{"version":"389-Directory\\/3.1.3 B2025.176.0000","instance":"ldap1.example.com:636 (\\/etc\\/dirsrv\\/slapd-EXAMPLE)"}}';

const security = [
  '{ "date": "[07\\/Mar\\/2025:09:15:03.003512345 +0100] ", "utc_time": "1741335303.003512345", "event": "BIND_SUCCESS", "dn": "uid=alice,ou=people,dc=example,dc=com", "bind_method": "SASL\\/EXTERNAL", "root_dn": false, "client_ip": "192.0.2.10", "server_ip": "192.0.2.1", "ldap_version": 3, "conn_id": 41, "op_id": 0, "msg": "" }',
  '{ "date": "[07\\/Mar\\/2025:09:15:06.403512345 +0100] ", "utc_time": 1741335306, "event": "TCP_ERROR", "client_ip": "203.0.113.9", "server_ip": "192.0.2.1", "ldap_version": 3, "conn_id": 70, "msg": "Bad Ber Tag or uncleanly closed connection - B1" }',
  `{ "date": "[07\\/Mar\\/2025:09:15:07.403512345 +0100] ", "event": "BIND_FAILED", "dn": "${'x'.repeat(60)}`,
  '{ "utc_time": "1741335306", "event": "TCP_ERROR", "msg": "cut...\n}',
  title,
];
const securitySentinel =
  '{ "date": "[07\\/Mar\\/2025:09:16:00.000512345 +0100] ", "utc_time": "1741335360.000512345", "event": "BIND_FAILED", "dn": "uid=sentinel,dc=example,dc=com", "msg": "NO_SUCH_ENTRY" }';

const error = [
  '[07/Mar/2025:09:00:00.104512345 +0100] - INFO - main - 389-Directory/2.6.1 B2025.034.0512 starting up',
  '[07/Mar/2025:09:00:01 +0100] - slapd started.  Listening on All Interfaces port 389 for LDAP requests',
  '[07/Mar/2025:09:15:06.404512345 +0100] - ERR - log_ber_too_big_error - conn=70 fd=77 Incoming BER Element was 200080 bytes, max allowable is 131072 bytes.',
  '[07/Mar/2025:09:16:00.004512345 +0100] - NOTICE - ldbm_back_search - Unindexed search: search base="dc=example,dc=com" scope=2 filter="(cn="x")" conn=41 op=8',
  '[07/Mar/2025:09:16:01.004512345 +0100] - DEBUG - NSACLPlugin - print_access_control_summary - conn=41 op=8 (main): Deny write on entry(uid=bob,dc=example,dc=com).attr(mail) to uid=alice,dc=example,dc=com: no aci matched the subject',
  '[05/Feb/2013:09:16:02 +0100] NSMMReplicationPlugin - agmt="cn=a - b" (ldap2:389): Replication bind with SIMPLE auth resumed\n  {replica 1} x',
  'Mar 07 09:15:02 ldap1 ns-slapd[812]: [07/Mar/2025:09:15:02.004512345 +0100] - ERR - main - message',
  '{"local_time":"2025-09-07T09:00:01.004512345 +0100","severity":"INFO","subsystem":"slapd_daemon","msg":"slapd stopped.\\n"}',
  '[07/Mar/2025:09:16:02.004512345 +0100] - NOTICE - ldbm_back_search - Unindexed search: search base="dc=a" scope=2 filter="(x\n[07/Mar/2025:09:16:03.004512345 +0100] - INFO - main - forged=*)" conn=4 op=2',
  '{"local_time":"2025-09-07T09:00:01.004512345 +0100","severity":"ERR","subsystem":"x","msg":"cut here {',
  '{"local_time":"friday","severity":"ERR","subsystem":"x","msg":"no time"}',
  header,
];
const errorSentinel = '[07/Mar/2025:09:17:00.004512345 +0100] - CRIT - sentinel - the next record';

const audit = [
  'time: 20250307091505\ndn: uid=alice,ou=People,dc=example,dc=com\n#cn: Alice Example\nresult: 0\nchangetype: modify\nreplace: userPassword\nuserPassword:: e1NTSEF9\n c2VjcmV0\n-\nreplace: modifytimestamp\nmodifytimestamp: 20250307081505Z\n-\n',
  'time: 20250307091506\ndn: uid=carol,dc=example,dc=com\nresult: 68\nchangetype: add\nobjectClass: person\ncn: Carol\nmodifiersName: cn=directory manager\n',
  'time: 20250307091508\ndn: uid=eve,dc=example,dc=com\nresult: 50\nchangetype: modrdn\nnewrdn: uid=eva\ndeleteoldrdn: 1\n',
  '{"gm_time":"2025-03-07T08:15:05Z","local_time":"2025-03-07T09:15:05Z","target_dn":"uid=alice,dc=example,dc=com","bind_dn":"uid=hr,dc=example,dc=com","client_ip":"192.0.2.10","server_ip":"192.0.2.1","conn_id":41,"op_id":2,"result":0,"id_list":[{"cn":"Alice"}],"modify":[{"op":"replace","attr":"userPassword","values":["x"]},{"op":"add","attr":"jpegPhoto","values_encoded":["\\/9j\\/4AAQ"]}]}',
  '{\n  "gm_time":"2025-03-07T08:15:06Z",\n  "target_dn":"uid=carol,dc=example,dc=com",\n  "result":0,\n  "add":"objectClass: top\\ncn: Carol\\n"\n}',
  '{"gm_time":"2025-03-07T08:15:05Z","target_dn":"uid=a","result":0,"add":"cn: cut',
  header,
];
const auditSentinel = 'time: 20250307091600\ndn: uid=sentinel,dc=example,dc=com\nresult: 0\nchangetype: delete';

test.each<[string, () => LogReader, readonly string[], string]>([
  ['security', () => createSecurityReader({ log: 'security' }), security, securitySentinel],
  ['audit', () => createAuditReader({ log: 'audit' }), audit, auditSentinel],
  ['error', () => createErrorReader({ log: 'error' }), error, errorSentinel],
])(
  'fuzz: no record of the %s log, however mangled, throws, hangs, or takes the next one with it',
  (_log, create, samples, sentinel) => {
    const mangled = fc.array(mutatedLine(samples.map((one) => Buffer.from(one))), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(mangled, (records) => {
        const log = Buffer.concat([
          ...records.flatMap((one) => [one, Buffer.from('\n')]),
          Buffer.from(`${sentinel}\n`),
        ]);
        const { records: read, dead, counts } = readAccess(log, create());
        expect(read.at(-1)?.raw).toBe(sentinel);
        expect(read.at(-1)?.position).toBe(log.length - sentinel.length - 1);
        expect(counts.lines + counts.glued).toBe(read.length + dead.length + counts.continuations);
        expect(counts.bytes).toBe(log.length);
        expect(read.every((rec) => typeof rec.verb === 'string' && rec.position !== undefined)).toBe(true);
      }),
      { numRuns: runs },
    );
  },
);

test.each<[string, (recordBytesMax: number) => LogReader, readonly string[]]>([
  [
    'security',
    (recordBytesMax) => createSecurityReader({ log: 'security', recordBytesMax }),
    [...security, securitySentinel],
  ],
  ['audit', (recordBytesMax) => createAuditReader({ log: 'audit', recordBytesMax }), [...audit, auditSentinel]],
  ['error', (recordBytesMax) => createErrorReader({ log: 'error', recordBytesMax }), [...error, errorSentinel]],
])('fuzz: the %s log cut at any byte, saved and restored there, gives the same records', (_log, create, samples) => {
  const short = samples.map((one) => Buffer.from(one));
  const piece = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...short) },
    { weight: 2, arbitrary: mutatedLine(short).filter((bytes) => bytes.length < 4096) },
  );
  const end = fc.constantFrom('\n', '\n', '\n', '\n\n', '', '\r\n', '\0');
  fc.assert(
    fc.property(
      fc.array(fc.tuple(piece, end), { minLength: 1, maxLength: 4 }),
      fc.constantFrom(1 << 20, 200),
      (parts, max) => {
        const log = Buffer.concat(parts.flatMap(([bytes, behind]) => [bytes, Buffer.from(behind)]));
        const whole = readAccess(log, create(max));
        expect(whole.counts.lines + whole.counts.glued).toBe(
          whole.records.length + whole.dead.length + whole.counts.continuations,
        );
        for (let cut = 0; cut <= log.length; cut += log.length > 600 ? 7 : 1) {
          expect(
            readCut(log, cut, () => create(max)),
            `cut at ${cut}`,
          ).toEqual(whole);
        }
      },
    ),
    { numRuns: Math.ceil(runs / 10) },
  );
});

/** Reads a log up to a byte, and the rest with a reader that is put into the state the first one left. */
function readCut(log: Buffer, cut: number, create: () => LogReader): ReturnType<typeof readAccess> {
  const records: ReturnType<typeof readAccess>['records'] = [];
  const dead: ReturnType<typeof readAccess>['dead'] = [];
  const sink: RecordSink = { record: (rec) => records.push(rec), dead: (letter) => dead.push(letter) };
  const first = create();
  first.startFile({ stream: 'test', generation: 0, position: 0 });
  first.push(log.subarray(0, cut), sink);
  const reader = create();
  reader.restore(JSON.parse(JSON.stringify(first.save())));
  reader.startFile({ stream: 'test', generation: 0, position: first.position });
  reader.push(log.subarray(first.position), sink);
  reader.endFile(sink);
  return { records, dead, counts: reader.counts };
}

test('fuzz: an audit log begun, broken off or cut anywhere gives no secret away', () => {
  const secret = 'S3cr3tW0rd';
  const encoded = Buffer.from(`{SSHA512}${secret.repeat(12)}`).toString('base64');
  const folded = `${encoded.slice(0, 60)}\n ${encoded.slice(60, 136)}\n ${encoded.slice(136)}`;
  const records = [
    `time: 20250307091505\ndn: uid=a,dc=example,dc=com\n#userpassword: ${secret}\n#cn: A\nresult: 0\nchangetype: modify\nreplace: userPassword;lang-de\nuserPassword;lang-de: ${secret}\n-\nreplace: mail\nmail: a@example.com\n-\n\n`,
    `time: 20250307091506\ndn: uid=b,dc=example,dc=com\nresult: 0\nchangetype: add\ncn: B\nuserPassword:: ${folded}\nnsds5ReplicaCredentials: ${secret}\nunhashed#user#password: ${secret}\n2.5.4.35: ${secret}\nsn: B\n\n`,
    `{"gm_time":"2025-03-07T08:15:05Z","target_dn":"uid=a,dc=example,dc=com","result":0,"id_list":[{"userPassword":"${secret}"}],"modify":[{"op":"replace","attr":"USERPASSWORD","values":["${secret}"],"values_encoded":["${encoded}"]}]}\n`,
    `{\n  "gm_time":"2025-03-07T08:15:06Z",\n  "target_dn":"uid=b,dc=example,dc=com",\n  "result":0,\n  "add":"cn: B\\nuserPassword:: ${folded.replaceAll('\n', '\\n')}\\nsn: B\\n"\n}\n`,
    `{\n  "gm_time":"2025-03-07T08:15:07Z",\n  "result":0,\n  "modify":[\n    {\n      "op":"replace",\n      "attr":"nsslapd-rootpw",\n      "values":[\n        "${secret}"\n      ]\n    }\n  ]\n}\n`,
  ];
  const parts = [secret, encoded.slice(0, 60), encoded.slice(60, 136), encoded.slice(136)].flatMap((one) =>
    pieces(one, 10),
  );
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...records), { minLength: 1, maxLength: 4 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.constantFrom(1024 * 1024, 64),
      (chosen, begin, end, recordBytesMax) => {
        const log = Buffer.from(chosen.join(''));
        const piece = log.subarray(
          Math.trunc(begin * 0.5 * log.length),
          log.length - Math.trunc(end * 0.5 * log.length),
        );
        const said = JSON.stringify(readAccess(piece, createAuditReader({ log: 'audit', recordBytesMax })));
        expect(parts.filter((part) => said.includes(part))).toEqual([]);
      },
    ),
    { numRuns: runs },
  );
});

/** Stretches of a text that must not be found again. */
function pieces(text: string, length: number): string[] {
  const found: string[] = [];
  for (let at = 0; at + length <= text.length; at += length) found.push(text.slice(at, at + length));
  return found;
}
