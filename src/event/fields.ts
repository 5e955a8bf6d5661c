/**
 * The field dictionary: the words every room shares. From it come the event type, the store's columns, what QQL
 * accepts and completes, `docs/fields.md` and the API's field list. Nothing about a field is written anywhere else.
 *
 * Groups are never mixed up: *guide* holds the fourteen labels of the public mapping guide with exactly its names
 * (data-model §5); everything else is ours.
 */

import { categoryNames, outcomes, typeNames } from './categories.ts';

/** The five groups a label can belong to, in the order they are shown. */
export const fieldGroups = ['guide', 'extended', 'category', 'context', 'system'] as const;
export type FieldGroup = (typeof fieldGroups)[number];

/**
 * What a value is.
 *
 * - `instant`: epoch milliseconds, a safe integer
 * - `unsigned`: 64-bit count; a number, or a decimal string above 2^53
 * - `integer`: a safe integer, may be negative
 * - `decimal`: seconds or degrees, nine decimals matter
 * - `boolean`
 * - `ip`: an address of either family; `ipv4`, `ipv6`: of one
 * - `dn`: a distinguished name as the source wrote it; `filter`: an LDAP filter
 * - `enum`: one of few words, compared ignoring case, never split into words
 * - `identifier`: one token (host name, OID, CSN), compared whole or by prefix, never split
 * - `text`: words
 */
export type FieldType =
  | 'instant'
  | 'unsigned'
  | 'integer'
  | 'decimal'
  | 'boolean'
  | 'ip'
  | 'ipv4'
  | 'ipv6'
  | 'dn'
  | 'filter'
  | 'enum'
  | 'identifier'
  | 'text';

/** One entry of the dictionary. */
export interface Field {
  readonly group: FieldGroup;
  readonly type: FieldType;
  /** True where an event may hold several values: the value is an array. */
  readonly many?: true;
  /** One sentence on the meaning; units last. */
  readonly about: string;
  /** Example as a person would type it in QQL. */
  readonly sample?: string;
  /** The closed or usual set of values, for completion. */
  readonly values?: readonly string[];
}

const identityKinds = ['root', 'replication', 'host', 'service', 'person', 'group', 'anonymous', 'unknown'] as const;

const subTypes = [
  'CONNECTION',
  'DISCONNECT',
  'HAPROXY',
  'TLS',
  'AUTOBIND',
  'BIND',
  'UNBIND',
  'SRCH',
  'CMP',
  'ADD',
  'MOD',
  'DEL',
  'MODRDN',
  'EXT',
  'EXT_INFO',
  'ABANDON',
  'SORT',
  'VLV',
  'STAT',
  'ENTRY',
  'REFERRAL',
  'RESULT',
  'UNPROCESSED',
  'BIND_SUCCESS',
  'BIND_FAILED',
  'AUTHZ_ERROR',
  'TCP_ERROR',
  'HAPROXY_SUCCESS',
  'EMERG',
  'ALERT',
  'CRIT',
  'ERR',
  'WARN',
  'NOTICE',
  'INFO',
  'DEBUG',
] as const;

