import type { Rec } from '#event';
import type { DeadLetter, LogReader, ReadCounts } from '#source';
import { createAccessReader } from './access-reader.ts';

/** What a reader made of a log. */
export interface ReadBack {
  readonly records: Rec[];
  readonly dead: DeadLetter[];
  readonly counts: Readonly<ReadCounts>;
}

/** Reads a whole log; for tests. */
export function readAccess(log: string | Buffer, reader: LogReader = createAccessReader({ log: 'access' })): ReadBack {
  const records: Rec[] = [];
  const dead: DeadLetter[] = [];
  const sink = { record: (rec: Rec) => records.push(rec), dead: (letter: DeadLetter) => dead.push(letter) };
  reader.startFile({ stream: 'test', generation: 0, position: 0 });
  reader.push(Buffer.from(log), sink);
  reader.endFile(sink);
  return { records, dead, counts: reader.counts };
}
