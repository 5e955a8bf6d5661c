/**
 * Columns of the engine's `Native` format while they are filled. A column is filled row by row with rising row
 * numbers; rows never put are absent. Arrays are made on first use and used again for the next block, so that a label
 * no event has costs nothing.
 */
export interface ColumnBuilder<Value> {
  /** Type as the engine writes it. */
  readonly type: string;
  /** True when a row was put since `reset`. */
  readonly used: boolean;
  /** Values that could not be put since the column was made: the row stays absent. */
  readonly unfit: number;
  put(row: number, value: Value): void;
  /** Gives the column's bytes for that many rows; valid until `reset`. */
  finish(rows: number): readonly Uint8Array[];
  /** Makes it ready for the next block. */
  reset(rows: number): void;
}

/**
 * Most rows of a block, and as many as a block usually has. The engine needs about 4 KiB a row while it takes one in, and
 * dictionary indexes take two bytes here.
 */
export const blockRowsMax = 32_768;

/** Views a typed array's first elements as bytes. The machine must be little-endian, as the engine's format is. */
export function bytesOf(array: Uint8Array | Uint16Array | Uint32Array, elements: number): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, elements * array.BYTES_PER_ELEMENT);
}
