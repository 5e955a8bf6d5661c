import { type Document, type ParseOptions, parseDocument, type SchemaOptions, type YAMLError } from 'yaml';

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
export interface YamlOptions extends Pick<ParseOptions, 'prettyErrors' | 'lineCounter'>, Pick<SchemaOptions, 'schema'> {
  /** UTF-16 units of the text. */
  readonly lengthMax: number;
  /** Times aliases may be followed: more is a text made to multiply. */
  readonly aliasesMax: number;
}

/** Why a text is not taken. */
export type YamlRefusal =
  | { readonly why: 'too-long' | 'too-deep' }
  /** It is no YAML. */
  | { readonly why: 'syntax'; readonly errors: readonly [YAMLError, ...YAMLError[]] }
  /** Its aliases multiply, or lead nowhere. */
  | { readonly why: 'aliases'; readonly cause: unknown };

/** What a text says, or why it is not taken. */
export type YamlReading =
  | { readonly document: Document.Parsed; readonly value: unknown; readonly refusal?: undefined }
  | { readonly document?: undefined; readonly value?: undefined; readonly refusal: YamlRefusal };

/** Reads YAML from anywhere; the only way to do so. Never throws, and takes no longer than the limits allow. */
export function readYaml(text: string, options: YamlOptions): YamlReading {
  const { lengthMax, aliasesMax, ...how } = options;
  if (text.length > lengthMax) return { refusal: { why: 'too-long' } };
  if (isNestedTooDeep(text)) return { refusal: { why: 'too-deep' } };
  try {
    const document = parseDocument(text, how);
    const [first, ...more] = document.errors;
    if (first !== undefined) return { refusal: { why: 'syntax', errors: [first, ...more] } };
    return { document, value: document.toJS({ maxAliasCount: aliasesMax }) };
  } catch (cause) {
    return { refusal: { why: 'aliases', cause } };
  }
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
