/**
 * The HTTP API. `startServer` makes it listen:
 *
 * ```ts
 * const token = await readToken(dataDirectory);       // token.fresh: show it, once
 * const server = await startServer({ store, sources, stages, token: token.text, log, version, host, port });
 * console.error(server.url);                          // http://127.0.0.1:8420
 * await server.close();                               // then close the store
 * ```
 */
export { composeServer, type ServerParts } from './compose.ts';
export { csvHeader, csvRow } from './csv.ts';
export { agentNodeFlags, agentPlaces, agentUnit } from './fleet/agent-unit.ts';
export { defaultLimits, type ServerLimits } from './limits.ts';
export type { OpenIdOptions } from './people/open-id.ts';
export type { PeopleOptions } from './people/people.ts';
export { type Permission, permissionNames, permissions, permissionsOf, scopes } from './people/permissions.ts';
export { readRoleMapping } from './people/role-mapping.ts';
export { type RunningServer, type ServerOptions, startServer } from './start.ts';
export { isToken, readToken, type Token } from './token.ts';
