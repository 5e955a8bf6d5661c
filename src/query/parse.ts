import { readBracket, readRangeEnd, reportOpenParenthesis } from './brackets.ts';
import { clauseName, comparisonAt } from './clause-name.ts';
import { readClause } from './clauses.ts';
import { findField } from './field-name.ts';
import { deepen, errorNode, type Frame, openFrame, type Parser, top } from './frames.ts';
import { limits } from './limits.ts';
import { atEnd, expectHere, problemAt, report, skipBlanks } from './reader.ts';
import { dotsAt, keywordAt, readScalar, type Surroundings } from './scalars.ts';
import type { GroupedValue, Node, Scalar, Tree, Value } from './tree.ts';

/**
 * Text to tree (qql §2), in linear time and without recursion, so that no depth can exhaust the stack. The parser keeps
 * a stack of open parentheses; in each it alternates between looking for an operand and for what joins it to the next.
 *
 * It never stops at an error: it notes it, puts an error node where something is missing, and goes on with the most
 * likely reading, so that an editor has a tree for text that is still being typed.
 */

/** Parses a query text; never throws. The text of an over-long query is not looked at. */
export function parse(text: string): Tree {
  if (text.length > limits.textLength) {
    const error = problemAt('', 'query-too-long', limits.textLength, {
      expected: `at most ${limits.textLength} characters`,
      found: `${text.length}`,
    });
    return { text, root: errorNode(0, text.length), errors: [error], expectations: [] };
  }
  const root = openFrame(undefined, 0, '', 0);
  const parser: Parser = { text, at: 0, errors: [], expectations: [], frames: [root], depth: 0, clauses: 0 };
  skipBlanks(parser);
  if (atEnd(parser)) {
    expectHere(parser, 'clause');
    return { text, root: undefined, errors: [], expectations: parser.expectations };
  }
  while (readOperand(parser) && readConnective(parser)) {
    // Each round goes at least one character on, or ends.
  }
  closeAll(parser);
  return { text, root: finish(root), errors: parser.errors, expectations: parser.expectations };
}

function aroundOf(frame: Frame): Surroundings {
  // Only the first value of a parenthesis behind a field can be the low bound of a range.
  const first = frame.owner !== undefined && isEmpty(frame);
  return { commas: false, dots: first, prefix: frame.prefix };
}

function isEmpty(frame: Frame): boolean {
  return frame.parts.length === 0 && frame.alternatives.length === 0 && frame.negations.length === 0;
}

/** Reads up to and including one operand, opening parentheses on the way. False at the end of the text. */
function readOperand(parser: Parser): boolean {
  while (true) {
    skipBlanks(parser);
    const frame = top(parser);
    expectHere(parser, 'clause');
    if (frame.owner !== undefined) expectHere(parser, 'value', frame.prefix.slice(0, -1));
    const negates = keywordAt(parser.text, parser.at, aroundOf(frame)) === 'not';
    if (negates || parser.text.charAt(parser.at) === '(') {
      if (!deepen(parser)) return false;
      if (negates) frame.negations.push(parser.at);
      else parser.frames.push(openFrame(undefined, parser.at, frame.prefix, parser.clauses));
      parser.at += negates ? 3 : 1;
    } else if (readRange(parser, frame) || readTerm(parser, frame)) return true;
  }
}

/** Reads an operand that opens nothing; false when it opened a parenthesis behind a field after all. */
function readTerm(parser: Parser, frame: Frame): boolean {
  const node = readPrimary(parser, frame, aroundOf(frame));
  if (node === undefined) return false;
  if (!(node.kind === 'text' && readRange(parser, frame, node.value))) addOperand(parser, node);
  return true;
}

/** Reads the rest of a range where the parenthesis behind a field turns out to be one: at its first dots. */
function readRange(parser: Parser, frame: Frame, low?: Scalar): boolean {
  if (frame.owner === undefined || !isEmpty(frame)) return false;
  skipBlanks(parser);
  if (dotsAt(parser.text, parser.at) === 0) return false;
  parser.frames.pop();
  parser.depth--;
  const { field, operator } = frame.owner;
  const value = readRangeEnd(parser, { start: frame.open, low, field: field.text, prefix: frame.prefix });
  parser.clauses++;
  addOperand(parser, {
    kind: 'clause',
    span: { start: field.span.start, end: value.span.end },
    field,
    operator,
    value,
  });
  return true;
}

/** Puts an operand, with the NOTs before it, into the open frame. */
function addOperand(parser: Parser, operand: Node): void {
  const frame = top(parser);
  let node = operand;
  parser.depth -= frame.negations.length;
  for (let index = frame.negations.length - 1; index >= 0; index--) {
    node = { kind: 'not', span: { start: frame.negations[index] ?? 0, end: operand.span.end }, of: node };
  }
  frame.negations = [];
  frame.parts.push(node);
}

