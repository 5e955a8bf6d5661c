import type { CategoryType } from '#event';
import type { CategoryRule, CategoryTable, OutcomeRule, TagRule } from '#source';

/** Requests that change entries; a refusal in the security log does not say which of them it was. */
const changes = ['ADD', 'MOD', 'DEL', 'MODRDN', 'AUTHZ_ERROR'];

/** The type by request, for categories that only know create, modify and delete. */
function byRequest(
  create: CategoryType,
  modify: CategoryType,
  remove: CategoryType,
  rename: CategoryType = modify,
): Readonly<Record<string, CategoryType>> {
  return { ADD: create, MOD: modify, DEL: remove, MODRDN: rename, AUTHZ_ERROR: modify };
}

const replicationChange = byRequest('replication/create', 'replication/modify', 'replication/delete');
const policyChange = byRequest('policy-change/create', 'policy-change/modify', 'policy-change/delete');
const configurationChange = byRequest(
  'configuration-change/create',
  'configuration-change/modify',
  'configuration-change/delete',
);
const accountChange = byRequest(
  'account-change/create',
  'account-change/modify',
  'account-change/delete',
  'account-change/rename',
);
const groupChange = byRequest(
  'group-change/create',
  'group-change/modify',
  'group-change/delete',
  'group-change/rename',
);
const directoryChange = byRequest(
  'directory-change/create',
  'directory-change/modify',
  'directory-change/delete',
  'directory-change/rename',
);

const logs = ['access', 'audit', 'auditfail', 'error', 'security'];
const logSwitches = logs.map((log) => `nsslapd-${log}log-logging-enabled`);
const logSettings = [...logs.map((log) => `nsslapd-${log}log*`), 'nsslapd-logging-backend'];
const passwords = ['userpassword', 'krbprincipalkey', 'authpassword', 'unhashed#user#password'];
const passwordModify = '1.3.6.1.4.1.4203.1.11.1';
const disabledRoles = ['cn=nsmanageddisabledrole*', 'cn=nsdisabledrole*', 'cn=nsnesteddisabledrole*'];
const members = ['member', 'uniquemember', 'memberuid', 'memberurl', 'nsroledn', 'memberof', 'nisnetgrouptriple'];
const credentials = [
  'sshpublickey',
  'ipasshpubkey',
  'usercertificate',
  'ipacertmapdata',
  'ipatokenowner',
  'krbprincipalname',
  'krbcanonicalname',
  'ipakrbprincipalalias',
];
const limits = [
  'nssizelimit',
  'nstimelimit',
  'nslookthroughlimit',
  'nsidletimeout',
  'nsidlistscanlimit',
  'nspagedsizelimit',
  'nspagedlookthroughlimit',
  'nspagedidlistscanlimit',
];
/** Settings of a password policy; per-user state such as passwordRetryCount is not among them. */
const policySettings = [
  'pwdpolicysubentry',
  'passwordmin*',
  'passwordmax*',
  'passwordlockout*',
  'passwordinhistory',
  'passwordmustchange',
  'passwordchange',
  'passwordwarning',
  'passwordstoragescheme',
  'passwordadmindn',
];
const policyClasses = [
  'passwordpolicy',
  'krbpwdpolicy',
  'ipapermission',
  'ipahbacrule',
  'ipasudorule',
  'ipasudocmd',
  'sudorole',
];
const accountClasses = [
  'person',
  'organizationalperson',
  'inetorgperson',
  'nsperson',
  'nsorgperson',
  'nsaccount',
  'account',
  'posixaccount',
  'shadowaccount',
  'simplesecurityobject',
  'applicationprocess',
  'krbprincipal',
  'krbprincipalaux',
  'ipaservice',
  'ipahost',
  'nshost',
  'device',
  'iphost',
];
const groupClasses = [
  'groupofnames',
  'groupofuniquenames',
  'groupofurls',
  'groupofcertificates',
  'posixgroup',
  'ipausergroup',
  'ipahostgroup',
  'nestedgroup',
  'nisnetgroup',
  'ipanisnetgroup',
  'nsroledefinition',
];
const groupEntries = [
  'cn=*,ou=groups,*',
  'cn=*,ou=group,*',
  'cn=*,ou=roles,*',
  'cn=*,ou=netgroup,*',
  'cn=*,cn=groups,*',
  'cn=*,cn=hostgroups,*',
  'cn=*,cn=ng,cn=alt,*',
];
const accountEntries = ['uid=*,*', 'fqdn=*,*', 'krbprincipalname=*,*', 'cn=*,ou=people,*', 'cn=*,cn=users,*'];

const oid = (arc: string, ...ends: readonly number[]): readonly string[] =>
  ends.map((end) => `2.16.840.1.113730.3.${arc}.${end}`);

