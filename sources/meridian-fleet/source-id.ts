/** Id of the source, and what its records say of themselves. */
export const sourceId = 'meridian-fleet';
export const deviceModel = 'Meridian Agent';
export const deviceType = 'Agent';
/** Kind of its only log. */
export const fleetLog = 'fleet';
