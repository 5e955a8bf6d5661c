/**
 * QQL to SQL. `compileSql` takes a checked condition of the query room and gives an expression for `WHERE` with
 * `{name:Type}` parameters; it selects exactly the events that `compileCondition` selects (a property test runs both).
 *
 * What it counts on, besides the columns of `../columns.ts`:
 * - '' and [] are absent, and so is null; nothing else is.
 * - Decimals are kept as `Math.round(value * 1e9)`, eventTime as milliseconds and eventNanos in one.
 * - Address columns of type IPv6 hold IPv4 in its mapped form.
 * - The folded DN columns hold what `foldDn` gives, or nothing.
 * - Bytes that are no UTF-8 compare exactly in whole values; within words and patterns of a query each stands for any byte.
 * - What is deeper than 40 levels is written flat, so the engine's own limits of depth are never met.
 */
export { compileSql } from './compile-sql.ts';
