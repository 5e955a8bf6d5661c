import { readingLimits } from '../limits.ts';
import type { DiskSpool } from '../spool/disk-spool.ts';
import type { LogSet } from '../tail/log-set.ts';

/** Holds the spool's entries of a log until a checkpoint names them; forgets files that are no more. */
export function keepFiles(set: LogSet, spool: DiskSpool, now: number): void {
  for (const file of set.files) {
    if (spool.file(file.id) === undefined) spool.checkpointed(file.id, 0);
  }
  const gone = set.files.filter(
    (file) =>
      file.done &&
      file.carriers.length === 0 &&
      (spool.file(file.id) === undefined || now - file.lastSeen > readingLimits.forgetMs),
  );
  const old = gone.filter(({ lastSeen }) => now - lastSeen > readingLimits.forgetMs);
  const many = gone.slice(0, Math.max(0, set.files.length - readingLimits.filesOfLogMax));
  const forgotten = new Set([...old, ...many]);
  if (forgotten.size === 0) return;
  set.files = set.files.filter((file) => !forgotten.has(file));
  for (const file of forgotten) spool.forget(file.id);
}
