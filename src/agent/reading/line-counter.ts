const newline = 10;

/** Counts the physical lines of a log between positions that are known only after the bytes were taken. */
export class LineCounter {
  #from: number;
  /** Bytes from the position counted to on. */
  #chunks: Buffer[] = [];

  constructor(position: number) {
    this.#from = position;
  }

  /** Takes the next bytes; they must stay as they are until {@link settle}. */
  push(bytes: Buffer): void {
    this.#chunks.push(bytes);
  }

  /** Counts the line breaks up to a position, and forgets what lies before it. */
  advance(to: number): number {
    let lines = 0;
    while (this.#from < to) {
      const [chunk] = this.#chunks;
      if (chunk === undefined) break;
      const length = Math.min(chunk.length, to - this.#from);
      lines += linesIn(chunk, length);
      this.#from += length;
      if (length === chunk.length) this.#chunks.shift();
      else this.#chunks[0] = chunk.subarray(length);
    }
    this.#from = Math.max(this.#from, to);
    return lines;
  }

  /** Copies what is kept, so that the buffers it came in may be used again. */
  settle(): void {
    if (this.#chunks.length > 0) this.#chunks = [Buffer.concat(this.#chunks)];
  }
}

function linesIn(chunk: Buffer, length: number): number {
  let lines = 0;
  for (let at = chunk.indexOf(newline); at >= 0 && at < length; at = chunk.indexOf(newline, at + 1)) lines += 1;
  return lines;
}
