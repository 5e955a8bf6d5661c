import { AppError, type ErrorCode } from '#error';

/** Codes of the engine's own errors that mean something to a user. */
const codeOfEngineCode: ReadonlyMap<string, ErrorCode> = new Map<string, ErrorCode>([
  ['159', 'query-too-slow'], // TIMEOUT_EXCEEDED
  ['160', 'query-too-slow'], // TOO_SLOW
  ['241', 'query-out-of-memory'], // MEMORY_LIMIT_EXCEEDED
  ['158', 'query-out-of-memory'], // TOO_MANY_ROWS
  ['307', 'query-out-of-memory'], // TOO_MANY_BYTES
  ['396', 'query-out-of-memory'], // TOO_MANY_ROWS_OR_BYTES
  ['394', 'query-cancelled'], // QUERY_WAS_CANCELLED
  ['243', 'disk-full'], // NOT_ENOUGH_SPACE
  ['192', 'store-refused'], // UNKNOWN_USER
  ['193', 'store-refused'], // WRONG_PASSWORD
  ['194', 'store-refused'], // REQUIRED_PASSWORD
  ['497', 'store-refused'], // ACCESS_DENIED
  ['516', 'store-refused'], // AUTHENTICATION_FAILED
  ['598', 'backup-exists'], // BACKUP_ALREADY_EXISTS
  ['599', 'backup-missing'], // BACKUP_NOT_FOUND
]);

const codeOfSystemCode: ReadonlyMap<string, ErrorCode> = new Map<string, ErrorCode>([
  ['ENOSPC', 'disk-full'],
  ['EDQUOT', 'disk-full'],
  ['EACCES', 'store-forbidden'],
  ['EPERM', 'store-forbidden'],
  ['EROFS', 'store-forbidden'],
  ['ECONNREFUSED', 'store-unreachable'],
  ['ECONNRESET', 'store-unreachable'],
  ['EPIPE', 'store-unreachable'],
  ['ENOTFOUND', 'store-unreachable'],
  ['EAI_AGAIN', 'store-unreachable'],
  ['EHOSTUNREACH', 'store-unreachable'],
  ['ENETUNREACH', 'store-unreachable'],
  ['ETIMEDOUT', 'store-unreachable'],
]);

/** Longest part of an engine's message that is shown. */
const messageLengthMax = 500;

function codeOf(thrown: unknown): string {
  return typeof thrown === 'object' && thrown !== null && 'code' in thrown ? String(thrown.code) : '';
}

function classify(thrown: unknown, message: string): ErrorCode {
  // The engine tells a full disk in many codes, but always in these words.
  if (/No space left on device|errno: 28\b|Disk quota exceeded/.test(message)) return 'disk-full';
  const code = codeOf(thrown);
  const inText = /^(?:Query failed: )?Code: (\d+)\./.exec(message)?.[1] ?? '';
  const known = codeOfEngineCode.get(code) ?? codeOfEngineCode.get(inText) ?? codeOfSystemCode.get(code);
  if (known !== undefined) return known;
  if (/Permission denied|errno: 13\b|Read-only file system/.test(message)) return 'store-forbidden';
  return /Timeout error|socket hang up/.test(message) ? 'store-unreachable' : 'store-failed';
}

/** Gives what the engine, its client or the file system threw as an error of the product. */
export function storeError(thrown: unknown, doing: string): AppError {
  if (thrown instanceof AppError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const words = message.replace(/\s+/g, ' ').slice(0, messageLengthMax);
  return new AppError(classify(thrown, message), `Could not ${doing}: ${words}`, { cause: thrown });
}
