export { createEnricher, type Enricher, type EnrichStatus } from './enricher.ts';
export type { KnownFile } from './known-files.ts';
export type { Notice } from './notice.ts';
export type { EnrichOptions, FileKind } from './options.ts';
