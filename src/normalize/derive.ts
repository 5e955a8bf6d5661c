import { type Event, filterFactsCached, foldDnCached, type Label } from '#event';

/** Labels that are made from other labels, whatever the source. */
export const derivedLabels: readonly Label[] = [
  'distinguishedNameFolded',
  'requestContextFolded',
  'boundDnFolded',
  'searchFilterShape',
  'searchFilterDepth',
  'searchFilterAttributes',
];

/** Fills the derived labels: folded DNs, and what can be asked about a filter. What cannot be parsed stays absent. */
export function derive(event: Event): void {
  if (event.distinguishedName !== undefined) event.distinguishedNameFolded = folded(event.distinguishedName);
  if (event.requestContext !== undefined) event.requestContextFolded = folded(event.requestContext);
  if (event.boundDn !== undefined) event.boundDnFolded = folded(event.boundDn);
  if (event.searchFilter === undefined) return;
  const facts = filterFactsCached(event.searchFilter);
  if (facts === undefined) return;
  event.searchFilterShape = facts.shape;
  event.searchFilterDepth = facts.depth;
  if (facts.attributes.length > 0) event.searchFilterAttributes = facts.attributes;
}

/** The empty DN is the root of the directory; a label that would be empty stays absent. */
function folded(dn: string): string | undefined {
  return foldDnCached(dn) || undefined;
}
