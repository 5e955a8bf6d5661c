import type { Indicator } from './indicator.ts';

/** What a list holds, before it is put in order. */
export interface ListEntry {
  readonly at: number;
  readonly value: string;
  readonly confidence?: number | undefined;
  readonly severity?: Indicator['severity'];
  readonly labels?: readonly string[];
  readonly from?: number;
  readonly until?: number;
}

/** Entries of a list, read one by one where the list allows, and what could not become one. */
export interface ListEntries {
  readonly entries: Iterable<ListEntry>;
  readonly unmatchable: number;
  /** Rows left out already. */
  readonly exceeded: number;
}
