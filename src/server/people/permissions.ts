import { type Role, roles } from '#catalog';

/** Everything somebody may be allowed, and what it means. Scopes of API tokens are these, too. */
export const permissions = {
  'account:read': 'Who one is, and what one may do.',
  'account:write': 'Change one’s own password, second factor, sessions and API tokens; for people, not for API tokens.',
  'events:read': 'Search, count and group events; look at one, and at the session it belongs to.',
  'guides:read': 'Look at fields, sources and mapping guides; check queries; try a log line.',
  'system:read': 'See how the server is, and what was received how completely.',
  'searches:read': 'Use searches that oneself or others saved.',
  'searches:write': 'Save searches, and share them.',
  'dashboards:read': 'Look at dashboards.',
  'dashboards:write': 'Make dashboards, and share them.',
  'events:export': 'Export events.',
  'events:tail': 'Watch events as they come in.',
  'records:write': 'Send records in.',
  'dead-letters:read': 'Look at what could not be read.',
  'dead-letters:replay': 'Try it again.',
  'enrichment:read': 'See which context files are in use, and what they say.',
  'enrichment:write': 'Upload, replace and remove context files.',
  'profiles:read': 'Look at Cloud Agent Profiles.',
  'profiles:write': 'Make, change and delete Cloud Agent Profiles.',
  'agents:read': 'Look at agents.',
  'agents:write': 'Tag and un-enroll agents, and give them profiles.',
  'enrollment:read': 'Look at enrollment tokens.',
  'enrollment:write': 'Make and revoke enrollment tokens.',
  'retention:read': 'See how long events are kept.',
  'metrics:read': 'Read the counters of the server.',
  'retention:write': 'Set how long events are kept.',
  'users:read': 'Look at users, their roles, sessions and API tokens.',
  'users:write': 'Invite, change and remove users; end their sessions; revoke their API tokens.',
  'audit:read': 'Read who did what.',
} as const;
permissions satisfies Record<string, string>;

export type Permission = keyof typeof permissions;

/** All permissions, in the order of the table. */
export const permissionNames: readonly Permission[] = Object.keys(permissions).filter(isPermission);

/** What each role may do beyond the one before it: the one table of that. */
const added: Readonly<Record<Role, readonly Permission[]>> = {
  viewer: [
    'account:read',
    'account:write',
    'events:read',
    'guides:read',
    'system:read',
    'searches:read',
    'dashboards:read',
  ],
  analyst: ['searches:write', 'dashboards:write', 'events:export', 'events:tail'],
  engineer: [
    'records:write',
    'dead-letters:read',
    'dead-letters:replay',
    'enrichment:read',
    'enrichment:write',
    'profiles:read',
    'profiles:write',
    'agents:read',
    'agents:write',
    'enrollment:read',
    'enrollment:write',
    'retention:read',
    'metrics:read',
  ],
  administrator: ['retention:write', 'users:read', 'users:write', 'audit:read'],
};

const byRole: Readonly<Record<Role, ReadonlySet<Permission>>> = {
  viewer: upTo('viewer'),
  analyst: upTo('analyst'),
  engineer: upTo('engineer'),
  administrator: upTo('administrator'),
};

/** What a role may do. */
export function permissionsOf(role: Role): ReadonlySet<Permission> {
  return byRole[role];
}

/** Permissions an API token may be given: all but those of people themselves. */
export const scopes: readonly Permission[] = permissionNames.filter((name) => name !== 'account:write');

export function isPermission(text: string): text is Permission {
  return Object.hasOwn(permissions, text);
}

function upTo(role: Role): ReadonlySet<Permission> {
  return new Set(roles.slice(0, roles.indexOf(role) + 1).flatMap((one) => added[one]));
}
