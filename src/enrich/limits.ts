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
/** Rows that cannot be used which a preview names one by one. */
export const rowsToldMax = 100;
/** Rows a preview shows. */
export const rowsShownMax = 20;
/** UTF-16 units of one cell that a preview shows. */
export const cellLengthMax = 200;
/** Columns a preview shows. */
export const columnsShownMax = 40;
/** Largest table or list that is taken by upload, in bytes. */
export const uploadBytesMax: number = 64 * 1024 * 1024;
/** Largest YAML file that is taken by upload, in bytes: it is read in one go. */
export const yamlBytesMax: number = 1024 * 1024;
/** Largest mmdb file that is taken by upload, in bytes. */
export const databaseUploadBytesMax: number = 512 * 1024 * 1024;
/** Values one record of an uploaded mmdb may hold; real ones have some dozens. */
export const recordValuesMax = 10_000;
/** Files of one kind that uploads may make. */
export const uploadsMax = 200;
/** Versions before the present one that are kept of a table or list. */
export const versionsKeptMax = 5;
/** The same of a database: they are large, and some licences want old ones gone. */
export const databaseVersionsKeptMax = 1;
/** Days after which a former version is removed. */
export const versionDaysMax = 30;
/** Groups an identity is followed through to find out whether it is privileged. */
export const groupsFollowedMax = 10_000;
/** Rows after which reading a table lets other work have its turn. */
export const rowsPerTurn = 2_000;
