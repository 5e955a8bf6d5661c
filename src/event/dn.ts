import { foldAttributeType, isLongName } from './attribute-type.ts';
import { EscapedText, escapeUnit, hexDigit } from './escaped-text.ts';
import { createMemo } from './memo.ts';

/**
 * Distinguished names as values: RFC 4514, and what older writers print: RFC 2253 and RFC 1779 (`"quoted"` values, `;`
 * between RDNs, blanks around separators, `OID.` before a dotted type).
 *
 * Folding says when two DNs name the same entry. The server compares DNs ignoring case whatever the attribute, and
 * prints the identity of a bind in lower case, so case is folded for every textual value; only `#hex` values, which are
 * encoded bytes, are left as they are. Blanks at the ends of a value do not count and inner runs count as one
 * (RFC 4518 §2.6.1). Unicode is not normalized: the server keeps composed and decomposed spellings apart.
 */

/** Longest DN that is parsed, in UTF-16 units. A longer one is no DN to us. */
export const dnLengthMax = 32_768;
/** Most RDNs a DN may have, and most values an RDN may have. */
export const rdnsMax = 512;

/** One attribute type and value of an RDN. */
export interface DnPart {
  /** Attribute type as written, without a leading `OID.`. */
  readonly type: string;
  /** Value without escapes; for `encoded`, the hexadecimal digits behind `#`, in lower case. */
  readonly value: string;
  /** True for the `#hex` form: the value is BER-encoded bytes. */
  readonly encoded: boolean;
}

/** A parsed DN: RDNs from the entry up to the suffix; several parts only in a multi-valued RDN. */
export interface Dn {
  readonly rdns: readonly (readonly DnPart[])[];
}

const comma = 44;
const plus = 43;
const semicolon = 59;
const equals = 61;
const quote = 34;
const backslash = 92;
const hash = 35;
const space = 32;
const dot = 46;

/** A text being read; `failed` once it turned out to be no DN. */
interface Reader {
  readonly text: string;
  at: number;
  failed: boolean;
}

/** Parses a DN; the empty text is the root DSE, without RDNs. Undefined when it is none, or past the limits. */
export function parseDn(text: string): Dn | undefined {
  if (text.length > dnLengthMax) return undefined;
  const reader: Reader = { text, at: 0, failed: false };
  skipBlanks(reader);
  if (reader.at === text.length) return { rdns: [] };
  const rdns: DnPart[][] = [];
  let parts: DnPart[] = [];
  while (true) {
    const part = readPart(reader);
    if (part === undefined || parts.length >= rdnsMax) return undefined;
    parts.push(part);
    const separator = reader.at < text.length ? text.charCodeAt(reader.at) : -1;
    reader.at++;
    if (separator === plus) continue;
    if (separator !== comma && separator !== semicolon && separator !== -1) return undefined;
    rdns.push(parts);
    if (separator === -1) return { rdns };
    if (rdns.length >= rdnsMax) return undefined;
    parts = [];
  }
}

/** `type = value`, and the blanks around; stops at the separator behind it. */
function readPart(reader: Reader): DnPart | undefined {
  const { text } = reader;
  skipBlanks(reader);
  let from = reader.at;
  if (
    text.charCodeAt(from + 3) === dot &&
    isDigit(text.charCodeAt(from + 4)) &&
    text.slice(from, from + 3).toLowerCase() === 'oid'
  )
    from += 4;
  let to = from;
  while (isTypeUnit(text.charCodeAt(to))) to++;
  reader.at = to;
  skipBlanks(reader);
  if (to === from || text.charCodeAt(reader.at) !== equals) return undefined;
  reader.at++;
  skipBlanks(reader);
  const type = text.slice(from, to);
  const first = text.charCodeAt(reader.at);
  const encoded = first === hash;
  const value = encoded ? readHex(reader) : first === quote ? readQuoted(reader) : readPlain(reader);
  skipBlanks(reader);
  return reader.failed ? undefined : { type, value, encoded };
}

