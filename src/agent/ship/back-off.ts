import { shipLimits } from '../limits.ts';

/**
 * How long to wait before a further try: any time up to a bound that doubles with each failure (full jitter), so that
 * many agents do not come back at once; and no shorter than the server asked for.
 */
export class BackOff {
  readonly #random: () => number;
  #failures = 0;

  constructor(random: () => number = Math.random) {
    this.#random = random;
  }

  get failures(): number {
    return this.#failures;
  }

  /** Milliseconds to wait after one more failure. */
  next(retryAfterMs = 0): number {
    const bound = Math.min(shipLimits.retryMsMax, shipLimits.retryMs * 2 ** Math.min(this.#failures, 16));
    this.#failures += 1;
    const asked = Math.min(retryAfterMs, shipLimits.retryAfterMsMax);
    return Math.round(asked + this.#random() * bound);
  }

  /** It worked: begins anew. */
  reset(): void {
    this.#failures = 0;
  }
}