/** What is no change: connections, logons, reads (taxonomy §4). */
const operations: readonly CategoryRule[] = [
  { step: '0', about: 'Connection opened.', when: { requests: ['CONNECTION'] }, is: 'network/connect' },
  {
    step: '0',
    about: 'Connection refused: the proxy is not trusted, or its header is not valid.',
    when: { requests: ['DISCONNECT'], closeReasons: ['P3', 'P4'] },
    is: 'network/fault',
    ocsfActivityId: 5,
  },
  {
    step: '0',
    about: 'Connection ended: by the client, or idle for too long.',
    when: { requests: ['DISCONNECT'], closeReasons: ['U1', 'T1'] },
    is: 'network/disconnect',
  },
  {
    step: '0',
    about: 'Connection broken off, for any other reason or none.',
    when: { requests: ['DISCONNECT'] },
    is: 'network/disconnect',
    ocsfActivityId: 3,
  },
  { step: '0', about: 'TLS negotiated, or failed.', when: { requests: ['TLS'] }, is: 'network/tls-start' },
  {
    step: '0',
    about: 'A proxy names the client behind it.',
    when: { requests: ['HAPROXY', 'HAPROXY_SUCCESS'] },
    is: 'network/proxy',
  },
  {
    step: '0',
    about: 'Fault reported by the security log: the proxy was refused.',
    when: { requests: ['TCP_ERROR'], messages: ['*- P3', '*- P4'] },
    is: 'network/fault',
    ocsfActivityId: 5,
  },
  { step: '0', about: 'Fault reported by the security log.', when: { requests: ['TCP_ERROR'] }, is: 'network/fault' },
  {
    step: '0',
    about: 'A step of a SASL bind: the server wants more.',
    when: { requests: ['BIND'], resultCodes: [14] },
    is: 'authentication/logon-step',
  },
  {
    step: '0',
    about: 'Bind, and its result.',
    when: { requests: ['BIND', 'AUTOBIND', 'BIND_SUCCESS', 'BIND_FAILED'] },
    is: 'authentication/logon',
  },
  { step: '0', about: 'Unbind.', when: { requests: ['UNBIND'] }, is: 'authentication/logoff' },
];

/** Step 2: replication (taxonomy §3.4). */
const replication: readonly CategoryRule[] = [
  {
    step: '2',
    about: 'A replica begins a session.',
    when: { requests: ['EXT'], extendedOids: oid('5', 3, 12) },
    is: 'replication/session-start',
  },
  {
    step: '2',
    about: 'A replica ends a session.',
    when: { requests: ['EXT'], extendedOids: [...oid('5', 5), ...oid('6', 9)] },
    is: 'replication/session-end',
  },
  {
    step: '2',
    about: 'Total update: bulk import begins or ends.',
    when: { requests: ['EXT'], extendedOids: [...oid('5', 7, 8), ...oid('6', 2, 3)] },
    is: 'replication/refresh',
  },
  {
    step: '2',
    about: 'Other requests of replication: entries, cleaning of update vectors, number ranges.',
    when: { requests: ['EXT'], extendedOids: [...oid('5', 4, 6, 9, 10, 11, 13), ...oid('6', 1, 4, 5, 6, 7, 8)] },
    is: 'replication/update',
  },
  {
    step: '2',
    about: 'The identity of a replica writes. The audit copy keeps the category of its content.',
    when: { requests: changes, logs: ['access'], actorKinds: ['replication'] },
    is: 'replication/update',
  },
  {
    step: '2',
    about: 'The identity of a replica reads, which replication itself hardly ever does.',
    when: { requests: ['SRCH', 'CMP'], logs: ['access'], actorKinds: ['replication'] },
    is: 'replication/read',
  },
  {
    step: '2',
    about: 'Bookkeeping entry of a replicated suffix.',
    when: { requests: changes, entry: ['nsuniqueid=ffffffff-ffffffff-ffffffff-ffffffff,*'] },
    is: 'replication/update',
  },
];

/** Steps 3 and 4: configuration. */
const configuration: readonly CategoryRule[] = [
  {
    step: '3a',
    about: 'A log is switched off.',
    when: { requests: changes, under: ['cn=config'], sets: { attributes: logSwitches, values: ['off'] } },
    is: 'audit-logging/log-disable',
  },
  {
    step: '3a',
    about: 'A log is switched on.',
    when: { requests: changes, under: ['cn=config'], sets: { attributes: logSwitches, values: ['on'] } },
    is: 'audit-logging/log-enable',
  },
  {
    step: '3a',
    about: 'Another setting of a log.',
    when: { requests: changes, under: ['cn=config'], touches: logSettings },
    is: 'audit-logging/modify',
  },
  {
    step: '3b',
    about: 'A total update is asked for.',
    when: { requests: changes, under: ['cn=config'], gains: ['nsds5beginreplicarefresh'] },
    is: 'replication/refresh',
  },
  {
    step: '3b',
    about: 'Replicas, agreements, change logs, and the mapping tree they hang in.',
    when: { requests: changes, under: ['cn=mapping tree,cn=config', 'cn=changelog5,cn=config', 'cn=replica,*'] },
    is: replicationChange,
  },
  {
    step: '3b',
    about: 'Attributes of replication elsewhere in the configuration.',
    when: { requests: changes, under: ['cn=config'], touches: ['nsds5*', 'nsds7*'] },
    is: replicationChange,
  },
  {
    step: '3c',
    about: 'Password and lockout policy of the server.',
    when: { requests: changes, under: ['cn=config'], touches: ['password*', 'pwd*'] },
    is: policyChange,
  },
  {
    step: '3c',
    about: 'Access control of the root DN.',
    when: { requests: changes, under: ['cn=rootdn access control,cn=plugins,cn=config'] },
    is: policyChange,
  },
  {
    step: '3d',
    about: 'Tasks.',
    when: { requests: changes, under: ['cn=tasks,cn=config'] },
    is: 'service/task',
  },
  {
    step: '3e',
    about: 'Password of the root DN.',
    when: { requests: changes, under: ['cn=config'], touches: ['nsslapd-rootpw'] },
    is: 'account-change/password-reset',
  },
  {
    step: '3f',
    about: 'Any other configuration.',
    when: { requests: changes, under: ['cn=config'] },
    is: configurationChange,
  },
  {
    step: '4',
    about: 'Schema, and writes to the monitor entries.',
    when: { requests: changes, under: ['cn=schema', 'cn=monitor'] },
    is: configurationChange,
  },
];

