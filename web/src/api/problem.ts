/** A failure as the API tells it: a stable code, one sentence, what to do. */
export class Problem extends Error {
  readonly code: string;
  readonly hint: string;
  readonly status: number;
  readonly place: ProblemPlace;
  /** For the log of the server; absent when it never answered. */
  readonly requestId: string | undefined;

  constructor(parts: {
    code: string;
    message: string;
    hint: string;
    status: number;
    place?: ProblemPlace;
    requestId?: string | undefined;
  }) {
    super(parts.message);
    this.name = 'Problem';
    this.code = parts.code;
    this.hint = parts.hint;
    this.status = parts.status;
    this.place = parts.place ?? {};
    this.requestId = parts.requestId;
  }
}

/** Where in a request something is wrong, as far as known. */
export interface ProblemPlace {
  readonly offset?: number | undefined;
  readonly field?: string | undefined;
}

/** Gives anything thrown as a {@link Problem}. */
export function asProblem(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown;
  return new Problem({
    code: 'console-failed',
    message: thrown instanceof Error ? thrown.message : 'Something happened that the console did not expect.',
    hint: 'Reload the page; what you asked stands in the address bar.',
    status: 0,
  });
}
