export { type Batch, BatchBuilder } from './batch.ts';
export { type ByteRange, type ContentMark, MarkMaker, markRange, matchesMarks, parseMarks } from './content-marks.ts';
export { type FirstRecord, streamOf } from './fingerprint.ts';
export { type ByteSource, chunkBytesMax, fileError, openFile, PipeSource } from './open-file.ts';