/** Steps 5 to 9: what attributes tell. */
const attributes: readonly CategoryRule[] = [
  {
    step: '5',
    about: 'Access control is added or replaced.',
    when: { requests: ['ADD', 'MOD'], gains: ['aci'] },
    is: 'policy-change/grant',
  },
  {
    step: '5',
    about: 'Access control is removed, and none is added.',
    when: { requests: ['ADD', 'MOD'], loses: ['aci'] },
    is: 'policy-change/revoke',
  },
  {
    step: '5',
    about: 'Access control is changed; the record does not say how.',
    when: { requests: ['ADD', 'MOD'], touches: ['aci'] },
    is: 'policy-change/modify',
  },
  {
    step: '6',
    about: 'The own password.',
    when: { requests: ['MOD'], touches: passwords, actor: 'target' },
    is: 'account-change/password-change',
  },
  {
    step: '6',
    about: "Another account's password.",
    when: { requests: ['MOD'], touches: passwords, actor: 'other' },
    is: 'account-change/password-reset',
  },
  {
    step: '6',
    about: 'A password; the record does not say by whom.',
    when: { requests: ['MOD'], touches: passwords },
    is: 'account-change/password-reset',
    confidence: 'low',
  },
  {
    step: '6',
    about: "Extended password modify: another account's.",
    when: { requests: ['EXT'], extendedOids: [passwordModify], actor: 'other' },
    is: 'account-change/password-reset',
  },
  {
    step: '6',
    about: 'Extended password modify: the own one.',
    when: { requests: ['EXT'], extendedOids: [passwordModify], actor: 'target' },
    is: 'account-change/password-change',
  },
  {
    step: '6',
    about: 'Extended password modify; whose is not logged by this release, so the own one is assumed.',
    when: { requests: ['EXT'], extendedOids: [passwordModify] },
    is: 'account-change/password-change',
    confidence: 'low',
  },
  {
    step: '6',
    about: "The server tells whose password was modified: the actor's own.",
    when: { requests: ['EXT_INFO'], actor: 'target' },
    is: 'account-change/password-change',
  },
  {
    step: '6',
    about: "The server tells whose password was modified: another account's.",
    when: { requests: ['EXT_INFO'] },
    is: 'account-change/password-reset',
  },
  {
    step: '6',
    about: 'A service or host gets a new key (FreeIPA); whose is not logged.',
    when: { requests: ['EXT'], extendedOids: oid('8.10', 1, 5) },
    is: 'account-change/password-reset',
    confidence: 'low',
  },
  {
    step: '6',
    about: 'A host is enrolled (FreeIPA).',
    when: { requests: ['EXT'], extendedOids: oid('8.10', 3) },
    is: 'account-change/modify',
    confidence: 'low',
  },
  {
    step: '7',
    about: 'The account is disabled.',
    when: { requests: ['MOD'], sets: { attributes: ['nsaccountlock'], values: ['true'] } },
    is: 'account-change/disable',
  },
  {
    step: '7',
    about: 'The account joins the role of disabled accounts.',
    when: { requests: ['MOD'], sets: { attributes: ['nsroledn'], values: disabledRoles } },
    is: 'account-change/disable',
  },
  {
    step: '7',
    about: 'The account is enabled: the mark is set to false.',
    when: { requests: ['MOD'], sets: { attributes: ['nsaccountlock'], values: ['false'] } },
    is: 'account-change/enable',
  },
  {
    step: '7',
    about: 'The account is enabled: the mark is removed.',
    when: { requests: ['MOD'], loses: ['nsaccountlock'] },
    is: 'account-change/enable',
  },
  {
    step: '7',
    about: 'The account leaves the role of disabled accounts.',
    when: { requests: ['MOD'], unsets: { attributes: ['nsroledn'], values: disabledRoles } },
    is: 'account-change/enable',
  },
  {
    step: '7',
    about: 'The account is locked until a time.',
    when: { requests: ['MOD'], gains: ['accountunlocktime', 'pwdaccountlockedtime'] },
    is: 'account-change/lock',
  },
  {
    step: '7',
    about: 'The lock is lifted.',
    when: { requests: ['MOD'], loses: ['accountunlocktime', 'pwdaccountlockedtime'] },
    is: 'account-change/unlock',
  },
  {
    step: '7',
    about: 'The count of failed logons is set to nothing.',
    when: { requests: ['MOD'], sets: { attributes: ['passwordretrycount', 'krbloginfailedcount'], values: ['0'] } },
    is: 'account-change/unlock',
  },
  {
    step: '7',
    about: 'The count of failed logons is removed.',
    when: { requests: ['MOD'], loses: ['passwordretrycount', 'krbloginfailedcount'] },
    is: 'account-change/unlock',
  },
  {
    step: '7',
    about: 'Another change of these: a failed logon is counted.',
    when: {
      requests: ['MOD'],
      touches: [
        'nsaccountlock',
        'accountunlocktime',
        'pwdaccountlockedtime',
        'passwordretrycount',
        'krbloginfailedcount',
      ],
    },
    is: 'account-change/modify',
  },
  {
    step: '8',
    about: 'Members are added, or the list of members is replaced.',
    when: { requests: ['MOD'], gains: members },
    is: 'group-change/member-add',
  },
  {
    step: '8',
    about: 'Members are removed, and none is added.',
    when: { requests: ['MOD'], loses: members },
    is: 'group-change/member-remove',
  },
  {
    step: '8',
    about: 'Members are changed; the record does not say how.',
    when: { requests: ['MOD'], touches: members },
    is: 'group-change/modify',
  },
  {
    step: '9',
    about: 'A key, certificate, token or principal is added or replaced.',
    when: { requests: ['MOD'], gains: credentials },
    is: 'account-change/credential-add',
  },
  {
    step: '9',
    about: 'A key, certificate, token or principal is removed, and none is added.',
    when: { requests: ['MOD'], loses: credentials },
    is: 'account-change/credential-remove',
  },
  {
    step: '9',
    about: 'Credentials are changed; the record does not say how.',
    when: { requests: ['MOD'], touches: credentials },
    is: 'account-change/modify',
  },
  {
    step: '9',
    about: 'A token is added.',
    when: { requests: ['ADD'], classes: ['ipatoken'] },
    is: 'account-change/credential-add',
  },
  {
    step: '9',
    about: 'A token is removed.',
    when: { requests: ['DEL'], under: ['cn=otp,*'] },
    is: 'account-change/credential-remove',
  },
  {
    step: '9',
    about: 'A token that stands for a bind is issued.',
    when: { requests: ['EXT'], extendedOids: oid('5', 14) },
    is: 'account-change/credential-add',
  },
  {
    step: '9',
    about: 'Tokens that stand for a bind are revoked.',
    when: { requests: ['EXT'], extendedOids: oid('5', 16) },
    is: 'account-change/credential-remove',
  },
];

