import { describe, expect, test } from 'vitest';
import type { Rec } from '#event';
import type { ReaderOptions } from '#source';
import { createAuditReader } from './audit.ts';
import { type ReadBack, readAccess } from './read-access.ts';

function read(log: string | Buffer, options: Partial<ReaderOptions> = {}): ReadBack {
  return readAccess(log, createAuditReader({ log: 'audit', ...options }));
}

function one(log: string, options: Partial<ReaderOptions> = {}): Rec {
  const { records, dead } = read(log, options);
  expect(dead).toEqual([]);
  expect(records).toHaveLength(1);
  return records[0] as Rec;
}

const modified =
  'replace: modifiersname\nmodifiersname: uid=hr,ou=people,dc=example,dc=com\n-\nreplace: modifytimestamp\nmodifytimestamp: 20250307081505Z\n-\n';

describe('LDIF', () => {
  test('a modification names who, when, and each change', () => {
    const rec = one(
      `time: 20250307091505\ndn: uid=alice,dc=example,dc=com\n#cn: Alice\nresult: 0\nchangetype: modify\nreplace: mail\nmail: alice@example.com\nmail: a@example.com\n-\nadd: description\ndescription:: SsO2cmcgd8OkY2hzdA==\n-\ndelete: title\n-\n-\n${modified}\n`,
    );
    expect(rec).toMatchObject({
      verb: 'MOD',
      log: 'audit',
      dn: 'uid=alice,dc=example,dc=com',
      boundDn: 'uid=hr,ou=people,dc=example,dc=com',
      err: 0,
      EventTime: Date.UTC(2025, 2, 7, 8, 15, 5),
      changed: ['mail', 'description', 'title'],
      changes: [
        'replace mail: alice@example.com',
        'replace mail: a@example.com',
        'add description: Jörg wächst',
        'delete title',
      ],
      correlation: 'none',
    });
  });

  test('folded values and a folded DN are whole again', () => {
    const rec = one(
      'time: 20250307091505\ndn: uid=alice,ou=a very long unit,\n dc=example,dc=com\nresult: 0\nchangetype: modify\nreplace: description\ndescription: one \n two\n-\n\n',
    );
    expect(rec).toMatchObject({
      dn: 'uid=alice,ou=a very long unit,dc=example,dc=com',
      changes: ['replace description: one two'],
    });
    expect(rec.tags).toBeUndefined();
  });

  test('an added entry gives its classes, a rename its new name, a removal its actor', () => {
    const { records } = read(
      'time: 20250307091506\ndn: uid=c,dc=example,dc=com\nresult: 0\nchangetype: add\nobjectClass: top\nobjectClass: inetOrgPerson\ncn: C\ncreatorsName: cn=directory manager\ncreateTimestamp: 20250307081506Z\n\n' +
        'time: 20250307091508\ndn: uid=eve,dc=example,dc=com\nresult: 50\nchangetype: modrdn\nnewrdn: uid=eva\ndeleteoldrdn: 1\nnewsuperior: ou=Staff,dc=example,dc=com\nmodifiersname: uid=alice,dc=example,dc=com\n\n' +
        'time: 20250307091509\ndn: uid=dave,dc=example,dc=com\nresult: 0\nchangetype: delete\nmodifiersname: cn=directory manager\n\n',
    );
    expect(records).toMatchObject([
      { verb: 'ADD', classes: ['top', 'inetorgperson'], boundDn: 'cn=directory manager' },
      {
        verb: 'MODRDN',
        log: 'auditfail',
        err: 50,
        newrdn: 'uid=eva',
        deleteoldrdn: true,
        newsuperior: 'ou=Staff,dc=example,dc=com',
      },
      { verb: 'DEL', log: 'audit', boundDn: 'cn=directory manager' },
    ]);
  });

  test('blank lines, a title in the middle, line ends of Windows, and a last record without its blank line', () => {
    const log =
      '\t389-Directory/1.4.1.3 B2019.123.0000\r\n\tldap1.example.com:636 (/etc/dirsrv/slapd-EXAMPLE)\r\n\r\ntime: 20250307091505\r\ndn: dc=a\r\nresult: 0\r\nchangetype: modify\r\nreplace: cn\r\ncn: x\r\n-\r\n\r\n\t389-Directory/2.0 B1\r\n\r\ntime: 20250307091506\r\ndn: dc=b\r\nresult: 0\r\nchangetype: delete';
    const { records, dead, counts } = read(log);
    expect(dead).toEqual([]);
    expect(records).toMatchObject([
      { dn: 'dc=a', serverVersion: '1.4.1.3', instance: 'EXAMPLE', changes: ['replace cn: x'] },
      { dn: 'dc=b', serverVersion: '2.0', verb: 'DEL' },
    ]);
    expect(counts.lines).toBe(counts.records + counts.continuations);
  });

  test('a record that broke off does not take the next one along', () => {
    const { records, dead } = read(
      'time: 20250307091505\ndn: dc=a\ntime: 20250307091506\ndn: dc=b\nresult: 0\nchangetype: delete\n\n',
    );
    expect(records).toMatchObject([{ dn: 'dc=b' }]);
    expect(dead).toMatchObject([{ code: 'unreadable-record', position: 0, log: 'audit' }]);
  });

  test('an accepted change is given out at its blank line, before anything follows', () => {
    const seen: Rec[] = [];
    const reader = createAuditReader({ log: 'audit' });
    reader.startFile({ stream: 's', generation: 0, position: 0 });
    const sink = { record: (rec: Rec) => seen.push(rec), dead: () => undefined };
    reader.push(Buffer.from('time: 20250307091505\ndn: dc=a\nresult: 0\nchangetype: delete\n\n'), sink);
    expect(seen).toHaveLength(1);
  });
});

