import { type ByteSource, MarkMaker, matchesMarks } from '#delivery';
import { placeInSet, sampleBytes } from '#source';
import type { FileFacts } from '../file-system.ts';
import type { FileStatus } from '../reading/reading.ts';
import type { Carrier, LogFile } from './log-file.ts';
import type { LogSet } from './log-set.ts';

/**
 * Puts the files of a log in order by the names they have now. One that is only held open has no name any more; it came
 * before all that were found after it.
 */
export function sortByPlace(set: LogSet): void {
  for (const file of set.files) {
    const carrier = file.carriers.find(({ gone }) => !gone);
    if (carrier === undefined) continue;
    file.place = carrier.path;
    file.order = placeInSet(set.source, set.log, carrier.path).order;
  }
  for (const file of set.files) {
    if (file.done || file.carriers.some(({ gone }) => !gone)) continue;
    for (const { born, order } of set.files) if (born > file.born && order < file.order) file.order = order;
  }
  set.sort();
}

/** Takes a carrier from a file; whether a copy of it is left is seen when all files were looked at. */
export function dropCarrier({ file, carrier }: { readonly file: LogFile; readonly carrier: Carrier }): void {
  file.carriers = file.carriers.filter((one) => one !== carrier);
  if (file.carriers.length === 0 && !file.done) file.orphaned = 'missing';
}

/** Whether bytes are those of a content, as far as its marks can tell. */
export async function fits(file: LogFile, bytes: ByteSource): Promise<boolean> {
  return matchesMarks(file.marks, (ranges) => bytes.readRanges(ranges));
}

/** Marks of the first bytes. */
export async function startMarks(bytes: ByteSource): Promise<LogFile['marks']> {
  const marks = new MarkMaker();
  marks.push(await bytes.peek(sampleBytes));
  return marks.marks();
}

/** Closes a file that is read no more. */
export async function closeCarrier(carrier: Carrier): Promise<void> {
  const { handle } = carrier;
  carrier.handle = undefined;
  try {
    await handle?.close();
  } catch {
    // Nothing was written to it.
  }
}

/** The status of a file that is no log, or none yet. */
export function statusOfOther(
  place: string,
  facts: FileFacts | undefined,
  state: 'empty' | 'failed',
  code: string | undefined,
): FileStatus {
  return {
    place,
    fileId: undefined,
    source: undefined,
    log: undefined,
    stream: undefined,
    generation: undefined,
    size: facts?.bytes ?? 0,
    position: 0,
    lagBytes: 0,
    lagSeconds: 0,
    state,
    code,
  };
}
