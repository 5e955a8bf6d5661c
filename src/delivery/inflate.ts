import { createGunzip, type Gunzip } from 'node:zlib';
import { AppError } from '#error';

/**
 * Compressed bytes handed to zlib at a time. Deflate can grow 1,032 times, so this bounds what one step gives to 17 MB,
 * however hostile the file.
 */
const stepBytes = 16 * 1024;
/** Size of the pieces zlib gives. */
const pieceBytes = 256 * 1024;

/**
 * Inflates gzip, one member or several, in pieces, in flat memory. What can be read before a damage is given out before
 * `gzip-truncated` or `gzip-damaged` is thrown. Bytes behind the last member that are no gzip are `gzip-damaged`, too,
 * unless they are zeros.
 *
 * zlib keeps to itself what it inflated in the step that failed. Where the data can be opened a second time, it is, and
 * read up to the very byte of the damage.
 */
export async function* inflate(open: () => AsyncIterable<Buffer>, file: string, again = true): AsyncGenerator<Buffer> {
  const stepper = new Stepper();
  let given = 0;
  let taken = 0;
  try {
    for await (const step of steps(open(), () => stepBytes)) {
      await stepper.step(step);
      for (const piece of stepper.pieces.splice(0)) {
        given += piece.length;
        yield piece;
      }
      if (stepper.failure !== undefined) break;
      taken += step.length;
    }
    if (stepper.failure === undefined) await stepper.finish();
    yield* stepper.pieces.splice(0);
  } finally {
    stepper.close();
  }
  if (stepper.failure === undefined) return;
  if (again && isDamage(stepper.failure)) yield* inflateTo(open(), taken, given);
  throw damage(stepper.failure, file);
}

/** Inflates once more, a byte at a time from where the failing step began, without what was given already. */
async function* inflateTo(compressed: AsyncIterable<Buffer>, fine: number, given: number): AsyncGenerator<Buffer> {
  const stepper = new Stepper();
  let inflated = 0;
  try {
    for await (const step of steps(compressed, (at) => (at < fine ? Math.min(stepBytes, fine - at) : 1))) {
      await stepper.step(step);
      for (const piece of stepper.pieces.splice(0)) {
        if (inflated + piece.length > given) yield piece.subarray(Math.max(0, given - inflated));
        inflated += piece.length;
      }
      if (stepper.failure !== undefined) return;
    }
  } finally {
    stepper.close();
  }
}

/** Cuts chunks into steps of at most as many bytes as `size` says for the offset. */
async function* steps(chunks: AsyncIterable<Buffer>, size: (offset: number) => number): AsyncGenerator<Buffer> {
  let offset = 0;
  for await (const chunk of chunks) {
    let at = 0;
    while (at < chunk.length) {
      const step = chunk.subarray(at, at + size(offset));
      at += step.length;
      offset += step.length;
      yield step;
    }
  }
}

/** zlib a step at a time: after each, all that it gave lies in `pieces`, where no error can take it away again. */
class Stepper {
  readonly pieces: Buffer[] = [];
  failure: unknown;
  readonly #gunzip: Gunzip = createGunzip({ chunkSize: pieceBytes });
  #ended = false;
  #wake: () => void = () => {};

  constructor() {
    this.#gunzip.on('data', (piece: Buffer) => this.pieces.push(piece));
    this.#gunzip.on('end', () => {
      this.#ended = true;
      this.#wake();
    });
    this.#gunzip.on('error', (error) => {
      this.failure = error;
      this.#wake();
    });
  }

  async step(bytes: Buffer): Promise<void> {
    if (this.#ended) this.failure = trailing;
    if (this.failure !== undefined) return;
    await new Promise<void>((resolve) => {
      // Not every failed write is answered by its callback.
      this.#wake = resolve;
      this.#gunzip.write(bytes, () => resolve());
    });
    // Pieces are emitted on a later tick than the callback of the write when the stream was idle.
    await nextTurn();
    // zlib ended although there is input left: what is left is no gzip.
    if (this.#ended) this.failure = trailing;
  }

  async finish(): Promise<void> {
    if (this.#ended) return;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      this.#gunzip.end();
    });
    await nextTurn();
  }

  close(): void {
    this.#gunzip.destroy();
  }
}

const trailing = { code: 'TRAILING' } as const;

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function isDamage(failure: unknown): boolean {
  return codeOf(failure) !== 'Z_BUF_ERROR';
}

function codeOf(failure: unknown): unknown {
  return typeof failure === 'object' && failure !== null && 'code' in failure ? failure.code : undefined;
}

function damage(failure: unknown, file: string): AppError {
  const options = { place: { file }, cause: failure };
  if (!isDamage(failure)) {
    return new AppError('gzip-truncated', `"${file}" ends before its compressed data does.`, options);
  }
  if (failure === trailing) {
    return new AppError(
      'gzip-damaged',
      `Behind the compressed data of "${file}" stands something that is no gzip.`,
      options,
    );
  }
  return new AppError('gzip-damaged', `The compressed data of "${file}" is damaged.`, options);
}
