import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { AppError } from '#error';
import { createGate, type Gate } from '../gate.ts';

/** Keeps and checks passwords. */
export interface Passwords {
  /** Makes what is kept of one. Throws `password-weak`. */
  hash(password: string, name: string): Promise<string>;
  /** Whether it is the one; takes as long when nothing is kept, so that nobody learns which names there are. */
  check(password: string, kept: string | undefined): Promise<boolean>;
}

/** Cost of one guess: 32 MiB and some 100 ms; one of the settings OWASP gives for scrypt. */
const cost = { log2: 15, blockSize: 8, parallel: 3 } as const;
const saltBytes = 16;
const keyBytes = 32;
/** Hashes at one time, and waiting: each takes memory and a processor. */
const atOneTime = 2;
const waitingMax = 64;

const lengthMin = 12;
/** Names shorter than this may stand in a password. */
const nameLengthMin = 3;
export const passwordLengthMax: number = 256;
/** Different characters at least. */
const differentMin = 5;

/** See {@link Passwords}. */
export function createPasswords(): Passwords {
  const gate = createGate(atOneTime, waitingMax);
  const decoy = `scrypt$${cost.log2}$${cost.blockSize}$${cost.parallel}$${'A'.repeat(22)}$${'A'.repeat(43)}`;
  return {
    async hash(password, name) {
      refuseWeak(password, name);
      const salt = randomBytes(saltBytes);
      const key = await derive(gate, password, salt, cost);
      return ['scrypt', cost.log2, cost.blockSize, cost.parallel, encode(salt), encode(key)].join('$');
    },
    async check(password, kept) {
      const [kind, log2, blockSize, parallel, salt = '', key = ''] = (kept ?? decoy).split('$');
      if (kind !== 'scrypt') return false;
      const expected = Buffer.from(key, 'base64url');
      const of = { log2: Number(log2), blockSize: Number(blockSize), parallel: Number(parallel) };
      const found = await derive(gate, password, Buffer.from(salt, 'base64url'), of);
      return expected.length === found.length && timingSafeEqual(expected, found) && kept !== undefined;
    },
  };
}

function encode(bytes: Buffer): string {
  return bytes.toString('base64url');
}

async function derive(
  gate: Gate,
  password: string,
  salt: Buffer,
  { log2, blockSize, parallel }: { readonly log2: number; readonly blockSize: number; readonly parallel: number },
): Promise<Buffer> {
  const N = 2 ** log2;
  // Twice what it takes: Node refuses at exactly its need.
  const options: ScryptOptions = { N, r: blockSize, p: parallel, maxmem: 256 * N * blockSize };
  const leave = await gate.enter(new AbortController().signal);
  try {
    return await new Promise((resolve, reject) => {
      // One password written in two ways of Unicode is one.
      scrypt(password.normalize('NFKC'), salt, keyBytes, options, (error, key) =>
        error === null ? resolve(key) : reject(error),
      );
    });
  } finally {
    leave();
  }
}

function refuseWeak(password: string, name: string): void {
  const text = password.normalize('NFKC');
  const length = [...text].length;
  if (length < lengthMin) throw weak(`The password has ${length} characters; ${lengthMin} are needed.`);
  if (new Set(text.toLowerCase()).size < differentMin) throw weak('The password repeats the same few characters.');
  const folded = name.normalize('NFKC').toLowerCase();
  if (folded.length >= nameLengthMin && text.toLowerCase().replaceAll(folded, '').length < lengthMin) {
    throw weak('The password is little more than the name.');
  }
}

function weak(sentence: string): AppError {
  return new AppError('password-weak', sentence);
}
