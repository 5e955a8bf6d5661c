import { AppError } from '#error';
import type { Event } from '#event';
import type { Store } from './store.ts';

/** Writes events with a writer of their own. */
export async function write(store: Store, events: readonly Event[]): Promise<void> {
  const writer = store.writer();
  for (const event of events) writer.add(event);
  await writer.close();
}

/** Gives the code of the error that work ends with, or `done`. */
export async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'done';
  } catch (thrown) {
    return thrown instanceof AppError ? thrown.code : String(thrown);
  }
}
