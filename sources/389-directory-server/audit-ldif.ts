import type { Rec } from '#event';
import { ChangeList, parseLdifLine, unfold } from './ldif.ts';
import type { LocalTime } from './local-time.ts';

/** Kinds of change in the words of the access log. */
export const changeVerbs: ReadonlyMap<string, string> = new Map([['modify', 'MOD'], ['add', 'ADD'], ['delete', 'DEL'], ['modrdn', 'MODRDN']]);

const stampNames = ['modifytimestamp', 'createtimestamp'];

/**
 * Reads one LDIF record of the audit log (§4.1): header lines (`time:`, `dn:`, displayed attributes behind `#`, `result:`),
 * `changetype:`, then the change. Gives false when it is none.
 */
export function decodeAuditLdif(raw: string, rec: Rec, time: LocalTime): boolean {
  const at = raw.indexOf('\nchangetype: ');
  const head = unfold((at < 0 ? raw : raw.slice(0, at)).split('\n'));
  const body = at < 0 ? [] : unfold(raw.slice(at + 1).split('\n'));
  const clock = head[0]?.slice(6).trim() ?? '';
  rec.verb = changeVerbs.get(body[0]?.slice(12).trim() ?? '');
  if (rec.verb === undefined) return false;
  readHead(head, rec);
  const stamps = readBody(body.slice(1), rec);
  rec.EventTime = time.instant(clock, stamps);
  rec.nanos = 0;
  return true;
}

/** The DN is raw: what follows it and is no header line belongs to it. */
function readHead(lines: readonly string[], rec: Rec): void {
  const dn: string[] = [];
  let inDn = false;
  for (const line of lines.slice(1)) {
    if (line.startsWith('dn: ') && rec.dn === undefined && dn.length === 0) {
      dn.push(line.slice(4));
      inDn = true;
    } else if (line.startsWith('result: ')) {
      const result = Number.parseInt(line.slice(8), 10);
      if (!Number.isNaN(result)) rec.err = result;
      inDn = false;
    } else if (line.startsWith('#')) inDn = false;
    else if (inDn) dn.push(line);
  }
  if (dn.length > 0) rec.dn = dn.join('\n');
}

/** Gives the UTC stamps it met. */
function readBody(lines: readonly string[], rec: Rec): readonly string[] {
  const list = new ChangeList();
  const stamps: string[] = [];
  const note = (attribute: string, value: string): void => {
    const name = attribute.toLowerCase();
    if (name === 'modifiersname' || (name === 'creatorsname' && rec.boundDn === undefined)) rec.boundDn = value;
    if (stampNames.includes(name)) stamps.push(value);
  };
  if (rec.verb === 'MOD') readModifications(lines, list, note);
  else readAttributes(lines, rec, list, note);
  rec.changed = list.attributes;
  rec.changes = list.changes;
  return stamps;
}

/** Groups of `add: <attr>`, values, `-`; a group may be empty, or have lost its head (§4.1). */
function readModifications(lines: readonly string[], list: ChangeList, note: (attribute: string, value: string) => void): void {
  let operation = '';
  let attribute = '';
  let values = 0;
  const close = (): void => {
    if (operation !== '' && values === 0) list.add(operation, attribute);
    operation = '';
    values = 0;
  };
  for (const line of lines) {
    if (line === '-') {
      close();
      continue;
    }
    const parsed = parseLdifLine(line);
    if (parsed === undefined) continue;
    if (operation === '') {
      operation = parsed.attribute.toLowerCase();
      attribute = parsed.value;
      continue;
    }
    values++;
    note(parsed.attribute, parsed.value);
    list.add(operation, parsed.attribute, parsed.value);
  }
  close();
}

/** Body of an added entry, of a rename or of a removal. */
function readAttributes(lines: readonly string[], rec: Rec, list: ChangeList, note: (attribute: string, value: string) => void): void {
  const classes: string[] = [];
  for (const line of lines) {
    const parsed = parseLdifLine(line);
    if (parsed === undefined) continue;
    note(parsed.attribute, parsed.value);
    const name = parsed.attribute.toLowerCase();
    if (rec.verb === 'ADD') {
      if (name === 'objectclass') classes.push(parsed.value.toLowerCase());
      list.add('add', parsed.attribute, parsed.value);
    } else if (name === 'newrdn') rec.newrdn = parsed.value;
    else if (name === 'newsuperior') rec.newsuperior = parsed.value;
    else if (name === 'deleteoldrdn') rec.deleteoldrdn = parsed.value !== '0';
  }
  if (classes.length > 0) rec.classes = classes;
}

/** Reads the LDIF text of an added entry, as the JSON audit log carries it. */
export function readAddedEntry(text: string, rec: Rec): void {
  readBody(unfold(text.split('\n')), rec);
}
