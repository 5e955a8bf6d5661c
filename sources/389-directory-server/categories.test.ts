import { describe, expect, test } from 'vitest';
import { createCategorizer } from '#categorize';
import { createEvent, type Event, foldDn, modelledTypes } from '#event';
import { createNormalizer } from '#normalize';
import { categories } from './categories.ts';
import { readAccess } from './read-access.ts';
import { resultNames } from './result-codes.ts';
import { source } from './source.ts';

const categorize = createCategorizer(categories);

/** An event as mapping and enrichment leave it, categorized. */
function categorized(labels: Partial<Event>): Event {
  const event = createEvent();
  Object.assign(event, { logName: 'access' }, labels);
  if (event.distinguishedName !== undefined) event.distinguishedNameFolded ??= foldDn(event.distinguishedName);
  if (event.boundDn !== undefined) event.boundDnFolded ??= foldDn(event.boundDn);
  categorize(event);
  return event;
}

function kindOf(labels: Partial<Event>): string {
  const event = categorized(labels);
  return `${event.eventCategory}/${event.eventType}`;
}

const alice = 'uid=alice,ou=people,dc=example,dc=com';
const bob = 'uid=bob,ou=people,dc=example,dc=com';
const admins = 'cn=admins,ou=groups,dc=example,dc=com';
const root = 'cn=directory manager';

/** A RESULT of that request. */
function result(requestType: string, resultCode: number, more: Partial<Event> = {}): Partial<Event> {
  return { eventSubType: 'RESULT', requestType, resultCode, requestTime: 1, ...more };
}

/** An audit record of a MOD with these changes. */
function mod(distinguishedName: string, changes: readonly string[], more: Partial<Event> = {}): Partial<Event> {
  const changedAttributes = [
    ...new Set(changes.map((change) => (change.split(' ')[1] ?? '').replace(':', '').toLowerCase())),
  ];
  return {
    logName: 'audit',
    eventSubType: 'MOD',
    distinguishedName,
    changes,
    changedAttributes,
    resultCode: 0,
    ...more,
  };
}

/** An audit record of an ADD with these object classes. */
function add(distinguishedName: string, objectClasses: readonly string[], more: Partial<Event> = {}): Partial<Event> {
  return { logName: 'audit', eventSubType: 'ADD', distinguishedName, objectClasses, resultCode: 0, ...more };
}

/** An error record. */
function error(eventSubType: string, messageKind?: string): Partial<Event> {
  return { logName: 'error', eventSubType, messageKind };
}

