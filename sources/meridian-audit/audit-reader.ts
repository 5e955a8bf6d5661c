import { createOwnReader, type LogReader, type ReaderOptions } from '#source';
import { auditLog, deviceModel, deviceType, sourceId } from './source-id.ts';

/** Makes a reader of the audit trail, one JSON object a line. */
export function createAuditReader(options: ReaderOptions): LogReader {
  return createOwnReader(
    {
      sourceId,
      deviceModel,
      deviceType,
      log: auditLog,
      textKeys: ['verb', 'log', 'client', 'authzid', 'target', 'text', 'message', 'kind', 'extra'],
      what: 'entry of the audit trail',
    },
    options,
  );
}
