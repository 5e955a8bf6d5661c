import type { Spool } from '../spool/spool.ts';
import { type LogFile, primaryOf } from '../tail/log-file.ts';
import type { LogSet } from '../tail/log-set.ts';
import type { Tail } from '../tail/tail.ts';
import type { FileState, FileStatus } from './reading.ts';
import type { SetReading } from './set-reading.ts';

/** Gives the status of all files: those being read, and those that are no logs yet or cannot be read. */
export function filesStatus(
  tail: Tail,
  readings: ReadonlyMap<string, SetReading>,
  spool: Spool,
  now: number,
): readonly FileStatus[] {
  const files: FileStatus[] = [];
  for (const set of tail.sets.values()) {
    const reading = readings.get(set.id);
    if (!tail.wanted.has(set.id)) continue;
    const current = set.files.find(({ done }) => !done);
    for (const file of set.files) {
      if (file.done && file.carriers.length === 0) continue;
      files.push(statusOf(set, file, reading?.spooled(file) ?? file.position, stateOf(file, current), spool, now));
    }
  }
  return [...files, ...tail.others.values()];
}

function stateOf(file: LogFile, current: LogFile | undefined): FileState {
  if (file.failure !== undefined) return 'failed';
  if (file.done) return 'done';
  return file === current ? 'reading' : 'queued';
}

function statusOf(
  set: LogSet,
  file: LogFile,
  position: number,
  state: FileState,
  spool: Spool,
  now: number,
): FileStatus {
  const carrier = primaryOf(file);
  const known = carrier === undefined || carrier.compressed ? position : carrier.facts.bytes;
  const size = Math.max(known, file.position);
  const lagBytes = state === 'done' ? 0 : size - position;
  if (lagBytes === 0) file.behindSince = undefined;
  else file.behindSince ??= now;
  return {
    place: file.place,
    fileId: file.id,
    source: set.source.id,
    log: set.log,
    stream: file.stream,
    generation: spool.file(file.id)?.generation,
    size,
    position,
    lagBytes,
    lagSeconds: file.behindSince === undefined ? 0 : Math.max(0, (now - file.behindSince) / 1000),
    state,
    code: file.failure,
  };
}
