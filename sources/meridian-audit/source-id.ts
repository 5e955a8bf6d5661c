/** Id of the source, and what its records say of themselves. */
export const sourceId = 'meridian-audit';
export const deviceModel = 'Meridian';
export const deviceType = 'Server';
/** Kind of its only log. */
export const auditLog = 'audit';
