import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { enrollmentTokenForm, fileError } from '#delivery';
import { AppError } from '#error';
import { shipLimits } from '../limits.ts';

/** Where a token may come from: never from an argument, which every user of the host could read. */
export interface TokenSources {
  /** A file; `-` for standard input. */
  readonly file: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: Readable & { readonly isTTY?: boolean };
}

/** Variable that may hold the token. */
const variable = 'MERIDIAN_ENROLLMENT_TOKEN';

/** Reads the enrollment token. Throws `enrollment-token-missing`, `enrollment-token-wrong`, `file-…`; none of them tells it. */
export async function readEnrollmentToken({ file, env, stdin }: TokenSources): Promise<string> {
  const text = await readText(file, env, stdin);
  const token = text.trim();
  if (token === '') throw new AppError('enrollment-token-missing', 'There is no enrollment token.');
  if (enrollmentTokenForm.test(token)) return token;
  throw new AppError('enrollment-token-wrong', 'What was given is no enrollment token: those begin with "mde_".');
}

async function readText(
  file: string | undefined,
  env: TokenSources['env'],
  stdin: TokenSources['stdin'],
): Promise<string> {
  if (file !== undefined && file !== '-') return readBounded(createReadStream(file), file);
  const fromEnvironment = env[variable];
  if (file === undefined && fromEnvironment !== undefined && fromEnvironment !== '') return fromEnvironment;
  // Somebody at a terminal would wait for words that nobody asked for.
  if (file === undefined && stdin.isTTY === true) return '';
  return readBounded(stdin, 'standard input');
}

async function readBounded(stream: Readable, path: string): Promise<string> {
  let text = '';
  try {
    for await (const piece of stream) {
      text += String(piece);
      if (text.length > shipLimits.tokenBytes) break;
    }
  } catch (thrown) {
    throw fileError(path, thrown);
  }
  return text;
}
