import {
  type Document,
  isScalar,
  LineCounter,
  parseDocument,
  type SchemaOptions,
  visit,
  type YAMLError,
  YAMLParseError,
} from 'yaml';

export {
  type Document,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Scalar,
  stringify,
  type YAMLError,
} from 'yaml';

/** Collections within one another that a YAML text may have; real ones have a handful. */
const nestingMax = 200;

/** What a text may be, and how it is read. */
export interface YamlOptions extends Pick<SchemaOptions, 'schema'> {
  /** UTF-16 units of the text. */
  readonly lengthMax: number;
  /** Times aliases may be followed: more is a text made to multiply. */
  readonly aliasesMax: number;
  /** Told where lines begin. */
  readonly lineCounter?: LineCounter;
}

/** Why a text is not taken. */
export type YamlRefusal =
  | { readonly why: 'too-long' | 'too-deep' }
  | YamlSyntaxRefusal
  /** Its aliases multiply, or lead nowhere. */
  | { readonly why: 'aliases'; readonly cause: unknown };

/** It is no YAML. */
export interface YamlSyntaxRefusal {
  readonly why: 'syntax';
  /** The first error and its place, in one line. */
  readonly message: string;
  /** Line of the first error, from 1. */
  readonly line: number;
  readonly errors: readonly [YAMLError, ...YAMLError[]];
}

/** What a text says, or why it is not taken. */
export type YamlReading =
  | { readonly document: Document.Parsed; readonly value: unknown; readonly refusal?: undefined }
  | { readonly document?: undefined; readonly value?: undefined; readonly refusal: YamlRefusal };

/** Reads YAML from anywhere; the only way to do so. Never throws, and takes no longer than the limits allow. */
export function readYaml(text: string, options: YamlOptions): YamlReading {
  const { lengthMax, aliasesMax, lineCounter = new LineCounter(), ...how } = options;
  if (text.length > lengthMax) return { refusal: { why: 'too-long' } };
  if (isNestedTooDeep(text)) return { refusal: { why: 'too-deep' } };
  try {
    // By itself the parser compares each key with all before it: a long map would take minutes.
    const document = parseDocument(text, { ...how, lineCounter, prettyErrors: false, uniqueKeys: false });
    const [first, ...more] = document.errors.length > 0 ? document.errors : repeatedKeys(document);
    if (first !== undefined) return { refusal: syntaxRefusal(lineCounter, [first, ...more]) };
    return { document, value: document.toJS({ maxAliasCount: aliasesMax }) };
  } catch (cause) {
    return { refusal: { why: 'aliases', cause } };
  }
}

function repeatedKeys(document: Document.Parsed): YAMLError[] {
  const errors: YAMLError[] = [];
  visit(document, {
    Map(_place, { items }) {
      const seen = new Set<unknown>();
      for (const { key } of items) {
        if (!isScalar(key)) continue;
        const [offset] = key.range ?? [0];
        if (seen.has(key.value)) {
          errors.push(new YAMLParseError([offset, offset + 1], 'DUPLICATE_KEY', 'Map keys must be unique'));
        }
        seen.add(key.value);
      }
    },
  });
  return errors;
}

function syntaxRefusal(lines: LineCounter, errors: YamlSyntaxRefusal['errors']): YamlSyntaxRefusal {
  const [{ message, pos }] = errors;
  const { line, col } = lines.linePos(pos[0]);
  return { why: 'syntax', message: `${message.split('\n', 1)[0]} at line ${line}, column ${col}`, line, errors };
}

const opening = new Set(['[', '{']);
const closing = new Set([']', '}']);
/** What stands before the first word of a line: indentation, and the signs of lists, keys and values. */
const leading = new Set([' ', '\t', '-', '?', ':']);

/**
 * Whether a YAML text may be nested deeper than {@link nestingMax}. A reader of YAML calls itself for every level: at
 * some thousands the stack is full, and an engine that then has to compile a regular expression ends the whole program.
 * Brackets in texts count, too: this errs on the safe side. Takes one pass.
 */
function isNestedTooDeep(text: string): boolean {
  let brackets = 0;
  let lead = 0;
  let isLeading = true;
  for (const character of text) {
    if (character === '\n' || character === '\r') {
      isLeading = true;
      lead = 0;
    } else if (isLeading && leading.has(character)) lead++;
    else {
      isLeading = false;
      if (opening.has(character)) brackets++;
      else if (closing.has(character)) brackets = Math.max(0, brackets - 1);
    }
    // Each level takes one sign at least, in the line or before it.
    if (brackets > nestingMax || lead > nestingMax) return true;
  }
  return false;
}
