import { type Address, fieldOf, foldAttributeType, parseAddressCached, type Rec } from '#event';

/**
 * What the mapping does to values: all of it is pure, quick, and gives undefined where a label would be a guess.
 */

let recentText = '';
let recent: Address | undefined;
let otherText = '';
let other: Address | undefined;

/** A record asks six times for two addresses, so the last two are at hand. */
function addressOf(text: string): Address | undefined {
  if (text === recentText) return recent;
  const found = text === otherText ? other : parseAddressCached(text);
  otherText = recentText;
  other = recent;
  recentText = text;
  recent = found;
  return found;
}

/** An IPv4 address in canonical form; `local`, `unknown`, paths and IPv6 give none. */
export function ipv4(value: string): string | undefined {
  const address = addressOf(value);
  return address?.family === 4 ? address.text : undefined;
}

/** An IPv6 address in canonical form, without its scope. */
export function ipv6(value: string): string | undefined {
  const address = addressOf(value);
  return address?.family === 6 ? address.text : undefined;
}

/** An address of either family in canonical form. */
export function ip(value: string): string | undefined {
  return addressOf(value)?.text;
}

/** Names of bind methods: the access log has numbers for all but SASL, the security log words (§1.5, §3.1). */
const methods: ReadonlyMap<string, string> = new Map([
  ['0', 'NONE'],
  ['NONE', 'NONE'],
  ['128', 'SIMPLE'],
  ['SIMPLE', 'SIMPLE'],
  ['SIMPLE/MFA', 'SIMPLE'],
  ['129', 'KRBV41'],
  ['KRBV41', 'KRBV41'],
  ['130', 'KRBV42'],
  ['KRBV42', 'KRBV42'],
  ['SASL', 'SASL'],
  // Both are SASL EXTERNAL, and the access log says so.
  ['TLSCLIENTAUTH', 'SASL'],
  ['SSLCLIENTAUTH', 'SASL'],
  ['LDAPI', 'SASL'],
]);

/** `128` becomes SIMPLE, `sasl` and `SASL/GSSAPI` become SASL; an unknown method stays as it is, in upper case. */
export function bindMethod(value: string): string | undefined {
  const known = methods.get(value);
  if (known !== undefined) return known;
  const upper = value.toUpperCase();
  return upper.startsWith('SASL/') ? 'SASL' : (methods.get(upper) ?? (upper === '' ? undefined : upper));
}

/** The mechanism in the security log's word for the method: `SASL/GSSAPI`, or a certificate or socket, is EXTERNAL. */
export function mechanismOfMethod(value: string): string | undefined {
  if (/^SASL\/./i.test(value)) return value.slice(5);
  return /^(?:TLSCLIENTAUTH|SSLCLIENTAUTH|LDAPI)$/i.test(value) ? 'EXTERNAL' : undefined;
}

/** The note letter M in the security log's word for the method: `SIMPLE/MFA`. */
export function notesOfMethod(value: string): readonly string[] | undefined {
  return value.toUpperCase() === 'SIMPLE/MFA' ? ['M'] : undefined;
}

/** How an identity was proven; the correlator gives the number of a legacy method as the log has it. */
export function boundMethod(value: string): string | undefined {
  return methods.get(value) ?? (value === '' ? undefined : value);
}

/** Verbs of the JSON access log and the text log's own word for each (§2.2). */
export const verbs: ReadonlyMap<string, string> = new Map([
  ['SEARCH', 'SRCH'],
  ['MODIFY', 'MOD'],
  ['DELETE', 'DEL'],
  ['COMPARE', 'CMP'],
  ['EXTENDED_OP', 'EXT'],
  ['EXTENDED_OP_INFO', 'EXT_INFO'],
  ['TLS_INFO', 'TLS'],
  ['TLS_CLIENT_INFO', 'TLS'],
  ['WARNING', 'WARN'],
]);

/** Words that are right as they stand: all of one kind of record, so most records need one look-up. */
const settled: ReadonlySet<string> = new Set((fieldOf('eventSubType').values ?? []).filter((word) => !verbs.has(word)));

/** Longest verb that is kept. */
const verbLengthMax = 64;

/** One word a verb in all logs and formats; others' verbs are kept in upper case. */
export function foldVerb(value: string): string | undefined {
  if (settled.has(value)) return value;
  const upper = value.trim().toUpperCase();
  return upper === '' || upper.length > verbLengthMax ? undefined : (verbs.get(upper) ?? upper);
}

const scopes: ReadonlyMap<string, string> = new Map([
  ['0', 'base'],
  ['1', 'one'],
  ['2', 'subtree'],
]);

/** `0`, `1`, `2` become base, one, subtree; other numbers, of refused searches, stay. */
export function searchScope(value: string): string {
  return scopes.get(value) ?? value;
}

/** True for TLS, and for a local socket, which never leaves the host. */
export function isSecure(value: string): boolean | undefined {
  if (value === 'starttls' || value === 'ldaps' || value === 'ldapi') return true;
  return value === 'plain' ? false : undefined;
}

/** The DN a record is about: of an EXT_INFO, which also names who asked, it is whose password changed. */
export function namedDn(value: string, rec: Rec): string | undefined {
  return rec.verb === 'EXT_INFO' && rec.target !== undefined ? rec.target : value;
}

/** Text printed with a request or result; what is printed with a close is the close's. */
export function resultText(value: string, rec: Rec): string | undefined {
  return rec.verb === 'DISCONNECT' ? undefined : value;
}

/** Text printed with a close. */
export function closeText(value: string, rec: Rec): string | undefined {
  return rec.verb === 'DISCONNECT' ? value : undefined;
}

/** Names of attributes or classes in lower case, each once. */
export function foldedNames(value: readonly string[]): readonly string[] {
  return [...new Set(value.map((name) => foldAttributeType(name)))];
}

/** Names in lower case, each once, as they are. */
export function lowerCased(value: readonly string[]): readonly string[] {
  return [...new Set(value.map((name) => name.toLowerCase()))];
}
