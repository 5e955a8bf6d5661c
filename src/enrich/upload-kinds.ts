import {
  assetColumns,
  type Column,
  identityColumns,
  indicatorColumns,
  listColumns,
  periodColumns,
  zoneColumns,
} from './columns.ts';
import { databaseUploadBytesMax, databaseVersionsKeptMax, uploadBytesMax, versionsKeptMax } from './limits.ts';
import type { FileKind } from './options.ts';

/** What can be uploaded: the kinds of files; groups have the form of identities and a file of their own. */
export type UploadKind = FileKind | 'groups';

/** Forms of files, as the last part of their name says. */
export type UploadForm = 'csv' | 'tsv' | 'json' | 'jsonl' | 'yaml' | 'txt' | 'mmdb';

/** What an uploaded file of a kind is, and where it goes. */
export interface UploadPlace {
  readonly kind: UploadKind;
  /** What it is read as. */
  readonly fileKind: FileKind;
  readonly title: string;
  /** One sentence for who decides whether to have one. */
  readonly about: string;
  /** Folder within the enrichment folder. */
  readonly folder: '' | 'geography' | 'intelligence';
  /** Beginning of the file name; empty where the name alone makes it. */
  readonly stem: string;
  /** Whether there may be several, told apart by names. */
  readonly names: 'none' | 'may' | 'must';
  readonly forms: readonly UploadForm[];
  readonly bytesMax: number;
  readonly versionsMax: number;
  readonly columns: readonly Column[];
  /** A small file that works; absent for databases. */
  readonly sample?: { readonly file: string; readonly text: string };
}

const tables: readonly UploadForm[] = ['csv', 'tsv', 'json', 'yaml'];
const bounds = { bytesMax: uploadBytesMax, versionsMax: versionsKeptMax } as const;
const period: readonly Column[] = [periodColumns.from, periodColumns.until];
const identities: readonly Column[] = [...Object.values(identityColumns), ...period];

