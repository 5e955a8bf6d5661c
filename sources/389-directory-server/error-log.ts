import type { Rec } from '#event';
import type { LogReader, ReaderOptions } from '#source';
import { AccessClock, looksLikeTime } from './access-clock.ts';
import { recognizeMessage } from './error-messages.ts';
import { JsonClock } from './json-clock.ts';
import { createPieceReader, type PieceFormat } from './piece-reader.ts';

/** Severity words, as syslog has them (the server's own log formats, §5.1). */
const severities: ReadonlyMap<string, string> = new Map([
  ['EMERG', 'EMERG'], ['ALERT', 'ALERT'], ['CRIT', 'CRIT'], ['ERR', 'ERR'], ['ERROR', 'ERR'], ['WARN', 'WARN'], ['WARNING', 'WARN'],
  ['NOTICE', 'NOTICE'], ['INFO', 'INFO'], ['DEBUG', 'DEBUG'],
]);
/** How far into a line another program's prefix may reach before the time (syslog, journald). */
const prefixMax = 128;
/** Subsystems of old releases are single words of at most so many characters. */
const subsystemMax = 64;
/** Bytes that tell whether a line begins with a time. */
const timeBytes = 22;

/** Makes a reader of the error log, text of any release and JSON (§5). */
export function createErrorReader(options: ReaderOptions): LogReader {
  return createPieceReader(new ErrorFormat(), options);
}

class ErrorFormat implements PieceFormat {
  readonly log = 'error';
  readonly #clock = new AccessClock();
  readonly #jsonClock = new JsonClock();

  /** A record lasts until a line begins with a time; or, where a line break was lost, until a time stands within a line. */
  endOfText(text: string, at: number, lineEnd: number, final: boolean): number | undefined {
    const start = timeAt(text, at, lineEnd);
    if (start < 0) return undefined;
    let from = start + 1;
    let end = lineEnd;
    for (;;) {
      const glued = gluedAt(text, from, end);
      if (glued >= 0) return glued;
      if (end >= text.length - 1) return final ? end : -1;
      if (text.length - end - 1 < timeBytes && !final) return -1;
      const next = text.indexOf('\n', end + 1);
      const nextEnd = next < 0 ? text.length : next;
      if (timeAt(text, end + 1, nextEnd) >= 0 || text.charCodeAt(end + 1) === 123) return end;
      if (next < 0 && !final) return -1;
      from = end + 1;
      end = nextEnd;
    }
  }

  decodeText(raw: string, rec: Rec): string | undefined {
    const plain = raw.includes('\u00a0') ? raw.replace(/\u00a0/g, ' ').trimStart() : raw;
    const at = timeAt(plain, 0, plain.length);
    const behind = at < 0 ? -1 : this.#clock.read(plain, at);
    if (behind < 0) return undefined;
    rec.EventTime = this.#clock.ms;
    rec.nanos = this.#clock.nanos;
    decodeMessage(plain.slice(behind).trimEnd(), rec);
    return raw;
  }

  decodeObject(object: Readonly<Record<string, unknown>>, raw: string, rec: Rec): string | undefined {
    const severity = object['severity'];
    const message = object['msg'];
    if (typeof severity !== 'string' || typeof message !== 'string') return undefined;
    const time = object['local_time'];
    if (typeof time === 'string' && this.#jsonClock.read(time)) {
      rec.EventTime = this.#jsonClock.ms;
      rec.nanos = this.#jsonClock.nanos;
    }
    rec.verb = severities.get(severity) ?? severity;
    const subsystem = object['subsystem'];
    finish(typeof subsystem === 'string' && subsystem !== '' ? subsystem : undefined, message.trimEnd(), rec);
    return raw;
  }

  censor(raw: string): string {
    return raw;
  }

  save(): unknown {
    return null;
  }

  restore(): void {}
}

/** Offset of the time a line begins with, behind a foreign prefix perhaps; -1 when there is none. */
function timeAt(text: string, at: number, lineEnd: number): number {
  if (looksLikeTime(text, at)) return at;
  const line = text.slice(at, Math.min(lineEnd, at + prefixMax));
  if (/^[\s\u00a0\u00c2]+\[/.test(line)) {
    const bracket = line.indexOf('[');
    return looksLikeTime(line, bracket) ? at + bracket : -1;
  }
  const program = line.indexOf('ns-slapd');
  if (program < 0) return -1;
  const bracket = line.indexOf(': [', program);
  return bracket >= 0 && looksLikeTime(line, bracket + 2) ? at + bracket + 2 : -1;
}

/** Offset of a record that begins within a line because the one before lost its line break: a time and a severity. */
function gluedAt(text: string, from: number, end: number): number {
  for (let at = text.indexOf('[', from); at >= 0 && at < end; at = text.indexOf('[', at + 1)) {
    if (!looksLikeTime(text, at)) continue;
    const close = text.indexOf(']', at);
    if (close > 0 && close - at < 48 && /^\] {1,2}- [A-Z]{3,7} - /.test(text.slice(close, close + 16))) return at;
  }
  return -1;
}

/** Reads what stands behind the time: ` - <SEV> - <subsystem> - <message>`, and the forms of releases before 1.3.6. */
function decodeMessage(rest: string, rec: Rec): void {
  const match = /^ {1,2}- ([A-Z]{3,7}) - /.exec(rest);
  const severity = match?.[1] === undefined ? undefined : severities.get(match[1]);
  rec.verb = severity ?? 'INFO';
  const text = severity === undefined ? rest.replace(/^ +(?:- +)?/, '') : rest.slice(match?.[0].length ?? 0);
  const dash = text.indexOf(' - ');
  const word = dash < 0 ? '' : text.slice(0, dash);
  // New releases always name the subsystem first, blanks or not; in old ones anything may stand before a dash.
  const named = dash > 0 && (severity !== undefined ? word.length <= 256 : word.length <= subsystemMax && !word.includes(' '));
  finish(named ? word : undefined, named ? text.slice(dash + 3) : text, rec);
}

function finish(subsystem: string | undefined, message: string, rec: Rec): void {
  rec.subsystem = subsystem;
  rec.message = message;
  recognizeMessage(subsystem, message, rec);
}
