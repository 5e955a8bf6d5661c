import type { ReaderState } from '#source';
import { collectLimits } from '../limits.ts';
import type { SavedSender, SenderName } from './sender.ts';

/** Reads what was saved of senders; what is no sender is left out, and begins anew. Never throws. */
export function parseSavedSenders(text: string): SavedSender[] {
  let saved: unknown;
  try {
    saved = JSON.parse(text);
  } catch {
    return [];
  }
  if (!Array.isArray(saved)) return [];
  return saved.slice(0, collectLimits.senders).flatMap((value: unknown) => {
    const sender = readSender(value);
    return sender === undefined ? [] : [sender];
  });
}

function readSender(value: unknown): SavedSender | undefined {
  if (!isObject(value)) return undefined;
  const { name, stream, position, state } = value;
  if (typeof stream !== 'string' || !/^collected-[A-Za-z0-9_-]{22}$/.test(stream)) return undefined;
  if (typeof position !== 'number' || !Number.isSafeInteger(position) || position < 0) return undefined;
  const read = readName(name);
  return read === undefined || !isReaderState(state) ? undefined : { name: read, stream, position, state };
}

function readName(value: unknown): SenderName | undefined {
  if (!isObject(value)) return undefined;
  const { port, address, hostname, program } = value;
  return typeof port === 'string' &&
    typeof address === 'string' &&
    typeof hostname === 'string' &&
    typeof program === 'string'
    ? { port, address, hostname, program }
    : undefined;
}

function isReaderState(value: unknown): value is ReaderState {
  return isObject(value) && typeof value['version'] === 'number';
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
