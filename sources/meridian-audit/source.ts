import { defineSource, type Source } from '#source';
import { createAuditReader } from './audit-reader.ts';
import { categories } from './categories.ts';
import { guide } from './guide.ts';
import { mapping } from './mapping.ts';
import { recognize } from './recognize.ts';
import { deviceModel, deviceType, sourceId } from './source-id.ts';

/** What people and programs do with this product: who signed in, changed something, exported, or was denied. */
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
  // The trail is kept in the catalog; nobody writes it in rotated sets.
  rotation: () => undefined,
  createReader: createAuditReader,
});
