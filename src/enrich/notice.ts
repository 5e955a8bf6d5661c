import { AppError, type ErrorCode, errorKinds } from '#error';

/** Something a person should know about a file. It never stops anything. */
export interface Notice {
  readonly code: ErrorCode;
  readonly file: string;
  readonly sentence: string;
  readonly hint: string;
}

/** Makes a notice. */
export function notice(code: ErrorCode, file: string, sentence: string): Notice {
  return { code, file, sentence, hint: errorKinds[code].hint };
}

/** Makes a notice of what was thrown while a file was read. */
export function noticeOf(thrown: unknown, file: string): Notice {
  if (thrown instanceof AppError) return { code: thrown.code, file, sentence: thrown.message, hint: thrown.hint };
  const words = thrown instanceof Error ? thrown.message : String(thrown);
  return notice('enrichment-file-invalid', file, `${file} cannot be used: ${words}`);
}