/** Steps 10 and 11: what the entry is. */
const entries: readonly CategoryRule[] = [
  {
    step: '10',
    about: 'Entries of policies, by object class.',
    when: { requests: changes, classes: policyClasses },
    is: policyChange,
  },
  {
    step: '10',
    about: 'Entries of policies, by their place.',
    when: {
      requests: changes,
      under: [
        'cn=nspwpolicycontainer,*',
        'cn=nspwpolicy_cos,*',
        'cn=nspwtemplateentry,*',
        'cn=pbac,*',
        'cn=hbac,*',
        'cn=sudo,*',
        'ou=sudoers,*',
        'cn=roles,*',
      ],
    },
    is: policyChange,
  },
  {
    step: '10',
    about: 'Limits and password policy of an entry.',
    when: { requests: ['MOD'], touches: [...limits, ...policySettings] },
    is: 'policy-change/modify',
  },
  {
    step: '11',
    about: 'Groups, by object class.',
    when: { requests: changes, classes: groupClasses },
    is: groupChange,
  },
  {
    step: '11',
    about: 'Accounts, by object class.',
    when: { requests: changes, classes: accountClasses },
    is: accountChange,
  },
  {
    step: '11',
    about: 'Entries of any other class, with a new parent.',
    when: { requests: ['MODRDN'], classes: [], moves: true },
    is: 'directory-change/move',
  },
  {
    step: '11',
    about: 'Entries of any other class.',
    when: { requests: changes, classes: [] },
    is: directoryChange,
  },
  {
    step: '11',
    about: 'Groups, by the identity list.',
    when: { requests: changes, targetKinds: ['group'] },
    is: groupChange,
  },
  { step: '11', about: 'Groups, by their name.', when: { requests: changes, entry: groupEntries }, is: groupChange },
  {
    step: '11',
    about: 'Accounts, by the identity list or the kind of their name.',
    when: { requests: changes, targetKinds: ['person', 'service', 'host', 'replication', 'root'] },
    is: accountChange,
  },
  {
    step: '11',
    about: 'Accounts, by their name.',
    when: { requests: changes, entry: accountEntries },
    is: accountChange,
  },
  {
    step: '11',
    about: 'Any other entry, with a new parent.',
    when: { requests: ['MODRDN'], moves: true },
    is: 'directory-change/move',
  },
  { step: '11', about: 'Any other entry.', when: { requests: changes }, is: directoryChange },
];

/** Reads, other extended operations, and the error log (taxonomy §4). */
const rest: readonly CategoryRule[] = [
  {
    step: '13',
    about: 'A search of one entry.',
    when: { requests: ['SRCH'], scopes: ['base'] },
    is: 'directory-read/read',
  },
  { step: '13', about: 'Any other search.', when: { requests: ['SRCH'] }, is: 'directory-read/search' },
  { step: '13', about: 'Compare.', when: { requests: ['CMP'] }, is: 'directory-read/compare' },
  {
    step: '13',
    about: 'An entry or a referral is sent.',
    when: { requests: ['ENTRY', 'REFERRAL'] },
    is: 'directory-read/entry-returned',
  },
  {
    step: '13',
    about: 'Sorting, list views, statistics, abandoning.',
    when: { requests: ['SORT', 'VLV', 'STAT', 'ABANDON'] },
    is: 'directory-read/control',
  },
  {
    step: '13',
    about: 'StartTLS.',
    when: { requests: ['EXT'], extendedOids: ['1.3.6.1.4.1.1466.20037'] },
    is: 'network/tls-start',
  },
  {
    step: '13',
    about: 'Who am I?',
    when: { requests: ['EXT'], extendedOids: ['1.3.6.1.4.1.4203.1.11.3'] },
    is: 'authentication/identity-query',
  },
  {
    step: '13',
    about: 'Any other extended operation: cancelling a request, and OIDs that nobody knows.',
    when: { requests: ['EXT'] },
    is: 'directory-read/control',
  },
  {
    step: '13',
    about: 'A request refused before it was read, and results whose request is not known.',
    when: { requests: ['UNPROCESSED', 'RESULT'] },
    is: 'directory-read/control',
    confidence: 'low',
  },
  { step: '14', about: 'The server starts.', when: { messageKinds: ['start'], logs: ['error'] }, is: 'service/start' },
  {
    step: '14',
    about: 'The server has stopped.',
    when: { messageKinds: ['stop'], logs: ['error'] },
    is: 'service/stop',
  },
  {
    step: '14',
    about: 'The server finds that it was not stopped properly.',
    when: { messageKinds: ['crash-recovery'], logs: ['error'] },
    is: 'service/crash',
  },
  {
    step: '14',
    about: 'Tasks and imports report.',
    when: { messageKinds: ['task', 'import'], logs: ['error'] },
    is: 'service/task',
  },
  {
    step: '14',
    about: 'A record of a log had to be cut.',
    when: { messageKinds: ['log-truncated'], logs: ['error'] },
    is: 'audit-logging/gap',
  },
  {
    step: '14',
    about: 'Malformed or oversized requests.',
    when: { messageKinds: ['ber-too-big', 'ber-malformed'], logs: ['error'] },
    is: 'network/fault',
  },
  {
    step: '14',
    about: 'Connections are refused for want of descriptors.',
    when: { messageKinds: ['too-many-files'], logs: ['error'] },
    is: 'network/fault',
    ocsfActivityId: 5,
  },
  {
    step: '14',
    about: 'A search of a plug-in without an index.',
    when: { messageKinds: ['unindexed-internal-search'], logs: ['error'] },
    is: 'directory-read/search',
  },
  {
    step: '14',
    about: 'A session of replication cannot begin, or can again.',
    when: {
      messageKinds: ['replication-bind-failed', 'replication-bind-resumed', 'replication-unreachable', 'clock-skew'],
      logs: ['error'],
    },
    is: 'replication/session-start',
  },
  {
    step: '14',
    about: 'Replication has stopped.',
    when: { messageKinds: ['replication-stopped', 'replication-disabled'], logs: ['error'] },
    is: 'replication/session-end',
  },
  {
    step: '14',
    about: 'Any other error.',
    when: { requests: ['EMERG', 'ALERT', 'CRIT', 'ERR'], logs: ['error'] },
    is: 'service/error',
  },
  { step: '14', about: 'Any other warning.', when: { requests: ['WARN'], logs: ['error'] }, is: 'service/warning' },
  {
    step: '14',
    about: 'Anything else in the error log; old releases write no severity.',
    when: { logs: ['error'] },
    is: 'service/info',
  },
];

