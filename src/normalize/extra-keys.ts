import type { Rec } from '#event';

/** Longest JSON text of unknown keys that is kept with a record. UTF-16 units. */
export const extraLengthMax = 16_384;
/** Mark of a record of which unknown keys had to be left out. */
export const extraCut = 'extra-cut';

/** Collects the keys of a record that nobody knows, as JSON text of bounded length. */
export class ExtraKeys {
  #parts: string[] = [];
  #length = 2;
  #isCut = false;

  /** Adds a key with its value. */
  add(key: string, value: unknown): void {
    const part = write(key, value);
    if (part === undefined || this.#length + part.length + 1 > extraLengthMax) {
      this.#isCut = true;
      return;
    }
    this.#parts.push(part);
    this.#length += part.length + 1;
  }

  /** Puts the collected keys into the record, beside those it carries in `extra` already. */
  writeTo(rec: Rec): void {
    if (this.#parts.length > 0) {
      const carried = rec.extra?.startsWith('{') === true && rec.extra.length > 2 ? `${rec.extra.slice(1, -1)},` : '';
      if (carried.length + this.#length > extraLengthMax) this.#isCut = true;
      else rec.extra = `{${carried}${this.#parts.join(',')}}`;
    }
    if (this.#isCut) rec.tags = [...(rec.tags ?? []), extraCut];
  }
}

/** `"key":value`; undefined for what cannot be written, such as nesting deeper than the runtime goes. */
function write(key: string, value: unknown): string | undefined {
  try {
    const text = JSON.stringify(value);
    return text === undefined ? undefined : `${JSON.stringify(key)}:${text}`;
  } catch {
    return undefined;
  }
}
