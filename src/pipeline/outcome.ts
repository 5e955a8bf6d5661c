/**
 * What became of an event at a stage: it goes on, is left out on purpose, or cannot be used and is kept as a dead
 * letter. Failures that are no bugs are outcomes, not exceptions.
 */
export type Outcome =
  | { readonly kind: 'keep' }
  | { readonly kind: 'drop'; readonly reason: string }
  | { readonly kind: 'reject'; readonly code: string; readonly reason: string };

/** The event goes on. One value for all events, because it is the outcome of nearly each of them. */
export const keep: Outcome = Object.freeze({ kind: 'keep' });

/** Leaves an event out; the reason is a stable word that is counted. */
export function drop(reason: string): Outcome {
  return { kind: 'drop', reason };
}

/** Refuses an event: it becomes a dead letter with a stable code and one sentence that quotes nothing of the record. */
export function reject(code: string, reason: string): Outcome {
  return { kind: 'reject', code, reason };
}
