import type { LogKind } from '#source';

const folder = '/var/log/dirsrv/slapd-*';

/** The logs a server writes, and where its packages put them. */
export const logs: readonly LogKind[] = [
  { name: 'access', about: 'Every connection, request and result.', usualPaths: [`${folder}/access*`] },
  {
    name: 'security',
    about: 'Binds that prove or fail, refusals, broken connections.',
    usualPaths: [`${folder}/security*`],
  },
  { name: 'audit', about: 'Every change that succeeded, with its attributes.', usualPaths: [`${folder}/audit*`] },
  { name: 'auditfail', about: 'Changes that failed.', usualPaths: [`${folder}/auditfail*`] },
  { name: 'error', about: 'Starts, stops, replication, faults.', usualPaths: [`${folder}/errors*`] },
];
