/** Category rules of a source, as data; `src/categorize` compiles them. */
export interface CategoryTable {
  readonly version: string;
}
