/** Remembers which signed requests came, so that one that is overheard cannot be sent again. */
export interface Nonces {
  /** Notes a request; false when it came before. */
  take(keyId: string, nonce: string, created: number): boolean;
  readonly size: number;
}

/**
 * Makes the memory, of this process alone: `windowSeconds` is how far a signature may be off the clock, `max` how many
 * are remembered. Beyond, the oldest go first. What several servers share is safe all the same: every request of an
 * agent changes nothing when it comes again.
 */
export function createNonces(windowSeconds: number, max: number, clock: () => number): Nonces {
  /** When each is over, epoch seconds; in the order they came. */
  const seen = new Map<string, number>();

  function sweep(now: number): void {
    for (const [name, until] of seen) {
      if (until >= now && seen.size < max) return;
      seen.delete(name);
    }
  }

  return {
    get size() {
      return seen.size;
    },
    take(keyId, nonce, created) {
      const now = Math.floor(clock() / 1_000);
      const name = `${keyId} ${nonce}`;
      const until = seen.get(name);
      if (until !== undefined && until >= now) return false;
      sweep(now);
      seen.delete(name);
      // A signature from the future is taken until its own window is over.
      seen.set(name, Math.max(now, created) + windowSeconds + 1);
      return true;
    },
  };
}
