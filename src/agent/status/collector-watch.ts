import type { CollectCounts } from '../collect/senders.ts';
import type { Happenings } from './happenings.ts';

/** Tells the fleet when messages of other hosts were lost: once for all that were, since the last time. */
export class CollectorWatch {
  readonly #happenings: Happenings;
  #lost = 0;
  #cut = 0;

  constructor(happenings: Happenings) {
    this.#happenings = happenings;
  }

  look({ dropped, kernelDropped, cut }: Readonly<CollectCounts>): void {
    const lost = dropped + kernelDropped;
    if (lost > this.#lost)
      this.#happenings.add('collector-loss', `${lost - this.#lost} messages that came by UDP were lost.`);
    if (cut > this.#cut)
      this.#happenings.add('collector-loss', `${cut - this.#cut} messages were longer than is kept, and cut.`);
    this.#lost = lost;
    this.#cut = cut;
  }
}