function readHex(reader: Reader): string {
  const from = ++reader.at;
  while (hexDigit(reader.text.charCodeAt(reader.at)) >= 0) reader.at++;
  const digits = reader.at - from;
  if (digits === 0 || digits % 2 === 1) reader.failed = true;
  return reader.text.slice(from, reader.at).toLowerCase();
}

function readQuoted(reader: Reader): string {
  const { text } = reader;
  const value = new EscapedText();
  reader.at++;
  while (reader.at < text.length) {
    const unit = text.charCodeAt(reader.at);
    if (unit === quote) {
      reader.at++;
      return value.finish();
    }
    if (unit === backslash) readEscape(reader, value);
    else value.unit(text, reader.at++);
    if (reader.failed) break;
  }
  reader.failed = true;
  return '';
}

function readPlain(reader: Reader): string {
  const { text } = reader;
  const value = new EscapedText();
  while (reader.at < text.length) {
    const unit = text.charCodeAt(reader.at);
    if (unit === comma || unit === plus || unit === semicolon) break;
    if (isBlank(unit)) {
      // Blanks count only when something of the value follows.
      const from = reader.at;
      skipBlanks(reader);
      const next = text.charCodeAt(reader.at);
      if (reader.at === text.length || next === comma || next === plus || next === semicolon) break;
      value.text(text.slice(from, reader.at));
    } else if (unit === backslash) readEscape(reader, value);
    else if (unit === quote) reader.failed = true;
    else value.unit(text, reader.at++);
    if (reader.failed) return '';
  }
  return value.finish();
}

/** `\` and a special, or `\` and two hexadecimal digits: one byte (RFC 4514 §3). */
function readEscape(reader: Reader, value: EscapedText): void {
  const { text } = reader;
  const high = hexDigit(text.charCodeAt(reader.at + 1));
  const low = hexDigit(text.charCodeAt(reader.at + 2));
  if (high >= 0 && low >= 0) {
    value.byte(high * 16 + low);
    reader.at += 3;
  } else if (reader.at + 1 < text.length && escapable.has(text.charCodeAt(reader.at + 1))) {
    value.unit(text, reader.at + 1);
    reader.at += 2;
  } else {
    reader.failed = true;
  }
}

const escapable: ReadonlySet<number> = new Set([...' "#+,;<=>\\'].map((character) => character.charCodeAt(0)));

/** Prints a DN so that it parses to the same DN; specials in values stand as `\2c`, so a `,` always separates RDNs. */
export function printDn(dn: Dn): string {
  return dn.rdns.map((parts) => parts.map(printPart).join('+')).join(',');
}

function printPart(part: DnPart): string {
  return `${part.type}=${part.encoded ? `#${part.value}` : escapeValue(part.value)}`;
}

