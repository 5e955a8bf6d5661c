import { createOwnReader, type LogReader, type ReaderOptions } from '#source';
import { deviceModel, deviceType, fleetLog, sourceId } from './source-id.ts';

/** Makes a reader of fleet events, one JSON object a line. */
export function createFleetReader(options: ReaderOptions): LogReader {
  return createOwnReader(
    {
      sourceId,
      deviceModel,
      deviceType,
      log: fleetLog,
      textKeys: ['verb', 'log', 'host', 'agent', 'client', 'serverVersion', 'message', 'kind', 'extra'],
      what: 'fleet event',
    },
    options,
  );
}
