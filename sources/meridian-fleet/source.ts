import { defineSource, type Source } from '#source';
import { categories } from './categories.ts';
import { createFleetReader } from './fleet-reader.ts';
import { guide } from './guide.ts';
import { mapping } from './mapping.ts';
import { recognize } from './recognize.ts';
import { deviceModel, deviceType, sourceId } from './source-id.ts';

/** What happens in the fleet of agents: who was enrolled, fell silent, refused a profile; where records are missing. */
export const source: Source = defineSource({
  id: sourceId,
  vendor: 'Meridian',
  product: deviceModel,
  deviceType,
  own: true,
  mappingVersion: '1',
  mapping,
  categories,
  guide,
  recognize,
  // Fleet logs are written by nobody in rotated sets.
  rotation: () => undefined,
  createReader: createFleetReader,
});
