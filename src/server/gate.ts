import { AppError } from '#error';

/** Lets a few in at a time and makes the others wait, in order. */
export interface Gate {
  /**
   * Resolves when there is room, with the function that gives the place back (calling it again does nothing).
   * Throws `server-busy` when too many wait already, or when the signal aborts the waiting.
   */
  enter(signal: AbortSignal): Promise<() => void>;
  readonly inside: number;
}

/** Makes a gate for `slots` at a time, with at most `waitingMax` in front of it. */
export function createGate(slots: number, waitingMax: number): Gate {
  const waiting = new Set<() => void>();
  let inside = 0;

  function release(): () => void {
    let released = false;
    return () => {
      if (released) return;
      released = true;
      const [next] = waiting;
      if (next === undefined) {
        inside -= 1;
        return;
      }
      // The place passes on directly: `inside` stays, so that nobody slips in between.
      waiting.delete(next);
      next();
    };
  }

  return {
    get inside() {
      return inside;
    },
    async enter(signal) {
      if (signal.aborted) throw busy();
      if (inside < slots) {
        inside += 1;
        return release();
      }
      if (waiting.size >= waitingMax) throw busy();
      return new Promise((resolve, reject) => {
        const enter = (): void => {
          signal.removeEventListener('abort', leave);
          resolve(release());
        };
        const leave = (): void => {
          waiting.delete(enter);
          reject(busy());
        };
        waiting.add(enter);
        signal.addEventListener('abort', leave, { once: true });
      });
    },
  };
}

function busy(): AppError {
  return new AppError('server-busy', 'The server has as many requests of this kind as it takes at one time.');
}
