import { type Document, isMap, isNode, isScalar, LineCounter, readYaml, type Scalar, type YamlRefusal } from '#yaml';
import { dashboardLimits } from './limits.ts';
import type { Step } from './problem.ts';

/** A stretch of the text. */
export interface TextRange {
  readonly offset: number;
  readonly length: number;
}

/** YAML whose parts know where they stand; or why it is none, and the lines it has. */
export type LocatedReading =
  | { readonly located: LocatedText; readonly value: unknown; readonly refusal?: undefined }
  | { readonly lines: Lines; readonly refusal: YamlRefusal };

/** Reads YAML so that its parts know where they stand. Never throws. */
export function locate(text: string): LocatedReading {
  const lineCounter = new LineCounter();
  const { document, value, refusal } = readYaml(text, {
    lengthMax: dashboardLimits.textLength,
    aliasesMax: dashboardLimits.aliases,
    schema: 'core',
    lineCounter,
  });
  const lines = new Lines(text, lineCounter);
  return refusal === undefined ? { located: new LocatedText(document, lines), value } : { lines, refusal };
}

/** The lines of a text. */
export class Lines {
  readonly text: string;
  readonly #counter: LineCounter;

  constructor(text: string, counter: LineCounter) {
    this.text = text;
    this.#counter = counter;
  }

  /** Line and column of an offset, counted from 1. */
  placeOf(offset: number): { readonly line: number; readonly column: number } {
    const { line, col } = this.#counter.linePos(Math.min(Math.max(0, offset), this.text.length));
    return { line: Math.max(1, line), column: Math.max(1, col) };
  }
}

/** YAML whose parts know where they stand. */
export class LocatedText {
  readonly text: string;
  readonly lines: Lines;
  readonly document: Document.Parsed;

  constructor(document: Document.Parsed, lines: Lines) {
    this.text = lines.text;
    this.lines = lines;
    this.document = document;
  }

  /** Where a value stands, or what is nearest around it. */
  rangeOf(path: readonly Step[]): TextRange {
    for (let length = path.length; length > 0; length--) {
      const node: unknown = this.document.getIn(path.slice(0, length), true);
      if (isNode(node) && node.range) return { offset: node.range[0], length: firstLine(this.text, node.range) };
    }
    return { offset: 0, length: 0 };
  }

  /** Where a key of a map stands. */
  keyRangeOf(path: readonly Step[], key: string): TextRange {
    const node: unknown = path.length === 0 ? this.document.contents : this.document.getIn(path, true);
    if (isMap(node)) {
      for (const { key: one } of node.items) {
        if (isScalar(one) && one.range && String(one.value) === key) {
          return { offset: one.range[0], length: firstLine(this.text, one.range) };
        }
      }
    }
    return this.rangeOf(path);
  }

  /**
   * Where a character of a text value stands. Quotes, escapes and folded lines put other characters between those of the
   * value; blanks apart, its characters come in the same order, so they are followed one by one.
   */
  placeInValue(path: readonly Step[], value: string, offset: number): TextRange {
    const node: unknown = this.document.getIn(path, true);
    if (!isScalar(node) || !node.range) return this.rangeOf(path);
    let at = valueStart(this.text, node.range[0], node.type);
    const end = node.range[1];
    for (const character of value.slice(0, offset)) {
      if (/\s/.test(character)) continue;
      const found = this.text.indexOf(character, at);
      if (found === -1 || found >= end) return this.rangeOf(path);
      at = found + character.length;
    }
    while (at < end && /\s/.test(this.text.charAt(at))) at++;
    const word = /^[^\s()[\],"']+/.exec(this.text.slice(at, end))?.[0].length ?? 1;
    return { offset: at, length: at < end ? word : 0 };
  }
}

/** Where the value of a scalar begins: behind its quote, or behind the header of a block, which says how it is folded. */
function valueStart(text: string, start: number, type: Scalar['type']): number {
  if (type === 'BLOCK_FOLDED' || type === 'BLOCK_LITERAL') return Math.max(start, text.indexOf('\n', start));
  return type === 'QUOTE_DOUBLE' || type === 'QUOTE_SINGLE' ? start + 1 : start;
}

/** Length of what stands there on its first line. */
function firstLine(text: string, [start, end]: readonly [number, number, number]): number {
  const stop = text.indexOf('\n', start);
  return Math.max(0, Math.min(end, stop === -1 ? end : stop) - start);
}
