import { describe, expect, test } from 'vitest';
import { createRec, fields, type Label, labels, type Rec, toPlain } from '#event';
import { createNormalizer, createRecordReader, derivedLabels, Rejection, systemLabels } from '#normalize';
import { mapping } from './mapping.ts';
import { readAccess } from './read-access.ts';
import { source } from './source.ts';

const normalizer = createNormalizer([source], { clock: () => 0 });

function normalize(keys: Partial<Rec>): Record<string, unknown> {
  const rec = Object.assign(createRec(), { EventTime: 1, stream: 's', position: 0 }, keys);
  const event = normalizer.normalize(rec);
  if (event instanceof Rejection) throw new Error(event.reason);
  return toPlain(event);
}

test('the guide rows are those of the public guide: fields, labels, samples, and their order', () => {
  const printed = mapping.guide.map((row) => [
    row.sourceField === undefined ? row.from : row.sourceField,
    row.to,
    row.printedSample ?? String(row.becomes ?? row.sample),
  ]);
  expect(printed).toEqual([
    ['EventTime', 'eventTime', '1569865553705'],
    ['DeviceModel', 'deviceVendor', '389 Directory Server'],
    ['DeviceType', 'deviceType', 'Application'],
    ['conn', 'sessionId', '3471'],
    [null, 'sourceIpv4', '172.16.240.251'],
    [null, 'destinationIpv4', '172.16.240.205'],
    ['nentries', 'count', '0'],
    ['etime', 'duration', '0.008905371'],
    ['base', 'requestContext', 'cn=skonakalla,ou=groups,dc=corp,dc=qualys,dc=com'],
    ['method', 'method', 'SASL'],
    ['filter', 'searchFilter', '(objectClass=posixGroup)'],
    ['dn', 'distinguishedName', 'uid=pwsync,cn=config'],
    ['op', 'operationNumber', '9'],
    [null, 'eventSubType', 'BIND, RESULT, SRCH, MOD'],
  ]);
});

test('every guide and extended label, and nothing else, has a row or is derived', () => {
  const made = new Set<Label>([...mapping.guide, ...mapping.extended].map((row) => row.to));
  for (const label of derivedLabels) made.add(label);
  const expected = labels.filter((label) => fields[label].group === 'guide' || fields[label].group === 'extended');
  expect([...made].toSorted()).toEqual([...expected].toSorted());
  const system = labels.filter((label) => fields[label].group === 'system');
  expect([...systemLabels].filter((label) => label !== 'tags').toSorted()).toEqual([...system].toSorted());
});

