/** Kinds of things that have a page. */
export type EntityKind = 'identity' | 'address' | 'entry' | 'server' | 'agent';

const kinds: Readonly<Record<string, EntityKind>> = {
  boundDn: 'identity',
  authorizationId: 'identity',
  tlsClientDn: 'identity',
  sourceIp: 'address',
  sourceIpv4: 'address',
  sourceIpv6: 'address',
  proxyIp: 'address',
  distinguishedName: 'entry',
  requestContext: 'entry',
  deviceHostName: 'server',
  agentId: 'agent',
};

/** Gives the entity a label's value names; undefined when it names none. */
export function entityOf(
  label: string,
  value: unknown,
): { readonly kind: EntityKind; readonly value: string } | undefined {
  const kind = kinds[label];
  return kind === undefined || typeof value !== 'string' || value === '' ? undefined : { kind, value };
}