/** Reads what stands between two operands, closing parentheses on the way. False at the end of the text. */
function readConnective(parser: Parser): boolean {
  while (true) {
    skipBlanks(parser);
    expectHere(parser, 'connective');
    if (atEnd(parser)) return false;
    const { text, at } = parser;
    const frame = top(parser);
    const keyword = keywordAt(text, at, aroundOf(frame));
    const character = text.charAt(at);
    if (keyword === 'and') {
      parser.at += 3;
      return true;
    }
    if (keyword === 'or') {
      parser.at += 2;
      endAlternative(frame);
      return true;
    }
    if (character === ')' && parser.frames.length > 1) closeFrame(parser, at + 1);
    else if (character === ')' || character === ']') {
      report(parser, 'unbalanced', at, {
        expected: 'AND, OR or the end of the query',
        hint: `Nothing is open that "${character}" would close.`,
      });
      parser.at++;
    } else {
      reportMissingOperator(parser);
      return true;
    }
  }
}

function reportMissingOperator(parser: Parser): void {
  const { text, at } = parser;
  const colon = text.charAt(at) === ':';
  report(parser, 'missing-operator', at, {
    expected: 'AND or OR',
    ...(colon ? { hint: 'Put a value that holds a colon into quotes.' } : {}),
  });
  // A colon here belongs to the value before it; what follows is no clause of its own.
  if (colon) parser.at++;
}

function endAlternative(frame: Frame): void {
  const node = chain('and', frame.parts);
  if (node !== undefined) frame.alternatives.push(node);
  frame.parts = [];
}

function chain(kind: 'and' | 'or', of: readonly Node[]): Node | undefined {
  const [first] = of;
  const last = of.at(-1);
  if (first === undefined || last === undefined || of.length === 1) return first;
  return { kind, span: { start: first.span.start, end: last.span.end }, of };
}

/** Gives what a frame holds as one node. */
function finish(frame: Frame): Node {
  endAlternative(frame);
  return chain('or', frame.alternatives) ?? errorNode(frame.open, frame.open);
}

/** Closes the open parenthesis, whose text ends before `end`. */
function closeFrame(parser: Parser, end: number): void {
  const frame = top(parser);
  parser.frames.pop();
  parser.depth--;
  parser.at = end;
  const of = finish(frame);
  const { owner, open } = frame;
  if (owner === undefined) {
    addOperand(parser, { kind: 'group', span: { start: open, end }, of });
    return;
  }
  const span = { start: owner.field.span.start, end };
  if (parser.clauses > frame.clausesBefore) addOperand(parser, { kind: 'nested', span, field: owner.field, of });
  else {
    const value: Value = { kind: 'value-group', span: { start: open, end }, of: asGroupedValue(of) };
    addOperand(parser, { kind: 'clause', span, field: owner.field, operator: owner.operator, value });
  }
  parser.clauses++;
}

/** Free texts in the parentheses behind a field are its values. */
function asGroupedValue(node: Node): GroupedValue {
  if (node.kind === 'text') return node.value;
  if (node.kind === 'and' || node.kind === 'or') {
    const of: GroupedValue[] = [];
    for (const part of node.of) of.push(asGroupedValue(part));
    return { kind: node.kind, span: node.span, of };
  }
  if (node.kind === 'not' || node.kind === 'group') {
    return { kind: node.kind, span: node.span, of: asGroupedValue(node.of) };
  }
  return { kind: 'error', span: node.span };
}

/** Closes what is open at the end of the text. */
function closeAll(parser: Parser): void {
  while (parser.frames.length > 1) {
    reportOpenParenthesis(parser, top(parser).open);
    closeFrame(parser, parser.text.length);
  }
  parser.errors.sort((one, other) => (one.place?.offset ?? 0) - (other.place?.offset ?? 0));
}

/** Reads one operand that is no parenthesis; undefined when it opened one behind a field. */
function readPrimary(parser: Parser, frame: Frame, around: Surroundings): Node | undefined {
  const { text, at } = parser;
  const name = clauseName(text, at, around);
  if (name !== undefined) return readClause(parser, frame, name);
  const comparison = comparisonAt(text, at);
  const value = comparison === undefined ? readScalar(parser, around) : undefined;
  if (value !== undefined) {
    expectOperator(parser, value, frame.prefix);
    return { kind: 'text', span: value.span, value };
  }
  return readStray(parser, frame, comparison ?? text.charAt(at));
}

/** Reads what cannot start an operand: an operator without a name, a bracket, a connective, the end. */
function readStray(parser: Parser, frame: Frame, mark: string): Node {
  const { at } = parser;
  if (mark === '[') {
    report(parser, 'missing-field', at, { expected: 'a field name before "["' });
    readBracket(parser, '', frame.prefix);
  } else if (parser.frames.length === 1 && (mark === ')' || mark === ']')) {
    report(parser, 'unbalanced', at, { expected: 'a clause' });
    parser.at++;
  } else if (mark !== '' && ':><='.includes(mark.charAt(0))) {
    report(parser, 'missing-field', at, { expected: `a field name before "${mark}"`, found: `"${mark}"` });
    parser.at += mark.length;
    skipBlanks(parser);
    readScalar(parser, aroundOf(frame));
  } else report(parser, 'missing-clause', at, { expected: 'a clause' });
  return errorNode(at, parser.at);
}

/** A word that is a field's name may still become a clause: completion offers its operators. */
function expectOperator(parser: Parser, value: Scalar, prefix: string): void {
  const [first] = value.kind === 'bare' ? value.words : [];
  if (first === undefined) return;
  const { start, end } = first.span;
  const name = prefix + parser.text.slice(start, end);
  if (findField(name) !== undefined) parser.expectations.push({ at: end, kind: 'operator', field: name });
}
