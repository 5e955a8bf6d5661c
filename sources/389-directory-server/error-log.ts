import type { Rec } from '#event';
import type { LogReader, ReaderOptions } from '#source';
import { AccessClock, looksLikeTime } from './access-clock.ts';
import { addTag } from './access-intake.ts';
import { closesQuote, recognizeMessage } from './error-messages.ts';
import { openBytesMax, openLinesMax } from './forgery.ts';
import { JsonClock } from './json-clock.ts';
import { beginsRecord } from './json-object.ts';
import { createPieceReader, type PieceFormat } from './piece-reader.ts';

/** Severity words, as syslog has them (the server's own log formats, §5.1). */
const severities: ReadonlyMap<string, string> = new Map([
  ['EMERG', 'EMERG'],
  ['ALERT', 'ALERT'],
  ['CRIT', 'CRIT'],
  ['ERR', 'ERR'],
  ['ERROR', 'ERR'],
  ['WARN', 'WARN'],
  ['WARNING', 'WARN'],
  ['NOTICE', 'NOTICE'],
  ['INFO', 'INFO'],
  ['DEBUG', 'DEBUG'],
]);
/** How far into a line another program's prefix may reach before the time (syslog, journald). */
const prefixMax = 128;
/** Subsystems are words, plug-in names or agreements of at most so many characters; in old releases single words. */
const subsystemMax = 256;
const oldSubsystemMax = 64;
/** Bytes that tell whether a line begins with a time. */
const timeBytes = 22;
/** The server cuts a record here, without a line break: the next one stands on the same line. */
const cutBytes = 2047;
/** Longest time and severity. */
const headMax = 64;
/** Bytes up to which further lines join a record; the server's records are shorter. */
const joinedBytesMax = 8192;

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
    const glued = gluedAt(text, start, start + 1, lineEnd);
    if (glued >= 0) return glued;
    const closed = endOfOpenQuote(text, start, lineEnd, final);
    if (closed < 0) return -1;
    let end = closed;
    for (;;) {
      if (text.length - end - 1 < timeBytes && !final) return -1;
      const next = text.indexOf('\n', end + 1);
      const nextEnd = next < 0 ? text.length : next;
      if (end + 1 >= text.length || startsRecord(text, end + 1, nextEnd) || nextEnd - at > joinedBytesMax) return end;
      if (next < 0 && !final) return -1;
      const gluedNext = gluedAt(text, start, end + 1, nextEnd);
      if (gluedNext >= 0) return gluedNext;
      end = nextEnd;
    }
  }

  decodeText(raw: string, rec: Rec): string | undefined {
    if (!this.#decodeText(raw, rec)) {
      // What was pasted from web pages has no-break spaces (§12).
      if (!raw.includes('\u00a0') || !this.#decodeText(raw.replace(/\u00a0/g, ' ').trimStart(), rec)) return undefined;
    }
    const newline = raw.indexOf('\n');
    const first = newline < 0 ? raw : raw.slice(0, newline);
    const closes = closesQuote(first);
    if (closes !== undefined && !closes(first)) addTag(rec, newline < 0 ? 'truncated' : 'embedded-line-break');
    return raw;
  }

  #decodeText(text: string, rec: Rec): boolean {
    const at = timeAt(text, 0, text.length);
    const behind = at < 0 ? -1 : this.#clock.read(text, at);
    if (behind < 0) return false;
    rec.EventTime = this.#clock.ms;
    rec.nanos = this.#clock.nanos;
    decodeMessage(text.slice(behind).trimEnd(), rec);
    return true;
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

function startsRecord(text: string, at: number, lineEnd: number): boolean {
  return timeAt(text, at, lineEnd) >= 0 || beginsRecord(text, at);
}

/**
 * Offset of a record that begins within a line because the one before lost its line break: a time and a severity, or a
 * JSON record. Behind a quote that may be a client's text, made to look like a record; there only the place tells, which
 * is where the server cuts.
 */
function gluedAt(text: string, start: number, from: number, end: number): number {
  let at = start;
  for (; at < end && text.charCodeAt(at) !== 34; at++) if (at >= from && beginsWithin(text, at)) return at;
  const cut = start + cutBytes;
  return cut >= Math.max(from, at) && cut < end && beginsWithin(text, cut) ? cut : -1;
}

function beginsWithin(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code === 91 ? beginsText(text, at) : beginsRecord(text, at);
}

function beginsText(text: string, at: number): boolean {
  if (!looksLikeTime(text, at)) return false;
  const head = text.slice(at, at + headMax);
  return /^\] {1,2}- [A-Z]{3,7} - /.test(head.slice(Math.max(0, head.indexOf(']'))));
}

/**
 * Offset of the end of the line that closes a client's quoted text which the line before left open; `lineEnd` when none is
 * open, or none closes it in the length a record can have. -1 when more text is needed.
 */
function endOfOpenQuote(text: string, start: number, lineEnd: number, final: boolean): number {
  const first = text.slice(start, lineEnd);
  const closes = lineEnd - start >= cutBytes ? undefined : closesQuote(first);
  if (closes === undefined || closes(first)) return lineEnd;
  let end = lineEnd;
  for (let lines = 1; lines < openLinesMax; lines++) {
    const from = end + 1;
    const next = text.indexOf('\n', from);
    if (next < 0 && !final) return text.length - start > openBytesMax ? lineEnd : -1;
    end = next < 0 ? text.length : next;
    if (end - start > openBytesMax || from >= text.length) return lineEnd;
    if (closes(text.slice(from, end))) return end;
  }
  return lineEnd;
}

/** Reads what stands behind the time: ` - <SEV> - <subsystem> - <message>`, and the forms of releases before 1.3.6. */
function decodeMessage(rest: string, rec: Rec): void {
  const match = /^ {1,2}- ([A-Z]{3,7}) - /.exec(rest);
  const severity = match?.[1] === undefined ? undefined : severities.get(match[1]);
  const text = severity === undefined ? rest.replace(/^ +(?:- +)?/, '') : rest.slice(match?.[0].length ?? 0);
  const dash = dashAt(text);
  const word = dash < 0 ? '' : text.slice(0, dash);
  // New releases always name the subsystem first, blanks or not; in old ones anything may stand before a dash.
  const named =
    dash > 0 &&
    (severity !== undefined ? word.length <= subsystemMax : word.length <= oldSubsystemMax && !word.includes(' '));
  const message = named ? text.slice(dash + 3) : text;
  rec.verb = severity ?? severityOf(message);
  finish(named ? word : undefined, message, rec);
}

/** Offset of the first ` - ` outside quotes: an agreement's name in quotes may hold one. */
function dashAt(text: string): number {
  const head = text.slice(0, subsystemMax + 3);
  let quoted = false;
  for (let at = 0; at < head.length; at++) {
    const code = head.charCodeAt(at);
    if (code === 34) quoted = !quoted;
    else if (code === 32 && !quoted && head.startsWith(' - ', at)) return at;
  }
  return -1;
}

/** Old releases name no severity; some messages begin with the word. All others are INFO. */
function severityOf(message: string): string {
  const word = /^(error|warning)\b/i.exec(message)?.[1]?.toLowerCase();
  return word === 'error' ? 'ERR' : word === 'warning' ? 'WARN' : 'INFO';
}

function finish(subsystem: string | undefined, message: string, rec: Rec): void {
  rec.subsystem = subsystem;
  rec.message = message;
  recognizeMessage(subsystem, message, rec);
}
