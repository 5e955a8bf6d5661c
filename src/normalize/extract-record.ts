import { encodeText, type Rec, type RecKey, recKeyNames } from '#event';
import type { Source } from '#source';

/** Longest text that is tried. UTF-16 units. */
const textLengthMax = 65_536;

/** What a reader says of a text alone is not true of the record: where it stood, and what came before. */
const notTaken: ReadonlySet<RecKey> = new Set<RecKey>([
  'stream',
  'generation',
  'position',
  'raw',
  'session',
  'correlation',
  'source',
]);

/**
 * Fills what a record does not say by key from its text: `raw`, or the `message` of a forwarder. Only for a record
 * without a verb, whose text is exactly one record of the source.
 */
export function extractRecord(rec: Rec, source: Source, zone: string): void {
  if (rec.verb !== undefined) return;
  const text = rec.raw ?? rec.message;
  if (text === undefined || text === '' || text.length > textLengthMax) return;
  const found = readOne(text, source, zone);
  if (found === undefined) return;
  if (rec.raw === undefined) rec.message = undefined;
  // The reader's own raw text: it has no secrets in it any more.
  rec.raw = found.raw ?? text;
  for (const key of recKeyNames) {
    if (rec[key] === undefined && found[key] !== undefined && !notTaken.has(key)) {
      (rec as Record<RecKey, Rec[RecKey]>)[key] = found[key];
    }
  }
}

/**
 * Reads a record that is in the product's own JSON, not in the guide's form, as the source reads it from a log: with
 * secrets taken out. Undefined when the text is no such record.
 */
export function readNative(text: string, source: Source, zone: string): Rec | undefined {
  return text.length > textLengthMax ? undefined : readOne(text, source, zone);
}

function readOne(text: string, source: Source, zone: string): Rec | undefined {
  const bytes = encodeText(text);
  const recognition = source.recognize(bytes);
  if (recognition === undefined) return undefined;
  const records: Rec[] = [];
  const sink = { record: (one: Rec) => void records.push(one), dead: () => undefined };
  const reader = source.createReader({ log: recognition.log, zone });
  reader.startFile({ stream: '', generation: 0, position: 0 });
  reader.push(bytes, sink);
  reader.endFile(sink);
  return records.length === 1 ? records[0] : undefined;
}
