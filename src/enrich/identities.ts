import { foldDn } from '#event';
import { push } from './assets.ts';
import { identityColumns } from './columns.ts';
import type { FirstRows } from './first-rows.ts';
import type { IdentityKind } from './identity-kind.ts';
import { dayMs, type Part } from './part.ts';
import type { FileContent } from './read-file.ts';
import { invalid, paced, type Row, readTable } from './read-table.ts';
import { flagIn, listIn, type Period, periodIn, phrases, textIn, words } from './row-values.ts';
import { SkippedRows } from './skipped-rows.ts';

/** What is known of a person, service, host or group (taxonomy §12). */
export interface Identity extends Period {
  readonly dn: string | undefined;
  readonly kind: IdentityKind | undefined;
  readonly id: string | undefined;
  readonly name: string | undefined;
  readonly mail: string | undefined;
  readonly department: string | undefined;
  /** Groups as they are written. */
  readonly groups: readonly string[] | undefined;
  /** The same, folded, for following them. */
  readonly memberOf: readonly string[];
  readonly privileged: boolean | undefined;
  readonly disabled: boolean | undefined;
  readonly source: string;
}

/** One table of identities and groups. */
export interface IdentityPart extends Part {
  readonly kind: 'identities';
  readonly byDn: ReadonlyMap<string, readonly Identity[]>;
  /** By uid, principal and host name, in lower case. */
  readonly byName: ReadonlyMap<string, readonly Identity[]>;
  /** Groups that hold the key, from tables that list members: member → groups, all folded. */
  readonly groupsOf: ReadonlyMap<string, readonly string[]>;
}

/** A snapshot of identities is expected daily. */
const staleAfterMs = dayMs;

const kinds: ReadonlyMap<string, IdentityKind> = new Map([
  ['root', 'root'],
  ['replication', 'replication'],
  ['replica', 'replication'],
  ['host', 'host'],
  ['computer', 'host'],
  ['service', 'service'],
  ['person', 'person'],
  ['user', 'person'],
  ['group', 'group'],
]);

/** Reads a table of identities; rows of a file named `groups…` are groups unless they say otherwise. */
export async function readIdentities(content: FileContent, first?: FirstRows): Promise<IdentityPart> {
  const table = await readTable(content);
  first?.keepTable(table);
  const builder = new IdentityBuilder(content);
  const skipped = new SkippedRows();
  for await (const row of paced(table.rows)) {
    const reason = builder.add(row);
    if (reason !== undefined) skipped.add(row.at, reason);
  }
  if (builder.entries === 0 && skipped.count > 0) throw invalid(content, 'no row has a dn, a uid or a principal');
  const { source, byDn, byName, groupsOf, entries } = builder;
  const told = skipped.told(content, table.exceeded);
  const staleAfter = content.changed + staleAfterMs;
  return { kind: 'identities', source, byDn, byName, groupsOf, entries, ...told, staleAfter };
}

class IdentityBuilder {
  readonly source: string;
  readonly byDn = new Map<string, Identity[]>();
  readonly byName = new Map<string, Identity[]>();
  readonly groupsOf = new Map<string, string[]>();
  entries = 0;
  readonly #usual: IdentityKind | undefined;

  constructor(content: FileContent) {
    this.source = `${content.name}@${content.version}`;
    this.#usual = /^groups/i.test(content.name) ? 'group' : undefined;
  }

  /** Gives why a row cannot be used. */
  add(row: Row): string | undefined {
    const period = periodIn(row);
    if (period === undefined) return 'validFrom or validUntil is no time';
    const identity = identityOf(row, period, this.source, this.#usual);
    if (identity === undefined) return 'the dn is none';
    const dns = [identity.dn, ...aliasDns(row)].filter((dn) => dn !== undefined);
    const { uid, principals, host } = identityColumns;
    const names = listIn(row, words, ...uid.names, ...principals.names, ...host.names);
    if (dns.length === 0 && names.length === 0) return 'neither dn nor uid nor principal';
    for (const dn of dns) push(this.byDn, dn, identity);
    // A uid alone may be anybody's below another suffix: it counts only where the table knows no DN.
    const alone = names.filter((name) => identity.dn === undefined || name.includes('@'));
    for (const name of alone) push(this.byName, name.toLowerCase(), identity);
    this.#addMembers(row, identity.dn);
    this.entries++;
    return undefined;
  }

  #addMembers(row: Row, group: string | undefined): void {
    if (group === undefined) return;
    for (const member of listIn(row, phrases, ...identityColumns.members.names)) {
      push(this.groupsOf, foldName(member), group);
    }
  }
}

/** Undefined when the row has a DN that is none. */
function identityOf(row: Row, period: Period, source: string, usual: IdentityKind | undefined): Identity | undefined {
  const written = textIn(row, ...identityColumns.dn.names);
  const dn = written === undefined ? undefined : foldDn(written);
  if (written !== undefined && dn === undefined) return undefined;
  const groups = listIn(row, phrases, ...identityColumns.groups.names);
  return {
    ...period,
    dn,
    kind: kinds.get(textIn(row, ...identityColumns.kind.names)?.toLowerCase() ?? '') ?? usual,
    id: textIn(row, ...identityColumns.id.names, ...identityColumns.uid.names),
    name: textIn(row, ...identityColumns.name.names),
    mail: textIn(row, ...identityColumns.mail.names),
    department: textIn(row, ...identityColumns.department.names),
    groups: groups.length === 0 ? undefined : groups,
    memberOf: groups.map(foldName),
    privileged: flagIn(row, ...identityColumns.privileged.names),
    disabled: flagIn(row, ...identityColumns.disabled.names),
    source,
  };
}

/** Former and other DNs of an identity: after a rename the id stays the same. */
function aliasDns(row: Row): readonly (string | undefined)[] {
  return listIn(row, phrases, ...identityColumns.aliases.names).map((alias) => foldDn(alias));
}

/** Folds the name of a group: a DN as such, anything else as it is in lower case. */
export function foldName(name: string): string {
  return (name.includes('=') ? foldDn(name) : undefined) ?? name.toLowerCase();
}
