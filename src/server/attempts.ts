/** Remembers wrong tokens per address, so that guessing and misconfigured clients are slowed and do not flood the log. */
export interface Attempts {
  /** Notes a wrong token; gives the seconds to wait when the address has spent its attempts, else 0. */
  fail(address: string): number;
  /** The seconds to wait when the address has spent its attempts, else 0; counts nothing. */
  waitSeconds(address: string): number;
  readonly total: number;
}

/** Addresses remembered; the one seen first goes first. */
const addressesMax = 10_000;

/** Makes the memory of wrong tokens: at most `max` per address within `windowMs`. */
export function createAttempts(max: number, windowMs: number, clock: () => number): Attempts {
  const seen = new Map<string, { since: number; count: number }>();
  let total = 0;

  function left(entry: { readonly since: number; readonly count: number }, spent: boolean): number {
    return spent ? Math.max(1, Math.ceil((entry.since + windowMs - clock()) / 1_000)) : 0;
  }

  return {
    get total() {
      return total;
    },
    fail(address) {
      total += 1;
      const now = clock();
      let entry = seen.get(address);
      if (entry === undefined || now - entry.since >= windowMs) {
        seen.delete(address);
        const oldest = seen.size >= addressesMax ? seen.keys().next().value : undefined;
        if (oldest !== undefined) seen.delete(oldest);
        entry = { since: now, count: 0 };
        seen.set(address, entry);
      }
      entry.count += 1;
      return left(entry, entry.count > max);
    },
    waitSeconds(address) {
      const entry = seen.get(address);
      return entry === undefined || clock() - entry.since >= windowMs ? 0 : left(entry, entry.count >= max);
    },
  };
}
