/**
 * QQL to SQL. `compileSql` takes a checked condition of the query room and gives an expression for `WHERE` with
 * `{name:Type}` parameters; it selects exactly the events that `compileCondition` selects (a property test runs both).
 *
 * What it counts on, besides the columns of `../columns.ts`:
 * - '' and [] are absent, and so is null; nothing else is.
 * - Decimals are kept as `Math.round(value * 1e9)`, eventTime as milliseconds and eventNanos in one.
 * - Address columns of type IPv6 hold IPv4 in its mapped form.
 * - The folded DN columns hold what `foldDn` gives, or nothing.
 * - Deep queries need `max_parser_depth` and `max_ast_depth` of 20,000 on the reading connection.
 */
export { type CompiledSql, type CompileSqlOptions, compileSql } from './compile-sql.ts';
export type { ParameterValue } from './parameters.ts';
