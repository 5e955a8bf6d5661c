import { decodeText } from './text.ts';

/**
 * Collects a value written with escaped bytes, as DNs and filters are. Bytes in a row are decoded together, as they may
 * be one character; those that are not UTF-8 stand as in `text.ts`.
 */
export class EscapedText {
  #done = '';
  #bytes: number[] = [];

  /** Adds a byte. */
  byte(value: number): void {
    this.#bytes.push(value);
  }

  /** Adds the UTF-16 unit at `at`; the lone surrogate that stands for a byte counts as that byte. */
  unit(text: string, at: number): void {
    const unit = text.charCodeAt(at);
    if (unit >= 0xdc80 && unit <= 0xdcff && !isHighSurrogate(text.charCodeAt(at - 1))) this.#bytes.push(unit - 0xdc00);
    else this.text(text.charAt(at));
  }

  /** Adds text that holds no escaped bytes. */
  text(text: string): void {
    this.#flush();
    this.#done += text;
  }

  /** Gives the whole value. */
  finish(): string {
    this.#flush();
    return this.#done;
  }

  #flush(): void {
    if (this.#bytes.length === 0) return;
    this.#done += decodeText(Uint8Array.from(this.#bytes));
    this.#bytes = [];
  }
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

/** Value of a hexadecimal digit, or -1. */
export function hexDigit(unit: number): number {
  if (unit >= 48 && unit <= 57) return unit - 48;
  const lower = unit | 32;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
}

/** Writes one UTF-16 unit, or the byte a lone surrogate stands for, as `\xx`. */
export function escapeUnit(unit: string): string {
  const code = unit.charCodeAt(0);
  return `\\${(code >= 0xdc00 ? code - 0xdc00 : code).toString(16).padStart(2, '0')}`;
}