describe('values', () => {
  test.each<[keys: Partial<Rec>, labels: Partial<Record<Label, unknown>>]>([
    [{ method: '128' }, { method: 'SIMPLE' }],
    [
      { method: 'sasl', mech: 'GSSAPI' },
      { method: 'SASL', saslMechanism: 'GSSAPI' },
    ],
    [{ method: '0' }, { method: 'NONE' }],
    [{ method: '129' }, { method: 'KRBV41' }],
    [{ method: '130' }, { method: 'KRBV42' }],
    [{ method: 'SIMPLE/MFA' }, { method: 'SIMPLE', resultNotes: ['M'] }],
    [{ method: 'SASL/GSSAPI' }, { method: 'SASL', saslMechanism: 'GSSAPI' }],
    [{ method: 'TLSCLIENTAUTH' }, { method: 'SASL', saslMechanism: 'EXTERNAL' }],
    [{ method: 'LDAPI' }, { method: 'SASL', saslMechanism: 'EXTERNAL' }],
    [{ method: 'other' }, { method: 'OTHER' }],
    [{ boundMethod: '0' }, { boundMethod: 'NONE' }],
    [{ client: '192.0.2.7' }, { sourceIpv4: '192.0.2.7', sourceIp: '192.0.2.7', sourceIpv6: undefined }],
    [{ client: '::ffff:192.0.2.7' }, { sourceIpv4: '192.0.2.7', sourceIp: '192.0.2.7', sourceIpv6: undefined }],
    [{ client: '2001:DB8::7' }, { sourceIpv4: undefined, sourceIp: '2001:db8::7', sourceIpv6: '2001:db8::7' }],
    [{ client: 'fe80::1%eth0' }, { sourceIp: 'fe80::1', sourceIpv6: 'fe80::1' }],
    [{ client: 'local' }, { sourceIpv4: undefined, sourceIp: undefined, sourceIpv6: undefined }],
    [{ client: 'unknown' }, { sourceIp: undefined }],
    [{ client: 'Internal' }, { sourceIp: undefined }],
    [{ server: '/run/slapd-EXAMPLE.socket' }, { destinationIp: undefined, destinationIpv4: undefined }],
    [{ transport: 'plain' }, { transport: 'plain', secureConnection: false }],
    [{ transport: 'starttls' }, { secureConnection: true }],
    [{ transport: 'ldapi' }, { secureConnection: true }],
    [{ err: 49 }, { resultCode: 49, resultName: 'invalidCredentials' }],
    [{ err: 4711 }, { resultCode: 4711, resultName: undefined }],
    [{ verb: 'SEARCH' }, { eventSubType: 'SRCH' }],
    [{ verb: 'modify' }, { eventSubType: 'MOD' }],
    [{ verb: 'WARNING' }, { eventSubType: 'WARN' }],
    [{ verb: 'NEW_VERB' }, { eventSubType: 'NEW_VERB' }],
    [{ scope: '2' }, { searchScope: 'subtree' }],
    [{ scope: '7' }, { searchScope: '7' }],
    [{ dn: '' }, { distinguishedName: undefined }],
    [{ verb: 'EXT_INFO', dn: 'cn=helpdesk', target: 'uid=alice' }, { distinguishedName: 'uid=alice' }],
    [
      { verb: 'DISCONNECT', text: 'Idle Timeout' },
      { closeText: 'Idle Timeout', resultText: undefined },
    ],
    [
      { verb: 'RESULT', text: 'Invalid credentials' },
      { resultText: 'Invalid credentials', closeText: undefined },
    ],
    [{ rootDn: true }, { tags: ['root-dn'] }],
  ])('%j', (keys, expected) => {
    const event = normalize(keys);
    for (const [label, value] of Object.entries(expected)) expect([label, event[label]]).toEqual([label, value]);
  });

  test('vendor, product and kind of device are on every event', () => {
    expect(normalize({})).toMatchObject({
      deviceVendor: '389 Directory Server',
      deviceProduct: '389 Directory Server',
      deviceType: 'Application',
    });
  });
});

describe('a log becomes events', () => {
  const log = [
    '[07/Mar/2025:09:15:02.004512345 +0100] conn=41 fd=66 slot=66 connection from 192.0.2.10 to 192.0.2.1',
    '[07/Mar/2025:09:15:03.001512345 +0100] conn=41 op=0 BIND dn="uid=alice,ou=People,dc=example,dc=com" method=128 version=3',
    '[07/Mar/2025:09:15:03.003512345 +0100] conn=41 op=0 RESULT err=0 tag=97 nentries=0 wtime=0.000130401 optime=0.001878951 etime=0.002004586 dn="uid=alice,ou=people,dc=example,dc=com"',
    '[07/Mar/2025:09:15:04.001512345 +0100] conn=41 op=1 SRCH base="ou=People,dc=example,dc=com" scope=2 filter="(&(objectClass=person)(cn=smi*))" attrs="cn mail"',
    '[07/Mar/2025:09:15:04.004512345 +0100] conn=41 op=1 RESULT err=0 tag=101 nentries=37 wtime=0.000131574 optime=0.003835295 etime=0.003964499 notes=U details="Partially Unindexed Filter"',
    '',
  ].join('\n');
  const events = readAccess(log).records.map((rec) => toPlain(normalizer.normalize(rec) as never));

  test('a result is the whole operation', () => {
    expect(events).toHaveLength(5);
    expect(events[4]).toMatchObject({
      eventTime: Date.UTC(2025, 2, 7, 8, 15, 4, 4),
      eventNanos: 512345,
      sessionId: 41,
      sourceIpv4: '192.0.2.10',
      destinationIpv4: '192.0.2.1',
      count: 37,
      duration: 0.003964499,
      requestContext: 'ou=People,dc=example,dc=com',
      requestContextFolded: 'ou=people,dc=example,dc=com',
      searchFilter: '(&(objectClass=person)(cn=smi*))',
      searchFilterShape: '(&(objectclass=?)(cn=?*))',
      searchFilterDepth: 2,
      searchFilterAttributes: ['objectclass', 'cn'],
      operationNumber: 1,
      eventSubType: 'RESULT',
      requestType: 'SRCH',
      resultCode: 0,
      resultName: 'success',
      resultNotes: ['U'],
      boundDnFolded: 'uid=alice,ou=people,dc=example,dc=com',
      boundMethod: 'SIMPLE',
      searchScope: 'subtree',
      secureConnection: false,
      correlation: 'complete',
      rawEvent: log.split('\n')[4],
    });
  });

  test('the coverage report is empty: no key of a record is lost', () => {
    expect(normalizer.coverage()[0]?.unmapped).toEqual([]);
  });
});

