import { toEpoch } from '#event';

const quarterMs = 15 * 60_000;
/**
 * How far the server's own stamps inside a record may lie from the record's time; and how far to show another offset than
 * the one known, since a replicated change may happen to come late by a multiple of a quarter of an hour.
 */
const toleranceMs = 10_000;
const changeToleranceMs = 1000;
const offsetMaxMs = 14 * 3_600_000;

/**
 * Finds the instant of a local time without a zone, `20250307091502`. The zone shows in a UTC stamp inside the same record
 * (`modifytimestamp: 20250307081502Z`); records without one take over the offset of the record before; the first ones
 * are read in the zone the reader was told (the server's own log formats, §0.1).
 */
export class LocalTime {
  readonly #zone: string;
  #offset: number | undefined;

  constructor(zone = 'UTC') {
    this.#zone = zone;
  }

  /**
   * @param local fourteen digits
   * @param stamps UTC stamps of the same record, `YYYYMMDDHHMMSSZ`
   * @returns epoch milliseconds; undefined when the digits are no time
   */
  instant(local: string, stamps: readonly string[]): number | undefined {
    const wall = parseDigits(local);
    if (wall === undefined) return undefined;
    for (const stamp of stamps) {
      const utc = stamp.endsWith('Z') ? parseDigits(stamp.slice(0, 14)) : undefined;
      if (utc === undefined) continue;
      const offset = Math.round((wall - utc) / quarterMs) * quarterMs;
      // A replicated change carries the stamps of another time: only one about this moment tells the zone.
      const tolerance = this.#offset === undefined || this.#offset === offset ? toleranceMs : changeToleranceMs;
      if (Math.abs(offset) <= offsetMaxMs && Math.abs(wall - utc - offset) <= tolerance) {
        this.#offset = offset;
        break;
      }
    }
    return this.#offset === undefined ? (toEpoch(wall, this.#zone) ?? wall) : wall - this.#offset;
  }

  save(): unknown {
    return this.#offset ?? null;
  }

  restore(state: unknown): void {
    this.#offset = typeof state === 'number' ? state : undefined;
  }
}

/** Milliseconds since the epoch, were the digits UTC. */
function parseDigits(digits: string): number | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(digits);
  if (parts === null) return undefined;
  const [year, month, day, hour, minute, second] = parts.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const time = Date.UTC(year, month - 1, day, hour, minute, second);
  const back = new Date(time);
  return back.getUTCMonth() === month - 1 && back.getUTCDate() === day && hour < 24 && minute < 60 && second < 61
    ? time
    : undefined;
}
