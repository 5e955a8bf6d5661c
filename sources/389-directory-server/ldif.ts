import { foldAttribute, isSecret, redacted } from './secrets.ts';

/** One line of LDIF, unfolded: an attribute and its value. */
export interface LdifLine {
  readonly attribute: string;
  /** Text of the value; base64 is decoded when it is text, and left as it is when not. */
  readonly value: string;
}

/** Longest value kept in a list of changes; a longer one ends in `...`. */
const valueCharactersMax = 1024;
/** Changes listed of one record; further ones are counted in the last. */
const changesMax = 500;

/** Undoes folding: a line that begins with one blank goes on with the line before (RFC 2849). */
export function unfold(lines: readonly string[]): string[] {
  const whole: string[] = [];
  for (const line of lines) {
    if (line.startsWith(' ') && whole.length > 0) whole[whole.length - 1] += line.slice(1);
    else whole.push(line);
  }
  return whole;
}

/** Reads `attribute: value` or `attribute:: base64`. Undefined for anything else. */
export function parseLdifLine(line: string): LdifLine | undefined {
  const colon = line.indexOf(':');
  if (colon <= 0) return undefined;
  const attribute = line.slice(0, colon);
  if (/[\s"=]/.test(attribute)) return undefined;
  if (line.charCodeAt(colon + 1) === 58) return { attribute, value: decodeBase64(line.slice(colon + 2).trim()) };
  return { attribute, value: line.slice(colon + 1).replace(/^ /, '') };
}

/** Text behind base64; the base64 itself when there is no text behind it. */
export function decodeBase64(encoded: string): string {
  const bytes = Buffer.from(encoded, 'base64');
  const text = bytes.toString('utf8');
  return text.includes('\ufffd') || /(?![\t\n\r])\p{Cc}/u.test(text) ? encoded : text;
}

/**
 * Redacts the values of secret attributes in lines of LDIF, folded or not, base64 or not, and behind `#` where the log
 * shows attributes of the entry beside a change. Lines that go on with a secret go with it.
 */
export function redactLdif(text: string): string {
  const kept: string[] = [];
  let hiding = false;
  for (const line of text.split('\n')) {
    if (hiding && !beginsLine(line)) continue;
    hiding = isSecret(nameIn(line));
    // "replace: userPassword" names the attribute and holds no secret.
    kept.push(hiding ? withoutValue(line) : line);
  }
  return kept.join('\n');
}

/**
 * What may be kept of text that is no record: lines of LDIF without a secret. All else may be the rest of a value whose
 * attribute is out of sight; so may the first line, and even its name may be the end of one.
 */
export function censorLdif(text: string): string {
  const kept: string[] = [];
  let hiding = !text.startsWith('time: ');
  for (const [index, line] of text.split('\n').entries()) {
    if (!beginsLine(line)) {
      hiding ||= !line.startsWith(' ');
      if (!hiding) kept.push(line);
      else if (kept.at(-1)?.endsWith(redacted) !== true) kept.push(redacted);
      continue;
    }
    hiding = isSecret(nameIn(line)) || (index === 0 && hiding);
    kept.push(hiding ? withoutValue(line) : line.replace(secretWithin, `$1${redacted}`));
  }
  return kept.join('\n');
}

/** The attribute a line is about; empty when it is none. */
function nameIn(line: string): string {
  const colon = line.indexOf(':');
  return colon < 0 ? '' : line.slice(line.startsWith('#') ? 1 : 0, colon);
}

function withoutValue(line: string): string {
  return `${line.slice(0, Math.max(0, line.indexOf(':')))}: ${redacted}`;
}

/** A secret behind something else on one line, where a line break was lost. */
const secretWithin = /((?:password|rootpw|credentials)"?[:=]{1,2}).*/i;

/** Any line but one that goes on with the value before: a folded one, or, where values are copied raw, one that is no LDIF. */
function beginsLine(line: string): boolean {
  return line === '' || line === '\r' || line === '-' || line === '-\r' || /^#?[A-Za-z\d][\w;.#-]*::? ?/.test(line);
}

/** Collects the changes of one record. */
export class ChangeList {
  readonly #changes: string[] = [];
  readonly #attributes = new Set<string>();
  #more = 0;

  /** Notes one change; without a value it concerns the whole attribute. */
  add(operation: string, attribute: string, value?: string): void {
    const name = foldAttribute(attribute);
    if (name === '' || bookkeeping.has(name)) return;
    this.#attributes.add(name);
    if (this.#changes.length >= changesMax) {
      this.#more++;
      return;
    }
    if (value === undefined) {
      this.#changes.push(`${operation} ${attribute}`);
      return;
    }
    const shown = isSecret(attribute)
      ? redacted
      : value.length > valueCharactersMax
        ? `${value.slice(0, valueCharactersMax)}...`
        : value;
    this.#changes.push(`${operation} ${attribute}: ${shown}`);
  }

  get attributes(): readonly string[] | undefined {
    return this.#attributes.size === 0 ? undefined : [...this.#attributes];
  }

  get changes(): readonly string[] | undefined {
    if (this.#changes.length === 0) return undefined;
    return this.#more === 0 ? this.#changes : [...this.#changes, `and ${this.#more} more`];
  }
}

/** What the server itself notes with every change: who and when stand in the event already. */
const bookkeeping: ReadonlySet<string> = new Set([
  'modifiersname',
  'modifytimestamp',
  'creatorsname',
  'createtimestamp',
  'entryusn',
  'nsuniqueid',
  'entryid',
  'parentid',
  'entrydn',
  'dsentrydn',
  'internalmodifiersname',
  'internalcreatorsname',
]);
