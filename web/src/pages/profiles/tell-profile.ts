import type { ProfilePreview } from '../../api/fleet-profiles.ts';
import { countOf, formatCount } from '../../parts/format.ts';
import {
  type DraftBlackout,
  type DraftSource,
  type ProfileDraft,
  type ReadableSource,
  weekdays,
} from './profile-draft.ts';

/** What a profile would do, in sentences: which files, on which hosts, from when, within what. */
export function tellProfile(
  draft: ProfileDraft,
  sources: readonly ReadableSource[],
  matching: Pick<ProfilePreview, 'agents' | 'total' | 'gets'> | undefined,
): readonly string[] {
  const reads = draft.sources.flatMap((source) => tellSource(source, sources));
  const receives = draft.collectors.map(
    ({ kind, listen, log, senders }) =>
      `Receives ${log} logs as ${kindWords[kind]} at ${listen}, ${
        senders.length === 0 ? 'from any host' : `from ${listOf(senders, 'and')} only`
      }.`,
  );
  if (reads.length === 0 && receives.length === 0) {
    return ['Reads nothing yet: name a log and a path under “Log sources”.'];
  }
  return [...reads, ...receives, ...tellHosts(draft, matching), ...tellLimits(draft)];
}

const kindWords = {
  'syslog-udp': 'syslog over UDP',
  'syslog-tcp': 'syslog over TCP',
  'syslog-tls': 'syslog over TLS',
  'json-tcp': 'JSON lines over TCP',
} as const;
const namesMax = 3;
const patternsMax = 4;

/** A list as people say it; what is beyond a few is counted. */
export function listOf(names: readonly string[], word: 'and' | 'or', max: number = namesMax): string {
  if (names.length > max + 1) {
    return `${names.slice(0, max).join(', ')} ${word} ${formatCount(names.length - max)} more`;
  }
  if (names.length < 2) return names.join('');
  return `${names.slice(0, -1).join(', ')} ${word} ${names.at(-1) ?? ''}`;
}

function tellSource({ source, logs, paths, start, startDate, zone }: DraftSource, known: readonly ReadableSource[]) {
  const patterns = paths.map(({ pattern }) => pattern.trim()).filter((pattern) => pattern !== '');
  if (logs.length === 0 || patterns.length === 0) return [];
  const one = known.find(({ id }) => id === source);
  const all = one !== undefined && one.logs.length > 1 && one.logs.every(({ name }) => logs.includes(name));
  const which = all ? `all logs` : `the ${listOf(logs, 'and', 5)} ${logs.length === 1 ? 'log' : 'logs'}`;
  const from =
    start === 'beginning'
      ? 'each from its beginning'
      : start === 'end'
        ? 'only what is written from now on'
        : `only records from ${startDate.trim() === '' ? '(a date)' : startDate.trim()} on`;
  return [
    `Reads ${which} of ${one?.product ?? source} in ${listOf(patterns, 'and', patternsMax)}, ${from}. Times without a zone are read as ${zone}.`,
  ];
}

function tellHosts(
  { enabled, isDefault, tags, hosts, excludeTags, excludeHosts, priority }: ProfileDraft,
  matching: Pick<ProfilePreview, 'agents' | 'total' | 'gets'> | undefined,
): string[] {
  const chosen = [
    ...(tags.length === 0 ? [] : [`tagged ${listOf(tags, 'or')}`]),
    ...(hosts.length === 0 ? [] : [`named ${listOf(hosts, 'or')}`]),
  ].join(' or ');
  const left = [
    ...(excludeTags.length === 0 ? [] : [`tagged ${listOf(excludeTags, 'or')}`]),
    ...(excludeHosts.length === 0 ? [] : [`named ${listOf(excludeHosts, 'or')}`]),
  ].join(' or ');
  const but = left === '' ? '' : `, but not those ${left}`;
  const said =
    chosen === ''
      ? isDefault
        ? `Is for hosts that no other profile fits${but}.`
        : 'Is for no host by itself: name tags or hosts under “Assets”, make it the default, or give it to agents by hand.'
      : `Is for hosts ${chosen}${but}${isDefault ? ', and for those that no other profile fits' : ''}.`;
  if (chosen === '' && !isDefault) return [said];
  if (!enabled) return [said, 'It is switched off: until it is enabled, nobody gets it.'];
  return [said, ...tellMatching(matching, priority)];
}

function tellMatching(
  matching: Pick<ProfilePreview, 'agents' | 'total' | 'gets'> | undefined,
  priority: number,
): string[] {
  if (matching === undefined) return [];
  const { agents, total, gets } = matching;
  if (total === 0) return ['No host fits now.'];
  if (gets === 0) {
    return [`${countOf(total, 'host fits', 'hosts fit')}, but none gets it: another profile comes first on each.`];
  }
  const names = agents.filter((agent) => agent.gets).map(({ name }) => name);
  const more = gets - namesMax;
  const who = more > 1 ? `${names.slice(0, namesMax).join(', ')} and ${formatCount(more)} more` : listOf(names, 'and');
  const rest = total - gets;
  const others =
    rest === 0
      ? ''
      : ` ${countOf(rest, 'other fits', 'others fit')}, but ${rest === 1 ? 'follows' : 'follow'} a profile that comes before priority ${priority}.`;
  return [`${countOf(gets, 'host gets', 'hosts get')} it now: ${who}.${others}`];
}

function tellLimits({ limits, blackouts }: ProfileDraft): string[] {
  const { intervalMs, linesPerSecond, spoolBytes, spoolAgeHours } = limits;
  const sentences = [
    `Sends what it reads within ${tellMs(intervalMs)}${
      linesPerSecond === null ? '' : `, at most ${formatCount(linesPerSecond)} lines a second`
    }. While the server is away, up to ${tellBinary(spoolBytes)} or ${tellHours(spoolAgeHours)} wait on the host; then reading stops, and nothing is lost.`,
  ];
  if (blackouts.length > 0) sentences.push(`Reads nothing ${blackouts.map(tellBlackout).join(', ')}.`);
  return sentences;
}

function tellMs(ms: number): string {
  return ms < 1_000 ? `${formatCount(ms)} ms` : countOf(ms / 1_000, 'second');
}

function tellHours(hours: number): string {
  return hours % 24 === 0 ? countOf(hours / 24, 'day') : countOf(hours, 'hour');
}

const units = ['KiB', 'MiB', 'GiB', 'TiB'] as const;

/** Bytes in binary units, as profiles count them. */
function tellBinary(bytes: number): string {
  let value = bytes / 1024;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${value.toLocaleString(undefined, { maximumFractionDigits: 1 })} ${units[unit] ?? ''}`;
}

/** Days of the week, as people read them. */
export const dayNames = { mon: 'Mon', tue: 'Tue', wed: 'Wed', thu: 'Thu', fri: 'Fri', sat: 'Sat', sun: 'Sun' } as const;

/** A time in which nothing is read, in words. */
export function tellBlackout({ days, from, to, zone }: Omit<DraftBlackout, 'row'>): string {
  const which =
    days.length === 7
      ? 'every day'
      : weekdays
          .filter((day) => days.includes(day))
          .map((day) => dayNames[day])
          .join(', ');
  return `${which} from ${from} to ${to}${to <= from ? ' the next day' : ''} (${zone})`;
}
