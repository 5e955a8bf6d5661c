/** Limits of the room. Reaching one is a notice, never silent. */

/** Largest table or list that is read, in bytes. */
export const tableBytesMax: number = 256 * 1024 * 1024;
/** Largest mmdb file that is read, in bytes; it is held in memory as it is. */
export const databaseBytesMax: number = 1024 * 1024 * 1024;
/** Rows that are used of one table. */
export const rowsMax = 2_000_000;
/** Indicators that are used of one intelligence list. */
export const indicatorsMax = 2_000_000;
/** Nodes of one prefix tree; about 12 bytes each. */
export const nodesMax = 32_000_000;
/** Files that are looked at in the enrichment folder. */
export const filesMax = 1_000;
/** Different addresses, and different DNs, whose answers are remembered. */
export const answersMax = 50_000;
/** Longest text of an address or a DN whose answer is remembered, in UTF-16 units. */
export const answerKeyLengthMax = 1024;
/** Rows that a notice names one by one. */
export const rowsNamedMax = 5;
/** Groups an identity is followed through to find out whether it is privileged. */
export const groupsFollowedMax = 10_000;
/** Rows after which reading a table lets other work have its turn. */
export const rowsPerTurn = 2_000;
