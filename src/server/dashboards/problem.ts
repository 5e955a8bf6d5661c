import { AppError, errorKinds } from '#error';

/** What is wrong with a dashboard, and where in its text. */
export interface DashboardProblem {
  /** Code of the error: `dashboard-invalid`, or what is wrong with a query, label or measure. */
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  /** `widgets[2].query`; empty for the text as a whole. */
  readonly path: string;
  /** Counted from 1. */
  readonly line: number;
  readonly column: number;
  /** Characters from the beginning of the text. */
  readonly offset: number;
  readonly length: number;
  readonly found?: string;
  readonly expected?: string;
}

/** Step of a path: a key, or a place in a list. */
export type Step = string | number;

/** Writes a path as people read it. */
export function printPath(path: readonly Step[]): string {
  return path
    .map((step, at) => (typeof step === 'number' ? `[${step}]` : at === 0 ? step : `.${step}`))
    .join('')
    .slice(0, 200);
}

/** Gives a problem of the text as a whole. */
export function plainProblem(message: string): DashboardProblem {
  const { hint } = errorKinds['dashboard-invalid'];
  return { code: 'dashboard-invalid', message, hint, path: '', line: 1, column: 1, offset: 0, length: 0 };
}

/** Gives a problem as the error that a request is refused with. */
export function errorOf(problem: DashboardProblem, more = 0): AppError {
  const { path, line, column, message, found, expected, offset } = problem;
  const where = path === '' ? '' : ` (${path})`;
  const others = more === 0 ? '' : ` There ${more === 1 ? 'is 1 more problem' : `are ${more} more problems`}.`;
  return new AppError('dashboard-invalid', `Line ${line}, column ${column}${where}: ${message}${others}`, {
    place: {
      line,
      offset,
      ...(path === '' ? {} : { field: path }),
      ...(found === undefined ? {} : { found }),
      ...(expected === undefined ? {} : { expected }),
    },
    hint: problem.hint,
  });
}
