import type { Permission } from './permissions.ts';

/** Who may use a route: everybody; agents by their signature; an agent that is enrolling; or whoever has a permission. */
export type Needs = 'open' | 'agent' | 'enrolling' | Permission;

/** What a route asks of its caller. */
export interface RouteRule {
  readonly needs: Needs;
  /** Who may use it besides: programs on this host, or agents by their signature. */
  readonly or?: 'local' | 'agent';
  /** Word under which the audit trail keeps what is done with it. */
  readonly audit?: string;
}

const open: RouteRule = { needs: 'open' };
const agent: RouteRule = { needs: 'agent' };

/**
 * Every route of the API, and what it asks of its caller: the one table of that. A route that is not in it is for
 * administrators alone, and a test fails.
 */
export const routeTable: Readonly<Record<string, RouteRule>> = {
  'GET /health': open,
  'GET /ready': open,
  'GET /metrics': { needs: 'metrics:read', or: 'local' },
  'GET /api/v1/openapi.json': open,

  'GET /api/v1/session': { needs: 'account:read' },
  'POST /api/v1/session': { needs: 'open', audit: 'session.begin' },
  'DELETE /api/v1/session': open,
  'GET /api/v1/session/ways': open,
  'POST /api/v1/session/provider': open,
  'POST /api/v1/session/provider/return': { needs: 'open', audit: 'session.begin' },
  'POST /api/v1/invitation/look': open,
  'POST /api/v1/invitation/accept': { needs: 'open', audit: 'invitation.accept' },

  'GET /api/v1/account': { needs: 'account:read' },
  'PUT /api/v1/account': { needs: 'account:write', audit: 'account.change' },
  'POST /api/v1/account/password': { needs: 'account:write', audit: 'account.password' },
  'GET /api/v1/account/sessions': { needs: 'account:write' },
  'DELETE /api/v1/account/sessions': { needs: 'account:write', audit: 'session.end' },
  'DELETE /api/v1/account/sessions/:id': { needs: 'account:write', audit: 'session.end' },
  'POST /api/v1/account/second-factor': { needs: 'account:write' },
  'POST /api/v1/account/second-factor/confirm': { needs: 'account:write', audit: 'second-factor.add' },
  'POST /api/v1/account/second-factor/remove': { needs: 'account:write', audit: 'second-factor.remove' },
  'POST /api/v1/account/recovery-codes': { needs: 'account:write', audit: 'second-factor.codes' },
  'GET /api/v1/account/tokens': { needs: 'account:write' },
  'POST /api/v1/account/tokens': { needs: 'account:write', audit: 'token.create' },
  'DELETE /api/v1/account/tokens/:id': { needs: 'account:write', audit: 'token.revoke' },
  'GET /api/v1/roles': { needs: 'account:read' },

  'GET /api/v1/users': { needs: 'users:read' },
  'POST /api/v1/users': { needs: 'users:write', audit: 'user.create' },
  'GET /api/v1/users/:id': { needs: 'users:read' },
  'PUT /api/v1/users/:id': { needs: 'users:write', audit: 'user.change' },
  'DELETE /api/v1/users/:id': { needs: 'users:write', audit: 'user.remove' },
  'POST /api/v1/users/:id/invitation': { needs: 'users:write', audit: 'user.invite' },
  'DELETE /api/v1/users/:id/second-factor': { needs: 'users:write', audit: 'second-factor.remove' },
  'GET /api/v1/users/:id/sessions': { needs: 'users:read' },
  'DELETE /api/v1/users/:id/sessions': { needs: 'users:write', audit: 'session.end' },
  'GET /api/v1/tokens': { needs: 'users:read' },
  'DELETE /api/v1/tokens/:id': { needs: 'users:write', audit: 'token.revoke' },
  'GET /api/v1/audit': { needs: 'audit:read' },

  'GET /api/v1/searches': { needs: 'searches:read' },
  'POST /api/v1/searches': { needs: 'searches:write', audit: 'search.create' },
  'GET /api/v1/searches/:id': { needs: 'searches:read' },
  'PUT /api/v1/searches/:id': { needs: 'searches:write', audit: 'search.change' },
  'DELETE /api/v1/searches/:id': { needs: 'searches:write', audit: 'search.remove' },

  'GET /api/v1/dashboards': { needs: 'dashboards:read' },
  'POST /api/v1/dashboards': { needs: 'dashboards:write', audit: 'dashboard.create' },
  'POST /api/v1/dashboards/check': { needs: 'dashboards:write' },
  'GET /api/v1/dashboards/:id': { needs: 'dashboards:read' },
  'PUT /api/v1/dashboards/:id': { needs: 'dashboards:write', audit: 'dashboard.change' },
  'DELETE /api/v1/dashboards/:id': { needs: 'dashboards:write', audit: 'dashboard.remove' },
  'GET /api/v1/dashboards/:id/export': { needs: 'dashboards:read' },

  'GET /api/v1/events/search': { needs: 'events:read' },
  'POST /api/v1/events/search': { needs: 'events:read' },
  'GET /api/v1/events/count': { needs: 'events:read' },
  'POST /api/v1/events/count': { needs: 'events:read' },
  'GET /api/v1/events/histogram': { needs: 'events:read' },
  'POST /api/v1/events/histogram': { needs: 'events:read' },
  'GET /api/v1/events/facets': { needs: 'events:read' },
  'POST /api/v1/events/facets': { needs: 'events:read' },
  'GET /api/v1/events/group': { needs: 'events:read' },
  'POST /api/v1/events/group': { needs: 'events:read' },
  'GET /api/v1/events/:eventId': { needs: 'events:read' },
  'GET /api/v1/sessions/:sessionKey': { needs: 'events:read' },
  'GET /api/v1/events/tail': { needs: 'events:tail' },
  'GET /api/v1/events/export': { needs: 'events:export', audit: 'events.export' },
  'POST /api/v1/records': { needs: 'records:write', or: 'agent' },

  'GET /api/v1/query/validate': { needs: 'guides:read' },
  'POST /api/v1/query/validate': { needs: 'guides:read' },
  'GET /api/v1/query/complete': { needs: 'guides:read' },
  'POST /api/v1/query/complete': { needs: 'guides:read' },
  'GET /api/v1/query/help': { needs: 'guides:read' },
  'POST /api/v1/query/help': { needs: 'guides:read' },
  'GET /api/v1/fields': { needs: 'guides:read' },
  'GET /api/v1/sources': { needs: 'guides:read' },
  'GET /api/v1/guides/:source': { needs: 'guides:read' },
  'POST /api/v1/parse': { needs: 'guides:read' },

  'GET /api/v1/system': { needs: 'system:read' },
  'GET /api/v1/completeness': { needs: 'system:read' },
  'GET /api/v1/completeness/gaps': { needs: 'system:read' },
  'GET /api/v1/completeness/kinds': { needs: 'system:read' },
  'GET /api/v1/completeness/sessions': { needs: 'system:read' },
  'GET /api/v1/dead-letters/counts': { needs: 'system:read' },
  'GET /api/v1/dead-letters': { needs: 'dead-letters:read' },
  'GET /api/v1/dead-letters/:id': { needs: 'dead-letters:read' },
  'POST /api/v1/dead-letters/replay': { needs: 'dead-letters:replay', audit: 'dead-letters.replay' },
  'GET /api/v1/enrichment': { needs: 'enrichment:read' },
  'GET /api/v1/enrichment/kinds': { needs: 'enrichment:read' },
  'POST /api/v1/enrichment/look-up': { needs: 'enrichment:read' },
  'POST /api/v1/enrichment/files/:kind/preview': { needs: 'enrichment:write' },
  'PUT /api/v1/enrichment/files/:kind': { needs: 'enrichment:write', audit: 'enrichment.put' },
  'DELETE /api/v1/enrichment/files/:kind': { needs: 'enrichment:write', audit: 'enrichment.remove' },
  'POST /api/v1/enrichment/files/:kind/restore': { needs: 'enrichment:write', audit: 'enrichment.restore' },
  'GET /api/v1/retention': { needs: 'retention:read' },
  'PUT /api/v1/retention': { needs: 'retention:write', audit: 'retention.change' },

  'GET /api/v1/profiles': { needs: 'profiles:read' },
  'POST /api/v1/profiles': { needs: 'profiles:write', audit: 'profile.create' },
  'GET /api/v1/profiles/:id': { needs: 'profiles:read' },
  'PUT /api/v1/profiles/:id': { needs: 'profiles:write', audit: 'profile.change' },
  'DELETE /api/v1/profiles/:id': { needs: 'profiles:write', audit: 'profile.remove' },
  'GET /api/v1/profiles/:id/agents': { needs: 'agents:read' },
  'GET /api/v1/profiles/:id/versions': { needs: 'profiles:read' },
  'GET /api/v1/profiles/:id/versions/:version': { needs: 'profiles:read' },
  'GET /api/v1/profiles/:id/difference': { needs: 'profiles:read' },
  'GET /api/v1/profiles/:id/export': { needs: 'profiles:read' },
  'POST /api/v1/profiles/:id/roll-back': { needs: 'profiles:write', audit: 'profile.roll-back' },
  'POST /api/v1/profiles/:id/clone': { needs: 'profiles:write', audit: 'profile.create' },
  'POST /api/v1/profiles/import': { needs: 'profiles:write', audit: 'profile.create' },
  'POST /api/v1/profiles/preview': { needs: 'profiles:read' },

  'GET /api/v1/agents': { needs: 'agents:read' },
  'GET /api/v1/agents/summary': { needs: 'agents:read' },
  'GET /api/v1/agents/:id': { needs: 'agents:read' },
  'DELETE /api/v1/agents/:id': { needs: 'agents:write', audit: 'agent.remove' },
  'PUT /api/v1/agents/:id/tags': { needs: 'agents:write', audit: 'agent.tags' },
  'PUT /api/v1/agents/:id/profile': { needs: 'agents:write', audit: 'agent.profile' },
  'GET /api/v1/enrollment/tokens': { needs: 'enrollment:read' },
  'POST /api/v1/enrollment/tokens': { needs: 'enrollment:write', audit: 'enrollment.create' },
  'DELETE /api/v1/enrollment/tokens/:id': { needs: 'enrollment:write', audit: 'enrollment.revoke' },
  'GET /api/v1/enrollment/install.sh': open,
  'GET /api/v1/enrollment/agent.mjs': open,
  'POST /api/v1/agents/enroll': { needs: 'enrolling' },
  'POST /api/v1/agents/self/key': agent,
  'GET /api/v1/agents/self/profile': agent,
  'POST /api/v1/agents/self/heartbeat': agent,
  'POST /api/v1/agents/self/streams': agent,
  'POST /api/v1/agents/self/leave': agent,
};

/** For what is not in the table: nobody gets in who is not administrator. */
const unlisted: RouteRule = { needs: 'users:write' };
const apiPrefix = '/api/';

/** Gives the rule of a route; what stands outside the API and the table, the console's files, is open. */
export function ruleOf(method: string, path: string): RouteRule {
  const key = `${method === 'HEAD' ? 'GET' : method} ${path}`;
  const rule = Object.hasOwn(routeTable, key) ? routeTable[key] : undefined;
  return rule ?? (path.startsWith(apiPrefix) ? unlisted : open);
}
