const months = new Map(
  ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'].map((name, index) => [
    name,
    index,
  ]),
);

/** Whether a bracketed server time begins at `at`: `[dd/Mon/yyyy:HH:MM:SS`. Cheap, and false for most other text. */
export function looksLikeTime(text: string, at: number): boolean {
  return (
    text.charCodeAt(at) === 91 &&
    text.charCodeAt(at + 3) === 47 &&
    text.charCodeAt(at + 7) === 47 &&
    text.charCodeAt(at + 12) === 58 &&
    text.charCodeAt(at + 15) === 58 &&
    text.charCodeAt(at + 18) === 58
  );
}

/**
 * Reads the bracketed time of text records, `[24/Nov/2026:08:47:08.989917812 +0000]`, exactly to the nanosecond.
 *
 * Most records share their second with the one before, so the second is computed once and remembered.
 */
export class AccessClock {
  /** Epoch milliseconds of the time last read. */
  ms = 0;
  /** Its part below the millisecond, in nanoseconds. */
  nanos = 0;
  /** False for a time without a fraction. */
  fine = false;
  #second = '';
  #zone = '';
  #base = 0;

  /** Reads the time at `at`; gives the offset behind `]`, or -1 when none stands there. */
  read(text: string, at: number): number {
    let zoneAt = at + 22;
    let fraction = 0;
    this.fine = text.charCodeAt(at + 21) === 46;
    if (this.fine) {
      let from = at + 22;
      let digits = 0;
      for (let code = text.charCodeAt(from); code >= 48 && code <= 57; code = text.charCodeAt(++from)) {
        if (digits < 9) {
          fraction = fraction * 10 + (code - 48);
          digits++;
        }
      }
      if (digits === 0) return -1;
      if (digits < 9) fraction *= 10 ** (9 - digits);
      zoneAt = from + 1;
    }
    if (text.charCodeAt(zoneAt - 1) !== 32) return -1;
    const close = text.charCodeAt(zoneAt + 5) === 93 ? zoneAt + 5 : this.#closeOfLongZone(text, zoneAt);
    if (close < 0) return -1;
    if (!(text.startsWith(this.#second, at) && this.#second !== '' && text.startsWith(this.#zone, zoneAt))) {
      if (!this.#remember(text, at, zoneAt)) return -1;
    }
    const milliseconds = Math.trunc(fraction / 1_000_000);
    this.ms = this.#base + milliseconds;
    this.nanos = fraction - milliseconds * 1_000_000;
    return close + 1;
  }

  /** Others write `+hhmmss` (seen in the wild); the seconds are dropped. */
  #closeOfLongZone(text: string, zoneAt: number): number {
    return text.charCodeAt(zoneAt + 7) === 93 ? zoneAt + 7 : -1;
  }

  #remember(text: string, at: number, zoneAt: number): boolean {
    const month = months.get(text.slice(at + 4, at + 7));
    const day = two(text, at + 1);
    const year = two(text, at + 8) * 100 + two(text, at + 10);
    const hour = two(text, at + 13);
    const minute = two(text, at + 16);
    const second = two(text, at + 19);
    const sign = text.charCodeAt(zoneAt);
    const zoneHours = two(text, zoneAt + 1);
    const zoneMinutes = two(text, zoneAt + 3);
    if (month === undefined || (sign !== 43 && sign !== 45)) return false;
    // NaN, from anything but digits, fails every one of these.
    if (
      !(
        day >= 1 &&
        day <= 31 &&
        year >= 0 &&
        hour <= 23 &&
        minute <= 59 &&
        second <= 60 &&
        zoneHours <= 23 &&
        zoneMinutes <= 59
      )
    )
      return false;
    // Date.UTC would read the years 0 to 99 as 1900 to 1999.
    const days = new Date(0);
    days.setUTCFullYear(year, month, day);
    if (days.getUTCMonth() !== month) return false;
    const offset = (zoneHours * 60 + zoneMinutes) * (sign === 45 ? -1 : 1);
    this.#base = days.getTime() + ((hour * 60 + minute - offset) * 60 + second) * 1000;
    this.#second = text.slice(at, at + 21);
    this.#zone = text.slice(zoneAt, zoneAt + 5);
    return true;
  }
}

function two(text: string, at: number): number {
  const high = text.charCodeAt(at) - 48;
  const low = text.charCodeAt(at + 1) - 48;
  return high >= 0 && high <= 9 && low >= 0 && low <= 9 ? high * 10 + low : Number.NaN;
}
