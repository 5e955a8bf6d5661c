/** The forms an answer can have. */
export const outputFormats = ['table', 'json', 'ndjson', 'csv'] as const;
export type OutputFormat = (typeof outputFormats)[number];

/** Rows of a table unless told otherwise: what somebody reads. */
export const tableRows = 100;
