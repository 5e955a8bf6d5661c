import type { Rec } from '#event';
import type { LogReader, ReaderOptions } from '#source';
import { decodeAuditLdif } from './audit-ldif.ts';
import { decodeAuditObject, redactObjectText } from './audit-object.ts';
import { redactLdif } from './ldif.ts';
import { LocalTime } from './local-time.ts';
import { createPieceReader, type PieceFormat } from './piece-reader.ts';

/** Makes a reader of the audit and auditfail logs, LDIF and JSON (the server's own log formats, §4). */
export function createAuditReader(options: ReaderOptions): LogReader {
  return createPieceReader(new AuditFormat(options.log, options.zone), options);
}

/** Bytes of a blank line and a `time:` line. */
const timeLineBytes = 23;

class AuditFormat implements PieceFormat {
  readonly log: string;
  readonly #time: LocalTime;

  constructor(log: string, zone: string | undefined) {
    this.log = log === 'auditfail' ? 'auditfail' : 'audit';
    this.#time = new LocalTime(zone);
  }

  /**
   * A record begins with `time: ` and ends at a blank line. One that has not yet said what kind of change it is goes on:
   * DNs and displayed attributes are copied raw, and may hold blank lines.
   */
  endOfText(text: string, at: number, _lineEnd: number, final: boolean): number | undefined {
    if (!text.startsWith('time: ', at)) return undefined;
    const kind = text.indexOf('\nchangetype: ', at);
    for (let blank = text.indexOf('\n\n', at); blank >= 0; blank = text.indexOf('\n\n', blank + 1)) {
      if (kind >= 0 && kind < blank) return blank;
      if (text.length - blank < timeLineBytes && !final) return -1;
      // A record that was cut off never says its kind: the next one ends it.
      if (beginsRecord(text, blank + 2)) return blank;
    }
    return final ? text.length : -1;
  }

  decodeText(raw: string, rec: Rec): string | undefined {
    return decodeAuditLdif(raw, rec, this.#time) ? redactLdif(raw) : undefined;
  }

  decodeObject(object: Readonly<Record<string, unknown>>, raw: string, rec: Rec): string | undefined {
    return decodeAuditObject(object, rec) ? redactObjectText(object, raw) : undefined;
  }

  censor(raw: string): string {
    // Nothing is known of what cannot be read, so nothing of it is kept but its beginning, up to the first value.
    return raw.startsWith('{') ? `${raw.slice(0, 64)}...` : redactLdif(raw);
  }

  save(): unknown {
    return this.#time.save();
  }

  restore(state: unknown): void {
    this.#time.restore(state);
  }
}

function beginsRecord(text: string, at: number): boolean {
  return /^time: \d{14}\n/.test(text.slice(at, at + 21));
}