describe('every kind of event has its category and OCSF number', () => {
  test.each<[string, Partial<Event>, string, number]>([
    ['connection opened', { eventSubType: 'CONNECTION' }, 'network/connect', 400101],
    ['closed by the client', { eventSubType: 'DISCONNECT', closeReason: 'U1' }, 'network/disconnect', 400102],
    ['closed when idle', { eventSubType: 'DISCONNECT', closeReason: 'T1' }, 'network/disconnect', 400102],
    ...['B1', 'B2', 'B3', 'B4', 'R1', 'T2', 'T3', 'A1', 'S1', 'P1', 'P2'].map(
      (closeReason): [string, Partial<Event>, string, number] => [
        `broken off with ${closeReason}`,
        { eventSubType: 'DISCONNECT', closeReason },
        'network/disconnect',
        400103,
      ],
    ),
    ['proxy header not valid', { eventSubType: 'DISCONNECT', closeReason: 'P3' }, 'network/fault', 400105],
    ['proxy not known', { eventSubType: 'DISCONNECT', closeReason: 'P4' }, 'network/fault', 400105],
    ['refused for descriptors', error('ERR', 'too-many-files'), 'network/fault', 400105],
    ['TLS', { eventSubType: 'TLS' }, 'network/tls-start', 400199],
    ['StartTLS', { eventSubType: 'EXT', extendedOid: '1.3.6.1.4.1.1466.20037' }, 'network/tls-start', 400199],
    ['answer to StartTLS', result('EXT', 0, { extendedOid: '1.3.6.1.4.1.1466.20037' }), 'network/tls-start', 400199],
    [
      'fault in the security log',
      { logName: 'security', eventSubType: 'TCP_ERROR', message: 'Bad Ber Tag or uncleanly closed connection - B1' },
      'network/fault',
      400104,
    ],
    ['proxy header', { eventSubType: 'HAPROXY' }, 'network/proxy', 400199],
    [
      'proxy header in the security log',
      { logName: 'security', eventSubType: 'HAPROXY_SUCCESS' },
      'network/proxy',
      400199,
    ],
    ['bind', { eventSubType: 'BIND', method: 'SIMPLE', distinguishedName: alice }, 'authentication/logon', 300201],
    ['bind done', result('BIND', 0, { distinguishedName: alice }), 'authentication/logon', 300201],
    ['bind failed', result('BIND', 49), 'authentication/logon', 300201],
    ['bind in the security log', { logName: 'security', eventSubType: 'BIND_SUCCESS' }, 'authentication/logon', 300201],
    [
      'failed bind in the security log',
      { logName: 'security', eventSubType: 'BIND_FAILED' },
      'authentication/logon',
      300201,
    ],
    ['step of a bind', result('BIND', 14, { method: 'SASL' }), 'authentication/logon-step', 300206],
    ['autobind', { eventSubType: 'AUTOBIND', distinguishedName: root }, 'authentication/logon', 300201],
    ['unbind', { eventSubType: 'UNBIND' }, 'authentication/logoff', 300202],
    ['search of a level', { eventSubType: 'SRCH', searchScope: 'one' }, 'directory-read/search', 600504],
    ['search of a tree', result('SRCH', 0, { searchScope: 'subtree' }), 'directory-read/search', 600504],
    ['search of an entry', result('SRCH', 0, { searchScope: 'base' }), 'directory-read/read', 600501],
    ['compare', result('CMP', 6, { distinguishedName: alice }), 'directory-read/compare', 600501],
    ['entry returned', { eventSubType: 'ENTRY', requestType: 'SRCH' }, 'directory-read/entry-returned', 600599],
    ['referral returned', { eventSubType: 'REFERRAL', requestType: 'SRCH' }, 'directory-read/entry-returned', 600599],
    ['sort', { eventSubType: 'SORT', requestType: 'SRCH' }, 'directory-read/control', 600599],
    ['list view', { eventSubType: 'VLV', requestType: 'SRCH' }, 'directory-read/control', 600599],
    ['abandon', { eventSubType: 'ABANDON' }, 'directory-read/control', 600599],
    ['person added', add(alice, ['top', 'person', 'inetorgperson']), 'account-change/create', 300101],
    [
      'host added',
      add('fqdn=a.example.com,cn=computers,cn=accounts,dc=example,dc=com', ['top', 'ipahost']),
      'account-change/create',
      300101,
    ],
    [
      'person removed',
      { logName: 'audit', eventSubType: 'DEL', distinguishedName: alice },
      'account-change/delete',
      300106,
    ],
    ['person changed', mod(alice, ['replace mail: a@example.com']), 'account-change/modify', 300403],
    [
      'own password',
      mod(alice, ['replace userPassword: [redacted]'], { boundDn: alice }),
      'account-change/password-change',
      300103,
    ],
    [
      "other's password",
      mod(alice, ['replace userPassword: [redacted]'], { boundDn: root }),
      'account-change/password-reset',
      300104,
    ],
    ['enabled', mod(alice, ['replace nsAccountLock: false']), 'account-change/enable', 300102],
    ['disabled', mod(alice, ['replace nsAccountLock: true']), 'account-change/disable', 300105],
    ['locked', mod(alice, ['replace accountUnlockTime: 20261124120000Z']), 'account-change/lock', 300109],
    ['unlocked', mod(alice, ['delete accountUnlockTime']), 'account-change/unlock', 300112],
    ['credential added', mod(alice, ['add sshPublicKey: ssh-ed25519 AAAA']), 'account-change/credential-add', 300403],
    ['group added', add(admins, ['top', 'groupofnames']), 'group-change/create', 300606],
    [
      'group removed',
      { logName: 'audit', eventSubType: 'DEL', distinguishedName: admins },
      'group-change/delete',
      300605,
    ],
    ['member added', mod(admins, [`add member: ${alice}`]), 'group-change/member-add', 300603],
    ['member removed', mod(admins, [`delete member: ${alice}`]), 'group-change/member-remove', 300604],
    ['access control', mod('dc=example,dc=com', ['add aci: (targetattr="*")']), 'policy-change/grant', 300403],
    ['entry added', add('ou=oslo,dc=example,dc=com', ['top', 'organizationalunit']), 'directory-change/create', 300401],
    ['entry changed', mod('ou=oslo,dc=example,dc=com', ['replace description: x']), 'directory-change/modify', 300403],
    [
      'entry removed',
      { logName: 'audit', eventSubType: 'DEL', distinguishedName: 'ou=oslo,dc=example,dc=com' },
      'directory-change/delete',
      300404,
    ],
    [
      'renamed',
      { eventSubType: 'MODRDN', distinguishedName: 'ou=oslo,dc=example,dc=com', newRdn: 'ou=bergen' },
      'directory-change/rename',
      300403,
    ],
    [
      'moved',
      {
        eventSubType: 'MODRDN',
        distinguishedName: 'ou=oslo,dc=example,dc=com',
        newSuperior: 'ou=no,dc=example,dc=com',
      },
      'directory-change/move',
      300405,
    ],
    ['configuration', mod('cn=config', ['replace nsslapd-sizelimit: 5']), 'configuration-change/modify', 300403],
    ['schema', mod('cn=schema', ['add attributeTypes: ( 1.1 )']), 'configuration-change/modify', 300403],
    [
      'log off',
      mod('cn=config', ['replace nsslapd-auditlog-logging-enabled: off']),
      'audit-logging/log-disable',
      100810,
    ],
    ['log on', mod('cn=config', ['replace nsslapd-auditlog-logging-enabled: on']), 'audit-logging/log-enable', 100809],
    ['log cut', error('ERR', 'log-truncated'), 'audit-logging/gap', 100801],
    [
      'extended: own password',
      result('EXT', 0, { extendedOid: '1.3.6.1.4.1.4203.1.11.1', distinguishedName: alice, boundDn: alice }),
      'account-change/password-change',
      300103,
    ],
    [
      "extended: other's password",
      result('EXT', 0, { extendedOid: '1.3.6.1.4.1.4203.1.11.1', distinguishedName: alice, boundDn: root }),
      'account-change/password-reset',
      300104,
    ],
    [
      'who am I',
      { eventSubType: 'EXT', extendedOid: '1.3.6.1.4.1.4203.1.11.3' },
      'authentication/identity-query',
      300299,
    ],
    [
      'replication begins',
      { eventSubType: 'EXT', extendedOid: '2.16.840.1.113730.3.5.12' },
      'replication/session-start',
      600503,
    ],
    [
      'replication ends',
      { eventSubType: 'EXT', extendedOid: '2.16.840.1.113730.3.5.5' },
      'replication/session-end',
      600599,
    ],
    ['bulk import', { eventSubType: 'EXT', extendedOid: '2.16.840.1.113730.3.5.7' }, 'replication/refresh', 600599],
    [
      'agreement added',
      add('cn=to-b,cn=replica,cn=dc\\3dexample\\2cdc\\3dcom,cn=mapping tree,cn=config', [
        'top',
        'nsds5replicationagreement',
      ]),
      'replication/create',
      300401,
    ],
    [
      'agreement changed',
      mod('cn=to-b,cn=replica,cn=x,cn=mapping tree,cn=config', ['replace nsds5ReplicaHost: b']),
      'replication/modify',
      300403,
    ],
    ['server start', error('INFO', 'start'), 'service/start', 600203],
    ['server stop', error('INFO', 'stop'), 'service/stop', 600204],
    ['crash', error('NOTICE', 'crash-recovery'), 'service/crash', 600801],
    ['warning', error('WARN'), 'service/warning', 600801],
    ['error', error('ERR'), 'service/error', 600801],
    ['task', { eventSubType: 'ADD', distinguishedName: 'cn=export,cn=tasks,cn=config' }, 'service/task', 600299],
  ])('%s', (_, labels, kind, typeUid) => {
    const event = categorized(labels);
    expect([`${event.eventCategory}/${event.eventType}`, event.ocsfTypeUid]).toEqual([kind, typeUid]);
    expect(event.ocsfTypeUid).toBe((event.ocsfClassUid ?? 0) * 100 + (event.ocsfActivityId ?? 0));
  });

  test('a refusal in the security log is of the category of its entry', () => {
    const refused: Partial<Event> = {
      logName: 'security',
      eventSubType: 'AUTHZ_ERROR',
      resultCode: 50,
      boundDn: alice,
    };
    expect(categorized({ ...refused, distinguishedName: 'cn=config' })).toMatchObject({
      eventCategory: 'configuration-change',
      outcome: 'denied',
      categoryConfidence: 'low',
    });
    expect(categorized({ ...refused, distinguishedName: admins })).toMatchObject({
      eventCategory: 'group-change',
      outcome: 'denied',
    });
    expect(categorized({ ...refused, requestType: 'SRCH', searchScope: 'base' })).toMatchObject({
      eventCategory: 'directory-read',
    });
  });

  test('what nobody knows is other, and says so', () => {
    expect(categorized({ eventSubType: 'FROBNICATE' })).toMatchObject({
      eventCategory: 'other',
      eventType: 'unclassified',
      categoryConfidence: 'low',
      severity: 1,
    });
  });
});