export const fields = {
  // guide: data-model §5, in the guide's order
  eventTime: { group: 'guide', type: 'instant', about: 'When the event occurred.', sample: '[now-1d .. now]' },
  deviceVendor: { group: 'guide', type: 'enum', about: 'Maker of the device.', sample: '`389 Directory Server`' },
  deviceType: { group: 'guide', type: 'enum', about: 'Kind of device.', sample: 'Application' },
  sessionId: {
    group: 'guide',
    type: 'unsigned',
    about: 'Number the server gave the connection; starts again at 1 with each server start.',
    sample: '3471',
  },
  sourceIpv4: {
    group: 'guide',
    type: 'ipv4',
    about: 'Address of the client, when it is IPv4.',
    sample: '172.16.240.251',
  },
  destinationIpv4: {
    group: 'guide',
    type: 'ipv4',
    about: 'Address of the server the client reached, when it is IPv4.',
    sample: '172.16.240.205',
  },
  count: { group: 'guide', type: 'unsigned', about: 'Entries returned for the request.', sample: '[1000 .. ]' },
  duration: {
    group: 'guide',
    type: 'decimal',
    about: 'Elapsed time of the operation, in seconds.',
    sample: '0.008905371',
  },
  requestContext: {
    group: 'guide',
    type: 'dn',
    about: 'Search base.',
    sample: '`cn=skonakalla,ou=groups,dc=corp,dc=qualys,dc=com`',
  },
  method: {
    group: 'guide',
    type: 'enum',
    about: 'Bind method.',
    sample: 'SASL',
    values: ['SIMPLE', 'SASL', 'NONE', 'KRBV41', 'KRBV42'],
  },
  searchFilter: {
    group: 'guide',
    type: 'filter',
    about: 'Search filter as the server wrote it.',
    sample: '`(objectClass=posixGroup)`',
  },
  distinguishedName: {
    group: 'guide',
    type: 'dn',
    about: 'DN the record names: of the bind, or of the entry.',
    sample: '`uid=pwsync,cn=config`',
  },
  operationNumber: {
    group: 'guide',
    type: 'integer',
    about: 'Number of the operation on its connection; -1 is none.',
    sample: '9',
  },
  eventSubType: {
    group: 'guide',
    type: 'enum',
    about: "LDAP request type, or the record kind, in the product's own word.",
    sample: 'BIND',
    values: subTypes as readonly string[],
  },

  // extended: what the record says
  logName: {
    group: 'extended',
    type: 'enum',
    about: 'Log the record stood in.',
    values: ['access', 'security', 'audit', 'auditfail', 'error'],
  },
  deviceProduct: { group: 'extended', type: 'enum', about: 'Product that wrote the record.' },
  deviceHostName: { group: 'extended', type: 'identifier', about: "Host name of the server, from the log's title." },
  deviceInstance: { group: 'extended', type: 'identifier', about: "Instance of the server, from the log's title." },
  productVersion: { group: 'extended', type: 'identifier', about: "Version of the server, from the log's title." },
  sourceIp: {
    group: 'extended',
    type: 'ip',
    about: 'Address of the client, either family; the real one behind a proxy.',
    sample: '2001:db8::15',
  },
  sourceIpv6: { group: 'extended', type: 'ipv6', about: 'Address of the client, when it is IPv6.' },
  destinationIp: { group: 'extended', type: 'ip', about: 'Address of the server, either family.' },
  destinationIpv6: { group: 'extended', type: 'ipv6', about: 'Address of the server, when it is IPv6.' },
  proxyIp: { group: 'extended', type: 'ip', about: 'Address of the proxy the connection came through.' },
  localSocket: { group: 'extended', type: 'text', about: 'Socket path of an LDAPI connection.' },
  fileDescriptor: { group: 'extended', type: 'integer', about: 'File descriptor of the connection.' },
  transport: {
    group: 'extended',
    type: 'enum',
    about: 'How the connection is carried at this moment.',
    values: ['plain', 'starttls', 'ldaps', 'ldapi'],
  },
  secureConnection: {
    group: 'extended',
    type: 'boolean',
    about: 'True when TLS protects the connection at this moment, or it never leaves the host.',
  },
  tlsVersion: {
    group: 'extended',
    type: 'enum',
    about: 'TLS version in use.',
    values: ['TLS1.3', 'TLS1.2', 'TLS1.1', 'TLS1.0', 'SSL3', 'SSL2'],
  },
  tlsCipher: { group: 'extended', type: 'enum', about: 'Symmetric cipher in use.' },
  tlsKeySize: { group: 'extended', type: 'integer', about: 'Key size of the cipher, in bits.' },
  tlsClientSubject: { group: 'extended', type: 'dn', about: 'Subject of the client certificate.' },
  tlsClientIssuer: { group: 'extended', type: 'dn', about: 'Issuer of the client certificate.' },
  tlsClientDn: { group: 'extended', type: 'dn', about: 'Entry the client certificate was mapped to.' },
  boundDn: {
    group: 'extended',
    type: 'dn',
    about:
      'Identity of the connection when the record was written: set by the last successful bind, absent when anonymous.',
  },
  boundMethod: {
    group: 'extended',
    type: 'enum',
    about: 'How that identity was proven: SIMPLE, SASL mechanism, AUTOBIND or ANONYMOUS.',
  },
  authorizationId: {
    group: 'extended',
    type: 'dn',
    about: 'Identity used instead of the bound one for this operation (proxied authorization).',
  },
  requestType: {
    group: 'extended',
    type: 'enum',
    about: 'Request a RESULT, ENTRY or similar record answers.',
    values: ['BIND', 'UNBIND', 'SRCH', 'CMP', 'ADD', 'MOD', 'DEL', 'MODRDN', 'EXT', 'ABANDON'],
  },
  requestTime: { group: 'extended', type: 'instant', about: 'When the request of this RESULT was logged.' },
  resultCode: { group: 'extended', type: 'integer', about: 'LDAP result code.', sample: '49' },
  resultName: { group: 'extended', type: 'enum', about: 'Name of the LDAP result code.', sample: 'invalidCredentials' },
  resultTag: { group: 'extended', type: 'integer', about: 'LDAP response tag.' },
  resultText: {
    group: 'extended',
    type: 'text',
    about: 'Free text the server printed with the result or the request.',
  },
  waitTime: { group: 'extended', type: 'decimal', about: 'Time the operation waited before work began, in seconds.' },
  queueTime: { group: 'extended', type: 'decimal', about: 'Time in the worker queue, in seconds.' },
  operationTime: { group: 'extended', type: 'decimal', about: 'Time a worker spent on the operation, in seconds.' },
  writeTime: { group: 'extended', type: 'decimal', about: 'Time spent sending data to the client, in seconds.' },
  busyWorkers: { group: 'extended', type: 'integer', about: 'Worker threads busy at that moment.' },
  maxWorkers: { group: 'extended', type: 'integer', about: 'Worker threads there are.' },
  queueDepth: { group: 'extended', type: 'integer', about: 'Operations waiting for a worker.' },
  resultNotes: {
    group: 'extended',
    type: 'enum',
    many: true,
    about:
      'Note letters of the result: U partially unindexed, A fully unindexed, P paged, F unknown attribute in filter, M multi-factor, N not synchronous, B blocked.',
    values: ['U', 'A', 'P', 'F', 'M', 'N', 'B'],
  },
  searchScope: { group: 'extended', type: 'enum', about: 'Scope of the search.', values: ['base', 'one', 'subtree'] },
  requestedAttributes: {
    group: 'extended',
    type: 'identifier',
    many: true,
    about: 'Attributes the search asked for; ALL when it named none.',
  },
  persistentSearch: { group: 'extended', type: 'boolean', about: 'True for a persistent search.' },
  saslMechanism: { group: 'extended', type: 'enum', about: 'SASL mechanism, as the client sent it.' },
  ldapVersion: { group: 'extended', type: 'integer', about: 'LDAP protocol version of the bind.' },
  extendedOid: { group: 'extended', type: 'identifier', about: 'OID of the extended operation.' },
  extendedName: {
    group: 'extended',
    type: 'text',
    about: 'Name of the extended operation or of the plug-in that handled it.',
  },
  newRdn: { group: 'extended', type: 'dn', about: 'New RDN of a rename.' },
  newSuperior: { group: 'extended', type: 'dn', about: 'New parent of a move.' },
  deleteOldRdn: { group: 'extended', type: 'boolean', about: 'True when the rename removed the old RDN value.' },
  compareAttribute: { group: 'extended', type: 'identifier', about: 'Attribute a compare asked about.' },
  targetOperation: {
    group: 'extended',
    type: 'identifier',
    about: "Operation an ABANDON names, or the server's word for it.",
  },
  messageId: { group: 'extended', type: 'integer', about: 'LDAP message id an ABANDON names.' },
  pageIndex: { group: 'extended', type: 'integer', about: 'Slot of the paged search on its connection.' },
  pageCookie: { group: 'extended', type: 'integer', about: 'Cookie of the paged search; -1 on the last page.' },
  sortKeys: { group: 'extended', type: 'text', about: 'Sort keys of a SORT or VLV record.' },
  indexAttribute: { group: 'extended', type: 'identifier', about: 'Attribute whose index a STAT record tells of.' },
  indexKey: { group: 'extended', type: 'text', about: 'Index key a STAT record tells of, with its type.' },
  indexCount: { group: 'extended', type: 'integer', about: 'Entries behind that index key.' },
  changeNumber: {
    group: 'extended',
    type: 'identifier',
    about: 'Change sequence number (CSN) of a replicated change.',
  },
  sessionTrackingId: { group: 'extended', type: 'identifier', about: 'Session tracking id the client sent.' },
  controls: {
    group: 'extended',
    type: 'identifier',
    many: true,
    about: 'OIDs of the controls of request and response.',
  },
  internalOperation: { group: 'extended', type: 'boolean', about: 'True for an operation the server made itself.' },
  internalId: {
    group: 'extended',
    type: 'identifier',
    about: 'Running number and depth of an internal operation, as I.K.',
  },
  closeReason: {
    group: 'extended',
    type: 'enum',
    about: 'Code with which the connection was closed.',
    values: ['U1', 'A1', 'B1', 'B2', 'B3', 'B4', 'T1', 'T2', 'T3', 'R1', 'P1', 'P2', 'P3', 'P4', 'S1'],
  },
  closeText: { group: 'extended', type: 'text', about: 'System error or sentence printed with the close.' },
  distinguishedNameFolded: {
    group: 'extended',
    type: 'identifier',
    about: 'The DN folded for comparison: attribute names and values in lower case, escapes and blanks normalized.',
  },
  requestContextFolded: { group: 'extended', type: 'identifier', about: 'The search base folded for comparison.' },
  boundDnFolded: { group: 'extended', type: 'identifier', about: 'The bound DN folded for comparison.' },
  searchFilterShape: {
    group: 'extended',
    type: 'filter',
    about: 'The filter with its values replaced by ?: equal for all searches of one kind.',
    sample: '`(&(objectclass=?)(uid=?))`',
  },
  searchFilterDepth: {
    group: 'extended',
    type: 'integer',
    about: 'Nesting depth of the filter; absent when it cannot be parsed.',
  },
  searchFilterAttributes: {
    group: 'extended',
    type: 'identifier',
    many: true,
    about: 'Attributes the filter asks about, in lower case.',
  },
  changedAttributes: {
    group: 'extended',
    type: 'identifier',
    many: true,
    about: 'Attributes a change touched, in lower case.',
  },
  changes: {
    group: 'extended',
    type: 'text',
    many: true,
    about: 'Each change as "operation attribute: value"; secrets are redacted.',
  },
  objectClasses: {
    group: 'extended',
    type: 'identifier',
    many: true,
    about: 'Object classes of an added entry, in lower case.',
  },
  subsystem: { group: 'extended', type: 'identifier', about: 'Part of the server that wrote an error-log record.' },
  message: { group: 'extended', type: 'text', about: 'Message of an error-log or security record.' },
  messageKind: {
    group: 'extended',
    type: 'enum',
    about: 'What a recognized error-log message tells: start, stop, replication-bind-failed and so on.',
  },
  sessionKey: {
    group: 'extended',
    type: 'identifier',
    about: 'Key of the session that stays unique across server restarts.',
  },
  rawEvent: { group: 'extended', type: 'text', about: 'The untouched record.' },

  // category: taxonomy §3
  eventCategory: {
    group: 'category',
    type: 'enum',
    about: 'What the event is about.',
    values: categoryNames as readonly string[],
  },
  eventType: {
    group: 'category',
    type: 'enum',
    about: 'What happened, as a verb of its category.',
    values: typeNames as readonly string[],
  },
  outcome: { group: 'category', type: 'enum', about: 'How it ended.', values: outcomes as readonly string[] },
  reason: { group: 'category', type: 'enum', about: 'Short code of why it ended that way.' },
  severity: { group: 'category', type: 'integer', about: 'Weight for sorting, 0 to 10.' },
  tags: {
    group: 'category',
    type: 'enum',
    many: true,
    about: 'Free marks: anonymous, cleartext, internal-op, privileged-actor, suspect-forged and so on.',
  },
  categoryConfidence: {
    group: 'category',
    type: 'enum',
    about: 'low when the category rests on the DN alone.',
    values: ['high', 'low'],
  },
  ocsfClassUid: { group: 'category', type: 'integer', about: 'OCSF 1.8 class number.' },
  ocsfActivityId: { group: 'category', type: 'integer', about: 'OCSF 1.8 activity number.' },
  ocsfTypeUid: { group: 'category', type: 'integer', about: 'OCSF 1.8 type number: class times 100 plus activity.' },

  // context: taxonomy §8 to §13
  sourceZone: {
    group: 'context',
    type: 'enum',
    about: 'Zone of the client address.',
    values: ['local', 'internal', 'link-local', 'shared', 'documentation', 'external'],
  },
  destinationZone: { group: 'context', type: 'enum', about: 'Zone of the server address.' },
  sourceSite: { group: 'context', type: 'enum', about: 'Site of the client address, from the zone table.' },
  sourceCountry: { group: 'context', type: 'enum', about: 'Country of the client address, ISO 3166 code.' },
  sourceRegion: { group: 'context', type: 'enum', about: 'Region of the client address.' },
  sourceCity: { group: 'context', type: 'text', about: 'City of the client address.' },
  sourceLatitude: { group: 'context', type: 'decimal', about: 'Latitude of the client address, in degrees.' },
  sourceLongitude: { group: 'context', type: 'decimal', about: 'Longitude of the client address, in degrees.' },
  sourceAsn: { group: 'context', type: 'integer', about: 'Autonomous system number of the client address.' },
  sourceAsOrg: { group: 'context', type: 'text', about: 'Owner of that autonomous system.' },
  sourceAssetId: { group: 'context', type: 'identifier', about: 'Asset behind the client address.' },
  sourceAssetName: { group: 'context', type: 'identifier', about: 'Name of that asset.' },
  sourceAssetOwner: { group: 'context', type: 'text', about: 'Owner of that asset.' },
  sourceAssetUnit: { group: 'context', type: 'text', about: 'Business unit of that asset.' },
  sourceAssetRole: { group: 'context', type: 'enum', about: 'Role of that asset.' },
  sourceAssetCriticality: { group: 'context', type: 'integer', about: 'Criticality of that asset, 1 to 5.' },
  sourceAssetTags: { group: 'context', type: 'enum', many: true, about: 'Tags of that asset.' },
  destinationAssetId: { group: 'context', type: 'identifier', about: 'Asset behind the server address.' },
  destinationAssetName: { group: 'context', type: 'identifier', about: 'Name of that asset.' },
  destinationAssetCriticality: { group: 'context', type: 'integer', about: 'Criticality of that asset, 1 to 5.' },
  actorKind: {
    group: 'context',
    type: 'enum',
    about: 'What kind of identity acted.',
    values: identityKinds as readonly string[],
  },
  actorId: { group: 'context', type: 'identifier', about: 'Stable id of the acting identity.' },
  actorName: { group: 'context', type: 'text', about: 'Display name of the acting identity.' },
  actorMail: { group: 'context', type: 'identifier', about: 'Mail address of the acting identity.' },
  actorDepartment: { group: 'context', type: 'text', about: 'Department of the acting identity.' },
  actorGroups: { group: 'context', type: 'text', many: true, about: 'Groups of the acting identity.' },
  actorPrivileged: { group: 'context', type: 'boolean', about: 'True when the acting identity is privileged.' },
  actorDisabled: {
    group: 'context',
    type: 'boolean',
    about: 'True when the acting identity is disabled in the identity list.',
  },
  targetKind: {
    group: 'context',
    type: 'enum',
    about: "What kind of identity the record's DN names.",
    values: identityKinds as readonly string[],
  },
  targetId: { group: 'context', type: 'identifier', about: 'Stable id of the named identity.' },
  targetName: { group: 'context', type: 'text', about: 'Display name of the named identity.' },
  targetPrivileged: { group: 'context', type: 'boolean', about: 'True when the named identity is privileged.' },
  targetDisabled: {
    group: 'context',
    type: 'boolean',
    about: 'True when the named identity is disabled in the identity list.',
  },
  threatLists: {
    group: 'context',
    type: 'enum',
    many: true,
    about: 'Intelligence lists that name the client address.',
  },
  threatIndicators: { group: 'context', type: 'identifier', many: true, about: 'Indicators that matched.' },
  threatSeverity: {
    group: 'context',
    type: 'enum',
    about: 'Highest severity of those.',
    values: ['low', 'medium', 'high', 'critical'],
  },
  threatConfidence: { group: 'context', type: 'integer', about: 'Highest confidence of those, 0 to 100.' },
  threatLabels: { group: 'context', type: 'enum', many: true, about: 'Labels of those.' },
  enrichedBy: {
    group: 'context',
    type: 'identifier',
    many: true,
    about: 'Sources, with version, of the values in this group.',
  },
  enrichmentStatus: {
    group: 'context',
    type: 'enum',
    about: 'partial when a look-up could not be made; absent otherwise.',
    values: ['partial'],
  },

  // system
  eventId: {
    group: 'system',
    type: 'identifier',
    about: 'Stream, generation and position in one: the same record always has the same id.',
  },
  ingestTime: { group: 'system', type: 'instant', about: 'When Meridian took the record in.' },
  agentId: { group: 'system', type: 'identifier', about: 'Agent that read the record.' },
  source: { group: 'system', type: 'enum', about: 'Data source that decoded the record.' },
  stream: { group: 'system', type: 'identifier', about: 'Identity of the log file, from its first record.' },
  generation: { group: 'system', type: 'integer', about: 'Which file of that identity, from 0.' },
  position: { group: 'system', type: 'unsigned', about: 'Byte offset of the record in the uncompressed file.' },
  mappingVersion: { group: 'system', type: 'identifier', about: 'Version of the mapping that made the event.' },
  correlation: {
    group: 'system',
    type: 'enum',
    about: 'Whether the opening of the connection was seen: complete, partial, or none for records without a session.',
    values: ['complete', 'partial', 'none'],
  },
  eventNanos: { group: 'system', type: 'integer', about: 'Part of eventTime below the millisecond, in nanoseconds.' },
  extra: { group: 'system', type: 'text', about: 'Keys of the record that no mapping row knows, as JSON.' },
} as const;

/** Name of a label in the dictionary. */
export type Label = keyof typeof fields;

/** All labels, in dictionary order. */
export const labels: readonly Label[] = Object.keys(fields) as Label[];

/** Gives a field with the optional parts typed. */
export function fieldOf(label: Label): Field {
  return fields[label];
}

const byFoldedName: ReadonlyMap<string, Label> = new Map(labels.map((label) => [label.toLowerCase(), label]));

/** Finds a label by name, ignoring case (qql §4.14); undefined when there is none. */
export function findLabel(name: string): Label | undefined {
  return byFoldedName.get(name.toLowerCase());
}
