import type { Notice } from './notice.ts';

/** What every file gives, whatever it holds. */
export interface Part {
  /** Name and version, as `enrichedBy` shows them. */
  readonly source: string;
  /** Rows, blocks or indicators in use; 0 for databases, which do not say. */
  readonly entries: number;
  readonly notices: readonly Notice[];
  /** Epoch milliseconds after which the data counts as stale. */
  readonly staleAfter?: number;
}

/** Days and hours in milliseconds. */
export const hourMs = 3_600_000;
export const dayMs: number = 24 * hourMs;