describe('text and JSON records of one event get one category', () => {
  test.each([
    [
      'CONNECTION',
      'conn=1 fd=64 slot=64 connection from 192.0.2.10 to 192.0.2.1',
      '{"operation":"CONNECTION","key":"1757232902-1","conn_id":1,"fd":64,"slot":64,"tls":false,"client_ip":"192.0.2.10","server_ip":"192.0.2.1"}',
      'network/connect',
    ],
    [
      'BIND',
      `conn=1 op=0 BIND dn="${alice}" method=128 version=3`,
      `{"operation":"BIND","key":"1757232902-1","conn_id":1,"op_id":0,"bind_dn":"${alice}","version":3,"method":"128"}`,
      'authentication/logon',
    ],
    [
      'SRCH',
      'conn=1 op=1 SRCH base="dc=example,dc=com" scope=2 filter="(uid=a)" attrs=ALL',
      '{"operation":"SEARCH","key":"1757232902-1","conn_id":1,"op_id":1,"base_dn":"dc=example,dc=com","scope":2,"filter":"(uid=a)"}',
      'directory-read/search',
    ],
    [
      'MOD',
      `conn=1 op=2 MOD dn="${admins}"`,
      `{"operation":"MODIFY","key":"1757232902-1","conn_id":1,"op_id":2,"target_dn":"${admins}"}`,
      'group-change/modify',
    ],
    [
      'DEL',
      `conn=1 op=3 DEL dn="${alice}"`,
      `{"operation":"DELETE","key":"1757232902-1","conn_id":1,"op_id":3,"target_dn":"${alice}"}`,
      'account-change/delete',
    ],
    [
      'EXT',
      'conn=1 op=4 EXT oid="1.3.6.1.4.1.1466.20037" name="start_tls_plugin"',
      '{"operation":"EXTENDED_OP","key":"1757232902-1","conn_id":1,"op_id":4,"oid":"1.3.6.1.4.1.1466.20037","oid_name":"START_TLS_OID","name":"start_tls_plugin"}',
      'network/tls-start',
    ],
    [
      'UNPROCESSED',
      'conn=1 op=5 UNPROCESSED OPERATION - Anonymous access not allowed',
      '{"operation":"ERROR","key":"1757232902-1","conn_id":1,"op_id":5,"msg":"UNPROCESSED OPERATION - Anonymous access not allowed"}',
      'directory-read/control',
    ],
    [
      'DISCONNECT',
      'conn=1 op=6 fd=64 Disconnect - Cleanly Closed Connection - U1',
      '{"operation":"DISCONNECT","key":"1757232902-1","conn_id":1,"op_id":6,"fd":64,"close_reason":"Cleanly Closed Connection - U1"}',
      'network/disconnect',
    ],
  ])('%s', (word, text, json, kind) => {
    const lines = [
      `[07/Mar/2025:09:15:02.004512345 +0100] ${text}\n`,
      `{"local_time":"2025-03-07T09:15:02.004512345 +0100",${json.slice(1)}\n`,
    ];
    const events = lines.map((line) => {
      const [rec] = readAccess(line).records;
      if (rec === undefined) throw new Error('no record');
      const event = createNormalizer([source]).normalize(rec);
      if ('code' in event) throw new Error(event.code);
      categorize(event);
      return event;
    });
    const [fromText, fromJson] = events;
    expect(fromText).toMatchObject({ eventSubType: word });
    for (const label of [
      'eventSubType',
      'eventCategory',
      'eventType',
      'outcome',
      'reason',
      'tags',
      'ocsfTypeUid',
    ] as const) {
      expect(fromJson?.[label], label).toEqual(fromText?.[label]);
    }
    expect(`${fromText?.eventCategory}/${fromText?.eventType}`).toBe(kind);
  });
});