// Controls, specials of RFC 4514, and lone surrogates that stand for bytes; in unicode mode those match only alone.
// biome-ignore lint/suspicious/noControlCharactersInRegex: controls are what it looks for
const specials = /[\u0000-\u001f"+,;<=>\\\u007f\udc80-\udcff]/gu;

function escapeValue(value: string): string {
  let text = value.replace(specials, escapeUnit);
  if (text.charCodeAt(0) === hash || text.charCodeAt(0) === space) text = escapeUnit(text.charAt(0)) + text.slice(1);
  if (text.length > 1 && text.endsWith(' ')) text = `${text.slice(0, -1)}\\20`;
  return text;
}

/**
 * Folds a DN to the text all spellings of it share: types by their short lower-case names, values in lower case with
 * blanks squeezed, parts of a multi-valued RDN sorted. Undefined when the text is no DN.
 */
export function foldDn(text: string): string | undefined {
  if (isSimple(text)) return text.toLowerCase();
  const dn = parseDn(text);
  if (dn === undefined) return undefined;
  const rdns: string[] = [];
  for (const parts of dn.rdns) {
    const folded = parts.map(foldPart);
    rdns.push(folded.length === 1 ? (folded[0] ?? '') : folded.sort().join('+'));
  }
  return rdns.join(',');
}

function foldPart(part: DnPart): string {
  const type = foldAttributeType(part.type);
  return printPart({ type, value: part.encoded ? part.value : foldValue(part.value), encoded: part.encoded });
}

/** Lower case, with the final sigma as any other; blanks as in RFC 4518 §2.6.1. */
function foldValue(value: string): string {
  return value
    .toLowerCase()
    .replaceAll('ς', 'σ')
    .replace(/[ \t\n\v\f\r]+/g, ' ')
    .replace(/^ | $/g, '');
}

/**
 * True for the plain DN most records hold: ASCII, no escapes, quotes or multi-valued RDNs, single inner blanks, types
 * under their usual names. Lower-casing folds such a DN.
 */
function isSimple(text: string): boolean {
  if (text.length > dnLengthMax) return false;
  let rdns = 0;
  let from = 0;
  let inValue = false;
  let before = comma;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    const kind = unit < 128 ? (simpleKinds[unit] ?? 0) : 0;
    if (kind === 0) return false;
    if (inValue) {
      if (kind === 3 || (unit === space && (before === space || before === equals))) return false;
      if (unit === comma) {
        if (before === space || ++rdns >= rdnsMax) return false;
        inValue = false;
        from = at + 1;
      }
    } else if (kind === 3) {
      if (at === from || isLongName(text.slice(from, at))) return false;
      inValue = true;
    } else if (kind !== 2) return false;
    before = unit;
  }
  return inValue && before !== space;
}

/** 0 needs the parser, 1 may stand in a value, 2 in a value or type, 3 is `=`. */
const simpleKinds: Uint8Array = Uint8Array.from({ length: 128 }, (_, unit) => {
  if (unit === equals) return 3;
  if (isTypeUnit(unit)) return unit === dot ? 1 : 2;
  return unit < space || unit === 127 || '"+;<>\\#'.includes(String.fromCharCode(unit)) ? 0 : 1;
});

/** {@link foldDn} with the answers of the last thousands of different DNs remembered. */
export const foldDnCached: (text: string) => string | undefined = createMemo(foldDn, {
  entriesMax: 16_384,
  keyLengthMax: 1024,
});

/** Whether a folded DN is the folded ancestor or lies below it. Every DN lies below the empty one. */
export function isUnder(folded: string, ancestor: string): boolean {
  if (ancestor === '') return true;
  const at = folded.length - ancestor.length;
  return folded.endsWith(ancestor) && (at === 0 || folded.charCodeAt(at - 1) === comma);
}

/** Gives the folded parent of a folded DN: empty above the last RDN, undefined above the empty DN. */
export function parentOf(folded: string): string | undefined {
  if (folded === '') return undefined;
  const at = folded.indexOf(',');
  return at < 0 ? '' : folded.slice(at + 1);
}

/**
 * Gives the suffix a folded DN most likely belongs to: its trailing `dc=` RDNs, or else its last RDN (`o=example`,
 * `cn=config`). Empty for the empty DN.
 */
export function suffixOf(folded: string): string {
  let from = folded.lastIndexOf(',') + 1;
  while (from > 0 && folded.startsWith('dc=', from)) {
    const before = folded.lastIndexOf(',', from - 2) + 1;
    if (!folded.startsWith('dc=', before)) break;
    from = before;
  }
  return folded.slice(from);
}

function skipBlanks(reader: Reader): void {
  while (isBlank(reader.text.charCodeAt(reader.at))) reader.at++;
}

function isBlank(unit: number): boolean {
  return unit === space || (unit >= 9 && unit <= 13);
}

/** Letters, digits, `-`, `.`, and `_`, which servers let pass. */
function isTypeUnit(unit: number): boolean {
  return (
    (unit >= 97 && unit <= 122) ||
    (unit >= 65 && unit <= 90) ||
    (unit >= 48 && unit <= 57) ||
    unit === 45 ||
    unit === 46 ||
    unit === 95
  );
}

function isDigit(unit: number): boolean {
  return unit >= 48 && unit <= 57;
}