describe('records of others', () => {
  const read = createRecordReader([source]);
  const event = (value: object): Record<string, unknown> => {
    const rec = read(value, { stream: 'batch', generation: 0, position: 0, raw: JSON.stringify(value) });
    if (rec instanceof Rejection) throw new Error(rec.reason);
    const made = normalizer.normalize(rec);
    if (made instanceof Rejection) throw new Error(made.reason);
    return toPlain(made);
  };

  test('in the form of the guide', () => {
    expect(
      event({
        EventTime: 1569865553705,
        DeviceModel: '389 Directory Server',
        DeviceType: 'Application',
        conn: '3471',
        op: 9,
        base: 'cn=skonakalla,ou=groups,dc=corp,dc=qualys,dc=com',
        filter: '(objectClass=posixGroup)',
      }),
    ).toMatchObject({
      eventTime: 1569865553705,
      sessionId: 3471,
      operationNumber: 9,
      searchFilterShape: '(objectclass=?)',
    });
  });

  test('with the line of the log as a message', () => {
    expect(
      event({
        EventTime: '2025-03-07 08:15:03',
        Message:
          '[07/Mar/2025:09:15:03.001512345 +0100] conn=41 op=0 BIND dn="uid=alice,dc=example,dc=com" method=128 version=3',
      }),
    ).toMatchObject({
      eventSubType: 'BIND',
      method: 'SIMPLE',
      sessionId: 41,
      distinguishedName: 'uid=alice,dc=example,dc=com',
      rawEvent: expect.stringMatching(/^\[07/),
    });
  });

  test("in the server's own JSON", () => {
    expect(
      event({
        local_time: '2025-09-07T09:15:04.004512345 +0100',
        operation: 'SEARCH',
        key: '1757232902-41',
        conn_id: 41,
        op_id: 1,
        base_dn: 'ou=People,dc=example,dc=com',
        scope: 2,
        filter: '(description=*x*)',
        attrs: ['cn', 'mail'],
      }),
    ).toMatchObject({
      eventTime: 1757232904004,
      eventNanos: 512345,
      eventSubType: 'SRCH',
      searchScope: 'subtree',
      requestContext: 'ou=People,dc=example,dc=com',
      requestedAttributes: ['cn', 'mail'],
    });
  });

  test("in the server's own JSON without the passwords it holds", () => {
    const audit = {
      gm_time: '2025-03-07T08:15:05Z',
      local_time: '2025-03-07T09:15:05Z',
      target_dn: 'uid=alice,ou=People,dc=example,dc=com',
      bind_dn: 'uid=hr,ou=people,dc=example,dc=com',
      client_ip: '192.0.2.10',
      server_ip: '192.0.2.1',
      conn_id: 41,
      op_id: 2,
      result: 0,
      modify: [{ op: 'replace', attr: 'userPassword', values: ['hunter2'] }],
    };
    const made = event(audit);
    expect(made).toMatchObject({
      logName: 'audit',
      eventSubType: 'MOD',
      changedAttributes: ['userpassword'],
      sourceIpv4: '192.0.2.10',
    });
    expect(JSON.stringify(made)).not.toContain('hunter2');
  });
});