describe('steps decide in order, the first that fits', () => {
  test.each<[string, Partial<Event>, string]>([
    [
      '1 internal operations keep the category of their content',
      { eventSubType: 'MOD', distinguishedName: admins, internalOperation: true },
      'group-change/modify',
    ],
    [
      '2 a replica writes',
      { eventSubType: 'MOD', distinguishedName: alice, actorKind: 'replication' },
      'replication/update',
    ],
    [
      '2 the audit copy keeps its content',
      mod(admins, [`add member: ${alice}`], { actorKind: 'replication' }),
      'group-change/member-add',
    ],
    [
      '2 a replica reads',
      { eventSubType: 'SRCH', searchScope: 'subtree', actorKind: 'replication' },
      'replication/read',
    ],
    ['2 a replica binds', { eventSubType: 'BIND', targetKind: 'replication' }, 'authentication/logon'],
    [
      '3a a log off and a limit in one',
      mod('cn=config', ['replace nsslapd-sizelimit: 5', 'replace nsslapd-accesslog-logging-enabled: off']),
      'audit-logging/log-disable',
    ],
    [
      '3a one log off and one on',
      mod('cn=config', [
        'replace nsslapd-errorlog-logging-enabled: on',
        'replace nsslapd-auditlog-logging-enabled: OFF',
      ]),
      'audit-logging/log-disable',
    ],
    ['3a level of a log', mod('cn=config', ['replace nsslapd-accesslog-level: 0']), 'audit-logging/modify'],
    [
      '3a before 3c',
      mod('cn=config', ['replace passwordMinLength: 1', 'replace nsslapd-securitylog: /x']),
      'audit-logging/modify',
    ],
    [
      '3b by place',
      { eventSubType: 'DEL', distinguishedName: 'cn=replica,cn=x,cn=mapping tree,cn=config' },
      'replication/delete',
    ],
    ['3b by attribute', mod('cn=x,cn=plugins,cn=config', ['replace nsDS5ReplicaId: 3']), 'replication/modify'],
    [
      '3b total update',
      mod('cn=to-b,cn=replica,cn=x,cn=mapping tree,cn=config', ['add nsds5BeginReplicaRefresh: start']),
      'replication/refresh',
    ],
    ['3c password policy', mod('cn=config', ['replace passwordLockout: off']), 'policy-change/modify'],
    [
      '3c access of the root DN',
      mod('cn=RootDN Access Control,cn=plugins,cn=config', ['replace rootdn-allow-ip: *']),
      'policy-change/modify',
    ],
    ['3d task', add('cn=memberof task,cn=tasks,cn=config', ['top', 'extensibleobject']), 'service/task'],
    ['3e root password', mod('cn=config', ['replace nsslapd-rootpw: [redacted]']), 'account-change/password-reset'],
    [
      '3c before 3e',
      mod('cn=config', ['replace nsslapd-rootpw: [redacted]', 'replace passwordHistory: off']),
      'policy-change/modify',
    ],
    [
      '3f plug-in',
      mod('cn=MemberOf Plugin,cn=plugins,cn=config', ['replace nsslapd-pluginEnabled: off']),
      'configuration-change/modify',
    ],
    ['3f before 5', mod('cn=config', ['add aci: (x)']), 'configuration-change/modify'],
    [
      '3 is for the tree, not for a name in it',
      mod('cn=config,ou=x,dc=example,dc=com', ['replace description: x']),
      'directory-change/modify',
    ],
    ['4 monitor', { eventSubType: 'MOD', distinguishedName: 'cn=monitor' }, 'configuration-change/modify'],
    [
      '5 aci inside an ADD',
      add('ou=x,dc=example,dc=com', ['top', 'organizationalunit'], {
        changes: ['add ou: x', 'add aci: (x)'],
        changedAttributes: ['ou', 'aci'],
      }),
      'policy-change/grant',
    ],
    ['5 aci replaced', mod('ou=x,dc=example,dc=com', ['replace aci: (x)']), 'policy-change/grant'],
    ['5 aci removed', mod('ou=x,dc=example,dc=com', ['delete aci: (x)']), 'policy-change/revoke'],
    ['5 aci emptied', mod('ou=x,dc=example,dc=com', ['replace aci']), 'policy-change/revoke'],
    [
      '5 one removed, one added',
      mod('ou=x,dc=example,dc=com', ['delete aci: (x)', 'add aci: (y)']),
      'policy-change/grant',
    ],
    ['5 before 6', mod(alice, ['replace userPassword: [redacted]', 'add aci: (x)']), 'policy-change/grant'],
    [
      '6 password and lock in one',
      mod(alice, ['replace userPassword: [redacted]', 'replace nsAccountLock: true'], { boundDn: root }),
      'account-change/password-reset',
    ],
    [
      '6 in another spelling of the own name',
      mod(alice, ['replace userPassword: [redacted]'], { boundDn: 'UID=Alice, OU=People,DC=example,DC=com' }),
      'account-change/password-change',
    ],
    [
      '6 in the name of somebody else',
      mod(alice, ['replace userPassword: [redacted]'], { boundDn: alice, authorizationId: `dn:${bob}` }),
      'account-change/password-reset',
    ],
    [
      '6 in the own name, through somebody else',
      mod(alice, ['replace userPassword: [redacted]'], { boundDn: root, authorizationId: `dn:${alice}` }),
      'account-change/password-change',
    ],
    [
      '6 only MOD: an added person has a password, too',
      add(alice, ['person'], { changes: ['add userPassword: [redacted]'], changedAttributes: ['userpassword'] }),
      'account-change/create',
    ],
    [
      '6 the server tells whose',
      { eventSubType: 'EXT_INFO', distinguishedName: alice, boundDn: root, resultCode: 0 },
      'account-change/password-reset',
    ],
    [
      '6 Kerberos key',
      mod(alice, ['replace krbPrincipalKey: [redacted]'], { boundDn: alice }),
      'account-change/password-change',
    ],
    ['7 lock removed', mod(alice, ['delete nsAccountLock: true']), 'account-change/enable'],
    [
      '7 role of the disabled',
      mod(alice, ['add nsRoleDN: cn=nsManagedDisabledRole,dc=example,dc=com']),
      'account-change/disable',
    ],
    [
      '7 no longer in it',
      mod(alice, ['delete nsRoleDN: cn=nsManagedDisabledRole,dc=example,dc=com']),
      'account-change/enable',
    ],
    [
      '7 failures counted',
      mod(alice, ['replace passwordRetryCount: 1', 'replace retryCountResetTime: 20261124120000Z']),
      'account-change/modify',
    ],
    [
      '7 failures that lock',
      mod(alice, ['replace passwordRetryCount: 3', 'replace accountUnlockTime: 20261124120000Z']),
      'account-change/lock',
    ],
    ['7 failures forgotten', mod(alice, ['replace passwordRetryCount: 0']), 'account-change/unlock'],
    [
      '8 another role is membership',
      mod(alice, ['add nsRoleDN: cn=staff,dc=example,dc=com']),
      'group-change/member-add',
    ],
    [
      '8 members replaced',
      mod(admins, [`replace member: ${alice}`, `replace member: ${bob}`]),
      'group-change/member-add',
    ],
    ['8 members emptied', mod(admins, ['delete uniqueMember']), 'group-change/member-remove'],
    [
      '8 direction unknown',
      { logName: 'audit', eventSubType: 'MOD', distinguishedName: admins, changedAttributes: ['memberuid'] },
      'group-change/modify',
    ],
    ['8 before 9', mod(admins, [`add member: ${alice}`, 'add userCertificate;binary: x']), 'group-change/member-add'],
    ['9 with an option', mod(alice, ['add userCertificate;binary: x']), 'account-change/credential-add'],
    ['9 removed', mod(alice, ['delete ipaSshPubKey: x']), 'account-change/credential-remove'],
    [
      '9 only MOD: a host has principals, too',
      add('fqdn=a.example.com,cn=computers,cn=accounts,dc=example,dc=com', ['ipahost'], {
        changes: ['add krbPrincipalName: host/a'],
        changedAttributes: ['krbprincipalname'],
      }),
      'account-change/create',
    ],
    [
      '9 token',
      add('ipatokenuniqueid=1,cn=otp,dc=example,dc=com', ['ipatoken', 'ipatokentotp']),
      'account-change/credential-add',
    ],
    [
      '10 local policy',
      add('cn=nsPwPolicyEntry_x,cn=nsPwPolicyContainer,dc=example,dc=com', ['ldapsubentry', 'passwordpolicy']),
      'policy-change/create',
    ],
    [
      '10 container',
      mod('cn=allow,cn=hbac,dc=example,dc=com', ['replace accessRuleType: allow']),
      'policy-change/modify',
    ],
    [
      '10 sudo',
      { eventSubType: 'DEL', distinguishedName: 'cn=all,ou=sudoers,dc=example,dc=com' },
      'policy-change/delete',
    ],
    ['10 limits', mod(alice, ['replace nsSizeLimit: -1']), 'policy-change/modify'],
    [
      '10 members of a role are membership',
      mod('cn=helpdesk,cn=roles,cn=accounts,dc=example,dc=com', [`add member: ${alice}`]),
      'group-change/member-add',
    ],
    [
      '10 a role otherwise',
      mod('cn=helpdesk,cn=roles,cn=accounts,dc=example,dc=com', ['replace description: x']),
      'policy-change/modify',
    ],
    [
      '11 the class counts more than the name',
      add('uid=x,ou=people,dc=example,dc=com', ['top', 'groupofnames']),
      'group-change/create',
    ],
    ['11 no class of these', add('uid=x,ou=people,dc=example,dc=com', ['top', 'document']), 'directory-change/create'],
    [
      '11 by the identity list',
      mod('cn=eve,ou=contractors,dc=example,dc=com', ['replace l: x'], { targetKind: 'person' }),
      'account-change/modify',
    ],
    [
      '11 renamed account',
      { eventSubType: 'MODRDN', distinguishedName: alice, newRdn: 'uid=eva' },
      'account-change/rename',
    ],
    ['12 by the name alone', { eventSubType: 'MOD', distinguishedName: admins }, 'group-change/modify'],
  ])('%s', (_, labels, kind) => expect(kindOf(labels)).toBe(kind));

  test('without details of a change the confidence is low, and high once the audit record has come', () => {
    const seen: Partial<Event> = { distinguishedName: alice, boundDn: root };
    expect(categorized({ ...seen, eventSubType: 'MOD' }).categoryConfidence).toBe('low');
    expect(categorized(result('MOD', 0, seen)).categoryConfidence).toBe('low');
    expect(categorized(mod(alice, ['replace userPassword: [redacted]'], seen)).categoryConfidence).toBe('high');
    expect(categorized(result('SRCH', 0)).categoryConfidence).toBe('high');
  });
});

