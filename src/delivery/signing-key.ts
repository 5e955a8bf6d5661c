import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { AppError } from '#error';

/** An Ed25519 key that signs. */
export interface SigningKey {
  /** 32 bytes, base64url. */
  readonly publicKey: string;
  /** Names the key; see {@link keyIdOf}. */
  readonly keyId: string;
  readonly privateKey: KeyObject;
}

/** 32 bytes in base64url, and nothing else. */
const publicKeyForm = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/;
const signatureLength = 64;

/**
 * Points of small order, without the bit of the sign: under such a key one signature fits many texts, and whoever likes
 * can make it (RFC 8032 §5.1.7 leaves it to the verifier to refuse them).
 */
const weakKeys: ReadonlySet<string> = new Set([
  '00'.repeat(32),
  `01${'00'.repeat(31)}`,
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  `ec${'ff'.repeat(30)}7f`,
  `ed${'ff'.repeat(30)}7f`,
  `ee${'ff'.repeat(30)}7f`,
]);

/** Makes a new key. */
export function makeSigningKey(): SigningKey {
  return keyOf(generateKeyPairSync('ed25519').privateKey);
}

/** Reads a private key as {@link writeSigningKey} wrote it (PKCS #8, PEM). Throws `key-damaged`. */
export function readSigningKey(text: string): SigningKey {
  try {
    const key = createPrivateKey(text);
    if (key.asymmetricKeyType === 'ed25519') return keyOf(key);
  } catch {
    // What the reader found wrong may hold parts of the key.
  }
  throw new AppError('key-damaged', 'The private key is damaged, or is no Ed25519 key.');
}

/** The private key as text (PKCS #8, PEM): for a file only its owner may read. */
export function writeSigningKey(key: SigningKey): string {
  return key.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** Names a public key: 22 characters of its SHA-256. */
export function keyIdOf(publicKey: string): string {
  return createHash('sha256').update(Buffer.from(publicKey, 'base64url')).digest('base64url').slice(0, 22);
}

/** Whether a text is a public key that can be trusted to be somebody's: 32 bytes in base64url, no point of small order. */
export function isPublicKey(text: string): boolean {
  if (!publicKeyForm.test(text)) return false;
  const bytes = Buffer.from(text, 'base64url');
  bytes.writeUInt8(bytes.readUInt8(31) & 0x7f, 31);
  return !weakKeys.has(bytes.toString('hex'));
}

/** Signs bytes; 64 bytes. */
export function signBytes(bytes: Buffer, key: SigningKey): Buffer {
  return sign(null, bytes, key.privateKey);
}

/** Whether a signature over bytes is that of a public key. Never throws. */
export function isSignatureOf(bytes: Buffer, signature: Buffer, publicKey: string): boolean {
  if (signature.length !== signatureLength || !isPublicKey(publicKey)) return false;
  try {
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: publicKey }, format: 'jwk' });
    return verify(null, bytes, key, signature);
  } catch {
    return false;
  }
}

function keyOf(privateKey: KeyObject): SigningKey {
  const { x } = createPublicKey(privateKey).export({ format: 'jwk' });
  if (x === undefined) throw new AppError('key-damaged', 'The private key has no public part.');
  return { publicKey: x, keyId: keyIdOf(x), privateKey };
}
