import type { Notice } from './notice.ts';
import type { SkippedRow } from './skipped-rows.ts';

/** What every file gives, whatever it holds. */
export interface Part {
  /** Name and version, as `enrichedBy` shows them. */
  readonly source: string;
  /** Rows, blocks or indicators in use; 0 for databases, which do not say. */
  readonly entries: number;
  readonly notices: readonly Notice[];
  /** Rows that cannot be used; absent where there are no rows. */
  readonly skipped?: number;
  /** The first of them. */
  readonly skippedRows?: readonly SkippedRow[];
  /** Rows left out because there are too many. */
  readonly exceeded?: number;
  /** Epoch milliseconds after which the data counts as stale. */
  readonly staleAfter?: number;
}

/** Days and hours in milliseconds. */
export const hourMs = 3_600_000;
export const dayMs: number = 24 * hourMs;
