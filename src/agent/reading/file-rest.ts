import { readingLimits } from '../limits.ts';
import type { Content } from '../tail/content.ts';
import { type LogFile, primaryOf } from '../tail/log-file.ts';
import type { Clock } from './reading.ts';

const newline = 10;

/** Milliseconds a file must not have grown for what stands at its end to be whole. */
export function restMs(content: Content, rotated: boolean, awaits: boolean): number {
  if (!rotated && awaits) return readingLimits.awaitMs;
  if (content.lastByte === newline || content.lastByte === undefined) return readingLimits.quietMs;
  return rotated ? readingLimits.rotatedRestMs : readingLimits.restMs;
}

/** Milliseconds since a file last grew, as far as can be told. */
export async function quietMs(file: LogFile, rotated: boolean, clock: Clock): Promise<number> {
  if (!rotated) {
    // A clock that is set ahead while a line is half written must not make it whole.
    const steady = clock.steady();
    file.grownSteady ??= steady;
    return steady - file.grownSteady;
  }
  const now = clock.now();
  const modified = (await primaryOf(file)?.handle?.facts())?.modified ?? 0;
  // A clock that was set back must not make a file wait until it has caught up.
  if (file.grown !== undefined && file.grown > now) file.grown = now;
  const seen = file.grown ?? 0;
  // A time of the file system that lies ahead is worth nothing.
  return now - (modified > now ? seen : Math.max(modified, seen));
}
