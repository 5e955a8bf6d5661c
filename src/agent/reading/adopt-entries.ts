import { placeInSet, type Source } from '#source';
import type { DiskSpool } from '../spool/disk-spool.ts';
import type { EntryHead } from '../spool/segment.ts';
import { createLogFile, type LogFile } from '../tail/log-file.ts';
import { idOf, LogSet } from '../tail/log-set.ts';
import type { Tail } from '../tail/tail.ts';
import type { Clock } from './reading.ts';

/** What entries are adopted with. */
export interface AdoptParts {
  readonly spool: DiskSpool;
  readonly tail: Tail;
  readonly sources: readonly Source[];
  readonly clock: Clock;
}

/** What is in the spool need not be spooled again; a file no state knows is known by its entries. */
export function adoptEntries(parts: AdoptParts, files: Map<string, LogFile>): void {
  for (const head of parts.spool.heads()) {
    const file = files.get(head.fileId) ?? adoptFile(parts, head);
    if (file === undefined) continue;
    files.set(file.id, file);
    if (head.to <= file.position) continue;
    file.covered.add({ from: Math.max(head.from, file.position), to: head.to });
    if (head.ended) file.endings = [...new Set([...file.endings, head.to])].sort((one, other) => one - other);
  }
}

function adoptFile(
  { spool, tail, sources, clock }: AdoptParts,
  { fileId: id, place, source: sourceId, log, stream }: EntryHead,
): LogFile | undefined {
  const source = sources.find((one) => one.id === sourceId);
  // A collector's sender is no file.
  if (source === undefined || !place.startsWith('/')) return undefined;
  const { key, order } = placeInSet(source, log, place);
  const set = tail.sets.get(idOf(key)) ?? new LogSet(key, source, log, place);
  const marks = spool.file(id)?.marks ?? [];
  const lastSeen = clock.now();
  const file = createLogFile({ id, stream, born: set.born, place, order, marks, lastSeen, orphaned: 'missing' });
  spool.checkpointed(id, 0);
  set.add(file);
  tail.know(set);
  return file;
}