/** How what carries no result code ended. */
const endings: readonly OutcomeRule[] = [
  {
    when: { requests: ['UNBIND'], texts: ['decoding error', 'error processing controls'] },
    outcome: 'failure',
    reason: 'invalid-request',
  },
  {
    when: { requests: ['CONNECTION', 'HAPROXY', 'HAPROXY_SUCCESS', 'AUTOBIND', 'UNBIND', 'ENTRY', 'REFERRAL'] },
    outcome: 'success',
    reason: 'ok',
  },
  {
    when: { requests: ['TLS'], texts: ['failed to map client certificate'] },
    outcome: 'failure',
    reason: 'cert-map',
  },
  {
    when: { requests: ['TLS'], texts: ['Netscape Portable Runtime error', 'SSL failed', '*failed to obtain'] },
    outcome: 'failure',
    reason: 'tls-failure',
  },
  { when: { requests: ['TLS'], hasResult: true }, outcome: 'failure', reason: 'tls-failure' },
  { when: { requests: ['TLS'] }, outcome: 'success', reason: 'ok' },
  { when: { requests: ['DISCONNECT'], closeReasons: ['U1'] }, outcome: 'success', reason: 'ok' },
  { when: { requests: ['DISCONNECT'], closeReasons: ['T1'] }, outcome: 'success', reason: 'idle-timeout' },
  { when: { requests: ['DISCONNECT'], closeReasons: ['P3', 'P4'] }, outcome: 'denied', reason: 'proxy-refused' },
  { when: { requests: ['DISCONNECT'], closeReasons: ['A1'] }, outcome: 'failure', reason: 'aborted' },
  { when: { requests: ['DISCONNECT'], closeReasons: ['B1', 'B3'] }, outcome: 'failure', reason: 'bad-ber' },
  { when: { requests: ['DISCONNECT'], closeReasons: ['B2'] }, outcome: 'failure', reason: 'ber-too-big' },
  { when: { requests: ['DISCONNECT'], closeReasons: ['B4'] }, outcome: 'failure', reason: 'write-failed' },
  { when: { requests: ['DISCONNECT'], closeReasons: ['T2'] }, outcome: 'failure', reason: 'io-timeout' },
  { when: { requests: ['DISCONNECT'], closeReasons: ['T3'] }, outcome: 'failure', reason: 'time-limit' },
  { when: { requests: ['DISCONNECT'], closeReasons: ['P1'] }, outcome: 'failure', reason: 'plug-in' },
  { when: { requests: ['DISCONNECT'], closeReasons: ['S1'] }, outcome: 'failure', reason: 'sasl-failure' },
  {
    when: { requests: ['DISCONNECT'], closeTexts: ['SSL ', 'Peer ', "Peer's ", 'Cannot communicate securely'] },
    outcome: 'failure',
    reason: 'tls-failure',
  },
  { when: { requests: ['DISCONNECT'] }, outcome: 'failure', reason: 'transport' },
  { when: { requests: ['TCP_ERROR'], messages: ['*- P3', '*- P4'] }, outcome: 'denied', reason: 'proxy-refused' },
  { when: { requests: ['TCP_ERROR'], messages: ['*- B1', '*- B3'] }, outcome: 'failure', reason: 'bad-ber' },
  { when: { requests: ['TCP_ERROR'], messages: ['*- B2'] }, outcome: 'failure', reason: 'ber-too-big' },
  { when: { requests: ['TCP_ERROR'] }, outcome: 'failure', reason: 'transport' },
  { when: { requests: ['BIND_SUCCESS'] }, outcome: 'success', reason: 'ok' },
  {
    when: { requests: ['UNPROCESSED'], texts: ['Insufficient SSF'] },
    outcome: 'denied',
    reason: 'insecure-channel',
  },
  {
    when: { requests: ['UNPROCESSED'], texts: ['Anonymous access'] },
    outcome: 'denied',
    reason: 'anonymous-refused',
  },
  { when: { requests: ['UNPROCESSED'], texts: ['need new password'] }, outcome: 'denied', reason: 'must-change' },
  { when: { requests: ['UNPROCESSED'] }, outcome: 'denied', reason: 'unwilling' },
  { when: { logs: ['error'], messageKinds: ['start', 'stop'] }, outcome: 'success', reason: 'ok' },
  { when: { logs: ['error'], messageKinds: ['replication-bind-resumed'] }, outcome: 'success', reason: 'ok' },
  {
    when: {
      logs: ['error'],
      messageKinds: [
        'replication-bind-failed',
        'replication-unreachable',
        'replication-stopped',
        'replication-disabled',
      ],
    },
    outcome: 'failure',
    reason: 'replication',
  },
  { when: { logs: ['error'], messageKinds: ['clock-skew'] }, outcome: 'failure', reason: 'clock-skew' },
  { when: { logs: ['error'], messageKinds: ['crash-recovery'] }, outcome: 'failure', reason: 'crash' },
  { when: { logs: ['error'], messageKinds: ['too-many-files'] }, outcome: 'denied', reason: 'busy' },
  { when: { logs: ['error'], messageKinds: ['ber-too-big'] }, outcome: 'failure', reason: 'ber-too-big' },
  { when: { logs: ['error'], messageKinds: ['ber-malformed'] }, outcome: 'failure', reason: 'bad-ber' },
  {
    when: { logs: ['error'], messageKinds: ['acl-decision'], messages: ['*): Deny '] },
    outcome: 'denied',
    reason: 'access-denied',
  },
  { when: { logs: ['error'], messageKinds: ['acl-decision'] }, outcome: 'success', reason: 'ok' },
  { when: { logs: ['error'], requests: ['EMERG', 'ALERT', 'CRIT', 'ERR'] }, outcome: 'failure', reason: 'other' },
  { when: { logs: ['audit'], hasResult: false }, outcome: 'success', reason: 'ok', about: 'Releases before 1.3.5.' },
  { when: { logs: ['auditfail'], hasResult: false }, outcome: 'failure', reason: 'other' },
];

