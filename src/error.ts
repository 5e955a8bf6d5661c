/** What is fixed about an error code: how a program sees it, what it means, and what to do. */
interface ErrorKind {
  /** Exit status of the command line: 1 found nothing, 2 wrong use, 3 could not. */
  readonly exit: 1 | 2 | 3;
  /** HTTP status of the API. */
  readonly status: number;
  /** One sentence on when it happens; goes to `docs/errors.md`. */
  readonly about: string;
  /** What the reader should do, unless the place of the error knows better. */
  readonly hint: string;
}

/**
 * Every error code of the product. `docs/errors.md` is written from this table and a test keeps the two equal.
 * A code is stable: scripts and dashboards match on it.
 */
export const errorKinds = {
  'internal': { exit: 3, status: 500, about: 'Something happened that the program did not expect.', hint: 'Report it with the lines above.' },
} as const;
errorKinds satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof errorKinds;

/** Where something went wrong: a file, a line, a byte, or a position in a text. All parts are optional. */
export interface ErrorPlace {
  readonly file?: string;
  /** Counted from 1. */
  readonly line?: number;
  /** Byte offset in the (uncompressed) file. */
  readonly position?: number;
  /** Offset in UTF-16 units of a query text, from 0. */
  readonly offset?: number;
  readonly field?: string;
  /** What stood there. */
  readonly found?: string;
  /** What would have been right. */
  readonly expected?: string;
}

/** Options of an {@link AppError}. */
export interface ErrorOptionsOf {
  readonly place?: ErrorPlace;
  readonly hint?: string;
  readonly cause?: unknown;
}

/** The one error class: a stable code, one sentence, the place, and what to do. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly place: ErrorPlace | undefined;
  readonly hint: string;

  constructor(code: ErrorCode, sentence: string, options: ErrorOptionsOf = {}) {
    super(sentence, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.place = options.place;
    this.hint = options.hint ?? errorKinds[code].hint;
  }

  /** Exit status for the command line. */
  get exit(): 1 | 2 | 3 {
    return errorKinds[this.code].exit;
  }

  /** HTTP status for the API. */
  get status(): number {
    return errorKinds[this.code].status;
  }

  /** The form in which the API and `--format json` show it. */
  toJSON(): { code: string; message: string; place?: ErrorPlace; hint: string } {
    return {
      code: this.code,
      message: this.message,
      ...(this.place === undefined ? {} : { place: this.place }),
      hint: this.hint,
    };
  }
}

/** Gives any thrown value as an {@link AppError}; unknown ones become `internal` and keep their cause. */
export function asAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new AppError('internal', message, { cause: thrown });
}
