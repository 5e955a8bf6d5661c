import { AppError, type ErrorPlace } from '#error';
import { terminalText } from './terminal-text.ts';

/** Shows a failure to a person: the sentence, the place, what to do, and the code to look up. */
export function printError(error: AppError, query?: string): string {
  const lines = [`meridian: ${terminalText(error.message)} (${error.code})`];
  if (query !== undefined && error.place?.offset !== undefined) lines.push(...pointAt(query, error.place.offset));
  const place = describe(error.place, error.message);
  if (place !== '') lines.push(`  ${place}`);
  if (error.hint !== '') lines.push(`  ${terminalText(error.hint)}`);
  if (error.code === 'internal' && error.cause instanceof Error && error.cause.stack !== undefined) {
    lines.push(...error.cause.stack.split('\n').slice(1, 6).map(terminalText));
  }
  return `${lines.join('\n')}\n`;
}

/** Characters of a query shown before and behind the place. */
const around = 60;

/** The line of the query with the place, and a mark below it. */
function pointAt(query: string, offset: number): string[] {
  const lineStart = query.lastIndexOf('\n', offset - 1) + 1;
  const found = query.indexOf('\n', offset);
  const lineEnd = found === -1 ? query.length : found;
  const from = Math.max(lineStart, offset - around);
  const before = terminalText(query.slice(from, offset));
  const after = terminalText(query.slice(offset, Math.min(lineEnd, offset + around)));
  return [`    ${before}${after}`, `    ${' '.repeat(before.length)}^`];
}

function describe(place: ErrorPlace | undefined, sentence: string): string {
  if (place === undefined) return '';
  const parts: string[] = [];
  if (place.file !== undefined && !sentence.includes(place.file)) parts.push(`in ${terminalText(place.file)}`);
  if (place.line !== undefined) parts.push(`line ${place.line}`);
  if (place.position !== undefined) parts.push(`byte ${place.position}`);
  return parts.join(', ');
}

/** Gives an {@link AppError} for what the command line parser complains about. */
export function wrongUse(sentence: string, hint?: string): AppError {
  return new AppError('option-invalid', sentence, hint === undefined ? {} : { hint });
}
