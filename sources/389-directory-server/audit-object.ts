import type { Rec } from '#event';
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
  readActor(object, rec);
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
  // What the record says of its actor counts more than the entry's own bookkeeping.
  readActor(object, rec);
  return true;
}

/** `internal` stands where the server itself made the change. */
function readActor(object: Json, rec: Rec): void {
  const actor = text(object['bind_dn']);
  if (actor === 'internal') rec.internal = true;
  else if (actor !== undefined) rec.boundDn = actor === '' ? undefined : actor;
  const client = text(object['client_ip']);
  if (client !== 'internal') rec.client = client;
  const server = text(object['server_ip']);
  if (server?.startsWith('/') === true) {
    rec.socket = server;
    rec.transport = 'ldapi';
  } else if (server !== 'internal') rec.server = server;
  const conn = number(object['conn_id']);
  if (conn !== undefined && conn >= 0) rec.conn = conn;
  rec.op = number(object['op_id']);
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

/**
 * The text of a record without the secrets in it. Where there is none, the text itself; else the object written anew, so
 * blanks and escapes may differ from the log's.
 */
export function redactObjectText(object: Json, raw: string): string {
  let found = false;
  const modify = object['modify'];
  const copy: Record<string, unknown> = { ...object };
  if (Array.isArray(modify)) {
    copy['modify'] = modify.map((one) => {
      const change = record(one);
      if (!isSecret(text(change['attr']) ?? '')) return one;
      found = true;
      return { op: change['op'], attr: change['attr'], values: [redacted] };
    });
  }
  if (typeof object['add'] === 'string') {
    copy['add'] = redactLdif(object['add']);
    found ||= copy['add'] !== object['add'];
  }
  if (Array.isArray(object['id_list'])) {
    copy['id_list'] = object['id_list'].map((one) =>
      Object.fromEntries(
        Object.entries(record(one)).map(([attribute, value]) => {
          if (!isSecret(attribute)) return [attribute, value];
          found = true;
          return [attribute, redacted];
        }),
      ),
    );
  }
  return found ? JSON.stringify(copy) : raw;
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