/** Why binds fail (detections §1.3): the code, the text behind it, and what else is known. */
const bindReasons: readonly OutcomeRule[] = [
  {
    when: { requests: ['BIND_FAILED'], messages: ['INVALID_PASSWORD'], namesDn: false },
    outcome: 'denied',
    reason: 'no-name',
  },
  { when: { requests: ['BIND_FAILED'], messages: ['INVALID_PASSWORD'] }, outcome: 'failure', reason: 'bad-password' },
  { when: { requests: ['BIND_FAILED'], messages: ['NO_SUCH_ENTRY'] }, outcome: 'failure', reason: 'no-such-user' },
  { when: { requests: ['BIND_FAILED'], messages: ['CERT_MAP_FAILED'] }, outcome: 'failure', reason: 'cert-map' },
  {
    when: { requests: ['BIND_FAILED'], messages: ['ACCOUNT_LOCKED'], targetDisabled: true },
    outcome: 'failure',
    reason: 'disabled',
  },
  { when: { requests: ['BIND_FAILED'], messages: ['ACCOUNT_LOCKED'] }, outcome: 'failure', reason: 'locked' },
  { when: { requests: ['BIND_FAILED'], messages: ['ANONYMOUS_BIND'] }, outcome: 'denied', reason: 'anonymous-refused' },
  { when: { requests: ['BIND_FAILED'] }, outcome: 'failure', reason: 'bad-credentials' },
  {
    when: { requests: ['BIND'], resultCodes: [49], texts: ['Invalid credentials'] },
    outcome: 'failure',
    reason: 'bad-password',
  },
  {
    when: {
      requests: ['BIND'],
      resultCodes: [49],
      texts: ['No such entry', 'Entry does not exist', 'No suffix for bind dn found'],
    },
    outcome: 'failure',
    reason: 'no-such-user',
  },
  {
    when: { requests: ['BIND'], resultCodes: [49], texts: ['Entry does not have userpassword set'] },
    outcome: 'failure',
    reason: 'no-password-set',
  },
  {
    when: { requests: ['BIND'], resultCodes: [49], texts: ['Client certificate mapping failed'] },
    outcome: 'failure',
    reason: 'cert-map',
  },
  { when: { requests: ['BIND'], resultCodes: [49], texts: ['SASL('] }, outcome: 'failure', reason: 'sasl-failure' },
  {
    when: { requests: ['BIND'], resultCodes: [49], messages: ['INVALID_PASSWORD'] },
    outcome: 'failure',
    reason: 'bad-password',
  },
  {
    when: { requests: ['BIND'], resultCodes: [49], messages: ['NO_SUCH_ENTRY'] },
    outcome: 'failure',
    reason: 'no-such-user',
  },
  {
    when: { requests: ['BIND'], resultCodes: [49], messages: ['CERT_MAP_FAILED'] },
    outcome: 'failure',
    reason: 'cert-map',
  },
  {
    when: {
      requests: ['BIND'],
      resultCodes: [49],
      methods: ['SIMPLE'],
      texts: [''],
      messages: [''],
      targetKnown: true,
      since: '1.3.5',
    },
    outcome: 'failure',
    reason: 'expired',
    about:
      'The identity list knows the entry, and the release prints a text for every other reason: the password was right.',
  },
  { when: { resultCodes: [49] }, outcome: 'failure', reason: 'bad-credentials' },
  {
    when: { requests: ['BIND'], resultCodes: [19], texts: ['Invalid credentials'] },
    outcome: 'failure',
    reason: 'locking',
    about: 'The very attempt that locked the account.',
  },
  {
    when: { requests: ['BIND'], resultCodes: [19], targetDisabled: true },
    outcome: 'failure',
    reason: 'inactive',
    about: 'The identity list has the account as disabled, and no lock would be told by the list.',
  },
  {
    when: { requests: ['BIND'], resultCodes: [19] },
    outcome: 'failure',
    reason: 'locked',
    about: 'May also be an account past its inactivity limit: the server prints the same.',
  },
  { when: { resultCodes: [19] }, outcome: 'denied', reason: 'policy' },
  {
    when: { requests: ['BIND'], resultCodes: [53], messages: ['ACCOUNT_LOCKED'] },
    outcome: 'failure',
    reason: 'disabled',
  },
  { when: { requests: ['BIND'], resultCodes: [53], targetDisabled: true }, outcome: 'failure', reason: 'disabled' },
  {
    when: { requests: ['BIND'], resultCodes: [53], targetKinds: ['root'] },
    outcome: 'denied',
    reason: 'rootdn-denied',
    about: 'Refused before the password was looked at.',
  },
  {
    when: { resultCodes: [53], requestSeen: false, transports: ['plain'] },
    outcome: 'denied',
    reason: 'insecure-channel',
    about: 'Refused before the request was read, on a channel without protection.',
  },
  { when: { resultCodes: [53], controlsOver: 10 }, outcome: 'denied', reason: 'too-many-controls' },
  { when: { resultCodes: [53] }, outcome: 'denied', reason: 'unwilling' },
  {
    when: { requests: ['BIND'], resultCodes: [48], messages: ['INVALID_PASSWORD'], namesDn: false },
    outcome: 'denied',
    reason: 'no-name',
  },
  { when: { requests: ['BIND'], resultCodes: [48], namesDn: true }, outcome: 'denied', reason: 'no-password-set' },
  { when: { resultCodes: [48] }, outcome: 'denied', reason: 'anonymous-refused' },
];

