export type { CategoryTable } from './category-table.ts';
export type { Guide } from './guide.ts';
export type { Mapping, MappingRow } from './mapping.ts';
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
