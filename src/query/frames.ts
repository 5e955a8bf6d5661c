import { limits } from './limits.ts';
import { type Reader, report } from './reader.ts';
import type { Name, Node, Operator } from './tree.ts';

/** An open parenthesis, or the whole query, and what has been read in it. */
export interface Frame {
  /** The clause whose value the parenthesis is; undefined for plain ones and the whole query. */
  readonly owner: { readonly field: Name; readonly operator: Operator } | undefined;
  /** Position of the parenthesis. */
  readonly open: number;
  /** Prefix of names inside, ending in a period. */
  readonly prefix: string;
  /** Clauses read before this one opened: tells values from nested clauses. */
  readonly clausesBefore: number;
  readonly alternatives: Node[];
  parts: Node[];
  /** Positions of the NOTs in front of the next operand. */
  negations: number[];
}

export interface Parser extends Reader {
  readonly frames: Frame[];
  /** Parentheses and NOTs around the place being read. */
  depth: number;
  clauses: number;
}

export function openFrame(owner: Frame['owner'], open: number, prefix: string, clausesBefore: number): Frame {
  return { owner, open, prefix, clausesBefore, alternatives: [], parts: [], negations: [] };
}

export function top(parser: Parser): Frame {
  const frame = parser.frames.at(-1);
  if (frame === undefined) throw new TypeError('the frame of the query is never closed');
  return frame;
}

export function errorNode(start: number, end: number): Node {
  return { kind: 'error', span: { start, end } };
}

/** Counts a level; false, and the text given up, past the limit. */
export function deepen(parser: Parser): boolean {
  parser.depth++;
  if (parser.depth <= limits.depth) return true;
  report(parser, 'too-deep', parser.at, {
    expected: `at most ${limits.depth} levels of parentheses and NOT`,
    found: 'one more',
  });
  parser.frames.length = 1;
  parser.at = parser.text.length;
  const frame = top(parser);
  frame.parts.push(errorNode(0, parser.text.length));
  frame.negations = [];
  return false;
}
