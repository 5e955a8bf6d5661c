/**
 * Reads a record from left to right. Every method moves `at` only over what it read, in time linear in that, and none
 * allocates unless it returns a string. Durations follow the rules of the server's own log formats (§0.2).
 */
export class Cursor {
  text = '';
  at = 0;

  start(text: string, at: number): void {
    this.text = text;
    this.at = at;
  }

  get atEnd(): boolean {
    return this.at >= this.text.length;
  }

  /** Code of the character under the cursor; NaN at the end. */
  get code(): number {
    return this.text.charCodeAt(this.at);
  }

  /** Steps over `literal` if it stands here. */
  skip(literal: string): boolean {
    if (!this.text.startsWith(literal, this.at)) return false;
    this.at += literal.length;
    return true;
  }

  /** Reads decimal digits; -1 when there is none. More than 15 digits lose precision: use {@link digits} for those. */
  uint(): number {
    const text = this.text;
    let at = this.at;
    let code = text.charCodeAt(at);
    if (!(code >= 48 && code <= 57)) return -1;
    let value = 0;
    while (code >= 48 && code <= 57) {
      value = value * 10 + (code - 48);
      code = text.charCodeAt(++at);
    }
    this.at = at;
    return value;
  }

  /** Reads an integer with an optional sign; undefined when there is none. */
  int(): number | undefined {
    const negative = this.code === 45;
    if (negative) this.at++;
    const value = this.uint();
    if (value < 0) {
      if (negative) this.at--;
      return undefined;
    }
    return negative ? -value : value;
  }

  /** Reads a 64-bit count: a number, or a string where a number would be inexact. */
  unsigned(): number | string | undefined {
    const from = this.at;
    const value = this.uint();
    if (value < 0) return undefined;
    return value <= Number.MAX_SAFE_INTEGER ? value : this.text.slice(from, this.at);
  }

  /**
   * Reads `<sec>.<fraction>` in seconds. A fraction of ten digits is a count of nanoseconds padded to ten; a negative
   * integer part is still followed by a positive fraction (§0.2).
   */
  seconds(): number | undefined {
    const whole = this.int();
    if (whole === undefined) return undefined;
    if (this.code !== 46) return whole;
    const from = ++this.at;
    const fraction = this.uint();
    if (fraction < 0) {
      this.at--;
      return whole;
    }
    const digits = this.at - from;
    const nanos =
      digits === 9 || digits === 10
        ? fraction
        : digits < 9
          ? fraction * 10 ** (9 - digits)
          : Math.trunc(fraction / 10 ** (digits - 9));
    return (whole * 1e9 + nanos) / 1e9;
  }

  /** Reads up to the next blank or the end. */
  word(): string {
    const from = this.at;
    const blank = this.text.indexOf(' ', from);
    this.at = blank < 0 ? this.text.length : blank;
    return this.text.slice(from, this.at);
  }

  /** Reads up to `end`, which must be at or behind the cursor, and steps `skip` characters further. */
  upTo(end: number, skip: number): string {
    const value = this.text.slice(this.at, end);
    this.at = end + skip;
    return value;
  }

  rest(): string {
    const value = this.text.slice(this.at);
    this.at = this.text.length;
    return value;
  }
}
