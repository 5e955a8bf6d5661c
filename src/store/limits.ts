import type { QueryLimits } from './store.ts';

/** Limits of one query unless the settings say otherwise. */
export const queryLimits: QueryLimits = { seconds: 60, memoryBytes: 256 * 1024 ** 2, rows: 100_000 };

/** Reading connections unless the settings say otherwise, and at most. */
export const readersDefault = 3;
export const readersMax = 32;

/** Rows of one page of a search. */
export const pageRowsDefault = 100;
export const pageRowsMax = 10_000;

/** Rows of one step of a scan: what is in memory at a time. */
export const scanRows = 5_000;

export const bucketsDefault = 60;
export const bucketsMax = 2_000;
/** Values a histogram tells apart; the rest is one part. */
export const histogramValuesMax = 8;

export const facetValuesDefault = 10;
export const facetValuesMax = 1_000;
export const facetLabelsMax = 50;

export const groupsDefault = 100;
export const groupsMax = 10_000;
export const groupLabelsMax = 8;
export const groupMeasuresMax = 8;

/** Bytes of raw records after which a block is written. */
export const blockBytesDefault: number = 16 * 1024 ** 2;
export const flushMsDefault = 1_000;
export const blocksInFlightDefault = 2;
/** Blocks kept for being filled again. */
export const spareBlocksMax = 4;
/** Batches that are written together. */
export const groupBatchesMax = 64;
/** Days one block may touch: each is a part on disk. */
export const blockDaysMax = 50;

/** Parts of one day that may lie unmerged while a log is read in, and the blocks between two looks at them. */
export const mergePausePartsMax = 100;
export const mergePauseBlocks = 8;

/** Days of the longest retention. */
export const retentionDaysMax = 36_500;

/** Memory the embedded engine may take. */
export const engineMemoryBytesDefault: number = 384 * 1024 ** 2;
