import type { Rec } from '#event';
import { type ReadRecord, Rejection } from '#normalize';
import type { Refusal } from '#pipeline';
import type { BatchIdentity } from './batch-identity.ts';
import type { BatchLine } from './batch-lines.ts';
import type { ServerLimits } from './limits.ts';

/** An agent that sent a batch. */
export interface BatchSender {
  readonly agentId: string;
  /** Sources whose records no agent may send. */
  readonly reserved: ReadonlySet<string>;
}

/** What the reader is told in place of an identity, so that a record's own one can be told from none. */
const noStream = '';
const noPosition = Number.NaN;

/**
 * Reads one line of a batch as a record. Its identity is its own when it has stream and position, else that of its
 * line in the batch: half an identity of its own could fall together with another record's.
 */
export function readRecordLine(
  line: BatchLine,
  identity: BatchIdentity,
  read: ReadRecord,
  limits: ServerLimits,
  sender?: BatchSender,
): Rec | Refusal {
  if (line.cut)
    return {
      code: 'record-too-long',
      reason: `The record is longer than the ${limits.recordBytes} bytes it may have.`,
    };
  let value: unknown;
  try {
    value = JSON.parse(line.text);
  } catch {
    return { code: 'broken-json', reason: 'The line is not JSON.' };
  }
  if (isDeeper(value, limits.recordDepth))
    return {
      code: 'record-too-deep',
      reason: `The record is nested deeper than the ${limits.recordDepth} levels it may have.`,
    };
  const rec = read(value, { stream: noStream, generation: 0, position: noPosition, raw: line.text });
  if (rec instanceof Rejection) return rec;
  if (sender !== undefined) return ofSender(rec, identity, sender);
  if (rec.stream === noStream || Number.isNaN(rec.position)) {
    rec.stream = identity.stream;
    rec.generation = identity.generation;
    rec.position = identity.from + line.position;
  }
  return rec;
}

/**
 * Makes a record that of its sender: who it is and which stream it may write was proven, so what the record says of that
 * does not count. Its position must lie in the range of the batch, for it is the identity of the event.
 */
function ofSender(
  rec: Rec,
  { stream, generation, from, to = from }: BatchIdentity,
  sender: BatchSender,
): Rec | Refusal {
  const { position } = rec;
  if (rec.source !== undefined && sender.reserved.has(rec.source)) {
    return { code: 'source-reserved', reason: 'The record names a source that only the server writes.' };
  }
  if (position === undefined || !Number.isSafeInteger(position) || position < from || position >= to) {
    return {
      code: 'position-outside-range',
      reason: 'The position of the record does not lie in the range of its batch.',
    };
  }
  rec.agent = sender.agentId;
  rec.stream = stream;
  rec.generation = generation;
  return rec;
}

/** True when a JSON value is nested deeper; looks no further than that. */
export function isDeeper(value: unknown, depthMax: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (depthMax === 0) return true;
  for (const part of Object.values(value)) {
    if (typeof part === 'object' && isDeeper(part, depthMax - 1)) return true;
  }
  return false;
}
