import { encodeText, type Rec } from '#event';
import { addTag } from './access-intake.ts';
import { readAddedEntry } from './audit-ldif.ts';
import { ChangeList, decodeBase64, redactLdif } from './ldif.ts';
import { isSecret, redacted } from './secrets.ts';

type Json = Readonly<Record<string, unknown>>;

/** Reads one JSON record of the audit log (§4.2). Gives false when it is none. */
export function decodeAuditObject(object: Json, rec: Rec): boolean {
  const time = object['gm_time'];
  const kind = ['modify', 'add', 'delete', 'modrdn'].find((key) => object[key] !== undefined);
  if (typeof time !== 'string' || kind === undefined) return false;
  const instant = Date.parse(time);
  if (!Number.isNaN(instant)) {
    rec.EventTime = instant;
    rec.nanos = 0;
  }
  rec.dn = text(object['target_dn']);
  rec.err = number(object['result']);
  readConnection(object, rec);
  if (kind === 'modify') {
    rec.verb = 'MOD';
    readModifications(object['modify'], rec);
  } else if (kind === 'add') {
    rec.verb = 'ADD';
    readAddedEntry(text(object['add']) ?? '', rec);
  } else if (kind === 'delete') {
    rec.verb = 'DEL';
  } else {
    rec.verb = 'MODRDN';
    const rename = record(object['modrdn']);
    rec.newrdn = text(rename['newrdn']);
    rec.newsuperior = text(rename['newsuperior']);
    if (typeof rename['deleteoldrdn'] === 'boolean') rec.deleteoldrdn = rename['deleteoldrdn'];
  }
  settleActor(object, rec);
  return true;
}

/** Bytes at which the server cuts the DN of the actor, without a mark. */
const actorBytesMax = 74;

/**
 * Who made the change: what the record says of its connection counts more than the entry's bookkeeping, which `boundDn`
 * holds so far. The latter is whole where the former was cut, and names who is behind a change of the server's own.
 */
function settleActor(object: Json, rec: Rec): void {
  const actor = text(object['bind_dn']);
  const noted = rec.boundDn;
  if (actor === undefined || actor === 'internal') {
    if (actor === 'internal') rec.internal = true;
    return;
  }
  rec.boundDn = actor === '' ? undefined : actor;
  if (actor === '') rec.boundMethod = 'ANONYMOUS';
  if (encodeText(actor).length < actorBytesMax) return;
  if (noted?.toLowerCase().startsWith(actor.toLowerCase()) === true) rec.boundDn = noted;
  else addTag(rec, 'truncated');
}

function readConnection(object: Json, rec: Rec): void {
  const client = text(object['client_ip']);
  const server = text(object['server_ip']);
  rec.op = number(object['op_id']);
  if (client === 'internal') return;
  rec.client = client;
  if (client === 'local' || server?.startsWith('/') === true) {
    rec.socket = server;
    rec.transport = 'ldapi';
  } else rec.server = server;
  const conn = number(object['conn_id']);
  if (conn !== undefined && conn >= 0) rec.conn = conn;
}

function readModifications(value: unknown, rec: Rec): void {
  const list = new ChangeList();
  for (const one of Array.isArray(value) ? value : []) {
    const change = record(one);
    const attribute = text(change['attr']) ?? '';
    const operation = text(change['op']) ?? 'ignore';
    const values = [...strings(change['values']), ...strings(change['values_encoded']).map(decodeBase64)];
    if (values.length === 0) list.add(operation, attribute);
    for (const changed of values) list.add(operation, attribute, changed);
    if (rec.boundDn === undefined && attribute.toLowerCase() === 'modifiersname') rec.boundDn = values[0];
  }
  rec.changed = list.attributes;
  rec.changes = list.changes;
}

/** The server's records nest four deep; what lies deeper than this is not kept. */
const depthMax = 16;

/**
 * The text of a record without the secrets in it. Where there is none, the text itself; else, and where the record broke
 * off, the object written anew, so blanks and escapes may differ from the log's.
 */
export function redactObjectText(object: Json, raw: string, broken: boolean): string {
  const redaction = { found: broken };
  const copy = redactValue('', object, 0, redaction);
  return redaction.found ? JSON.stringify(copy) : raw;
}

/** A copy without secrets: those under their own name, those of an element that names its attribute, and in LDIF text. */
function redactValue(key: string, value: unknown, depth: number, redaction: { found: boolean }): unknown {
  if (isSecret(key)) {
    redaction.found = true;
    return redacted;
  }
  if (typeof value === 'string') {
    const kept = value.includes('\n') ? redactLdif(value) : value;
    redaction.found ||= kept !== value;
    return kept;
  }
  if (typeof value !== 'object' || value === null) return value;
  if (depth === depthMax) {
    redaction.found = true;
    return null;
  }
  if (Array.isArray(value)) return value.map((one) => redactValue('', one, depth + 1, redaction));
  const secret = isSecret(text(record(value)['attr']) ?? '');
  redaction.found ||= secret;
  return Object.fromEntries(
    Object.entries(value).map(([name, held]) => [
      name,
      secret && name !== 'attr' && name !== 'op' ? [redacted] : redactValue(name, held, depth + 1, redaction),
    ]),
  );
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : undefined;
}

function record(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

function strings(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}
