import type { ProfileNotice } from '../../api/fleet-profiles.ts';
import type { StepName } from './check-draft.ts';
import type { ProfileDraft, ReadableSource } from './profile-draft.ts';

/** What every step of the form gets. */
export interface StepProps {
  readonly draft: ProfileDraft;
  readonly onDraft: (change: Partial<ProfileDraft>) => void;
  readonly sources: readonly ReadableSource[];
  /** What is wrong with a field, once that is to be told. */
  readonly problemOf: (field: string) => string | undefined;
  /** What the server says of a row. */
  readonly noticesOf: (row: number) => readonly ProfileNotice[];
}

/** The steps, in their order. */
export const steps: readonly (readonly [name: StepName, word: string])[] = [
  ['general', 'General'],
  ['sources', 'Log sources'],
  ['assets', 'Assets'],
  ['limits', 'Limits'],
  ['review', 'Review'],
];

/** Reads a step from the address. */
export function readStep(word: string | undefined): StepName {
  return steps.find(([name]) => name === word)?.[0] ?? 'general';
}

/** Changes one row of a list. */
export function changeRow<T extends { readonly row: number }>(list: readonly T[], row: number, next: T): readonly T[] {
  return list.map((one) => (one.row === row ? next : one));
}
