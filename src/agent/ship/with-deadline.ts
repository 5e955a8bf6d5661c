/**
 * Runs work that ends with a signal, or after some milliseconds, whichever comes first. Nothing of it stays behind with
 * the signal: that one may live for months, and what `AbortSignal.any` makes of it would, too.
 */
export async function withDeadline<T>(
  signal: AbortSignal,
  ms: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const own = new AbortController();
  const end = (): void => own.abort(signal.reason);
  const timer = setTimeout(() => own.abort(new Error(`there is no whole answer after ${ms} ms`)), ms);
  signal.addEventListener('abort', end, { once: true });
  try {
    if (signal.aborted) end();
    return await work(own.signal);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', end);
  }
}
