/** The limits of a query. Reaching one is an error that names it; each is checked before the work it bounds. */
export const limits: {
  readonly textLength: number;
  readonly depth: number;
  readonly listItems: number;
  readonly tests: number;
  readonly errors: number;
} = {
  /** UTF-16 units of a query text. */
  textLength: 65_536,
  /** Parentheses and NOTs within one another (qql §3). */
  depth: 1_000,
  /** Items of one list. */
  listItems: 5_000,
  /** Clauses, list items and free words of one query, together. */
  tests: 10_000,
  /** Errors reported for one text. */
  errors: 20,
};
