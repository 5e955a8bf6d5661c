export type { CategoryRule, CategoryTable, EventCondition, OutcomeRule, TagRule } from './category-table.ts';
export { defineMapping } from './define-mapping.ts';
export { type FirstOfLog, firstRecordBytesMax, firstRecordOf } from './first-record.ts';
export type { Guide, SupportedFormat, SupportedVersion } from './guide.ts';
export { type GuideCategory, type GuideDocument, type GuideRow, guideDocument } from './guide-document.ts';
export { findSource, loadSources, loadSourcesFrom } from './load-sources.ts';
export { type PlaceInSet, placeInSet } from './log-set.ts';
export type { Mapping, MappingRow, SampleValue } from './mapping.ts';
export { type OwnMapping, ownMapping } from './own-mapping.ts';
export { createOwnReader, type OwnRecords } from './own-reader.ts';
export { isBinary, type RecognizedLog, recognizeLog, sampleBytes } from './recognize-log.ts';
export { type GuideFormat, guideFormat, guideFormats, renderGuide } from './render-guide.ts';
export {
  type DeadLetter,
  defineSource,
  type FileIdentity,
  type LogKind,
  type LogReader,
  type ReadCounts,
  type ReaderOptions,
  type ReaderState,
  type Recognition,
  type RecordSink,
  type Source,
} from './source.ts';
