import { readFileSync } from 'node:fs';

/** Ticks of a second in which the system counts processor time. */
const ticksPerSecond = 100;

/** What a process has used since it began. */
export interface ProcessUsage {
  readonly processorSeconds: number;
  /** Resident now, and at most so far, in bytes. */
  readonly residentBytes: number;
  readonly peakBytes: number;
}

/** Reads what the system has counted of a process; undefined when it has ended. */
export function usageOf(pid: number | undefined): ProcessUsage | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const kibibytes = (name: string): number => Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1] ?? 0);
    const afterName = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return {
      processorSeconds: (Number(afterName[11]) + Number(afterName[12])) / ticksPerSecond,
      residentBytes: kibibytes('VmRSS') * 1024,
      peakBytes: kibibytes('VmHWM') * 1024,
    };
  } catch {
    return undefined;
  }
}