/** What result codes mean (taxonomy §6). */
const results: readonly OutcomeRule[] = [
  { when: { resultCodes: [0] }, outcome: 'success', reason: 'ok' },
  { when: { resultCodes: [5] }, outcome: 'success', reason: 'compare-false' },
  { when: { resultCodes: [6] }, outcome: 'success', reason: 'compare-true' },
  { when: { resultCodes: [14] }, outcome: 'pending', reason: 'in-progress' },
  { when: { resultCodes: [3], empty: true }, outcome: 'failure', reason: 'time-limit' },
  { when: { resultCodes: [3] }, outcome: 'partial', reason: 'time-limit' },
  { when: { resultCodes: [4], empty: true }, outcome: 'failure', reason: 'size-limit' },
  { when: { resultCodes: [4] }, outcome: 'partial', reason: 'size-limit' },
  { when: { resultCodes: [11], empty: true }, outcome: 'failure', reason: 'admin-limit' },
  { when: { resultCodes: [11] }, outcome: 'partial', reason: 'admin-limit' },
  { when: { resultCodes: [9, 10] }, outcome: 'partial', reason: 'referral' },
  { when: { resultCodes: [4096] }, outcome: 'partial', reason: 'sync-refresh-required' },
  { when: { resultCodes: [12] }, outcome: 'failure', reason: 'unsupported' },
  { when: { resultCodes: [20] }, outcome: 'failure', reason: 'exists-value' },
  { when: { resultCodes: [65] }, outcome: 'failure', reason: 'schema' },
  {
    when: { resultCodes: [1, 2, 16, 17, 18, 21, 33, 34, 35, 36, 54, 60, 61, 64, 66, 67, 69, 71, 76] },
    outcome: 'failure',
    reason: 'invalid-request',
  },
  { when: { resultCodes: [7] }, outcome: 'denied', reason: 'unsupported-method' },
  { when: { resultCodes: [8, 13] }, outcome: 'denied', reason: 'insecure-channel' },
  { when: { resultCodes: [32] }, outcome: 'failure', reason: 'not-found' },
  { when: { resultCodes: [50] }, outcome: 'denied', reason: 'access-denied' },
  { when: { resultCodes: [51] }, outcome: 'failure', reason: 'busy' },
  { when: { resultCodes: [52] }, outcome: 'failure', reason: 'unavailable' },
  { when: { resultCodes: [68] }, outcome: 'failure', reason: 'exists' },
  { when: { resultCodes: [70] }, outcome: 'failure', reason: 'size-limit' },
  { when: { resultCodes: [118] }, outcome: 'failure', reason: 'canceled' },
  { when: { resultCodes: [119] }, outcome: 'failure', reason: 'no-such-operation' },
  { when: { resultCodes: [120] }, outcome: 'failure', reason: 'too-late' },
  { when: { resultCodes: [121] }, outcome: 'failure', reason: 'cannot-cancel' },
  { when: { resultCodes: [122] }, outcome: 'failure', reason: 'assertion-failed' },
  { when: { resultCodes: [123] }, outcome: 'failure', reason: 'authorization-denied' },
  { when: { hasResult: true }, outcome: 'failure', reason: 'other' },
  { when: { records: ['RESULT'], hasResult: false }, outcome: 'unknown' },
];

const reads = ['SRCH', 'CMP'];

