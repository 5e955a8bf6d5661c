import { createHash } from 'node:crypto';
import type { FileContent } from './read-file.ts';

/** A file as it would have been read, for tests. */
export function testContent(
  fileName: string,
  text: string | Buffer,
  changed: number = Date.parse('2026-11-24'),
): FileContent {
  const bytes = Buffer.from(text);
  const point = fileName.lastIndexOf('.');
  return {
    path: `/etc/${fileName}`,
    bytes,
    name: fileName.slice(0, point),
    extension: fileName.slice(point + 1),
    version: createHash('sha256').update(bytes).digest('hex').slice(0, 8),
    changed,
  };
}
