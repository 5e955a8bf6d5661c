export type { CategoryTable } from './category-table.ts';
export { defineMapping } from './define-mapping.ts';
export type { Guide, SupportedFormat, SupportedVersion } from './guide.ts';
export { findSource, loadSources, loadSourcesFrom } from './load-sources.ts';
export type { Mapping, MappingRow, SampleValue } from './mapping.ts';
export {
  type DeadLetter,
  defineSource,
  type FileIdentity,
  type LogReader,
  type ReadCounts,
  type ReaderOptions,
  type ReaderState,
  type Recognition,
  type RecordSink,
  type Source,
} from './source.ts';
