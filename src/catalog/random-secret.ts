import { createHash, randomBytes } from 'node:crypto';

const secretBytes = 32;
const idBytes = 6;

/** A secret of 256 random bits as text. */
export function randomSecret(): string {
  return randomBytes(secretBytes).toString('base64url');
}

/** A short id that may be shown. */
export function randomId(): string {
  return randomBytes(idBytes).toString('hex');
}

/** What is kept of a secret. It is random and long, so a plain hash cannot be turned back. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
