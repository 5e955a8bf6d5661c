import { blockRowsMax, bytesOf, type ColumnBuilder } from './column.ts';

const word = 4_294_967_296;
const unsignedMax = 2n ** 64n;
const decimalScale = 1e9;
/** Decimal(18, 9) holds nine digits before the point. */
const decimalMax = 1e9;
/** What DateTime64(9) can hold: 1900-01-01 to 2262-04-11, in epoch milliseconds. */
export const instantMin: number = Date.UTC(1900, 0, 1);
export const instantMax: number = Date.UTC(2262, 3, 11);

/** Stretch of time a base serves, in milliseconds: the square root of a word, so that products fit into 53 bits. */
const stretchMs = 65_536;

const noWords: Uint32Array = new Uint32Array(0);
const noNulls: Uint8Array = new Uint8Array(0);

/** 64-bit numbers as pairs of 32 bits, so that none is ever a BigInt. */
abstract class Wide<Value> implements ColumnBuilder<Value> {
  abstract readonly type: string;
  used = false;
  unfit = 0;
  protected words: Uint32Array = noWords;
  /** 1 where a row is absent; empty for columns that always have a value. */
  protected nulls: Uint8Array = noNulls;
  readonly #nullable: boolean;

  constructor(nullable: boolean) {
    this.#nullable = nullable;
  }

  /** Puts the lower and the upper half of a value. */
  protected set(row: number, low: number, high: number): void {
    if (!this.used) this.#begin();
    this.words[row * 2] = low;
    this.words[row * 2 + 1] = high;
    if (this.#nullable) this.nulls[row] = 0;
  }

  #begin(): void {
    this.used = true;
    if (this.words !== noWords) return;
    this.words = new Uint32Array(blockRowsMax * 2);
    if (this.#nullable) this.nulls = new Uint8Array(blockRowsMax).fill(1);
  }

  /** Puts a whole number of at most 53 bits and any sign, in two's complement. */
  protected setWhole(row: number, value: number): void {
    if (value >= 0 && value < word) {
      this.set(row, value, 0);
      return;
    }
    // Not `%`: the remainder of numbers beyond 32 bits is a call.
    const high = Math.floor(value / word);
    this.set(row, value - high * word, high);
  }

  abstract put(row: number, value: Value): void;

  finish(rows: number): readonly Uint8Array[] {
    const words = bytesOf(this.words, rows * 2);
    return this.#nullable ? [bytesOf(this.nulls, rows), words] : [words];
  }

  reset(rows: number): void {
    if (!this.used) return;
    this.used = false;
    this.words.fill(0, 0, rows * 2);
    this.nulls.fill(1, 0, rows);
  }
}

/** `Nullable(Int64)`. */
export class IntegerColumn extends Wide<number> {
  readonly type = 'Nullable(Int64)';

  constructor() {
    super(true);
  }

  put(row: number, value: number): void {
    if (Number.isSafeInteger(value)) this.setWhole(row, value);
    else this.unfit += 1;
  }
}

/** `Int64` that every row has. */
export class PlainIntegerColumn extends Wide<number> {
  readonly type = 'Int64';

  constructor() {
    super(false);
  }

  put(row: number, value: number): void {
    this.setWhole(row, value);
  }
}

/** `Nullable(UInt64)`; a number, or a decimal text above 2^53. */
export class UnsignedColumn extends Wide<number | string> {
  readonly type = 'Nullable(UInt64)';

  constructor() {
    super(true);
  }

  put(row: number, value: number | string): void {
    if (typeof value === 'number') {
      if (value >= 0 && Number.isSafeInteger(value)) this.setWhole(row, value);
      else this.unfit += 1;
      return;
    }
    const wide = /^[0-9]{1,20}$/.test(value) ? BigInt(value) : unsignedMax;
    if (wide < unsignedMax) this.set(row, Number(wide & 0xffff_ffffn), Number(wide >> 32n));
    else this.unfit += 1;
  }
}

/** `UInt64` that every row has. */
export class PlainUnsignedColumn extends Wide<number> {
  readonly type = 'UInt64';

