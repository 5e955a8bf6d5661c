import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { withDeadline } from './with-deadline.ts';

/** Work that only a signal ends. */
function forever(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const fail = (): void => reject(signal.reason);
    if (signal.aborted) fail();
    else signal.addEventListener('abort', fail);
  });
}

test('work ends by itself, with the time, or with the signal; and leaves nothing behind', async () => {
  const ending = new AbortController();
  expect(await withDeadline(ending.signal, 1000, () => Promise.resolve(7))).toBe(7);
  await expect(withDeadline(ending.signal, 10, forever)).rejects.toThrow('after 10 ms');
  expect(getEventListeners(ending.signal, 'abort')).toHaveLength(0);
  setTimeout(() => ending.abort(new Error('the end')), 10);
  await expect(withDeadline(ending.signal, 10_000, forever)).rejects.toThrow('the end');
  await expect(withDeadline(ending.signal, 10_000, forever)).rejects.toThrow('the end');
  expect(getEventListeners(ending.signal, 'abort')).toHaveLength(0);
});
