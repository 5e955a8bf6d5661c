import { isZone, parseCidr, parseTime } from '#event';
import type { ProfileLimits } from '../../api/fleet-profile-content.ts';
import type { DraftBlackout, DraftCollector, DraftPath, DraftSource, ProfileDraft } from './profile-draft.ts';

/** A step of the form. */
export type StepName = 'general' | 'sources' | 'assets' | 'limits' | 'review';

/** What keeps a draft from being saved, and where in the form that is. */
export interface DraftProblem {
  readonly step: StepName;
  /** Name of the field, or the name and the row: `paths 12`. */
  readonly field: string;
  readonly sentence: string;
  /** True for what is only not written yet: it is told once somebody has left the step. */
  readonly missing?: true;
}

export const nameLengthMax = 256;
const descriptionLengthMax = 4_096;
const patternsMax = 64;
const pathLengthMax = 4_096;
const mebibyte = 1024 * 1024;

/** The smallest and largest value of each limit, and the unit it is shown in. */
export const limitRanges: Readonly<
  Record<keyof ProfileLimits, { readonly min: number; readonly max: number; readonly of: number }>
> = {
  batchRecords: { min: 1, max: 50_000, of: 1 },
  batchBytes: { min: 64 * 1024, max: 8 * mebibyte, of: 1024 },
  intervalMs: { min: 50, max: 60_000, of: 1 },
  linesPerSecond: { min: 1, max: 10_000_000, of: 1 },
  spoolBytes: { min: 16 * mebibyte, max: 1024 * 1024 * mebibyte, of: mebibyte },
  spoolAgeHours: { min: 1, max: 24 * 366, of: 1 },
};

/** Finds what keeps a draft from being saved, in the order of the form. */
export function checkDraft(draft: ProfileDraft): readonly DraftProblem[] {
  return [
    ...checkGeneral(draft),
    ...draft.sources.flatMap(checkSource),
    ...draft.collectors.flatMap(checkCollector),
    ...checkLimits(draft.limits),
    ...draft.blackouts.flatMap(checkBlackout),
  ];
}

function checkGeneral({ name, description, priority }: ProfileDraft): DraftProblem[] {
  const problems: DraftProblem[] = [];
  const add = (field: string, sentence: string): void => void problems.push({ step: 'general', field, sentence });
  if (name.trim() === '') {
    problems.push({ step: 'general', field: 'name', sentence: 'Give the profile a name.', missing: true });
  }
  if (name.trim().length > nameLengthMax) add('name', `A name has ${nameLengthMax} characters at most.`);
  if (hasControl(name)) add('name', 'A name is one line, without control characters.');
  if (description.length > descriptionLengthMax) {
    add('description', `A description has ${descriptionLengthMax.toLocaleString()} characters at most.`);
  }
  if (!isWithin(priority, 1, 1_000)) add('priority', 'A whole number from 1 to 1,000.');
  return problems;
}

function checkSource({ row, logs, paths, start, startDate, zone }: DraftSource): DraftProblem[] {
  const problems = checkPaths(paths);
  const add = (field: string, sentence: string): void =>
    void problems.push({ step: 'sources', field: `${field} ${row}`, sentence });
  if (logs.length === 0) add('logs', 'Choose a log.');
  if (paths.length > patternsMax) add('logs', `At most ${patternsMax} patterns; add another log source for more.`);
  if (start === 'date' && !isDate(startDate.trim())) add('start', 'A date, such as 2026-11-24 or 2026-11-24T08:00Z.');
  if (!isZone(zone)) add('zone', zoneSentence);
  return problems;
}

function checkPaths(paths: readonly DraftPath[]): DraftProblem[] {
  const problems: DraftProblem[] = [];
  const seen = new Set<string>();
  for (const { row, pattern } of paths) {
    const text = pattern.trim();
    const sentence = seen.has(text) ? 'This pattern stands here twice.' : checkPattern(text);
    if (text !== '') seen.add(text);
    if (sentence !== undefined) problems.push({ step: 'sources', field: `paths ${row}`, sentence });
  }
  const [first] = paths;
  if (seen.size === 0 && first !== undefined) {
    const field = `paths ${first.row}`;
    problems.push({ step: 'sources', field, sentence: 'Write a path, such as /var/log/…', missing: true });
  }
  return problems;
}

function checkPattern(pattern: string): string | undefined {
  if (pattern.length > pathLengthMax) return `A pattern has ${pathLengthMax.toLocaleString()} characters at most.`;
  return hasControl(pattern) ? 'A pattern has no control characters.' : undefined;
}

const zoneSentence = 'A time zone, such as Europe/Berlin, UTC or +01:00.';

function checkCollector({ row, listen, source, log, zone, senders }: DraftCollector): DraftProblem[] {
  const problems: DraftProblem[] = [];
  const add = (field: string, sentence: string): void =>
    void problems.push({ step: 'sources', field: `${field} ${row}`, sentence });
  if (!isListen(listen)) add('listen', 'An address and a port, such as 0.0.0.0:5514 or [::]:5514.');
  if (source === '' || log === '') add('listen', 'There is no data source whose logs could be received.');
  if (!isZone(zone)) add('zone', zoneSentence);
  const wrong = senders.find((sender) => parseCidr(sender) === undefined);
  if (wrong !== undefined) add('senders', `“${wrong}” is no network such as 192.0.2.0/24.`);
  return problems;
}

function checkLimits(limits: ProfileLimits): DraftProblem[] {
  const problems: DraftProblem[] = [];
  for (const [field, sentence] of Object.entries(limitProblems(limits))) {
    problems.push({ step: 'limits', field, sentence });
  }
  return problems;
}

function limitProblems(limits: ProfileLimits): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [field, { min, max, of }] of Object.entries(limitRanges)) {
    const value: unknown = Reflect.get(limits, field);
    if (value === null || isWithin(Number(value), min, max)) continue;
    found[field] = `From ${(min / of).toLocaleString()} to ${(max / of).toLocaleString()}.`;
  }
  return found;
}

function checkBlackout({ row, days, from, to, zone }: DraftBlackout): DraftProblem[] {
  const problems: DraftProblem[] = [];
  const add = (field: string, sentence: string): void =>
    void problems.push({ step: 'limits', field: `${field} ${row}`, sentence });
  if (days.length === 0) add('days', 'Choose a day.');
  if (!timeForm.test(from) || !timeForm.test(to)) add('from', 'Two times of day, such as 22:00 and 06:00.');
  if (!isZone(zone)) add('zone', zoneSentence);
  return problems;
}

const timeForm = /^(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]|24:00)$/;
const listenForm = /^(?:[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\]):([0-9]{1,5})$/;

function isListen(text: string): boolean {
  const [, port] = listenForm.exec(text) ?? [];
  return port !== undefined && isWithin(Number(port), 1, 65_535);
}

function isDate(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}(?:T|$)/.test(text) && parseTime(text) !== undefined;
}

function isWithin(value: number, min: number, max: number): boolean {
  return Number.isInteger(value) && value >= min && value <= max;
}

/** What a name or a pattern may not hold: it goes into lines of tables and logs. */
function hasControl(text: string): boolean {
  return /[\p{Cc}\u2028\u2029]/u.test(text);
}
