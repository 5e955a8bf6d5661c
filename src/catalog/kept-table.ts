import type { Generated } from 'kysely';

/** A table of things that people keep, for themselves or for all. Times are epoch milliseconds; truth is 0 or 1. */
export interface KeptTable {
  readonly id: string;
  readonly owner_id: string;
  readonly owner: string;
  name: string;
  name_folded: string;
  description: string;
  content: string;
  shared: number;
  readonly created_at: number;
  updated_at: number;
  /** Dashboards alone have it. */
  widgets: Generated<number>;
}
