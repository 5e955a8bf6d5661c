import { expect, test } from 'vitest';
import { createGate } from './gate.ts';

const patient = new AbortController().signal;

test('so many go in, so many wait in order, the rest are refused', async () => {
  const gate = createGate(1, 2);
  const order: string[] = [];
  const leave = await gate.enter(patient);
  const second = gate.enter(patient).then((release) => {
    order.push('second');
    return release;
  });
  const third = gate.enter(patient).then((release) => {
    order.push('third');
    return release;
  });
  await expect(gate.enter(patient)).rejects.toMatchObject({ code: 'server-busy' });
  leave();
  leave();
  (await second)();
  (await third)();
  expect(order).toEqual(['second', 'third']);
  expect(gate.inside).toBe(0);
});

test('who goes away gives up the place in the line', async () => {
  const gate = createGate(1, 5);
  const leave = await gate.enter(patient);
  const impatient = new AbortController();
  const waiting = gate.enter(impatient.signal);
  impatient.abort();
  await expect(waiting).rejects.toMatchObject({ code: 'server-busy' });
  leave();
  expect(gate.inside).toBe(0);
});
