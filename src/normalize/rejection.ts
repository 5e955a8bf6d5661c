import type { Rec } from '#event';
import type { DeadLetter } from '#source';

/** Why a record cannot become an event. The code goes into the dead letter. */
export const rejections = {
  'not-a-record': 'The record is no JSON object.',
  'too-many-keys': 'The record has more keys than are looked at.',
  'value-too-long': 'A value of the record is longer than is kept.',
  'wrong-type': 'A key of the record holds a value of another type than it must.',
  'no-time': 'The record has no time that can be read.',
  'time-out-of-range': 'The time of the record lies before 1970 or after 2262.',
  'unknown-source': 'The record names no data source that there is.',
  'no-identity': 'The record has no stream and position, so its event would have no id.',
  'mapping-failed': 'A row of the mapping could not make its label from the record.',
} as const;

export type RejectionCode = keyof typeof rejections;

/** What {@link Normalizer.normalize} gives instead of an event. */
export class Rejection {
  readonly code: RejectionCode;
  /** One sentence, without text of the record. */
  readonly reason: string;

  constructor(code: RejectionCode, detail?: string) {
    this.code = code;
    this.reason = detail === undefined ? rejections[code] : `${rejections[code].slice(0, -1)}: ${detail}.`;
  }
}

/** Makes the dead letter of a rejected record; `raw` for a record that was never readable. */
export function deadLetterOf(rejection: Rejection, rec: Partial<Rec>, raw?: string): DeadLetter {
  return {
    stream: rec.stream ?? '',
    generation: rec.generation ?? 0,
    position: rec.position ?? 0,
    log: rec.log ?? '',
    source: rec.source ?? '',
    code: rejection.code,
    reason: rejection.reason,
    raw: raw ?? rec.raw ?? '',
  };
}
