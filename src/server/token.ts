import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { chmod, link, open, readFile, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '#error';

/** The access token of a server. */
export interface Token {
  readonly text: string;
  /** True when this call made it: the one time it may be shown. */
  readonly fresh: boolean;
}

const tokenFile = 'token';
const tokenBytes = 32;
/** Shortest token taken from a file or a setting: below that, guessing is no longer hopeless. */
const tokenLengthMin = 24;
const tokenLengthMax = 512;
/** RFC 6750 §2.1. */
const tokenForm = /^[A-Za-z0-9._~+/-]+=*$/;

/** True when the text may serve as a token: bearer characters only, long enough not to be guessed. */
export function isToken(text: string): boolean {
  return text.length >= tokenLengthMin && text.length <= tokenLengthMax && tokenForm.test(text);
}

/**
 * Reads the access token from the file `token` of the data directory, or makes one there (mode 600) at the first start.
 * Throws `token-file-damaged` when the file holds something else.
 */
export async function readToken(directory: string): Promise<Token> {
  const file = join(directory, tokenFile);
  const made = await makeToken(file);
  if (made !== undefined) return { text: made, fresh: true };
  const text = (await readFile(file, 'utf8')).trim();
  if (!isToken(text)) {
    throw new AppError('token-file-damaged', `The file ${tokenFile} in the data directory holds no usable token.`, {
      place: { file },
    });
  }
  // Somebody copied the directory without its modes: the token is for the owner only.
  if (((await stat(file)).mode & 0o077) !== 0) await chmod(file, 0o600);
  return { text, fresh: false };
}

/** Makes the file unless it is there already: whole or not at all, also when the power fails or two processes start together. */
async function makeToken(file: string): Promise<string | undefined> {
  const text = randomBytes(tokenBytes).toString('base64url');
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  const handle = await open(draft, 'wx', 0o600);
  try {
    await handle.writeFile(`${text}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  try {
    await link(draft, file);
    return text;
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST') return undefined;
    throw thrown;
  } finally {
    await unlink(draft);
  }
}

/** Makes the comparison with a token: constant time whatever is offered, its length included. */
export function tokenMatcher(token: string): (offered: string) => boolean {
  const expected = digest(token);
  return (offered) => timingSafeEqual(digest(offered), expected);
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