describe('the zone of local times', () => {
  const at = (time: string, stamp: string): string =>
    `time: ${time}\ndn: dc=a\nresult: 0\nchangetype: modify\nreplace: modifytimestamp\nmodifytimestamp: ${stamp}\n-\n\n`;
  const bare = (time: string): string => `time: ${time}\ndn: dc=a\nresult: 0\nchangetype: delete\n\n`;

  test.each<[string, string, Partial<ReaderOptions>, string[]]>([
    ['is that of a stamp in the same record', at('20221027102743', '20221027142743Z'), {}, ['2022-10-27T14:27:43Z']],
    [
      'holds for the records behind',
      at('20221027102743', '20221027142744Z') + bare('20221027102800'),
      {},
      ['2022-10-27T14:27:43Z', '2022-10-27T14:28:00Z'],
    ],
    [
      'is the one the reader was told, before any stamp',
      bare('20250307091505'),
      { zone: 'Europe/Berlin' },
      ['2025-03-07T08:15:05Z'],
    ],
    ['is UTC when nobody says', bare('20250307091505'), {}, ['2025-03-07T09:15:05Z']],
    [
      'is not that of a change that comes late',
      at('20250307091505', '20250307081505Z') + at('20250307101500', '20250307084455Z'),
      {},
      ['2025-03-07T08:15:05Z', '2025-03-07T09:15:00Z'],
    ],
    [
      'follows the clock change',
      at('20250330015959', '20250330005959Z') + at('20250330030000', '20250330010000Z'),
      {},
      ['2025-03-30T00:59:59Z', '2025-03-30T01:00:00Z'],
    ],
  ])('%s', (_what, log, options, expected) => {
    const got = read(log, options).records.map((rec) => new Date(rec.EventTime ?? Number.NaN).toISOString());
    expect(got).toEqual(expected.map((time) => time.replace('Z', '.000Z')));
  });
});

