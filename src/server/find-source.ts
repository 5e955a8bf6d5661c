import { AppError } from '#error';
import type { Source } from '#source';

/** Finds a source among those of a server, ignoring case. Throws `source-unknown` with the ids there are. */
export function findSource(sources: readonly Source[], id: string): Source {
  const source = sources.find((one) => one.id === id.toLowerCase());
  if (source !== undefined) return source;
  const known = sources.map((one) => one.id).join(', ');
  throw new AppError('source-unknown', 'There is no such source.', {
    place: { field: 'source', expected: known },
    hint: `Use one of: ${known}.`,
  });
}