const tags: readonly TagRule[] = [
  {
    tag: 'anonymous',
    about: 'A bind without a name, or an operation of nobody.',
    when: { requests: ['BIND'], methods: ['SIMPLE', 'NONE'], namesDn: false },
  },
  {
    tag: 'anonymous',
    about: 'A bind by the SASL mechanism for it.',
    when: { requests: ['BIND'], mechanisms: ['ANONYMOUS'] },
  },
  {
    tag: 'anonymous',
    about: 'The security log says so.',
    when: { requests: ['BIND_SUCCESS', 'BIND_FAILED'], messages: ['ANONYMOUS_BIND'] },
  },
  {
    tag: 'anonymous',
    about: 'An operation on a connection that nobody is bound on.',
    when: { requests: [...reads, ...changes], boundMethods: ['ANONYMOUS'] },
  },
  {
    tag: 'cleartext',
    about: 'A password goes over a connection without protection.',
    when: { requests: ['BIND'], methods: ['SIMPLE'], namesDn: true, transports: ['plain'] },
  },
  {
    tag: 'cleartext',
    about: 'The same, by a SASL mechanism that does not hide it.',
    when: { requests: ['BIND'], mechanisms: ['PLAIN', 'LOGIN'], transports: ['plain'] },
  },
  {
    tag: 'cleartext',
    about: 'The same, with a new password.',
    when: {
      requests: ['MOD', 'EXT', 'EXT_INFO'],
      types: ['account-change/password-change', 'account-change/password-reset'],
      transports: ['plain'],
    },
  },
  { tag: 'local', about: 'Over the local socket of the server.', when: { transports: ['ldapi'] } },
  { tag: 'local', about: 'An identity given to a local user.', when: { requests: ['AUTOBIND'] } },
  { tag: 'internal-op', about: 'The server itself made the operation.', when: { internal: true } },
  {
    tag: 'replicated',
    about: 'A change that a replica brings.',
    when: { requests: changes, actorKinds: ['replication'] },
  },
  { tag: 'proxied', about: 'In the name of somebody else.', when: { proxied: true } },
  { tag: 'privileged-actor', about: 'The acting identity is privileged.', when: { actorPrivileged: true } },
  { tag: 'privileged-target', about: 'The named identity is privileged.', when: { targetPrivileged: true } },
  { tag: 'service-actor', about: 'The acting identity is a service.', when: { actorKinds: ['service'] } },
];

/** Categories, outcomes and tags of 389 Directory Server (taxonomy §3, §4, §6; detections §1.3). */
export const categories: CategoryTable = {
  version: '2',
  answers: ['RESULT', 'AUTHZ_ERROR'],
  changeRequests: changes,
  detailedLogs: ['audit', 'auditfail'],
  categories: [...operations, ...replication, ...configuration, ...attributes, ...entries, ...rest],
  outcomes: [...endings, ...bindReasons, ...results],
  tags,
  severities: { EMERG: 9, ALERT: 7, CRIT: 5, ERR: 3, WARN: 2, NOTICE: 1, INFO: 1, DEBUG: 1 },
  reasons: {
    ok: 'Done as asked.',
    'compare-true': 'The entry has the value.',
    'compare-false': 'The entry does not have the value.',
    'in-progress': 'The bind goes on with another step.',
    'bad-password': 'Wrong password.',
    'no-such-user': 'No entry has this name.',
    'no-password-set': 'The entry has no password.',
    'cert-map': 'The client certificate belongs to no entry.',
    'sasl-failure': 'The SASL mechanism failed.',
    expired: 'The password was right, but has expired. An inference.',
    'bad-credentials': 'Refused; the log does not say why.',
    locking: 'Wrong password, and with it the account was locked.',
    locked: 'The account is locked.',
    inactive: 'The account was not used for too long.',
    disabled: 'The account is disabled.',
    'rootdn-denied': 'The root DN may not bind from there or then.',
    'insecure-channel': 'The connection is not protected enough.',
    'unsupported-method': 'The server does not do this kind of bind.',
    'anonymous-refused': 'Anonymous access is not allowed.',
    'no-name': 'A password without a name.',
    'must-change': 'The password must be changed first.',
    'too-many-controls': 'The request carried too many controls.',
    unwilling: 'The server refuses; often a bind with a name and no password.',
    'access-denied': 'Access control refuses.',
    policy: 'A rule on passwords refuses: quality, history, age.',
    'not-found': 'No such entry.',
    exists: 'The entry is there already.',
    'exists-value': 'The value is there already.',
    schema: 'The entry would break the schema.',
    unsupported: 'A critical control or extension is not supported.',
    'invalid-request': 'The request is not valid.',
    'time-limit': 'It took too long.',
    'size-limit': 'There are too many entries.',
    'admin-limit': 'A limit of the server was reached.',
    referral: 'Another server knows.',
    'sync-refresh-required': 'The client must start its synchronization anew.',
    busy: 'The server is busy.',
    unavailable: 'The server is not available.',
    canceled: 'The request was cancelled.',
    'no-such-operation': 'There is no such request to cancel.',
    'too-late': 'The request to cancel was done already.',
    'cannot-cancel': 'The request cannot be cancelled.',
    'assertion-failed': 'What the client asserted is not so.',
    'authorization-denied': 'The client may not act in the name of that identity.',
    'idle-timeout': 'Nothing came for too long.',
    'io-timeout': 'The client was too slow.',
    aborted: 'The server broke the connection off.',
    'bad-ber': 'What came was no LDAP, or the client went away.',
    'ber-too-big': 'The request was larger than allowed.',
    'write-failed': 'The answer could not be sent.',
    'plug-in': 'A plug-in closed the connection.',
    'proxy-refused': 'The proxy is not trusted, or its header is not valid.',
    transport: 'The connection failed.',
    'tls-failure': 'TLS could not be agreed on.',
    replication: 'A replica cannot be reached, does not let in, or is too far behind.',
    'clock-skew': 'Clocks of replicas differ too much.',
    crash: 'The server had not been stopped properly.',
    other: 'Something else.',
  },
};
