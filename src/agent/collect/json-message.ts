import { encodeText } from '#event';
import type { Source } from '#source';
import { nameOf, type SyslogMessage, timeOf } from './syslog-message.ts';

/** Keys under which forwarders put a log's line, the host, the program and the time; the first that is there counts. */
const messageKeys = ['message', 'MESSAGE', 'msg', 'log', 'line'] as const;
const hostKeys = ['host', 'hostname', 'HOSTNAME', '_HOSTNAME', 'fromhost'] as const;
const programKeys = ['app', 'appname', 'app-name', 'programname', 'SYSLOG_IDENTIFIER', 'ident', 'tag'] as const;
const timeKeys = ['@timestamp', 'timestamp', 'time'] as const;

/**
 * Reads a line of JSON: a record of the log as the source itself writes it is passed on as it stands, and what a forwarder
 * wrapped (fluent-bit, vector, rsyslog, journald) is unwrapped. What is no JSON is text altogether. Never throws.
 */
export function parseJsonLine(frame: Buffer, source: Source): SyslogMessage {
  const whole = { hostname: '', program: '', time: undefined, text: frame };
  const object = objectOf(frame);
  if (object === undefined) return whole;
  const message = textUnder(object, messageKeys);
  // Records of a log may have such a key, too.
  if (message === undefined || source.recognize(frame) !== undefined) return whole;
  return {
    hostname: nameOf(textUnder(object, hostKeys) ?? nestedName(object['host']) ?? ''),
    program: nameOf(textUnder(object, programKeys) ?? ''),
    time: timeOf(textUnder(object, timeKeys) ?? ''),
    text: encodeText(message.replace(/[\r\n\0]+$/, '')),
  };
}

function objectOf(frame: Buffer): Readonly<Record<string, unknown>> | undefined {
  if (frame[0] !== 0x7b) return undefined;
  try {
    const value: unknown = JSON.parse(frame.toString('utf8'));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textUnder(object: Readonly<Record<string, unknown>>, keys: readonly string[]): string | undefined {
  for (const key of keys) {
    const value = Object.hasOwn(object, key) ? object[key] : undefined;
    if (typeof value === 'string') return value;
  }
  return undefined;
}

/** `{"host": {"name": …}}`, as some forwarders have it. */
function nestedName(host: unknown): string | undefined {
  return isObject(host) ? textUnder(host, ['name', 'hostname']) : undefined;
}