describe('result codes have an outcome and a reason', () => {
  test.each<[number, string, string]>([
    [0, 'success', 'ok'],
    [5, 'success', 'compare-false'],
    [6, 'success', 'compare-true'],
    [14, 'pending', 'in-progress'],
    [9, 'partial', 'referral'],
    [10, 'partial', 'referral'],
    [12, 'failure', 'unsupported'],
    [20, 'failure', 'exists-value'],
    [65, 'failure', 'schema'],
    ...[1, 2, 16, 17, 18, 21, 33, 34, 35, 36, 54, 64, 66, 67, 69, 71].map((code): [number, string, string] => [
      code,
      'failure',
      'invalid-request',
    ]),
    [7, 'denied', 'unsupported-method'],
    [8, 'denied', 'insecure-channel'],
    [13, 'denied', 'insecure-channel'],
    [19, 'denied', 'policy'],
    [32, 'failure', 'not-found'],
    [48, 'denied', 'anonymous-refused'],
    [49, 'failure', 'bad-credentials'],
    [50, 'denied', 'access-denied'],
    [51, 'failure', 'busy'],
    [52, 'failure', 'unavailable'],
    [53, 'denied', 'unwilling'],
    [68, 'failure', 'exists'],
    [80, 'failure', 'other'],
    [118, 'failure', 'canceled'],
    [119, 'failure', 'no-such-operation'],
    [120, 'failure', 'too-late'],
    [121, 'failure', 'cannot-cancel'],
    [122, 'failure', 'assertion-failed'],
    [123, 'failure', 'authorization-denied'],
    [4096, 'partial', 'sync-refresh-required'],
    [7777, 'failure', 'other'],
    [-1, 'failure', 'other'],
  ])('%i is %s, %s', (code, outcome, reason) => {
    expect(categorized(result('MOD', code, { distinguishedName: alice }))).toMatchObject({ outcome, reason });
  });

  test.each([3, 4, 11])('%i is partial with entries, failure without', (code) => {
    expect(categorized(result('SRCH', code, { count: 10 })).outcome).toBe('partial');
    expect(categorized(result('SRCH', code, { count: 0 })).outcome).toBe('failure');
  });

  test('every named code has a reason of its own table', () => {
    for (const code of resultNames.keys()) {
      const { outcome, reason } = categorized(result('SRCH', code));
      expect(outcome, String(code)).toBeDefined();
      expect(categories.reasons[reason ?? ''], String(code)).toBeDefined();
    }
  });

  test.each<[string, Partial<Event>, string, string]>([
    ['wrong password', result('BIND', 49, { resultText: 'Invalid credentials' }), 'failure', 'bad-password'],
    ['no such entry', result('BIND', 49, { resultText: 'No such entry' }), 'failure', 'no-such-user'],
    ['entry does not exist', result('BIND', 49, { resultText: 'Entry does not exist' }), 'failure', 'no-such-user'],
    ['no suffix', result('BIND', 49, { resultText: 'No suffix for bind dn found' }), 'failure', 'no-such-user'],
    [
      'no password',
      result('BIND', 49, { resultText: 'Entry does not have userpassword set' }),
      'failure',
      'no-password-set',
    ],
    [
      'certificate',
      result('BIND', 49, { resultText: 'Client certificate mapping failed', saslMechanism: 'EXTERNAL' }),
      'failure',
      'cert-map',
    ],
    [
      'SASL',
      result('BIND', 49, { resultText: 'SASL(-13): authentication failure', method: 'SASL' }),
      'failure',
      'sasl-failure',
    ],
    [
      'no text, old release',
      result('BIND', 49, { method: 'SIMPLE', targetId: '1', productVersion: '1.2.11' }),
      'failure',
      'bad-credentials',
    ],
    [
      'no text, entry known',
      result('BIND', 49, { method: 'SIMPLE', targetId: '1', productVersion: '2.3.1' }),
      'failure',
      'expired',
    ],
    [
      'no text, entry not known',
      result('BIND', 49, { method: 'SIMPLE', productVersion: '2.3.1' }),
      'failure',
      'bad-credentials',
    ],
    ['the attempt that locks', result('BIND', 19, { resultText: 'Invalid credentials' }), 'failure', 'locking'],
    ['locked', result('BIND', 19), 'failure', 'locked'],
    ['inactive', result('BIND', 19, { targetDisabled: true }), 'failure', 'inactive'],
    ['disabled, by the security message', result('BIND', 53, { message: 'ACCOUNT_LOCKED' }), 'failure', 'disabled'],
    ['disabled, by the identity list', result('BIND', 53, { targetDisabled: true }), 'failure', 'disabled'],
    ['root DN', result('BIND', 53, { targetKind: 'root' }), 'denied', 'rootdn-denied'],
    [
      'bind with a name and no password',
      result('BIND', 53, { method: 'SIMPLE', distinguishedName: alice }),
      'denied',
      'unwilling',
    ],
    [
      'before the request was read',
      { eventSubType: 'RESULT', requestType: 'SRCH', resultCode: 53, transport: 'plain' },
      'denied',
      'insecure-channel',
    ],
    ['too many controls', result('SRCH', 53, { controls: Array(11).fill('1.2') }), 'denied', 'too-many-controls'],
    ['on a plain channel', result('BIND', 13, { method: 'SIMPLE', transport: 'plain' }), 'denied', 'insecure-channel'],
    ['anonymous', result('BIND', 48), 'denied', 'anonymous-refused'],
    ['a password without a name', result('BIND', 48, { message: 'INVALID_PASSWORD' }), 'denied', 'no-name'],
    [
      'JSON success with a text that misleads',
      result('BIND', 0, { resultText: 'SASL bind in progress' }),
      'success',
      'ok',
    ],
    [
      'security: wrong password',
      { logName: 'security', eventSubType: 'BIND_FAILED', message: 'INVALID_PASSWORD', distinguishedName: alice },
      'failure',
      'bad-password',
    ],
    [
      'security: no such entry',
      { logName: 'security', eventSubType: 'BIND_FAILED', message: 'NO_SUCH_ENTRY' },
      'failure',
      'no-such-user',
    ],
    [
      'security: certificate',
      { logName: 'security', eventSubType: 'BIND_FAILED', message: 'CERT_MAP_FAILED' },
      'failure',
      'cert-map',
    ],
    [
      'security: locked',
      { logName: 'security', eventSubType: 'BIND_FAILED', message: 'ACCOUNT_LOCKED' },
      'failure',
      'locked',
    ],
    [
      'security: anonymous',
      { logName: 'security', eventSubType: 'BIND_FAILED', message: 'ANONYMOUS_BIND' },
      'denied',
      'anonymous-refused',
    ],
    [
      'security: no name',
      { logName: 'security', eventSubType: 'BIND_FAILED', message: 'INVALID_PASSWORD' },
      'denied',
      'no-name',
    ],
    ['security: done', { logName: 'security', eventSubType: 'BIND_SUCCESS', message: '' }, 'success', 'ok'],
    [
      'not protected enough',
      { eventSubType: 'UNPROCESSED', resultText: 'Insufficient SSF (local_ssf=0 sasl_ssf=0 ssl_ssf=0)' },
      'denied',
      'insecure-channel',
    ],
    ['must change first', { eventSubType: 'UNPROCESSED', resultText: 'need new password' }, 'denied', 'must-change'],
    [
      'TLS without a mapped certificate',
      { eventSubType: 'TLS', resultText: 'failed to map client certificate to LDAP DN (no matching entry found)' },
      'failure',
      'cert-map',
    ],
    [
      'TLS refused',
      {
        eventSubType: 'TLS',
        resultText: "Netscape Portable Runtime error -8179 (Peer's Certificate issuer is not recognized.)",
      },
      'failure',
      'tls-failure',
    ],
    ['TLS', { eventSubType: 'TLS', tlsVersion: 'TLS1.3' }, 'success', 'ok'],
    ['closed', { eventSubType: 'DISCONNECT', closeReason: 'U1' }, 'success', 'ok'],
    ['closed by a fault', { eventSubType: 'DISCONNECT', closeReason: 'B2' }, 'failure', 'ber-too-big'],
    [
      'TLS broken off',
      { eventSubType: 'DISCONNECT', closeText: 'Peer using unsupported version of security protocol.' },
      'failure',
      'tls-failure',
    ],
    [
      'connection reset',
      { eventSubType: 'DISCONNECT', closeText: 'TCP connection reset by peer.' },
      'failure',
      'transport',
    ],
    [
      'proxy refused',
      { logName: 'security', eventSubType: 'TCP_ERROR', message: 'Unknown Proxy - P4' },
      'denied',
      'proxy-refused',
    ],
    ['audit of an old release', { logName: 'audit', eventSubType: 'MOD', distinguishedName: alice }, 'success', 'ok'],
    [
      'auditfail of an old release',
      { logName: 'auditfail', eventSubType: 'MOD', distinguishedName: alice },
      'failure',
      'other',
    ],
  ])('%s', (_, labels, outcome, reason) => expect(categorized(labels)).toMatchObject({ outcome, reason }));

  test.each(['BIND', 'SRCH', 'CMP', 'ADD', 'MOD', 'DEL', 'MODRDN', 'EXT', 'ABANDON'])(
    'a request has none: %s',
    (eventSubType) => {
      const event = categorized({ eventSubType });
      expect([event.outcome, event.reason]).toEqual([undefined, undefined]);
    },
  );

  test('a RESULT without a code is unknown', () => {
    expect(categorized({ eventSubType: 'RESULT', requestType: 'SRCH' }).outcome).toBe('unknown');
  });
});

