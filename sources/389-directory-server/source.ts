import { defineSource, type LogReader, type ReaderOptions, type Source } from '#source';
import { createAccessReader } from './access-reader.ts';
import { createAuditReader } from './audit.ts';
import { categories } from './categories.ts';
import { createErrorReader } from './error-log.ts';
import { guide } from './guide.ts';
import { logs } from './logs.ts';
import { mapping } from './mapping.ts';
import { recognize } from './recognize.ts';
import { rotation } from './rotation.ts';
import { createSecurityReader } from './security.ts';
import { deviceModel, deviceType, sourceId } from './source-id.ts';

const readers: Readonly<Record<string, (options: ReaderOptions) => LogReader>> = {
  access: createAccessReader,
  security: createSecurityReader,
  audit: createAuditReader,
  auditfail: createAuditReader,
  error: createErrorReader,
};

/** 389 Directory Server: all logs it writes, in all formats. */
export const source: Source = defineSource({
  id: sourceId,
  vendor: deviceModel,
  product: deviceModel,
  deviceType,
  numbersSessions: true,
  mappingVersion: '1',
  mapping,
  categories,
  guide,
  logs,
  recognize,
  rotation,
  createReader: (options) => (readers[options.log] ?? createAccessReader)(options),
});
