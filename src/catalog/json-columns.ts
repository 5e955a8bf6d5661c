import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { AppError } from '#error';

/** Reads a list of texts the catalog wrote. Throws `catalog-damaged`. */
export function readTexts(text: string): readonly string[] {
  const value = readJson(text);
  if (!Array.isArray(value) || !value.every((one) => typeof one === 'string')) throw damaged();
  return value;
}

/** Reads JSON the catalog wrote. Throws `catalog-damaged`. */
export function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw damaged();
  }
}

/** Folds a name for comparing and sorting: case and ways of writing do not count. */
export function foldName(name: string): string {
  return name.normalize('NFKC').toLowerCase();
}

/** Whether a column, folded or JSON, holds the text anywhere; what LIKE takes for wildcards is escaped. */
export function holds(column: string, text: string): RawBuilder<SqlBool> {
  const pattern = `%${text.replace(/[\\%_]/g, '\\$&')}%`;
  return sql<SqlBool>`${sql.ref(column)} like ${pattern} escape '\\'`;
}

function damaged(): AppError {
  return new AppError('catalog-damaged', 'A row of the catalog does not hold what it should.');
}
