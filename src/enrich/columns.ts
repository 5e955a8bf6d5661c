/** A column of a table: the name it has in examples, and the names that exports of other programs give it. */
export interface Column {
  readonly name: string;
  readonly about: string;
  /** All names, folded (see `foldColumn`): of several that a row has, the first counts. */
  readonly names: readonly string[];
}

type Columns = Readonly<Record<string, Column>>;

/** Columns that say when a row holds. */
export const periodColumns = {
  from: {
    name: 'validFrom',
    about: 'Day or time from which the row holds; UTC.',
    names: ['validfrom', 'from', 'firstseen'],
  },
  until: {
    name: 'validUntil',
    about: 'Day or time until which it holds.',
    names: ['validuntil', 'until', 'expires', 'expiry'],
  },
} as const;
periodColumns satisfies Columns;

/** Columns of tables of zones. */
export const zoneColumns = {
  block: {
    name: 'cidr',
    about: 'Block of addresses, or one address.',
    names: ['cidr', 'block', 'network', 'address', 'range'],
  },
  zone: { name: 'zone', about: 'What the block is: server, user, vpn, partner, …', names: ['zone', 'name'] },
  site: { name: 'site', about: 'Where it is.', names: ['site', 'location'] },
  description: { name: 'description', about: 'For people; not read.', names: ['description'] },
  trusted: { name: 'trusted', about: 'yes: may act as a proxy.', names: ['trusted'] },
} as const;
zoneColumns satisfies Columns;

/** Columns of tables of assets, besides the period. */
export const assetColumns = {
  id: { name: 'assetId', about: 'Id of the asset.', names: ['assetid', 'id', 'uuid'] },
  host: { name: 'fqdn', about: 'Host name.', names: ['fqdn', 'hostname', 'host', 'dnsname'] },
  name: { name: 'name', about: 'Name to show; counts as a host name, too.', names: ['name'] },
  addresses: {
    name: 'addresses',
    about: 'Addresses and blocks, with ; between.',
    names: ['addresses', 'address', 'ip', 'ips', 'ipaddress', 'ipaddresses', 'cidr', 'cidrs'],
  },
  owner: { name: 'owner', about: 'Who answers for it.', names: ['owner', 'ownername', 'ownermail'] },
  unit: { name: 'businessUnit', about: 'Part of the organization.', names: ['businessunit', 'unit', 'department'] },
  role: { name: 'role', about: 'directory, replica, jump, application, workstation, …', names: ['role'] },
  criticality: { name: 'criticality', about: '1 to 5.', names: ['criticality', 'criticalityscore'] },
  tags: { name: 'tags', about: 'Words, with ; between.', names: ['tags', 'labels'] },
} as const;
assetColumns satisfies Columns;

/** Columns of tables of identities and groups, besides the period. */
export const identityColumns = {
  dn: { name: 'dn', about: 'Distinguished name.', names: ['dn', 'distinguishedname', 'entrydn'] },
  id: {
    name: 'nsUniqueId',
    about: 'Id that stays the same after a rename.',
    // An id of its own, where the table has one, is the one other programs know.
    names: ['id', 'nsuniqueid', 'ipauniqueid', 'entryuuid', 'employeenumber'],
  },
  uid: { name: 'uid', about: 'Finds the identity where there is no dn.', names: ['uid'] },
  principals: {
    name: 'krbPrincipalName',
    about: 'Principals, with ; between.',
    names: ['krbprincipalname', 'principal', 'principals'],
  },
  host: { name: 'fqdn', about: 'Host name of an identity that is a host.', names: ['fqdn'] },
  name: { name: 'displayName', about: 'Name to show.', names: ['displayname', 'display', 'name', 'cn', 'gecos'] },
  mail: { name: 'mail', about: 'Mail address.', names: ['mail', 'email'] },
  department: {
    name: 'department',
    about: 'Part of the organization.',
    names: ['department', 'departmentnumber', 'ou'],
  },
  groups: { name: 'memberOf', about: 'Groups it is in, with ; between.', names: ['memberof', 'groups', 'group'] },
  members: {
    name: 'members',
    about: 'Of a group: DNs in it, with ; between.',
    names: ['members', 'member', 'uniquemember'],
  },
  kind: { name: 'kind', about: 'person, service, host, group, replication, root.', names: ['kind', 'type'] },
  privileged: { name: 'privileged', about: 'yes or no.', names: ['privileged'] },
  disabled: { name: 'disabled', about: 'yes or no.', names: ['disabled', 'nsaccountlock', 'locked'] },
  aliases: {
    name: 'aliases',
    about: 'Former DNs, with ; between.',
    names: ['aliases', 'alias', 'formerdn', 'formerdns'],
  },
} as const;
identityColumns satisfies Columns;

/** Columns of intelligence lists that are tables, besides the period. */
export const indicatorColumns = {
  value: {
    name: 'indicator',
    about: 'Address, block or range (first-last).',
    names: ['indicator', 'value', 'ip', 'ipaddress', 'address', 'cidr', 'range', 'network', 'srcip', 'dstip'],
  },
  confidence: { name: 'confidence', about: '0 to 100.', names: ['confidence', 'score'] },
  severity: { name: 'severity', about: 'low, medium, high or critical.', names: ['severity'] },
  labels: {
    name: 'labels',
    about: 'Words, with ; between.',
    names: ['labels', 'label', 'tags', 'tag', 'indicatortypes'],
  },
  light: { name: 'tlp', about: 'Traffic light: white, green, amber or red.', names: ['tlp'] },
} as const;
indicatorColumns satisfies Columns;

/** Columns of what is said about lists; `labels` and `tlp` are those of their entries. */
export const listColumns = {
  list: { name: 'list', about: 'Name of the list: that of its file.', names: ['list', 'name'] },
  confidence: { name: 'confidence', about: '0 to 100, where its entries say none.', names: ['confidence'] },
  severity: { name: 'severity', about: 'low, medium, high or critical.', names: ['severity'] },
  refresh: { name: 'refreshHours', about: 'How often the list is renewed.', names: ['refreshhours', 'refresh'] },
} as const;
listColumns satisfies Columns;
