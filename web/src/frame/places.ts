import type { IconName } from './icons.tsx';

/** A page one can go to from everywhere. */
export interface Place {
  readonly to:
    | '/'
    | '/hunt'
    | '/entities'
    | '/dashboards'
    | '/profiles'
    | '/agents'
    | '/enrollment'
    | '/sources'
    | '/enrichment'
    | '/dead-letters'
    | '/retention'
    | '/system'
    | '/users'
    | '/audit';
  readonly name: string;
  readonly icon: IconName;
  /** Letter that goes there after "g". */
  readonly key: string;
  /** Permission without which it is not shown. */
  readonly needs: string;
  /** Words under which it stands together with its neighbours. */
  readonly under?: string;
}

const fleet = 'Cloud Agent Profiles';

/** What people look at. */
export const places: readonly Place[] = [
  { to: '/', name: 'Overview', icon: 'overview', key: 'o', needs: 'events:read' },
  { to: '/hunt', name: 'Hunt', icon: 'hunt', key: 'h', needs: 'events:read' },
  { to: '/entities', name: 'Entities', icon: 'entities', key: 'e', needs: 'events:read' },
  { to: '/dashboards', name: 'Dashboards', icon: 'dashboards', key: 'b', needs: 'dashboards:read' },
];

/** What people set, and how it is. */
export const configurationPlaces: readonly Place[] = [
  { to: '/profiles', name: 'Profiles', icon: 'profiles', key: 'p', needs: 'profiles:read', under: fleet },
  { to: '/agents', name: 'Agents', icon: 'agents', key: 't', needs: 'agents:read', under: fleet },
  { to: '/enrollment', name: 'Enrollment', icon: 'enrollment', key: 'm', needs: 'enrollment:read', under: fleet },
  { to: '/sources', name: 'Data sources', icon: 'sources', key: 'd', needs: 'guides:read' },
  { to: '/enrichment', name: 'Enrichment', icon: 'enrichment', key: 'n', needs: 'enrichment:read' },
  { to: '/dead-letters', name: 'Dead letters', icon: 'dead-letters', key: 'l', needs: 'dead-letters:read' },
  { to: '/retention', name: 'Retention', icon: 'retention', key: 'r', needs: 'retention:read' },
  { to: '/users', name: 'Users', icon: 'users', key: 'u', needs: 'users:read' },
  { to: '/audit', name: 'Audit trail', icon: 'audit', key: 'a', needs: 'audit:read' },
  { to: '/system', name: 'System', icon: 'system', key: 's', needs: 'system:read' },
];

/** The permission that a page needs; undefined for those that everybody has. */
export function needsOf(path: string): string | undefined {
  return [...places, ...configurationPlaces].find(({ to }) => to !== '/' && (path === to || path.startsWith(`${to}/`)))
    ?.needs;
}
