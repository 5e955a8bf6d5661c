import type { Rec } from '#event';
import { searchScopes } from './access-search.ts';
import { Cursor } from './cursor.ts';

/** Verbs of the JSON log in the words of the text log, so that one query finds both (§2.2). */
const verbs: ReadonlyMap<string, string> = new Map([
  ['SEARCH', 'SRCH'],
  ['COMPARE', 'CMP'],
  ['MODIFY', 'MOD'],
  ['DELETE', 'DEL'],
  ['EXTENDED_OP', 'EXT'],
  ['EXTENDED_OP_INFO', 'EXT_INFO'],
  ['TLS_INFO', 'TLS'],
  ['TLS_CLIENT_INFO', 'TLS'],
]);

type Json = Readonly<Record<string, unknown>>;

const cursor = new Cursor();

/**
 * Fills a record from an object of the JSON access log, in the words of the text log (§2). Time is not read here.
 * Values of the wrong type are left out. Gives false when the object is none of the access log.
 */
export function decodeAccessJson(object: Json, rec: Rec): boolean {
  const operation = text(object['operation']);
  const conn = count(object['conn_id']);
  if (operation === undefined || conn === undefined) return false;
  rec.verb = verbs.get(operation) ?? operation;
  rec.conn = conn;
  rec.op = number(object['op_id']);
  rec.session = text(object['key']);
  rec.text = cleanMessage(text(object['msg']));
  rec.authzid = text(object['authzid']);
  if (object['internal_op'] === true) {
    rec.internal = true;
    rec.internalId = `${number(object['op_internal_id']) ?? 0}.${number(object['op_internal_nested_count']) ?? 0}`;
  }
  const controls = [...oids(object['request_controls']), ...oids(object['response_controls'])];
  if (controls.length > 0) rec.controls = controls;
  (decoders.get(operation) ?? decodeError)(object, rec);
  return true;
}

/** The text log says `""` where nobody is named; here the key is left out. */
function decodeBind(object: Json, rec: Rec): void {
  if (object['target_dn'] !== undefined) {
    decodeError(object, rec);
    return;
  }
  rec.dn = text(object['bind_dn']) ?? '';
  rec.version = number(object['version']);
  rec.method = text(object['method']);
  rec.mech = text(object['mech']);
}

function decodeConnection(object: Json, rec: Rec): void {
  rec.fd = number(object['fd']);
  rec.client = text(object['client_ip']);
  const server = text(object['server_ip']);
  rec.transport = object['tls'] === true ? 'ldaps' : 'plain';
  if (rec.client === 'local' || server?.startsWith('/') === true) {
    rec.transport = 'ldapi';
    rec.socket = server;
  } else {
    rec.server = server;
  }
}

function decodeProxy(object: Json, rec: Rec): void {
  rec.fd = number(object['fd']);
  rec.client = text(object['haproxy_ip']);
  rec.server = text(object['haproxy_destip']);
}

function decodeTls(object: Json, rec: Rec): void {
  rec.tlsVersion = text(object['tls_version']);
  rec.tlsCipher = text(object['cipher']);
  rec.tlsBits = number(object['keysize']);
  rec.certSubject = text(object['subject']);
  rec.certIssuer = text(object['issuer']);
  rec.certDn = text(object['client_dn']);
  if (rec.certDn !== undefined) rec.dn = rec.certDn;
  const error = text(object['err_msg']);
  const code = number(object['err']);
  if (error !== undefined) rec.text = [rec.text, code, error].filter((part) => part !== undefined).join(' ');
}

function decodeSearch(object: Json, rec: Rec): void {
  rec.base = text(object['base_dn']) ?? text(object['base']);
  const scope = number(object['scope']);
  rec.scope = scope === undefined ? undefined : (searchScopes[scope] ?? String(scope));
  rec.filter = text(object['filter']);
  if (object['psearch'] === true) rec.persistent = true;
  const attributes = object['attrs'];
  rec.attrs = Array.isArray(attributes) ? attributes.filter((name) => typeof name === 'string') : ['ALL'];
}

function decodeEntry(object: Json, rec: Rec): void {
  rec.dn = text(object['target_dn']);
}

function decodeRename(object: Json, rec: Rec): void {
  rec.dn = text(object['target_dn']);
  rec.newrdn = text(object['newrdn']);
  const superior = text(object['newsup']);
  if (superior !== undefined && superior !== '(null)') rec.newsuperior = superior;
  // The design of the format spells the key in two ways.
  const removed = object['deleteoldrdn'] ?? object['deletoldrdn'];
  if (typeof removed === 'boolean') rec.deleteoldrdn = removed;
}

function decodeCompare(object: Json, rec: Rec): void {
  rec.dn = text(object['target_dn']);
  rec.attr = text(object['cmp_attr']);
}

function decodeAbandon(object: Json, rec: Rec): void {
  rec.targetop = text(object['target_op']);
  rec.msgid = number(object['msgid']);
  rec.nentries = number(object['nentries']);
  rec.etime = seconds(object['etime']);
  rec.sid = text(object['sid']);
}

function decodeExtended(object: Json, rec: Rec): void {
  rec.oid = text(object['oid']);
  rec.name = text(object['name']) ?? text(object['oid_name']);
}

function decodeExtendedInfo(object: Json, rec: Rec): void {
  rec.name = text(object['name']);
  rec.target = text(object['target_dn']);
  rec.dn = rec.target;
  rec.boundDn = text(object['bind_dn']);
  rec.err = number(object['err']);
}

