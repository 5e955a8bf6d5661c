import { shipLimits } from '../limits.ts';
import type { Clock } from '../reading/reading.ts';

/** Notices when the host's clock was set: it then went otherwise than a clock that only counts. */
export class ClockWatch {
  readonly #clock: Clock;
  #offset: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#offset = clock.now() - clock.steady();
  }

  /** Milliseconds the clock was set ahead (or back, below 0) since the last look; undefined when it was not. */
  look(): number | undefined {
    const offset = this.#clock.now() - this.#clock.steady();
    const jump = offset - this.#offset;
    this.#offset = offset;
    return Math.abs(jump) > shipLimits.clockJumpMs ? Math.round(jump) : undefined;
  }
}