describe('severity sorts', () => {
  test.each<[string, Partial<Event>, number]>([
    ['anything', { eventSubType: 'CONNECTION' }, 1],
    ['failure', result('SRCH', 32), 3],
    ['denied', result('SRCH', 50), 4],
    ['account, group, policy', mod(alice, ['replace mail: x']), 5],
    ['a denied change keeps its weight', result('MOD', 50, { distinguishedName: alice }), 5],
    ['configuration', mod('cn=config', ['replace nsslapd-sizelimit: 5']), 7],
    ['a change of a privileged entry', mod(alice, ['replace mail: x'], { targetPrivileged: true }), 7],
    ['a privileged logon', result('BIND', 0, { targetPrivileged: true }), 7],
    ['a privileged read is a read', result('SRCH', 0, { actorPrivileged: true }), 1],
    ['log off', mod('cn=config', ['replace nsslapd-accesslog-logging-enabled: off']), 9],
    ['replication rights', add('cn=to-b,cn=replica,cn=x,cn=mapping tree,cn=config', ['nsds5replicationagreement']), 9],
    ['emergency', error('EMERG'), 9],
    ['warning', error('WARN'), 2],
  ])('%s', (_, labels, severity) => expect(categorized(labels).severity).toBe(severity));
});

describe('tags say what context adds', () => {
  test.each<[string, Partial<Event>, readonly string[] | undefined]>([
    ['nothing', { eventSubType: 'CONNECTION' }, undefined],
    ['anonymous bind', { eventSubType: 'BIND', method: 'SIMPLE', transport: 'plain' }, ['anonymous']],
    ['SASL bind without a name', { eventSubType: 'BIND', method: 'SASL', saslMechanism: 'GSSAPI' }, undefined],
    ['anonymous mechanism', { eventSubType: 'BIND', method: 'SASL', saslMechanism: 'anonymous' }, ['anonymous']],
    ['anonymous search', result('SRCH', 0, { boundMethod: 'ANONYMOUS' }), ['anonymous']],
    [
      'a failed bind is not anonymous',
      result('BIND', 49, { method: 'SIMPLE', distinguishedName: alice, boundMethod: 'ANONYMOUS', transport: 'ldaps' }),
      undefined,
    ],
    [
      'password in the clear',
      { eventSubType: 'BIND', method: 'SIMPLE', distinguishedName: alice, transport: 'plain' },
      ['cleartext'],
    ],
    [
      'the same over TLS',
      { eventSubType: 'BIND', method: 'SIMPLE', distinguishedName: alice, transport: 'starttls' },
      undefined,
    ],
    [
      'PLAIN in the clear',
      { eventSubType: 'BIND', method: 'SASL', saslMechanism: 'PLAIN', transport: 'plain' },
      ['cleartext'],
    ],
    [
      'new password in the clear',
      { eventSubType: 'EXT', extendedOid: '1.3.6.1.4.1.4203.1.11.1', transport: 'plain' },
      ['cleartext'],
    ],
    ['local', { eventSubType: 'AUTOBIND', distinguishedName: root, transport: 'ldapi' }, ['local']],
    ['internal', { eventSubType: 'SRCH', internalOperation: true }, ['internal-op']],
    ['replicated', mod(alice, ['replace mail: x'], { actorKind: 'replication' }), ['replicated']],
    ['proxied', { eventSubType: 'SRCH', authorizationId: bob }, ['proxied']],
    [
      'privileged',
      result('BIND', 0, { actorPrivileged: true, targetPrivileged: true }),
      ['privileged-actor', 'privileged-target'],
    ],
    ['service', { eventSubType: 'SRCH', actorKind: 'service' }, ['service-actor']],
    [
      'what reading marked stays in front',
      { eventSubType: 'SRCH', internalOperation: true, tags: ['suspect-forged'] },
      ['suspect-forged', 'internal-op'],
    ],
    ['and stays alone', { eventSubType: 'SRCH', tags: ['truncated'] }, ['truncated']],
  ])('%s', (_, labels, tags) => expect(categorized(labels).tags).toEqual(tags));
});

