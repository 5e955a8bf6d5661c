import { AppError } from '#error';
import { codeOf } from './discover-files.ts';

/** Gives what was thrown while the enrichment folder was written to as `enrichment-not-written`. */
export function notWritten(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  return new AppError('enrichment-not-written', `The enrichment folder cannot be written to (${codeOf(thrown)}).`, {
    cause: thrown,
  });
}
