import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { createEvent, type Event, foldDn } from '#event';
import { type CategoryTable, findSource } from '#source';
import { createCategorizer } from './categorizer.ts';

const numRuns = Number(process.env['FUZZ_RUNS'] ?? 100);

const table: CategoryTable = {
  version: '1',
  answers: ['RESULT'],
  changeRequests: ['MOD'],
  detailedLogs: ['audit'],
  categories: [
    { step: '1', about: 'first', when: { requests: ['MOD'], under: ['cn=config'] }, is: 'configuration-change/modify' },
    {
      step: '2',
      about: 'by request',
      when: { requests: ['ADD', 'MOD'] },
      is: { ADD: 'directory-change/create', MOD: 'directory-change/modify' },
    },
    { step: '3', about: 'by code', when: { requests: ['BIND'], resultCodes: [14] }, is: 'authentication/logon-step' },
    { step: '3', about: 'bind', when: { requests: ['BIND'] }, is: 'authentication/logon', ocsfActivityId: 5 },
  ],
  outcomes: [
    { when: { resultCodes: [0] }, outcome: 'success', reason: 'ok' },
    { when: { hasResult: true }, outcome: 'failure' },
  ],
  tags: [
    { tag: 'one', about: '', when: { internal: true } },
    { tag: 'two', about: '', when: { types: ['directory-change/modify'] } },
    { tag: 'one', about: '', when: { requests: ['BIND'] } },
  ],
  severities: {},
  reasons: { ok: '' },
};

function categorized(labels: Partial<Event>): Event {
  const event = createEvent();
  Object.assign(event, labels);
  event.distinguishedNameFolded = event.distinguishedName === undefined ? undefined : foldDn(event.distinguishedName);
  createCategorizer(table)(event);
  return event;
}

describe('a table decides', () => {
  test.each<[Partial<Event>, Partial<Event>]>([
    [
      { eventSubType: 'MOD', distinguishedName: 'cn=config' },
      { eventCategory: 'configuration-change', categoryConfidence: 'low', severity: 7 },
    ],
    [
      { eventSubType: 'MOD', distinguishedName: 'dc=x', logName: 'audit' },
      { eventCategory: 'directory-change', eventType: 'modify', categoryConfidence: 'high', tags: ['two'] },
    ],
    [
      { eventSubType: 'ADD', internalOperation: true },
      { eventType: 'create', tags: ['one'], outcome: undefined },
    ],
    [
      { eventSubType: 'RESULT', requestType: 'BIND', resultCode: 14 },
      { eventType: 'logon-step', outcome: 'failure', ocsfTypeUid: 300206 },
    ],
    [
      { eventSubType: 'RESULT', requestType: 'BIND', resultCode: 0 },
      { eventType: 'logon', outcome: 'success', reason: 'ok', ocsfTypeUid: 300205 },
    ],
    [
      { eventSubType: 'RESULT', requestType: 'BIND', resultCode: 99 },
      { eventType: 'logon', outcome: 'failure', reason: undefined },
    ],
    [
      { eventSubType: 'RESULT', resultCode: 0 },
      { eventCategory: 'other', outcome: 'success' },
    ],
    [{}, { eventCategory: 'other', eventType: 'unclassified', ocsfTypeUid: 99, tags: undefined }],
  ])('%j gives %j', (labels, expected) => expect(categorized(labels)).toMatchObject(expected));

  test('and is refused when it names what does not exist', () => {
    const refused = (change: Partial<CategoryTable>) => () => createCategorizer({ ...table, ...change });
    const unknownType = 'network/nonsense' as 'network/connect';
    const wrong = expect.objectContaining({ code: 'categories-wrong' });
    expect(refused({ categories: [{ step: '1', about: '', when: {}, is: unknownType }] })).toThrow(wrong);
    expect(refused({ outcomes: [{ when: {}, outcome: 'success', reason: 'because' }] })).toThrow(wrong);
    expect(
      refused({ tags: Array.from({ length: 31 }, (_, index) => ({ tag: `t${index}`, about: '', when: {} })) }),
    ).toThrow(wrong);
  });
});

describe('events are whatever clients and other programs make of them', () => {
  let categorize: (event: Event) => void;

  beforeAll(async () => {
    categorize = createCategorizer((await findSource('389-directory-server')).categories);
  });

  const word = fc.oneof(
    fc.string(),
    fc.constantFrom('RESULT', 'BIND', 'MOD', 'ADD', 'EXT', 'AUTHZ_ERROR', '__proto__', 'constructor', '"];'),
  );
  const dn = fc.oneof(
    fc.string(),
    fc.constantFrom('cn=config', 'uid=a,ou=people,dc=x', 'cn=a,cn=b,cn=sudo,dc=x', ',,,'),
  );
  const change = fc.oneof(
    fc.string(),
    fc.constantFrom(
      'add member: x',
      'replace aci',
      'delete nsAccountLock',
      'replace userPassword: [redacted]',
      'add :',
      'add',
    ),
  );
  const labels = fc.record(
    {
      logName: fc.constantFrom('access', 'audit', 'auditfail', 'error', 'security'),
      eventSubType: word,
      requestType: word,
      resultCode: fc.integer(),
      distinguishedName: dn,
      boundDnFolded: dn,
      authorizationId: dn,
      changes: fc.array(change),
      changedAttributes: fc.array(fc.string()),
      objectClasses: fc.array(fc.string()),
      extendedOid: word,
      closeReason: word,
      messageKind: word,
      message: fc.string(),
      resultText: fc.string(),
      productVersion: fc.string(),
      saslMechanism: fc.string(),
      tags: fc.array(fc.string()),
    },
    { requiredKeys: [] },
  );

  test('fuzz: each has a category of the model, and none is an error', () => {
    fc.assert(
      fc.property(labels, (some) => {
        const event = createEvent();
        Object.assign(event, some);
        categorize(event);
        expect(event.ocsfTypeUid).toBe((event.ocsfClassUid ?? -1) * 100 + (event.ocsfActivityId ?? -1));
        expect(event.severity).toBeGreaterThanOrEqual(0);
        for (const tag of some.tags ?? []) expect(event.tags).toContain(tag);
      }),
      { numRuns },
    );
  });

  test('a DN of tens of thousands of parts costs no more than its length', () => {
    const started = performance.now();
    for (const distinguishedName of ['a=b,'.repeat(8_000), ','.repeat(1_000_000)]) {
      for (let round = 0; round < 5; round++) {
        const event = createEvent();
        Object.assign(event, {
          eventSubType: 'MOD',
          logName: 'audit',
          distinguishedName,
          changes: Array(500).fill('add x: y'),
        });
        categorize(event);
      }
    }
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});
