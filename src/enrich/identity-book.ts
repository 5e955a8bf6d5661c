import { rdnsOf } from '#event';
import type { Identity, IdentityPart } from './identities.ts';
import { defaultRootDn, type IdentityKind, kindOf, kindPatternsSource, rulesByName } from './identity-kind.ts';
import { groupsFollowedMax } from './limits.ts';
import type { NamePart } from './name-list.ts';
import type { Period } from './row-values.ts';
import type { SourceSet, SourceSets } from './source-sets.ts';

/** What is added for an identity while a period lasts. */
export interface IdentityFacts extends Period {
  readonly kind: IdentityKind;
  readonly id: string | undefined;
  readonly name: string | undefined;
  readonly mail: string | undefined;
  readonly department: string | undefined;
  readonly groups: readonly string[] | undefined;
  readonly privileged: boolean | undefined;
  readonly disabled: boolean | undefined;
  readonly by: SourceSet;
}

/** Groups whose members are privileged, where no list says otherwise; by RDN, under any suffix (detections §2.4). */
export const defaultPrivilegedGroups: readonly string[] = [
  'cn=admins',
  'cn=trust admins',
  'cn=editors',
  'cn=directory administrators',
  'cn=hr managers',
  'cn=qa managers',
  'cn=pd managers',
  'cn=accounting managers',
];

/** RDNs whose value names an identity, whatever the rest of the DN. */
const namingTypes = /^(?:uid|krbprincipalname|fqdn)=(.*)$/;

/** All identity tables and lists of names, as one. */
export class IdentityBook {
  readonly #tables: readonly IdentityPart[];
  readonly #rootDns: ReadonlySet<string>;
  readonly #replicaDns: ReadonlySet<string>;
  readonly #privileged: ReadonlySet<string>;
  readonly #patterns: SourceSet;
  readonly #sets: SourceSets;

  constructor(tables: readonly IdentityPart[], lists: readonly NamePart[], sets: SourceSets) {
    this.#tables = tables;
    this.#sets = sets;
    this.#patterns = sets.of([kindPatternsSource]);
    const names = (kind: NamePart['kind']): readonly string[] =>
      lists.filter((list) => list.kind === kind).flatMap((list) => list.names);
    const orElse = (given: readonly string[], usual: readonly string[]): readonly string[] =>
      given.length > 0 ? given : usual;
    this.#rootDns = new Set(orElse(names('root-dns'), [defaultRootDn]));
    this.#replicaDns = new Set(names('replica-dns'));
    this.#privileged = new Set(orElse(names('privileged-groups'), defaultPrivilegedGroups));
  }

  /** All that may hold for a folded DN, newest period first; the last one always holds. */
  find(folded: string): readonly IdentityFacts[] {
    const kind = kindOf(folded, this.#rootDns, this.#replicaDns);
    // A privileged group is privileged itself: to change it is to make somebody privileged.
    const rules = rulesByName(folded, kind) || (folded.startsWith('cn=') && this.#isPrivilegedGroup(folded));
    const listed = this.#listed(folded).map((identity) => this.#factsOf(identity, kind, rules));
    return [...listed, this.#unlisted(kind, rules)];
  }

  #unlisted(kind: IdentityKind, rules: boolean): IdentityFacts {
    return {
      from: Number.NEGATIVE_INFINITY,
      until: Number.POSITIVE_INFINITY,
      kind,
      id: undefined,
      name: undefined,
      mail: undefined,
      department: undefined,
      groups: undefined,
      privileged: rules ? true : undefined,
      disabled: undefined,
      by: this.#patterns,
    };
  }

  #factsOf(identity: Identity, kind: IdentityKind, rules: boolean): IdentityFacts {
    return {
      from: identity.from,
      until: identity.until,
      kind: identity.kind ?? kind,
      id: identity.id,
      name: identity.name,
      mail: identity.mail,
      department: identity.department,
      groups: identity.groups,
      privileged: rules || identity.privileged === true || this.#isPrivileged(identity),
      disabled: identity.disabled,
      by: this.#sets.of(identity.kind === undefined ? [identity.source, kindPatternsSource] : [identity.source]),
    };
  }

  #listed(folded: string): readonly Identity[] {
    let found = this.#tables.flatMap((table) => table.byDn.get(folded) ?? []);
    if (found.length === 0) {
      const name = namingTypes.exec(rdnsOf(folded)[0] ?? '')?.[1];
      if (name !== undefined) found = this.#tables.flatMap((table) => table.byName.get(name) ?? []);
    }
    return found.length < 2 ? found : found.sort((one, other) => (one.from === other.from ? 0 : other.from - one.from));
  }

  /** Follows the groups of an identity upwards, through groups of groups. */
  #isPrivileged(identity: Identity): boolean {
    const seen = new Set<string>(this.#groupsOf(identity));
    for (const group of seen) {
      if (this.#isPrivilegedGroup(group)) return true;
      if (seen.size > groupsFollowedMax) return false;
      for (const outer of this.#groupsAround(group)) seen.add(outer);
    }
    return false;
  }

  #groupsOf(identity: Identity): readonly string[] {
    return [...identity.memberOf, ...(identity.dn === undefined ? [] : this.#groupsHolding(identity.dn))];
  }

  #groupsAround(group: string): readonly string[] {
    const rows = this.#tables.flatMap((table) => table.byDn.get(group) ?? []);
    return [...rows.flatMap((row) => row.memberOf), ...this.#groupsHolding(group)];
  }

  #groupsHolding(member: string): readonly string[] {
    return this.#tables.flatMap((table) => table.groupsOf.get(member) ?? []);
  }

  /** A privileged group may be given by its DN, its RDN or its name alone. */
  #isPrivilegedGroup(group: string): boolean {
    if (this.#privileged.has(group)) return true;
    const [rdn = ''] = rdnsOf(group);
    return this.#privileged.has(rdn) || this.#privileged.has(rdn.slice(rdn.indexOf('=') + 1));
  }
}