  constructor() {
    super(false);
  }

  put(row: number, value: number): void {
    this.setWhole(row, value);
  }
}

/** `Nullable(Decimal(18, 9))`. */
export class DecimalColumn extends Wide<number> {
  readonly type = 'Nullable(Decimal(18, 9))';

  constructor() {
    super(true);
  }

  put(row: number, value: number): void {
    if (value > -decimalMax && value < decimalMax) this.setWhole(row, Math.round(value * decimalScale));
    else this.unfit += 1;
  }
}

/** `Nullable(DateTime64(3, 'UTC'))`; epoch milliseconds. */
export class InstantColumn extends Wide<number> {
  readonly type = "Nullable(DateTime64(3, 'UTC'))";

  constructor() {
    super(true);
  }

  #last = 0;
  #low = 0;
  #high = 0;

  /** Records that are read together share their times of arrival. */
  put(row: number, value: number): void {
    if (value !== this.#last && !this.#look(value)) this.unfit += 1;
    else this.set(row, this.#low, this.#high);
  }

  #look(value: number): boolean {
    if (!(value >= instantMin && value <= instantMax && Number.isSafeInteger(value))) return false;
    this.#last = value;
    this.#high = Math.floor(value / word);
    this.#low = value - this.#high * word;
    return true;
  }
}

/** `DateTime64(9, 'UTC')` that every row has; epoch milliseconds and the nanoseconds below. */
export class NanosecondColumn extends Wide<number> {
  readonly type = "DateTime64(9, 'UTC')";

  constructor() {
    super(false);
  }

  put(row: number, milliseconds: number): void {
    this.putNanos(row, milliseconds, 0);
  }

  #base = 0;
  #baseLow = 0;
  #baseHigh = 0;

  /** Puts milliseconds · 10^6 + nanos, which takes more than 53 bits: a base near it is kept in halves that do not. */
  putNanos(row: number, milliseconds: number, nanos: number): void {
    let above = milliseconds - this.#base;
    if (above < 0 || above >= stretchMs) {
      this.#moveBase(milliseconds);
      above = milliseconds - this.#base;
    }
    const sum = this.#baseLow + above * 1e6 + nanos;
    const carry = Math.floor(sum / word);
    this.set(row, sum - carry * word, this.#baseHigh + carry);
  }

  #moveBase(milliseconds: number): void {
    const upper = Math.floor(milliseconds / stretchMs);
    const upperNanos = upper * 1e6;
    const high = Math.floor(upperNanos / stretchMs);
    const sum = (upperNanos - high * stretchMs) * stretchMs;
    const carry = Math.floor(sum / word);
    this.#base = upper * stretchMs;
    this.#baseLow = sum - carry * word;
    this.#baseHigh = high + carry;
  }
}

/** `Nullable(Bool)`. */
export class BooleanColumn implements ColumnBuilder<boolean> {
  readonly type = 'Nullable(Bool)';
  readonly unfit = 0;
  used = false;
  #values: Uint8Array | undefined;
  #nulls: Uint8Array | undefined;

  put(row: number, value: boolean): void {
    this.used = true;
    this.#values ??= new Uint8Array(blockRowsMax);
    this.#nulls ??= new Uint8Array(blockRowsMax).fill(1);
    this.#values[row] = value ? 1 : 0;
    this.#nulls[row] = 0;
  }

  finish(rows: number): readonly Uint8Array[] {
    return [
      bytesOf(this.#nulls ?? new Uint8Array(rows).fill(1), rows),
      bytesOf(this.#values ?? new Uint8Array(rows), rows),
    ];
  }

  reset(rows: number): void {
    if (!this.used) return;
    this.used = false;
    this.#values?.fill(0, 0, rows);
    this.#nulls?.fill(1, 0, rows);
  }
}
