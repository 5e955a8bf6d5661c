import type { Rec } from '#event';
import { addTag } from './access-intake.ts';
import { ChangeList, parseLdifLine, unfold } from './ldif.ts';
import type { LocalTime } from './local-time.ts';

/** Kinds of change in the words of the access log. */
export const changeVerbs: ReadonlyMap<string, string> = new Map([
  ['modify', 'MOD'],
  ['add', 'ADD'],
  ['delete', 'DEL'],
  ['modrdn', 'MODRDN'],
  ['moddn', 'MODRDN'],
]);

const stampNames = ['modifytimestamp', 'createtimestamp'];

/**
 * Reads one LDIF record of the audit log (§4.1): header lines (`time:`, `dn:`, displayed attributes behind `#`, `result:`),
 * `changetype:`, then the change. Gives false when it is none.
 *
 * A DN is copied raw, so a client can write whole header lines into it. The server's own come last: where a result and a
 * change type stand once more, only what follows them counts, and the record is marked.
 */
export function decodeAuditLdif(raw: string, rec: Rec, time: LocalTime): boolean {
  const lines = raw.split('\n').map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
  const first = lines.findIndex((line) => changeOf(line) !== undefined);
  if (first < 0) return false;
  const last = lines.findLastIndex(
    (line, index) => index > first && changeOf(line) !== undefined && resultOf(lines[index - 1]) !== undefined,
  );
  const at = last < 0 ? first : last;
  rec.verb = changeOf(lines[at]);
  if (last >= 0) addTag(rec, 'suspect-forged');
  rec.err = resultOf(lines.slice(1, at).findLast((line) => resultOf(line) !== undefined));
  readDn(lines.slice(1, at), rec);
  const stamps = readBody(unfold(lines.slice(at + 1)), rec);
  rec.EventTime = time.instant((lines[0] ?? '').slice(6).trim(), stamps);
  rec.nanos = 0;
  return true;
}

function changeOf(line: string | undefined): string | undefined {
  return line?.startsWith('changetype: ') === true ? changeVerbs.get(line.slice(12).trim()) : undefined;
}

/** The number of a `result:` line; people have put remarks behind it. */
function resultOf(line: string | undefined): number | undefined {
  const result = line?.startsWith('result: ') === true ? Number.parseInt(line.slice(8), 10) : Number.NaN;
  return Number.isNaN(result) ? undefined : result;
}

/** The DN goes on, folded or raw, up to the next header line: the server's own, as a client may have written others. */
function readDn(lines: readonly string[], rec: Rec): void {
  const from = lines.findIndex((line) => line.startsWith('dn: '));
  if (from < 0) return;
  const rest = lines.slice(from + 1);
  const result = rest.findLastIndex((line) => resultOf(line) !== undefined);
  const shown = rest.findIndex((line) => line.startsWith('#'));
  const ends = [result, shown, rest.length].filter((end) => end >= 0);
  const parts = unfold([(lines[from] ?? '').slice(4), ...rest.slice(0, Math.min(...ends))]);
  rec.dn = parts.join('\n');
  if (parts.length > 1) addTag(rec, 'embedded-line-break');
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
function readModifications(
  lines: readonly string[],
  list: ChangeList,
  note: (attribute: string, value: string) => void,
): void {
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
function readAttributes(
  lines: readonly string[],
  rec: Rec,
  list: ChangeList,
  note: (attribute: string, value: string) => void,
): void {
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