function decodeVlv(object: Json, rec: Rec): void {
  const request = record(object['vlv_request']);
  const response = record(object['vlv_response']);
  const by =
    text(request['request_value']) ??
    `${number(request['request_index']) ?? 0}:${number(request['request_content_count']) ?? 0}`;
  const asked = `${number(request['request_before_count']) ?? 0}:${number(request['request_after_count']) ?? 0}:${by}`;
  const given = `${number(response['response_target_position']) ?? 0}:${number(response['response_content_count']) ?? 0} (${number(response['response_result']) ?? 0})`;
  rec.sort = `${asked} ${given}`;
}

function decodeSort(object: Json, rec: Rec): void {
  const keys = text(object['sort_attrs']);
  rec.sort = keys?.startsWith('SORT ') === true ? keys.slice(5).trimEnd() : keys;
}

function decodeStat(object: Json, rec: Rec): void {
  rec.etime = seconds(object['stat_etime']);
  rec.statAttr = text(object['stat_attr']);
  if (rec.statAttr === undefined) return;
  rec.statKey = `${text(object['stat_key']) ?? ''}=${text(object['stat_key_value']) ?? ''}`;
  rec.statCount = number(object['stat_count']);
}

function decodeResult(object: Json, rec: Rec): void {
  rec.err = number(object['err']);
  rec.tag = number(object['tag']);
  rec.nentries = number(object['nentries']);
  rec.etime = seconds(object['etime']);
  rec.wtime = seconds(object['wtime']);
  rec.wqtime = seconds(object['wqtime']);
  rec.optime = seconds(object['optime']);
  rec.writetime = seconds(object['writetime']);
  rec.wbusy = number(object['wbusy']);
  rec.wmax = number(object['wmax']);
  rec.wqdepth = number(object['wqdepth']);
  const client = text(object['client_ip']);
  if (client !== 'Internal') rec.client = client;
  rec.csn = text(object['csn']);
  rec.sid = text(object['sid']);
  rec.prIdx = number(object['pr_idx']);
  rec.prCookie = number(object['pr_cookie']);
  rec.dn = text(object['bind_dn']);
  const notes = object['notes'];
  if (Array.isArray(notes)) rec.notes = notes.flatMap((note) => text(record(note)['note']) ?? []);
  // Printed with every bind, whatever its result: only the code tells (§2.3).
  if (rec.text === 'SASL bind in progress') rec.text = undefined;
}

function decodeDisconnect(object: Json, rec: Rec): void {
  rec.fd = number(object['fd']);
  const reason = text(object['close_reason']) ?? '';
  const dash = reason.lastIndexOf(' - ');
  const coded = dash >= 0 && reason.length === dash + 5;
  if (coded) rec.code = reason.slice(dash + 3);
  const words = [text(object['close_error']), coded ? reason.slice(0, dash) : reason].filter(
    (part) => part !== undefined && part !== '',
  );
  if (words.length > 0) rec.text = words.join(' - ');
}

/** `ERROR`, and requests that were refused before they were decoded. */
function decodeError(object: Json, rec: Rec): void {
  rec.dn = text(object['target_dn']) ?? rec.dn;
  const unprocessed = 'UNPROCESSED OPERATION - ';
  if (rec.text?.startsWith(unprocessed) !== true) return;
  rec.verb = 'UNPROCESSED';
  rec.text = rec.text.slice(unprocessed.length);
  const strengths = ['local_ssf', 'sasl_ssf', 'ssl_ssf'].flatMap((key) =>
    number(object[key]) === undefined ? [] : [`${key}=${object[key]}`],
  );
  if (strengths.length > 0) rec.text += ` (${strengths.join(' ')})`;
}

const decoders: ReadonlyMap<string, (object: Json, rec: Rec) => void> = new Map([
  ['CONNECTION', decodeConnection],
  ['HAPROXY', decodeProxy],
  ['TLS_INFO', decodeTls],
  ['TLS_CLIENT_INFO', decodeTls],
  [
    'AUTOBIND',
    (object, rec) => {
      rec.dn = text(object['bind_dn']);
    },
  ],
  ['BIND', decodeBind],
  ['UNBIND', () => undefined],
  ['SEARCH', decodeSearch],
  ['ADD', decodeEntry],
  ['DELETE', decodeEntry],
  ['MODIFY', decodeEntry],
  ['ENTRY', decodeEntry],
  ['MODRDN', decodeRename],
  ['COMPARE', decodeCompare],
  ['ABANDON', decodeAbandon],
  ['EXTENDED_OP', decodeExtended],
  ['EXTENDED_OP_INFO', decodeExtendedInfo],
  ['VLV', decodeVlv],
  ['SORT', decodeSort],
  ['REFERRAL', () => undefined],
  ['STAT', decodeStat],
  ['RESULT', decodeResult],
  ['DISCONNECT', decodeDisconnect],
]);

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

function record(value: unknown): Json {
  return typeof value === 'object' && value !== null ? (value as Json) : {};
}

/** A connection number beyond what a number holds exactly is as good as none: it belongs to no connection. */
function count(value: unknown): number | string | undefined {
  const read = number(value);
  if (read === undefined || read < 0) return undefined;
  return read <= Number.MAX_SAFE_INTEGER ? read : BigInt(read).toString();
}

/** Durations are strings, in the forms of the text log. */
function seconds(value: unknown): number | undefined {
  if (typeof value !== 'string') return number(value);
  cursor.start(value, 0);
  return cursor.seconds();
}

function oids(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.flatMap((control) => text(record(control)['oid']) ?? []) : [];
}

/** Result texts begin with the dash that sets them off in the text log, or are empty (§2.3). */
function cleanMessage(message: string | undefined): string | undefined {
  const clean = message?.startsWith(' - ') === true ? message.slice(3).trimEnd() : message?.trimEnd();
  return clean === '' ? undefined : clean;
}
