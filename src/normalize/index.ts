export type { Coverage } from './coverage.ts';
export { derivedLabels } from './derive.ts';
export { createNormalizer, type Normalizer, type NormalizerOptions, systemLabels } from './normalizer.ts';
export { createRecordReader, type ReadRecord, type RecordOrigin, type RecordReaderOptions } from './record-reader.ts';
export { deadLetterOf, Rejection, type RejectionCode, rejections } from './rejection.ts';
export { createTracer, type TraceRecord, type TraceRow } from './trace-record.ts';
