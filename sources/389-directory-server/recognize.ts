import type { Recognition } from '#source';
import { looksLikeTime } from './access-clock.ts';
import { parseTitleLine } from './title.ts';

/** Lines looked at, and how many of them may be foreign before the file is. */
const linesMax = 64;

/** What one line speaks for. */
type Vote = readonly [log: string, format: string];

/** Keys that tell JSON records apart, whole or as the first lines of pretty ones; the first found decides. */
const objectKeys: readonly (readonly [string, string])[] = [
  ['"gm_time"', 'audit'],
  ['"utc_time"', 'security'], ['"date"', 'security'],
  ['"severity"', 'error'], ['"subsystem"', 'error'],
  ['"conn_id"', 'access'], ['"operation"', 'access'],
];

/**
 * Recognizes a log of this source by its first bytes, whatever the file is called. Titles are the same in all logs, so
 * the records decide. Audit and auditfail look alike: a record with a result other than 0 stands in the latter.
 */
export function recognize(sample: Buffer): Recognition | undefined {
  const text = sample.toString('latin1');
  if (text.startsWith('LOGINFO:') || isBinary(sample)) return undefined;
  const lines = text.split('\n', linesMax + 1);
  const titled = lines.slice(0, 2).some((line) => parseTitleLine(line) !== undefined) || text.startsWith('{"header":') || /^\{\s*"header"/.test(text);
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

function decide(votes: readonly { vote: Vote; count: number }[], foreign: number, titled: boolean, text: string): Recognition | undefined {
  const best = [...votes].sort((a, b) => b.count - a.count)[0];
  if (best === undefined) return titled ? { log: 'access', format: 'text', confidence: 0.2 } : undefined;
  const [kind, format] = best.vote;
  const log = kind === 'audit' && /(?:^|\n)result: (?!0\b)-?\d|"result":\s*(?!0\b)-?\d/.test(text) && !/(?:^|\n)result: 0\b|"result":\s*0\b/.test(text) ? 'auditfail' : kind;
  // Plain times in brackets are common among logs: without a title they are only probably an error log.
  const weak = log === 'error' && format === 'text' && !titled && !/\] {1,2}- [A-Z]{3,7} - /.test(text);
  if (weak && (foreign > best.count || !/slapd|[Pp]lugin|Directory|LDAP|NSMM|agmt=/.test(text))) return undefined;
  return { log, format, confidence: titled ? 1 : weak ? 0.5 : 0.9 };
}

function voteOf(line: string, text: string): Vote | undefined {
  if (line.startsWith('{')) return objectVote(line.trim() === '{' ? text : line, line.trim() === '{' ? 'json-pretty' : 'json');
  if (/^time: \d{14}\s*$/.test(line)) return ['audit', 'ldif'];
  const plain = line.replace(/\u00c2\u00a0/g, ' ').trimStart();
  const at = looksLikeTime(plain, 0) ? 0 : plain.indexOf('[') > 0 && plain.includes('ns-slapd') ? plain.indexOf('[', plain.indexOf('ns-slapd') + 13) : -1;
  if (at >= 0 && looksLikeTime(plain, at)) {
    const close = plain.indexOf(']', at);
    return plain.startsWith(' conn=', close + 1) ? ['access', 'text'] : ['error', 'text'];
  }
  // Records that lost their time, or have one nobody can read.
  return /^(?:\[[^\]]{0,40}\] )?conn=(?:\d+|Internal)\b.* (?:op|fd)=/.test(plain) || /^conn=Internal /.test(plain) ? ['access', 'text'] : undefined;
}

function objectVote(text: string, format: string): Vote | undefined {
  if (text.startsWith('{"header":')) return undefined;
  for (const [key, log] of objectKeys) if (text.includes(key)) return [log, format];
  return undefined;
}

function isBinary(sample: Buffer): boolean {
  const head = sample.subarray(0, 4096);
  let zeros = 0;
  for (const byte of head) if (byte === 0) zeros++;
  return zeros > head.length / 50;
}
