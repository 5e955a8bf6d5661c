import type { Rec } from '#event';
import type { LogReader, ReaderOptions } from '#source';
import { addTag } from './access-intake.ts';
import { decodeAuditLdif } from './audit-ldif.ts';
import { decodeAuditObject, redactObjectText } from './audit-object.ts';
import { beginsRecord } from './json-object.ts';
import { censorLdif, redactLdif } from './ldif.ts';
import { LocalTime } from './local-time.ts';
import { createPieceReader, type PieceFormat } from './piece-reader.ts';

/** Makes a reader of the audit and auditfail logs, LDIF and JSON (the server's own log formats, §4). */
export function createAuditReader(options: ReaderOptions): LogReader {
  return createPieceReader(new AuditFormat(options.log, options.zone), options);
}

/** Bytes that tell whether a line begins the next record: `time: 20250307091502`, a line break, `dn: `. */
const lookAheadBytes = 32;
/** Characters kept of a JSON record that cannot be read: up to its time. */
const keptBytes = 32;

class AuditFormat implements PieceFormat {
  readonly log: string;
  readonly #time: LocalTime;

  constructor(log: string, zone: string | undefined) {
    this.log = log === 'auditfail' ? 'auditfail' : 'audit';
    this.#time = new LocalTime(zone);
  }

  /**
   * A record begins with `time: ` and `dn: `, and ends at a blank line. One that has not yet said what kind of change it
   * is goes on: DNs and displayed attributes are copied raw, and may hold blank lines. One that was cut ends where the
   * next begins.
   */
  endOfText(text: string, at: number, _lineEnd: number, final: boolean): number | undefined {
    if (!final && text.length - at < lookAheadBytes && mayBegin(text, at)) return -1;
    if (!beginsLdif(text, at)) return undefined;
    let changed = false;
    let from = at;
    for (;;) {
      const newline = text.indexOf('\n', from);
      if (newline < 0) return final ? text.length : -1;
      changed ||= text.startsWith('changetype: ', from);
      from = newline + 1;
      if (changed && isBlank(text, from)) return newline;
      if (!final && text.length - from < lookAheadBytes && mayBegin(text, from)) return -1;
      if (from >= text.length || beginsNext(text, from)) return newline;
    }
  }

  decodeText(raw: string, rec: Rec): string | undefined {
    if (!decodeAuditLdif(raw, rec, this.#time)) return undefined;
    this.#settle(rec);
    return redactLdif(raw);
  }

  decodeObject(object: Readonly<Record<string, unknown>>, raw: string, rec: Rec, broken: boolean): string | undefined {
    if (!decodeAuditObject(object, rec)) return undefined;
    this.#settle(rec);
    return redactObjectText(object, raw, broken);
  }

  /** Refused changes are of the auditfail log, whichever file they stand in; accepted ones are never written there. */
  #settle(rec: Rec): void {
    if (rec.err !== undefined && rec.err !== 0) rec.log = 'auditfail';
    else if (this.log === 'auditfail' && rec.err === 0) addTag(rec, 'suspect-forged');
    if (rec.tags?.includes('suspect-forged') === true) rec.boundDn = undefined;
  }

  censor(raw: string): string {
    if (!raw.startsWith('{')) return censorLdif(raw);
    // Nothing is known of what cannot be read; its beginning is a time.
    return beginsRecord(raw, 0) ? `${raw.slice(0, keptBytes)}...` : '{...';
  }

  save(): unknown {
    return this.#time.save();
  }

  restore(state: unknown): void {
    this.#time.restore(state);
  }
}

/** Whether the next record begins at a line: LDIF or JSON. */
function beginsNext(text: string, at: number): boolean {
  return text.charCodeAt(at) === 123 ? beginsRecord(text, at) : beginsLdif(text, at);
}

/**
 * Whether an LDIF record begins at a line. Every one names its entry next; an added entry may have an attribute `time`,
 * but no line `dn:` behind it.
 */
function beginsLdif(text: string, at: number): boolean {
  if (!text.startsWith('time: ', at)) return false;
  return /^time: \d{14}[^\S\n]*\r?\ndn: /.test(text.slice(at, at + lookAheadBytes));
}

/** Whether a line that is not there yet, or not to its end, may begin the next record. */
function mayBegin(text: string, at: number): boolean {
  return text.charCodeAt(at) === 123 || 'time: '.startsWith(text.slice(at, at + 6));
}

function isBlank(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code === 10 || (code === 13 && text.charCodeAt(at + 1) === 10);
}
