import { createHash } from 'node:crypto';
import { dirname } from 'node:path';
import type { Source } from '#source';
import { byAge, type LogFile } from './log-file.ts';

/** One log: all files of one kind of one server. */
export class LogSet {
  /** Short and safe as a file name. */
  readonly id: string;
  /** As `placeInSet` tells it. */
  readonly key: string;
  readonly source: Source;
  readonly log: string;
  readonly folder: string;
  /** Oldest first. */
  files: LogFile[] = [];
  /** Number of the next file. */
  born = 1;

  constructor(key: string, source: Source, log: string, path: string) {
    this.key = key;
    this.id = idOf(key);
    this.source = source;
    this.log = log;
    this.folder = dirname(path);
  }

  add(file: LogFile): void {
    this.files.push(file);
    this.born = Math.max(this.born, file.born + 1);
    this.sort();
  }

  sort(): void {
    this.files.sort(byAge);
  }
}

/** Name of a log's state: made from its key, which holds a path. */
export function idOf(key: string): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 24);
}
