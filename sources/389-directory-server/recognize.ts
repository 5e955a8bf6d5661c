import type { Recognition } from '#source';
import { AccessClock, looksLikeTime } from './access-clock.ts';
import { parseTitleLine } from './title.ts';

/** Lines looked at, and how many of them may be foreign before the file is. */
const linesMax = 64;

/** How far into a line another program's prefix may reach before the time. */
const prefixMax = 128;

const clock = new AccessClock();

/** What one line speaks for. */
type Vote = readonly [log: string, format: string];

/** Keys that only together tell JSON records apart, whole or as the first lines of pretty ones. */
const objectKeys: readonly (readonly [log: string, keys: readonly string[]])[] = [
  ['access', ['"local_time"', '"operation"']],
  ['audit', ['"gm_time"', '"target_dn"']],
  ['security', ['"utc_time"', '"event"']],
  ['error', ['"local_time"', '"severity"', '"subsystem"']],
];

/** Records of other directory servers that begin with the same form of time: `CONNECT conn=`, `BIND REQ conn=`, `msgId=`. */
const foreignRecord = /^ (?:[A-Z]+ (?:REQ |RES )?conn=\d|category=|.{0,200} msg(?:Id|ID)=)/;

/**
 * Recognizes a log of this source by its first bytes, whatever the file is called. Titles are the same in all logs, so
 * the records decide. Audit and auditfail look alike: a record with a result other than 0 stands in the latter.
 */
export function recognize(sample: Buffer): Recognition | undefined {
  const text = sample.toString('latin1');
  if (text.startsWith('LOGINFO:') || isBinary(sample)) return undefined;
  const lines = text.split('\n', linesMax + 1);
  const titled =
    lines.slice(0, 2).some((line) => parseTitleLine(line) !== undefined) ||
    text.startsWith('{"header":') ||
    /^\{\s*"header"/.test(text);
  const votes = new Map<string, { vote: Vote; count: number }>();
  let foreign = 0;
  for (const line of lines.slice(0, linesMax)) {
    const vote = voteOf(line, text);
    if (vote === undefined) {
      if (line.trim() !== '' && /^\S/.test(line)) foreign++;
      continue;
    }
    const key = vote.join(' ');
    const known = votes.get(key);
    if (known === undefined) votes.set(key, { vote, count: 1 });
    else known.count++;
  }
  return decide([...votes.values()], foreign, titled, text);
}

function decide(
  votes: readonly { vote: Vote; count: number }[],
  foreign: number,
  titled: boolean,
  text: string,
): Recognition | undefined {
  const best = [...votes].sort((a, b) => b.count - a.count)[0];
  if (best === undefined) {
    return titled ? { log: 'access', format: text.startsWith('{') ? 'json' : 'text', confidence: 0.2 } : undefined;
  }
  const [kind, format] = best.vote;
  const log =
    kind === 'audit' &&
    /(?:^|\n)result: (?!0\b)-?\d|"result":\s*(?!0\b)-?\d/.test(text) &&
    !/(?:^|\n)result: 0\b|"result":\s*0\b/.test(text)
      ? 'auditfail'
      : kind;
  // Plain times in brackets are common among logs: without a title they are only probably an error log.
  const weak = log === 'error' && format === 'text' && !titled && !/\] {1,2}- [A-Z]{3,7} - /.test(text);
  if (weak && (foreign > best.count || !/slapd|[Pp]lugin|Directory|LDAP|NSMM|agmt=/.test(text))) return undefined;
  return { log, format, confidence: titled ? 1 : weak ? 0.5 : 0.9 };
}

function voteOf(line: string, text: string): Vote | undefined {
  if (line.startsWith('{')) {
    const pretty = line.trim() === '{';
    return objectVote(pretty ? text : line, pretty ? 'json-pretty' : 'json');
  }
  // Every record of an audit log names its entry next.
  if (/^time: \d{14}\s*$/.test(line)) {
    return /(?:^|\n)time: \d{14}\r?\ndn: /.test(text) ? ['audit', 'ldif'] : undefined;
  }
  return textVote(line.replace(/\u00c2\u00a0/g, ' ').trimStart());
}

function textVote(line: string): Vote | undefined {
  const at = timeIn(line);
  const behind = at < 0 ? -1 : clock.read(line, at);
  if (behind < 0) {
    // Records that lost their time, or have one nobody can read.
    const bare =
      /^(?:\[[^\]]{0,40}\] )?conn=(?:\d+|Internal)\b.* (?:op|fd)=/.test(line) || line.startsWith('conn=Internal ');
    return bare && !/ msg(?:Id|ID)=/.test(line) ? ['access', 'text'] : undefined;
  }
  if (foreignRecord.test(line.slice(behind))) return undefined;
  return [line.startsWith(' conn=', behind) ? 'access' : 'error', 'text'];
}

/** Where the time of a line stands: at its beginning, or behind the prefix of syslog or journald. */
function timeIn(line: string): number {
  if (looksLikeTime(line, 0)) return 0;
  const program = line.slice(0, prefixMax).indexOf('ns-slapd');
  const bracket = program < 0 ? -1 : line.indexOf('[', program + 'ns-slapd[1'.length);
  return bracket >= 0 && looksLikeTime(line, bracket) ? bracket : -1;
}

function objectVote(text: string, format: string): Vote | undefined {
  for (const [log, keys] of objectKeys) if (keys.every((key) => text.includes(key))) return [log, format];
  return undefined;
}

function isBinary(sample: Buffer): boolean {
  const head = sample.subarray(0, 4096);
  let zeros = 0;
  for (const byte of head) if (byte === 0) zeros++;
  return zeros > head.length / 50;
}
