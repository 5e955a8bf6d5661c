export { createEnricher, type Enricher, type EnrichOptions, type EnrichStatus } from './enricher.ts';
export type { Notice } from './enrichment-folder.ts';
