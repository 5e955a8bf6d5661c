import { type ContentMark, parseMarks } from './content-marks.ts';

/** Version of the text a checkpoint's state is saved as. */
const version = 1;

/** What a checkpoint of a stream holds besides numbers. */
export interface CheckpointState {
  readonly marks: readonly ContentMark[];
  /** State of the reader, not looked into; null at the start of a file. */
  readonly reader: unknown;
}

/** Writes the state of a checkpoint as text. */
export function printCheckpointState({ marks, reader }: CheckpointState): string {
  return JSON.stringify({ version, marks, reader });
}

/** Reads it again. Throws when it is damaged, or of another version. */
export function parseCheckpointState(text: string): CheckpointState {
  const saved: unknown = JSON.parse(text);
  if (typeof saved !== 'object' || saved === null || !('version' in saved) || saved.version !== version) {
    throw new TypeError('it is of another version');
  }
  const marks = parseMarks('marks' in saved ? saved.marks : undefined);
  return { marks, reader: 'reader' in saved ? saved.reader : null };
}
