/**
 * Reads the `local_time` of JSON records, `2026-11-24T09:04:33.870318854 +0000`, exactly to the nanosecond (§0.1).
 *
 * The part before the fraction can be configured to be anything; a time in another form is not read.
 */
export class JsonClock {
  /** Epoch milliseconds of the time last read, and the nanoseconds below. */
  ms = 0;
  nanos = 0;
  #second = '';
  #zone = '';
  #base = 0;

  read(text: string): boolean {
    const dot = text.charCodeAt(19) === 46;
    const blank = dot ? 29 : 19;
    if (text.charCodeAt(blank) !== 32) return false;
    let fraction = 0;
    for (let at = 20; dot && at < 29; at++) {
      const digit = text.charCodeAt(at) - 48;
      if (!(digit >= 0 && digit <= 9)) return false;
      fraction = fraction * 10 + digit;
    }
    if (
      !text.startsWith(this.#second) ||
      this.#second === '' ||
      !text.endsWith(this.#zone) ||
      text.length !== blank + 6
    ) {
      if (!this.#remember(text.slice(0, 19), text.slice(blank + 1))) return false;
    }
    const milliseconds = Math.trunc(fraction / 1_000_000);
    this.ms = this.#base + milliseconds;
    this.nanos = fraction - milliseconds * 1_000_000;
    return true;
  }

  #remember(second: string, zone: string): boolean {
    if (!/^[+-]\d{4}$/.test(zone)) return false;
    const base = Date.parse(`${second}${zone.slice(0, 3)}:${zone.slice(3)}`);
    if (Number.isNaN(base)) return false;
    this.#base = base;
    this.#second = second;
    this.#zone = zone;
    return true;
  }
}
