import type { Recognition } from '#source';
import { auditLog, deviceModel } from './source-id.ts';

/** Bytes of the first line that are looked at. */
const lineBytesMax = 64 * 1024;

/** Recognizes the audit trail written one JSON object a line, by the device the first one names. */
export function recognize(sample: Buffer): Recognition | undefined {
  const end = sample.indexOf(0x0a);
  const line = sample.subarray(0, Math.min(end === -1 ? sample.length : end, lineBytesMax)).toString('utf8');
  try {
    const value: unknown = JSON.parse(line);
    const named = typeof value === 'object' && value !== null && 'DeviceModel' in value && value.DeviceModel;
    return named === deviceModel ? { log: auditLog, format: 'json', confidence: 1 } : undefined;
  } catch {
    return undefined;
  }
}
