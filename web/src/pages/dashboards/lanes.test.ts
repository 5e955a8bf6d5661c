import { expect, test } from 'vitest';
import { inLane } from './lanes.ts';

const { signal } = new AbortController();

test('four run at once, the others wait, and those that are aborted never begin', async () => {
  const begun: number[] = [];
  const ends: (() => void)[] = [];
  const work = (number: number) => () =>
    new Promise<number>((resolve) => {
      begun.push(number);
      ends[number] = () => resolve(number);
    });
  const given = new AbortController();
  const running = [0, 1, 2, 3].map((number) => inLane(signal, work(number)));
  const aborted = inLane(given.signal, work(4)).catch((thrown: unknown) => thrown);
  const last = inLane(signal, work(5));
  await Promise.resolve();
  expect(begun).toEqual([0, 1, 2, 3]);
  given.abort('left');
  expect(await aborted).toBe('left');
  ends[2]?.();
  expect(await running[2]).toBe(2);
  await expect.poll(() => begun).toEqual([0, 1, 2, 3, 5]);
  for (const end of ends) end?.();
  expect(await last).toBe(5);
  await Promise.all(running);
});

test('work that fails gives its lane back', async () => {
  for (let at = 0; at < 10; at++) {
    await expect(inLane(signal, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  }
  expect(await inLane(signal, async () => 1)).toBe(1);
  await expect(inLane(AbortSignal.abort('gone'), async () => 1)).rejects.toBe('gone');
});
