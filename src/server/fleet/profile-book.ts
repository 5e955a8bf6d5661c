import type { Catalog, StoredProfile } from '#catalog';

/** The profiles as they stand, and whoever waits for them to change. */
export interface ProfileBook {
  /** All profiles, with the number of changes they are as of. */
  current(): Promise<{ readonly changes: number; readonly profiles: readonly StoredProfile[] }>;
  /** Resolves when there are more changes than that, when the time is over, or when the signal aborts. */
  changed(changes: number, waitMs: number, signal: AbortSignal): Promise<void>;
  /** Something was changed here: those who wait look at once. */
  poke(): void;
  /** Ends all waiting. */
  close(): void;
  readonly closed: boolean;
}

/** Makes the book. While somebody waits, one look every `lookMs` at a number in the catalog serves all of them. */
export function createProfileBook(catalog: Catalog, lookMs: number): ProfileBook {
  const waiting = new Set<(changes: number) => void>();
  /** Loaded once for all who woke up at the same change. */
  let cached: { readonly changes: number; readonly profiles: Promise<readonly StoredProfile[]> } | undefined;
  let timer: NodeJS.Timeout | undefined;
  let looking = false;
  let closed = false;

  async function look(): Promise<void> {
    if (looking) return;
    looking = true;
    try {
      const changes = await catalog.changes('profiles');
      for (const wake of [...waiting]) wake(changes);
    } catch {
      // A catalog that is away for a moment is looked at again; who asks it something is told.
    } finally {
      looking = false;
    }
  }

  function watch(): void {
    if (waiting.size > 0 && !closed) {
      timer ??= setInterval(() => void look(), lookMs).unref();
      return;
    }
    clearInterval(timer);
    timer = undefined;
  }

  return {
    async current() {
      const changes = await catalog.changes('profiles');
      if (cached?.changes !== changes) cached = { changes, profiles: catalog.profiles.all() };
      const { profiles } = cached;
      try {
        return { changes, profiles: await profiles };
      } catch (thrown) {
        cached = undefined;
        throw thrown;
      }
    },
    async changed(changes, waitMs, signal) {
      if (closed || signal.aborted || waitMs <= 0) return;
      await new Promise<void>((resolve) => {
        const done = (): void => {
          waiting.delete(wake);
          clearTimeout(end);
          signal.removeEventListener('abort', done);
          watch();
          resolve();
        };
        const wake = (now: number): void => {
          if (now > changes) done();
        };
        const end = setTimeout(done, waitMs);
        signal.addEventListener('abort', done, { once: true });
        waiting.add(wake);
        watch();
      });
    },
    get closed() {
      return closed;
    },
    poke() {
      if (waiting.size > 0) void look();
    },
    close() {
      closed = true;
      for (const wake of [...waiting]) wake(Number.POSITIVE_INFINITY);
      watch();
    },
  };
}
