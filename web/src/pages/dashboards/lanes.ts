/** Requests of widgets under way at the same time: the store reads with few connections, and others want them, too. */
const lanesMax = 4;

interface Waiting {
  readonly start: () => void;
}

let busy = 0;
const waiting: Waiting[] = [];

/** Runs the work when a lane is free; not at all when the signal is aborted before. */
export async function inLane<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  await takeLane(signal);
  try {
    signal.throwIfAborted();
    return await work();
  } finally {
    busy -= 1;
    waiting.shift()?.start();
  }
}

function takeLane(signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  if (busy < lanesMax) {
    busy += 1;
    return Promise.resolve();
  }
  return new Promise((resolve, reject) => {
    const one: Waiting = {
      start() {
        signal.removeEventListener('abort', leave);
        busy += 1;
        resolve();
      },
    };
    function leave(): void {
      const at = waiting.indexOf(one);
      if (at !== -1) waiting.splice(at, 1);
      reject(signal.reason);
    }
    waiting.push(one);
    signal.addEventListener('abort', leave, { once: true });
  });
}
