import { parseTime } from '#event';
import { collectLimits } from '../limits.ts';

/** What a message says of its sender, and where its text stands. */
export interface SyslogMessage {
  /** Empty when it does not say. */
  readonly hostname: string;
  /** Name of the program; empty when it does not say. */
  readonly program: string;
  /** When it was sent, epoch milliseconds; undefined when it does not say, or without a year. */
  readonly time: number | undefined;
  /** The text, without header and line break. */
  readonly text: Buffer;
}

/** `<PRI>`, and the version of RFC 5424. */
const priority = /^<\d{1,3}>(1 )?/;
/** Time of RFC 3164, or the ISO time that forwarders put in its place, and the blank behind it. */
const oldTime =
  /^(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d(?:\.\d{1,9})?|(\d{4}-\d\d-\d\dT[0-9:.]{5,20}(?:Z|[+-]\d\d:?\d\d)?)) /;
/** A program's name with its process id, as RFC 3164 has it before the text. */
const oldTag = /^([^\s:[\]<>{}"']{1,255})(?:\[[^\]\s]{0,64}\]:?|:)(?: |$)/;
/** One element of structured data; every character has one way to match, so it is linear. */
const structuredElement = /\[(?:[^\]"]|"(?:[^"\\]|\\.)*")*\]/sy;
const hostForm = /^[A-Za-z0-9][A-Za-z0-9._:%-]{0,254}$/;
const visible = /^[\x21-\x7e]+$/;
/** Characters that a header may take. */
const headerMax = 8192;
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

/** Reads a syslog message (RFC 5424, RFC 3164, and what lies between); what has no header is text altogether. Never throws. */
export function parseSyslog(frame: Buffer): SyslogMessage {
  const body = withoutLineEnd(frame);
  const head = body.toString('latin1', 0, headerMax);
  const match = priority.exec(head);
  if (match === null) return { hostname: '', program: '', time: undefined, text: body };
  const at = match[0].length;
  return (match[1] === undefined ? undefined : parseNew(head, at, body)) ?? parseOld(head, at, body);
}

/** RFC 5424 §6; undefined when it is none. */
function parseNew(head: string, from: number, body: Buffer): SyslogMessage | undefined {
  const fields: string[] = [];
  let at = from;
  while (fields.length < 5) {
    const end = head.indexOf(' ', at);
    if (end === -1) return undefined;
    fields.push(head.slice(at, end));
    at = end + 1;
  }
  const behind = behindStructuredData(head, at);
  if (behind === undefined) return undefined;
  const [time = '', hostname = '', program = ''] = fields;
  const start = head.charCodeAt(behind) === 0x20 ? behind + 1 : behind;
  const marked = body.subarray(start, start + 3).equals(byteOrderMark);
  return {
    hostname: nameOf(hostname),
    program: nameOf(program),
    time: time === '-' ? undefined : timeOf(time),
    text: body.subarray(marked ? start + 3 : start),
  };
}

/** Offset behind the structured data (RFC 5424 §6.3); undefined when it is not that. */
function behindStructuredData(head: string, from: number): number | undefined {
  if (head.charAt(from) === '-') return from + 1;
  let at = from;
  for (;;) {
    structuredElement.lastIndex = at;
    const element = structuredElement.exec(head);
    if (element === null) return at === from ? undefined : at;
    at += element[0].length;
  }
}

/** RFC 3164 §4.1, each part of it may be missing. */
function parseOld(head: string, from: number, body: Buffer): SyslogMessage {
  let at = from;
  const time = oldTime.exec(head.slice(at, at + 64));
  if (time === null) return { hostname: '', ...tagged(head, at, body), time: undefined };
  at += time[0].length;
  let hostname = '';
  const end = head.indexOf(' ', at);
  const word = end === -1 ? '' : head.slice(at, end);
  // A program's name in the place of the host's: the host has left itself out.
  if (hostForm.test(word) && !word.endsWith(':')) {
    hostname = word;
    at = end + 1;
  }
  return { hostname, ...tagged(head, at, body), time: time[1] === undefined ? undefined : timeOf(time[1]) };
}

function tagged(head: string, at: number, body: Buffer): Pick<SyslogMessage, 'program' | 'text'> {
  const tag = oldTag.exec(head.slice(at, at + 400));
  if (tag === null) return { program: '', text: body.subarray(head.charCodeAt(at) === 0x20 ? at + 1 : at) };
  return { program: nameOf(tag[1] ?? ''), text: body.subarray(at + tag[0].length) };
}

/** A name that may stand in a key, a path and a table; others count as none. */
export function nameOf(text: string): string {
  return text !== '-' && text.length <= collectLimits.nameLength && visible.test(text) ? text : '';
}

/** Epoch milliseconds of an ISO time; undefined when it is none. */
export function timeOf(text: string): number | undefined {
  if (text.length > 40) return undefined;
  return parseTime(text)?.ms;
}

/** Without the line break, or the zero byte, that some senders put behind a message. */
function withoutLineEnd(frame: Buffer): Buffer {
  let end = frame.length;
  while (end > 0 && (frame[end - 1] === 0x0a || frame[end - 1] === 0x0d || frame[end - 1] === 0)) end -= 1;
  return frame.subarray(0, end);
}