describe('the table is whole', () => {
  test('only closes and faults say more to OCSF than their type does', () => {
    const other = categories.categories.filter((rule) => rule.ocsfActivityId !== undefined).map((rule) => rule.is);
    expect(new Set(other)).toEqual(new Set(['network/disconnect', 'network/fault']));
  });

  test('each category and type stands once in the model', () => {
    expect(new Set(modelledTypes.map((one) => one.pair)).size).toBe(modelledTypes.length);
  });

  test('every reason is used, and every used one is explained', () => {
    const used = new Set(categories.outcomes.flatMap((rule) => rule.reason ?? []));
    expect(Object.keys(categories.reasons).filter((reason) => !used.has(reason))).toEqual([]);
  });

  test('every rule can be reached: none stands behind one that takes all', () => {
    for (const [index, rule] of categories.categories.entries()) {
      const { requests = [''], ...more } = rule.when;
      const shadowed = requests.filter((request) =>
        categories.categories
          .slice(0, index)
          .some(({ when }) => Object.keys(when).length === 1 && when.requests?.includes(request) === true),
      );
      expect(
        shadowed.length === 0 || shadowed.length < requests.length,
        `${rule.step} ${rule.about} ${JSON.stringify(more)}`,
      ).toBe(true);
    }
  });
});
