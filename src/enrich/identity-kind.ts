import { type DnPattern, dnPattern, fitsDnPattern, rdnsOf } from '#event';

/** Kinds of identities that a DN tells (taxonomy §12). */
export type IdentityKind = 'root' | 'replication' | 'host' | 'service' | 'person' | 'group' | 'anonymous' | 'unknown';

/** Name of the patterns in `enrichedBy`. */
export const kindPatternsSource = 'dn-patterns@1';

/** Patterns of DNs and the kind they tell; the first that fits counts. Printed in `docs/enrichment.md`. */
export const kindPatterns: readonly (readonly [pattern: string, kind: IdentityKind])[] = [
  ['cn=replication manager,*', 'replication'],
  ['fqdn=*,cn=computers,cn=accounts,*', 'host'],
  ['krbprincipalname=*,cn=services,cn=accounts,*', 'service'],
  ['uid=*,cn=sysaccounts,cn=etc,*', 'service'],
  ['uid=*,cn=config', 'service'],
  ['cn=*,cn=plugins,cn=config', 'service'],
  ['uid=*,cn=users,cn=accounts,*', 'person'],
  ['uid=*,ou=people,*', 'person'],
  ...['services', 'apps', 'applications', 'system', 'systems'].flatMap((unit) => [
    [`cn=*,ou=${unit},*`, 'service'] as const,
    [`uid=*,ou=${unit},*`, 'service'] as const,
  ]),
];

const compiled: readonly (readonly [DnPattern, IdentityKind])[] = kindPatterns.map(([pattern, kind]) => [
  dnPattern(pattern, 'entry'),
  kind,
]);

/** The root DN of a server that nobody changed. */
export const defaultRootDn = 'cn=directory manager';
/** Accounts that rule a whole realm, whatever groups they are in. */
const rulers: DnPattern = dnPattern('uid=admin,cn=users,cn=accounts,*', 'entry');

/** Kind of an identity by its folded DN. */
export function kindOf(folded: string, rootDns: ReadonlySet<string>, replicaDns: ReadonlySet<string>): IdentityKind {
  if (folded === '') return 'anonymous';
  if (rootDns.has(folded)) return 'root';
  if (replicaDns.has(folded)) return 'replication';
  const rdns = rdnsOf(folded);
  return compiled.find(([pattern]) => fitsDnPattern(pattern, rdns))?.[1] ?? 'unknown';
}

/** Whether an identity is privileged by its name alone. */
export function rulesByName(folded: string, kind: IdentityKind): boolean {
  return kind === 'root' || kind === 'replication' || fitsDnPattern(rulers, rdnsOf(folded));
}
