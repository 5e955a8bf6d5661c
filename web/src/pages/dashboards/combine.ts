import { parse } from '#query';
import { include } from '../../query/refine.ts';

/** The query for events of which both hold. */
export function combine(query: string, part: string): string {
  if (query.trim() === '') return part;
  if (part.trim() === '') return query;
  return include(query, parse(part).root?.kind === 'or' ? `(${part})` : part);
}
