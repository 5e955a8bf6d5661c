import type { EntityKind } from '../../parts/entity-link.ts';

/** Something of a kind that came up in the window. */
export interface Newcomer {
  readonly value: string;
  readonly first: number;
}

/** What is new of one kind. */
export interface Newcomers {
  readonly kind: EntityKind;
  readonly one: string;
  readonly many: string;
  /** The newest first. */
  readonly found: readonly Newcomer[];
  /** There are more than are counted. */
  readonly isMore: boolean;
  /** Finds the events of all of them. */
  readonly query: string;
}

/** Finds the events of everything that is new. */
export function queryOfAll(kinds: readonly Newcomers[]): string {
  return kinds.flatMap(({ found, query }) => (found.length === 0 ? [] : query)).join(' or ');
}
