import type { IconName } from './icons.tsx';

/** A page one can go to from everywhere. */
export interface Place {
  readonly to: '/' | '/hunt' | '/entities' | '/sources' | '/enrichment' | '/dead-letters' | '/retention' | '/system';
  readonly name: string;
  readonly icon: IconName;
  /** Letter that goes there after "g". */
  readonly key: string;
}

/** What people look at. */
export const places: readonly Place[] = [
  { to: '/', name: 'Overview', icon: 'overview', key: 'o' },
  { to: '/hunt', name: 'Hunt', icon: 'hunt', key: 'h' },
  { to: '/entities', name: 'Entities', icon: 'entities', key: 'e' },
];

/** What people set, and how it is. */
export const configurationPlaces: readonly Place[] = [
  { to: '/sources', name: 'Data sources', icon: 'sources', key: 'd' },
  { to: '/enrichment', name: 'Enrichment', icon: 'enrichment', key: 'n' },
  { to: '/dead-letters', name: 'Dead letters', icon: 'dead-letters', key: 'l' },
  { to: '/retention', name: 'Retention', icon: 'retention', key: 'r' },
  { to: '/system', name: 'System', icon: 'system', key: 's' },
];
