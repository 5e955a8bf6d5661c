import { AppError, type ErrorCode } from '#error';

/** What engines say, by their own codes: SQLite's names, PostgreSQL's classes, the system's. The first that fits counts. */
const known: readonly (readonly [form: RegExp, code: ErrorCode, sentence: string])[] = [
  [
    /^(?:SQLITE_CONSTRAINT|23)/,
    'catalog-conflict',
    'Somebody else changed the same thing in the catalog at the same time.',
  ],
  [/^(?:SQLITE_BUSY|SQLITE_LOCKED|40001|40P01|55P03)/, 'catalog-busy', 'The catalog is being changed by others.'],
  [/^(?:SQLITE_FULL|ENOSPC|53100)/, 'disk-full', 'The disk of the catalog is full.'],
  [/^(?:SQLITE_CORRUPT|SQLITE_NOTADB|XX00)/, 'catalog-damaged', 'The catalog does not hold what it should.'],
  [
    /^(?:SQLITE_READONLY|SQLITE_CANTOPEN|SQLITE_PERM|EACCES|EPERM)/,
    'catalog-forbidden',
    'The catalog may not be read or written by this user.',
  ],
  [/^(?:28|42501|3D000)/, 'catalog-refused', 'The database of the catalog refuses the user, or does not exist.'],
  [
    /^(?:ECONN|ENOTFOUND|EAI_|ETIMEDOUT|EHOSTUNREACH|EPIPE|08|57P|53300)/,
    'catalog-unreachable',
    'The database of the catalog does not answer.',
  ],
];

/** Puts what went wrong in a database into the product's words. What the engine says is kept as the cause alone: it may hold values. */
export function catalogError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  const code = codeOf(thrown);
  const message = thrown instanceof Error ? thrown.message : '';
  const found = known.find(([form]) => form.test(code));
  if (found !== undefined) return new AppError(found[1], found[2], { cause: thrown });
  if (/timeout|terminated|Connection ended/i.test(message)) {
    return new AppError('catalog-unreachable', 'The database of the catalog does not answer.', { cause: thrown });
  }
  return new AppError('catalog-failed', 'The catalog could not do what it was asked.', { cause: thrown });
}

function codeOf(thrown: unknown): string {
  if (typeof thrown !== 'object' || thrown === null || !('code' in thrown)) return '';
  return typeof thrown.code === 'string' ? thrown.code : '';
}