describe('JSON', () => {
  const head =
    '"gm_time":"2025-03-07T08:15:05Z","local_time":"2025-03-07T09:15:05Z","target_dn":"uid=alice,dc=example,dc=com"';
  const client = '"client_ip":"192.0.2.10","server_ip":"192.0.2.1","conn_id":41,"op_id":2,"result":0';

  test('a modification names connection, client and actor', () => {
    const rec = one(
      `{${head},"bind_dn":"uid=hr,dc=example,dc=com",${client},"modify":[{"op":"replace","attr":"mail","values":["a@example.com"]},{"op":"add","attr":"jpegPhoto","values_encoded":["\\/9j\\/4AAQ"]},{"op":"delete","attr":"title"},{"op":"replace","attr":"modifiersname","values":["uid=hr,dc=example,dc=com"]}]}\n`,
    );
    expect(rec).toMatchObject({
      verb: 'MOD',
      conn: 41,
      op: 2,
      client: '192.0.2.10',
      server: '192.0.2.1',
      boundDn: 'uid=hr,dc=example,dc=com',
      err: 0,
      EventTime: Date.UTC(2025, 2, 7, 8, 15, 5),
      changed: ['mail', 'jpegphoto', 'title'],
      changes: ['replace mail: a@example.com', 'add jpegPhoto: /9j/4AAQ', 'delete title'],
    });
  });

  test('an actor cut by the server is whole where the entry names it; else the record is marked', () => {
    const whole = `uid=alice,ou=${'x'.repeat(70)},dc=example,dc=com`;
    const modify = `"modify":[{"op":"replace","attr":"modifiersname","values":["${whole}"]}]`;
    expect(one(`{${head},"bind_dn":"${whole.slice(0, 74)}",${client},${modify}}\n`).boundDn).toBe(whole);
    expect(one(`{${head},"bind_dn":"${whole.slice(0, 74)}",${client},"delete":{"dn":"dc=a"}}\n`).tags).toEqual([
      'truncated',
    ]);
  });

  test('the server itself, nobody, and a local socket', () => {
    const { records } = read(
      `{${head},"bind_dn":"internal","client_ip":"internal","server_ip":"internal","conn_id":-1,"op_id":-1,"result":0,"modify":[{"op":"replace","attr":"modifiersname","values":["cn=server,cn=plugins,cn=config"]}]}\n` +
        `{${head},"bind_dn":"",${client},"delete":{"dn":"dc=a"}}\n` +
        `{${head},"bind_dn":"cn=directory manager","client_ip":"local","server_ip":"\\/run\\/slapd-EXAMPLE.socket","conn_id":43,"op_id":3,"result":0,"modrdn":{"newrdn":"uid=eva","deleteoldrdn":false,"newsuperior":"dc=b"}}\n`,
    );
    expect(records).toMatchObject([
      { internal: true, boundDn: 'cn=server,cn=plugins,cn=config' },
      { boundMethod: 'ANONYMOUS', verb: 'DEL' },
      {
        transport: 'ldapi',
        socket: '/run/slapd-EXAMPLE.socket',
        newrdn: 'uid=eva',
        deleteoldrdn: false,
        newsuperior: 'dc=b',
      },
    ]);
    expect(records[0]).not.toHaveProperty('conn', -1);
    expect(records[1]?.boundDn).toBeUndefined();
  });

  test('records glued, pretty, indented, ended by NUL, and one that broke off before another', () => {
    const record = (dn: string): string =>
      `{"gm_time":"2025-03-07T08:15:05Z","target_dn":"${dn}","result":0,"delete":{"dn":"${dn}"}}`;
    const { records, dead, counts } = read(
      `${record('dc=a')}${record('dc=b')}\0${record('dc=c')}\n  ${record('dc=d')}\n{\n  "gm_time":"2025-03-07T08:15:05Z",\n  "target_dn":"dc=e",\n  "result":0,\n  "add":"cn: e\\n"\n}\n{"gm_time":"2025-03-07T08:15:05Z","target_dn":"dc=br${record('dc=f')}\n`,
    );
    expect(records.map((rec) => rec.dn)).toEqual(['dc=a', 'dc=b', 'dc=c', 'dc=d', 'dc=e', 'dc=f']);
    expect(dead).toMatchObject([
      { code: 'unknown-object', raw: expect.stringMatching(/^\{"gm_time":"2025-03-07T08:15:0.*\.\.\.$/) },
    ]);
    expect(counts).toMatchObject({ lines: 9, glued: 3 });
  });
});

test('a file may change its form on the way, also behind a record that broke off', () => {
  const { records } = read(
    '{\n  "gm_time":"2025-03-07T08:15:05Z",\n  "target_dn":"dc=a",\n  "result":0,\n  "delete":{\ntime: 20250307091506\ndn: dc=b\nresult: 0\nchangetype: delete\n\n{"gm_time":"2025-03-07T08:15:07Z","target_dn":"dc=c","result":0,"delete":{}}\n',
  );
  expect(records.map((rec) => rec.dn)).toEqual(['dc=b', 'dc=c']);
});

describe('secrets', () => {
  const secret = 'hunter2hunter2';
  test.each([
    ['plain', `replace: userPassword\nuserPassword: ${secret}\n-\n`, 'replace userPassword: [redacted]'],
    [
      'base64',
      `replace: userPassword\nuserPassword:: ${Buffer.from(secret).toString('base64')}\n-\n`,
      'replace userPassword: [redacted]',
    ],
    ['folded', `replace: userPassword\nuserPassword: x\n ${secret}\n-\n`, 'replace userPassword: [redacted]'],
    [
      'with an option',
      `add: UserPassword;lang-de\nUserPassword;lang-de: ${secret}\n-\n`,
      'add UserPassword;lang-de: [redacted]',
    ],
    ['by number', `add: 2.5.4.35\n2.5.4.35: ${secret}\n-\n`, 'add 2.5.4.35: [redacted]'],
    ['of the root', `replace: nsslapd-rootpw\nnsslapd-rootpw: ${secret}\n-\n`, 'replace nsslapd-rootpw: [redacted]'],
    [
      'of an agreement',
      `add: nsDS5ReplicaCredentials\nnsDS5ReplicaCredentials: ${secret}\n-\n`,
      'add nsDS5ReplicaCredentials: [redacted]',
    ],
    [
      'before hashing',
      `add: unhashed#user#password\nunhashed#user#password: ${secret}\n-\n`,
      'add unhashed#user#password: [redacted]',
    ],
  ])('%s: neither in the change nor in the text', (_form, body, change) => {
    const { records } = read(
      `time: 20250307091505\ndn: dc=a\nresult: 0\nchangetype: modify\n${body}replace: cn\ncn: A\n-\n\n`,
    );
    expect(records[0]?.changes).toEqual([change, 'replace cn: A']);
    expect(JSON.stringify(records)).not.toContain(secret);
    expect(JSON.stringify(records)).not.toContain(Buffer.from(secret).toString('base64'));
    expect(records[0]?.raw).toContain('replace: cn\ncn: A\n-');
  });

  test('displayed beside a change, over several lines', () => {
    const rec = one(
      `time: 20250307091505\ndn: dc=a\n#userpassword: x\n${secret}\n#cn: A\nresult: 0\nchangetype: delete\n\n`,
    );
    expect(rec.raw).toBe(
      'time: 20250307091505\ndn: dc=a\n#userpassword: [redacted]\n#cn: A\nresult: 0\nchangetype: delete',
    );
  });

  test('in the text of an added entry, in a modification and beside it, in JSON', () => {
    const { records } = read(
      `{"gm_time":"2025-03-07T08:15:05Z","target_dn":"dc=a","result":0,"id_list":[{"userPassword":"${secret}"},{"cn":"A"}],"modify":[{"op":"add","attr":"krbPrincipalKey","values_encoded":["${Buffer.from(secret).toString('base64')}"]}]}\n` +
        `{"gm_time":"2025-03-07T08:15:05Z","target_dn":"dc=a","result":0,"add":"cn: A\\nuserPassword: x\\n ${secret}\\nsn: A\\n"}\n`,
    );
    expect(JSON.stringify(records)).not.toMatch(/hunter2|aHVudGVy/);
    expect(JSON.parse(records[1]?.raw ?? '').add).toBe('cn: A\nuserPassword: [redacted]\nsn: A\n');
    expect(records[0]?.raw).toContain('{"cn":"A"}');
  });

  test('in a record over the limit, of which all lines go', () => {
    const log = `time: 20250307091505\ndn: dc=a\nresult: 0\nchangetype: add\ncn: A\njpegPhoto:: ${'A'.repeat(300)}\n ${'B'.repeat(70)}\nuserPassword: x\n ${secret}\nsn: A\n\ntime: 20250307091506\ndn: dc=b\nresult: 0\nchangetype: delete\n\n`;
    const { records, dead, counts } = read(log, { recordBytesMax: 200 });
    expect(records).toMatchObject([{ dn: 'dc=b' }]);
    expect(dead).toMatchObject([{ code: 'record-too-long' }]);
    expect(JSON.stringify(dead)).not.toContain(secret);
    expect(counts.lines).toBe(counts.records + counts.deadLetters + counts.continuations);
  });

  test('in a record that cannot be read, or of which only the beginning can', () => {
    const { records, dead } = read(
      `time: 20250307091505\ndn: dc=a\nmail: auserPassword: ${secret}\n\ntime: 20250307091506\ndn: dc=b\nresult: 0\nchangetype: delete\n\n{"gm_time":"2025-03-07T08:15:07Z","target_dn":"dc=c","result":0,"delete":{"dn":"dc=c"},"modify":[{"op":"add","attr":"userPassword","values":["${secret}`,
    );
    expect(records.map((rec) => rec.dn)).toEqual(['dc=b', 'dc=c']);
    expect(dead.map((letter) => letter.raw)).toEqual([
      'time: 20250307091505\ndn: dc=a\nmail: auserPassword:[redacted]',
    ]);
    expect(JSON.stringify(records)).not.toContain(secret);
  });

  test('a JSON record nested beyond reason is no way around', () => {
    const deep = `${'['.repeat(100_000)}"${secret}"${']'.repeat(100_000)}`;
    const { records } = read(
      `{"gm_time":"2025-03-07T08:15:05Z","target_dn":"dc=a","result":0,"deep":${deep},"modify":[{"op":"add","attr":"userPassword","values":["${secret}"]}]}\n`,
    );
    expect(records).toHaveLength(1);
    expect(JSON.stringify(records)).not.toContain(secret);
  });
});

describe('what clients put into a DN', () => {
  test('lines of another log belong to the DN', () => {
    const rec = one(
      'time: 20250307091505\ndn: uid=a\n[07/Mar/2025:00:00:00.000000001 +0000] conn=7 op=0 BIND dn="x",dc=example\nresult: 34\nchangetype: delete\n\n',
    );
    expect(rec).toMatchObject({
      dn: 'uid=a\n[07/Mar/2025:00:00:00.000000001 +0000] conn=7 op=0 BIND dn="x",dc=example',
      err: 34,
      tags: ['embedded-line-break'],
    });
  });

  test('a whole change written into the DN is neither made nor made by whom it names', () => {
    const rec = one(
      'time: 20250307091505\ndn: uid=a\nresult: 0\nchangetype: modify\nreplace: mail\nmodifiersname: cn=directory manager\n-,dc=example\nresult: 32\nchangetype: delete\nmodifiersname: uid=mallory,dc=example,dc=com\n\n',
    );
    expect(rec).toMatchObject({ verb: 'DEL', err: 32, log: 'auditfail' });
    expect(rec.dn).toBe(
      'uid=a\nresult: 0\nchangetype: modify\nreplace: mail\nmodifiersname: cn=directory manager\n-,dc=example',
    );
    expect(rec.tags).toContain('suspect-forged');
    expect(rec.boundDn).toBeUndefined();
    expect(rec.changes).toBeUndefined();
  });

  test('an accepted change in the log of refused ones is suspect', () => {
    const rec = one(
      'time: 20250307091505\ndn: dc=a\nresult: 0\nchangetype: delete\nmodifiersname: cn=directory manager\n\n',
      { log: 'auditfail' },
    );
    expect(rec).toMatchObject({ tags: ['suspect-forged'], log: 'auditfail' });
    expect(rec.boundDn).toBeUndefined();
  });
});

test.each([
  ['times of nothing', 'time: 20250307091505\n\n'],
  ['records that never say their change', 'time: 20250307091505\ndn: x\n\n'],
  ['braces that nothing closes', '{\n'],
  ['keys that nothing closes', '{"a":\n'],
  ['records that break off', '{"gm_time":"'],
  [
    'records without a line break between them',
    '{"gm_time":"2025-03-07T08:15:07Z","target_dn":"dc=c","result":0,"delete":{}}',
  ],
])('a log of %s is read in time linear in its length', (_what, unit) => {
  const reader = createAuditReader({ log: 'audit' });
  const log = Buffer.from(unit.repeat(2_000_000 / unit.length));
  const start = performance.now();
  reader.startFile({ stream: 's', generation: 0, position: 0 });
  reader.push(log, { record: () => undefined, dead: () => undefined });
  reader.endFile({ record: () => undefined, dead: () => undefined });
  // About a second; were it quadratic, minutes.
  expect(performance.now() - start).toBeLessThan(20_000);
});
