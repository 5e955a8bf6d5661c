import type { PipelineCounts } from '#pipeline';
import type { Ignored } from './discover-logs.ts';
import type { ReadSummary } from './read-logs.ts';
import { formatBytes, formatCount, formatSeconds } from './read-progress.ts';

/** The sum that shows that nothing was lost. */
export interface Completeness {
  readonly lines: number;
  readonly glued: number;
  readonly events: number;
  readonly dropped: number;
  readonly deadLetters: number;
  readonly continuations: number;
  /** `lines + glued = events + dropped + deadLetters + continuations`. */
  readonly balanced: boolean;
}

/** Adds up what the readers saw and what the pipeline made of it. */
export function completeness({ counts }: ReadSummary, passed: PipelineCounts): Completeness {
  const { lines, glued, continuations } = counts;
  const { events } = passed;
  const dropped = sum(passed.dropped);
  const deadLetters = sum(passed.deadLetters);
  const balanced = lines + glued === events + dropped + deadLetters + continuations;
  return { lines, glued, events, dropped, deadLetters, continuations, balanced };
}

/** Says in words what was read, and that nothing is missing. */
export function describeReading(summary: ReadSummary, passed: PipelineCounts): string[] {
  const { counts, bytes, seconds, files } = summary;
  const total = completeness(summary, passed);
  const rate = formatCount(Math.round(counts.lines / Math.max(seconds, 0.001)));
  const lines = [
    `${formatCount(counts.lines)} lines of ${plural(files.length, 'file')} (${formatBytes(bytes)}) in ${formatSeconds(seconds)}: ${rate} lines/s`,
    `${sumText(total)}${total.balanced ? '' : '   <- THE SUM IS WRONG: please report it'}`,
  ];
  const codes = Object.entries(passed.deadLetters);
  if (codes.length > 0)
    lines.push(`dead letters, kept raw: ${codes.map(([code, count]) => `${formatCount(count)} ${code}`).join(', ')}`);
  lines.push(...describeFiles(summary));
  return lines;
}

function sumText(total: Completeness): string {
  const glued = total.glued > 0 ? ` + ${formatCount(total.glued)} glued` : '';
  const dropped = total.dropped > 0 ? ` + ${formatCount(total.dropped)} dropped` : '';
  return (
    `${formatCount(total.lines)} lines${glued} = ${formatCount(total.events)} events + ` +
    `${formatCount(total.deadLetters)} dead letters + ${formatCount(total.continuations)} continuation lines${dropped}`
  );
}

const reasons: Readonly<Record<Ignored['why'], string>> = {
  empty: 'empty',
  binary: 'no text',
  unknown: 'not a log that can be recognized',
  neighbour: 'not a log, kept by the server beside its logs',
  forbidden: 'may not be read',
  unreadable: 'cannot be read',
};
/** Names listed per reason; the rest is counted. */
const namesMax = 5;

function describeFiles({ files, ignored, interrupted }: ReadSummary): string[] {
  const lines: string[] = [];
  for (const file of files) {
    if (file.error !== undefined)
      lines.push(`${file.path}: ${file.error.message} What could be read was read. (${file.error.code})`);
    if (file.waiting > 0 && file.error === undefined && !interrupted) {
      lines.push(
        `${file.path}: ${formatBytes(file.waiting)} at its end wait for the end of their line; --complete takes them as they are`,
      );
    }
  }
  const known = files.filter((file) => file.from > 0 && file.counts.lines === 0).length;
  if (known > 0) lines.push(`${plural(known, 'file')} had been read before, and had nothing new`);
  for (const [why, text] of Object.entries(reasons)) {
    const paths = ignored.filter((file) => file.why === why).map((file) => file.path);
    if (paths.length === 0) continue;
    const more = paths.length > namesMax ? ` and ${formatCount(paths.length - namesMax)} more` : '';
    lines.push(`not read (${text}): ${paths.slice(0, namesMax).join(', ')}${more}`);
  }
  return lines;
}

function plural(count: number, word: string): string {
  return `${formatCount(count)} ${word}${count === 1 ? '' : 's'}`;
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}