/** Every kind of upload: the one table of that. Samples also stand in `docs/enrichment.md`. */
export const uploadPlaces: readonly UploadPlace[] = [
  {
    ...bounds,
    kind: 'zones',
    fileKind: 'zones',
    title: 'Zones',
    about:
      'Which blocks of addresses are servers, offices, VPN or partners. Without any, private and public ones are told apart.',
    folder: '',
    stem: 'zones',
    names: 'may',
    forms: tables,
    columns: Object.values(zoneColumns),
    sample: {
      file: 'zones.csv',
      text: `cidr,zone,site,description,trusted
10.20.0.0/16,server,Oslo,racks,
10.30.0.0/16,user,Oslo,offices,
10.20.0.5,balancer,Oslo,in front of the directory,yes
2001:db8:30::/48,user,Bergen,,
`,
    },
  },
  {
    ...bounds,
    kind: 'assets',
    fileKind: 'assets',
    title: 'Assets',
    about: 'Whose host an address is, what it does, and how much depends on it.',
    folder: '',
    stem: 'assets',
    names: 'may',
    forms: tables,
    columns: [...Object.values(assetColumns), ...period],
    sample: {
      file: 'assets.csv',
      text: `assetId,fqdn,addresses,owner,businessUnit,role,criticality,tags,validFrom,validUntil
srv-17,ldap1.example.com,10.20.0.17;2001:db8:20::17,Ada Example,IT,directory,5,prod;ldap,,
ws-4,,10.30.0.4,Bob Example,Sales,workstation,2,,2026-01-01,2026-06-01
ws-9,,10.30.0.4,Eve Example,Legal,workstation,2,,2026-06-01,
net-30,,10.30.0.0/16,Network,IT,,1,,,
`,
    },
  },
  {
    ...bounds,
    kind: 'identities',
    fileKind: 'identities',
    title: 'Identities',
    about: 'Who a DN is: person, service or host, department, groups, whether disabled.',
    folder: '',
    stem: 'identities',
    names: 'may',
    forms: tables,
    columns: identities,
    sample: {
      file: 'identities.csv',
      text: `dn,nsUniqueId,uid,displayName,mail,department,memberOf,disabled,kind,aliases
"uid=alice,ou=people,dc=example,dc=com",5a1f,alice,Alice Example,alice@example.com,Finance,"cn=helpdesk,ou=groups,dc=example,dc=com",no,person,"uid=alice.smith,ou=people,dc=example,dc=com"
"cn=wiki,ou=services,dc=example,dc=com",77c2,,Wiki,,IT,,no,service,
`,
    },
  },
  {
    ...bounds,
    kind: 'groups',
    fileKind: 'identities',
    title: 'Groups',
    about: 'Which groups are in which, so that privileges are seen through groups of groups.',
    folder: '',
    stem: 'groups',
    names: 'may',
    forms: tables,
    columns: identities,
    sample: {
      file: 'groups.csv',
      text: `dn,memberOf,members
"cn=helpdesk,ou=groups,dc=example,dc=com","cn=operators,ou=groups,dc=example,dc=com",
"cn=operators,ou=groups,dc=example,dc=com",,
`,
    },
  },
  {
    ...bounds,
    kind: 'privileged-groups',
    fileKind: 'privileged-groups',
    title: 'Privileged groups',
    about: 'Groups whose members are privileged; one DN, RDN or name a line. Without it, the usual ones count.',
    folder: '',
    stem: 'privileged-groups',
    names: 'none',
    forms: ['txt'],
    columns: [],
    sample: { file: 'privileged-groups.txt', text: '# one DN, RDN or name a line\ncn=operators\ncn=admins\n' },
  },
  {
    ...bounds,
    kind: 'replica-dns',
    fileKind: 'replica-dns',
    title: 'Replica DNs',
    about: 'DNs that other servers bind as to replicate; one a line.',
    folder: '',
    stem: 'replica-dns',
    names: 'none',
    forms: ['txt'],
    columns: [],
    sample: { file: 'replica-dns.txt', text: '# one DN a line\ncn=replica-oslo,cn=config\n' },
  },
  {
    ...bounds,
    kind: 'root-dns',
    fileKind: 'root-dns',
    title: 'Root DNs',
    about: 'Root DNs, where it is not cn=Directory Manager; one a line.',
    folder: '',
    stem: 'root-dns',
    names: 'none',
    forms: ['txt'],
    columns: [],
    sample: { file: 'root-dns.txt', text: '# one DN a line\ncn=root of all\n' },
  },
  {
    kind: 'geography',
    fileKind: 'geography',
    title: 'Geography',
    about: 'Databases of countries, places and network owners: mmdb files of MaxMind, DB-IP, IPinfo and others.',
    folder: 'geography',
    stem: '',
    names: 'must',
    forms: ['mmdb'],
    bytesMax: databaseUploadBytesMax,
    versionsMax: databaseVersionsKeptMax,
    columns: [],
  },
  {
    ...bounds,
    kind: 'intelligence',
    fileKind: 'intelligence',
    title: 'Intelligence lists',
    about: 'Addresses to be warned of: one a line, a table, or a STIX 2.1 bundle.',
    folder: 'intelligence',
    stem: '',
    names: 'must',
    forms: ['txt', 'csv', 'tsv', 'json', 'jsonl'],
    columns: [...Object.values(indicatorColumns), ...period],
    sample: {
      file: 'partners.csv',
      text: `indicator,confidence,severity,labels,validFrom,validUntil
203.0.113.77,90,high,c2;botnet,2026-01-01,2026-12-31
`,
    },
  },
  {
    ...bounds,
    kind: 'intelligence-lists',
    fileKind: 'intelligence-lists',
    title: 'About the lists',
    about: 'What is said about lists as a whole: confidence, severity, how often they are renewed.',
    folder: 'intelligence',
    stem: 'lists',
    names: 'none',
    forms: ['yaml', 'json'],
    columns: [...Object.values(listColumns), indicatorColumns.labels, indicatorColumns.light],
    sample: {
      file: 'lists.yaml',
      text: `- list: scanners
  confidence: 40
  severity: low
  labels: [scan]
  tlp: green
  refreshHours: 24
`,
    },
  },
  {
    ...bounds,
    kind: 'intelligence-ignore',
    fileKind: 'intelligence-ignore',
    title: 'Never listed',
    about: 'Addresses that no list may name: the own ones, resolvers, partners.',
    folder: 'intelligence',
    stem: 'ignore',
    names: 'none',
    forms: ['txt'],
    columns: [],
    sample: { file: 'ignore.txt', text: '203.0.113.0/28   # our own\n' },
  },
];

const byKind: ReadonlyMap<string, UploadPlace> = new Map(uploadPlaces.map((place) => [place.kind, place]));

/** Gives the place of a kind; undefined for what is none. */
export function uploadPlaceOf(kind: string): UploadPlace | undefined {
  return byKind.get(kind);
}
