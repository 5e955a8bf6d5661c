import { AppError } from '#error';
import { foldDn, isUnder } from '#event';
import { cell, cells, isYes, type Row } from './table-file.ts';

/** What is known of a person, service or host behind a DN (taxonomy §12). */
export interface Identity {
  readonly id: string | undefined;
  readonly name: string | undefined;
  readonly mail: string | undefined;
  readonly department: string | undefined;
  readonly groups: readonly string[] | undefined;
  readonly kind: string | undefined;
  readonly privileged: boolean | undefined;
  readonly disabled: boolean | undefined;
}

/** Groups nested deeper than this are not followed. */
const nestingMax = 64;

/** Identities by folded DN. */
export class Identities {
  readonly #byDn = new Map<string, Identity>();

  /**
   * Reads the rows of an identity table.
   *
   * @param privilegedGroups names or DNs of groups whose members, nested ones too, are privileged
   * @param groupRows `group, member` rows that nest groups
   */
  constructor(rows: readonly Row[] = [], privilegedGroups: readonly string[] = [], groupRows: readonly Row[] = []) {
    const privileged = closure(privilegedGroups, groupRows);
    for (const [index, row] of rows.entries()) {
      const dn = cell(row, 'dn', 'distinguishedname');
      const folded = dn === undefined ? undefined : foldDn(dn);
      if (folded === undefined) {
        throw new AppError('enrichment-file', `Row ${index + 1} of the identities has no DN that can be read.`, { place: { line: index + 2 } });
      }
      const identity = readIdentity(row, privileged, folded);
      this.#byDn.set(folded, identity);
      for (const alias of cells(row, 'aliases', 'alias', 'principals')) {
        const other = foldDn(alias);
        if (other !== undefined && other !== '') this.#byDn.set(other, identity);
      }
    }
  }

  get size(): number {
    return this.#byDn.size;
  }

  find(folded: string): Identity | undefined {
    return this.#byDn.get(folded);
  }
}

function readIdentity(row: Row, privileged: ReadonlySet<string>, folded: string): Identity {
  const groups = cells(row, 'groups', 'memberof');
  const said = cell(row, 'privileged');
  const member = privileged.has(folded) || groups.some((group) => privileged.has(foldName(group)));
  const disabled = cell(row, 'disabled', 'nsaccountlock');
  return {
    id: cell(row, 'id', 'nsuniqueid', 'ipauniqueid', 'uid'),
    name: cell(row, 'display', 'displayname', 'name', 'cn'),
    mail: cell(row, 'mail', 'email'),
    department: cell(row, 'department', 'departmentnumber', 'ou'),
    groups: groups.length === 0 ? undefined : groups,
    kind: cell(row, 'kind', 'type'),
    privileged: member || isYes(said) ? true : said === undefined ? undefined : false,
    disabled: disabled === undefined ? undefined : isYes(disabled),
  };
}

function foldName(name: string): string {
  return foldDn(name) ?? name.trim().toLowerCase();
}

/** The privileged groups, the groups in them, and their members. */
function closure(names: readonly string[], rows: readonly Row[]): ReadonlySet<string> {
  const members = new Map<string, string[]>();
  for (const row of rows) {
    const group = foldName(cell(row, 'group', 'parent') ?? '');
    const list = members.get(group) ?? [];
    list.push(foldName(cell(row, 'member', 'child') ?? ''));
    members.set(group, list);
  }
  const found = new Set(names.map(foldName));
  let frontier = [...found];
  for (let depth = 0; depth < nestingMax && frontier.length > 0; depth++) {
    frontier = frontier.flatMap((group) => members.get(group) ?? []).filter((member) => !found.has(member));
    for (const member of frontier) found.add(member);
  }
  return found;
}

const serviceContainers = ['ou=services,', 'ou=service,', 'ou=apps,', 'ou=applications,', 'ou=system,', 'ou=serviceaccounts,', 'cn=sysaccounts,cn=etc,', 'cn=services,cn=accounts,'];
const personContainers = ['cn=users,cn=accounts,', 'ou=people,', 'ou=users,', 'ou=contractors,', 'ou=employees,', 'ou=staff,'];

/** Tells what kind of identity a folded DN names, by its place in the tree (taxonomy §12). */
export function kindOfDn(folded: string): string {
  if (folded === '') return 'anonymous';
  if (folded === 'cn=directory manager') return 'root';
  if (folded.startsWith('cn=replication manager,') || folded.startsWith('cn=replication manager+') || folded === 'cn=replication manager' || folded.startsWith('krbprincipalname=ldap/')) return 'replication';
  if (folded.startsWith('fqdn=') && folded.includes(',cn=computers,cn=accounts,')) return 'host';
  if (isUnder(folded, 'cn=config') && folded !== 'cn=config' && folded.startsWith('uid=')) return 'service';
  if (serviceContainers.some((container) => folded.includes(`,${container}`))) return 'service';
  const named = folded.startsWith('uid=') || folded.startsWith('cn=') || folded.includes('+cn=') || folded.startsWith('employeenumber=') || folded.startsWith('mail=');
  if (named && personContainers.some((container) => folded.includes(`,${container}`))) return 'person';
  return 'unknown';
}
