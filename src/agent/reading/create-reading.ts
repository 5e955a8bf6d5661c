import { DiskReading } from './disk-reading.ts';
import type { Reading, ReadingOptions } from './reading.ts';

/** Makes what reads the logs of a host into a spool; nothing is touched before {@link Reading.start}. */
export function createReading(options: ReadingOptions): Reading {
  return new DiskReading(options);
}
