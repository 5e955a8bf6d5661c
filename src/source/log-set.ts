import { basename, dirname } from 'node:path';
import type { Source } from './source.ts';

/** Tells which log a file belongs to, and where it stands among the files of that log. */
export interface PlaceInSet {
  /** Equal for all files of one log: of one kind, of one server, rotated and compressed ones with them. */
  readonly key: string;
  /** Sorts the files of a log, oldest first. */
  readonly order: string;
}

/** Tells the {@link PlaceInSet} of a file of a known kind of log, by its path. */
export function placeInSet(source: Source, log: string, path: string): PlaceInSet {
  const rotation = source.rotation(basename(path).replace(/\.gz$/, ''));
  return {
    key: JSON.stringify([dirname(path), source.id, log, rotation?.set ?? path]),
    order: rotation?.order ?? '',
  };
}
