/** Writes events to a store until it is killed or done: run by the test of `kill -9`, which reads what it acknowledged. */
import { openStore } from './open-store.ts';
import { makeCheckpoint, makeEvent } from './test-events.ts';

const [, , directory = '', total = '0', rowsPerBlock = '100'] = process.argv;
const store = await openStore({ kind: 'embedded', directory });
const from = (await store.streams.get('stream-a', 0))?.position ?? 0;
const writer = store.writer({ rowsPerBlock: Number(rowsPerBlock), flushMs: 0 });
process.stdout.write(`from ${from}\n`);
for (let number = from / 100; number < Number(total); number++) {
  // Blocks touch two days, so that a crash can leave half of one behind.
  writer.add(makeEvent(number, number % 2 === 0 ? { eventTime: Date.UTC(2026, 10, 23) } : {}));
  if (number % 250 === 249) writer.checkpoint(makeCheckpoint((number + 1) * 100));
  if (writer.full) {
    await writer.drain();
    process.stdout.write(`durable ${writer.counts.durable}\n`);
  }
}
await writer.close();
process.stdout.write('done\n');
await store.close();
