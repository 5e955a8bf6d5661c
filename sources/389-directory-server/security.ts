import type { Rec } from '#event';
import type { LogReader, ReaderOptions } from '#source';
import { AccessClock } from './access-clock.ts';
import { addTag } from './access-intake.ts';
import { createPieceReader, type PieceFormat } from './piece-reader.ts';

/** Makes a reader of the security log, which is JSON only (the server's own log formats, §3). */
export function createSecurityReader(options: ReaderOptions): LogReader {
  return createPieceReader(new SecurityFormat(), options);
}

class SecurityFormat implements PieceFormat {
  readonly log = 'security';
  readonly #clock = new AccessClock();

  endOfText(): undefined {
    return undefined;
  }

  decodeText(): undefined {
    return undefined;
  }

  decodeObject(object: Readonly<Record<string, unknown>>, raw: string, rec: Rec): string | undefined {
    const event = text(object['event']);
    if (event === undefined) return undefined;
    rec.verb = event;
    this.#readTime(object, rec);
    rec.dn = text(object['dn']);
    const method = text(object['bind_method']);
    // On AUTHZ_ERROR the method is a default of the server, not a fact (§3.3).
    if (method !== '' && event !== 'AUTHZ_ERROR') rec.method = method;
    if (method?.startsWith('SASL/') === true) rec.mech = method.slice(5);
    if (object['root_dn'] === true) rec.rootDn = true;
    this.#readConnection(object, rec);
    rec.message = text(object['msg']) || undefined;
    if (event === 'TCP_ERROR') rec.code = / - ([A-Z]\d{1,2})$/.exec(rec.message ?? '')?.[1];
    if (event === 'AUTHZ_ERROR') {
      // Here `dn` is who was refused; what was refused stands in the message, cut at 74 characters.
      rec.boundDn = rec.dn === '' ? undefined : rec.dn;
      rec.target = targetOf(rec.message ?? '');
      if (rec.message?.startsWith('target_dn=(') === true && !rec.message.endsWith(')')) addTag(rec, 'truncated');
      rec.dn = rec.target;
      rec.err = 50;
    }
    return raw;
  }

  censor(raw: string): string {
    return raw;
  }

  save(): unknown {
    return null;
  }

  restore(): void {}

  #readConnection(object: Readonly<Record<string, unknown>>, rec: Rec): void {
    rec.client = text(object['client_ip']);
    const server = text(object['server_ip']);
    if (rec.client === 'local' || server?.startsWith('/') === true) {
      rec.transport = 'ldapi';
      rec.socket = server;
    } else {
      rec.server = server;
    }
    rec.version = number(object['ldap_version']);
    rec.conn = number(object['conn_id']);
    rec.op = number(object['op_id']);
  }

  #readTime(object: Readonly<Record<string, unknown>>, rec: Rec): void {
    const date = text(object['date'])?.trim() ?? '';
    if (this.#clock.read(date.startsWith('[') ? date : `[${date}]`, 0) >= 0) {
      rec.EventTime = this.#clock.ms;
      rec.nanos = this.#clock.nanos;
      return;
    }
    const [seconds, fraction = ''] = String(object['utc_time'] ?? '').split('.');
    const whole = Number(seconds);
    if (seconds === '' || !Number.isSafeInteger(whole * 1000)) return;
    const nanos = Number(fraction.padEnd(9, '0').slice(0, 9)) || 0;
    rec.EventTime = whole * 1000 + Math.trunc(nanos / 1e6);
    rec.nanos = nanos % 1e6;
  }
}

function targetOf(message: string): string | undefined {
  if (!message.startsWith('target_dn=(')) return undefined;
  const target = message.endsWith(')') ? message.slice(11, -1) : message.slice(11);
  return target === 'none' ? undefined : target;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Older design drafts write numbers as strings. */
function number(value: unknown): number | undefined {
  const read = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof read === 'number' && Number.isSafeInteger(read) ? read : undefined;
}
