/**
 * What a text record turned out to be.
 *
 * - `complete`: read to its end
 * - `open`: a value is still open at the end of the text, so what follows belongs to it
 * - `loose`: read to its end, but with quotes inside a value where the server usually escapes them
 * - `dangling`: something stands behind the end of the record that no server writes there
 * - `unknown`: a record of an unknown kind; kept, with its raw text
 * - `unreadable`: not a record
 */
export type Decoded = 0 | 1 | 2 | 3 | 4 | 5;
export const complete = 0;
export const open = 1;
export const loose = 2;
export const dangling = 3;
export const unknown = 4;
export const unreadable = 5;
