import { readBracket, readInList } from './brackets.ts';
import { type ClauseName, clauseName, comparisonAt } from './clause-name.ts';
import { findField } from './field-name.ts';
import { deepen, errorNode, type Frame, openFrame, type Parser } from './frames.ts';
import { afterBlanks, expectHere, report, skipBlanks } from './reader.ts';
import {
  keywordAt,
  readRequiredScalar,
  readScalar,
  reportMissingValue,
  type Surroundings,
  shortWordAt,
} from './scalars.ts';
import type { Name, Node, Operator, Value } from './tree.ts';

/** Reads a clause behind its field's name; undefined when its value is a parenthesis, which is now open. */
export function readClause(parser: Parser, frame: Frame, clause: ClauseName): Node | undefined {
  const { text: name, span, opening } = clause;
  const field: Name = { text: name, span };
  const full = frame.prefix + name;
  parser.at = span.end;
  expectHere(parser, 'operator', full);
  parser.at = clause.at;
  parser.clauses++;
  switch (opening) {
    case 'is':
      return readNull(parser, field, frame);
    case 'in':
    case 'not in':
      return negateIf(opening === 'not in', span.start, readIn(parser, field, frame, opening));
    case 'under':
    case 'not under':
      return negateIf(opening === 'not under', span.start, readUnder(parser, field, frame, opening));
    default:
      return readComparison(parser, field, frame, opening);
  }
}

function negateIf(negated: boolean, start: number, node: Node): Node {
  return negated ? { kind: 'not', span: { start, end: node.span.end }, of: node } : node;
}

function readNull(parser: Parser, field: Name, frame: Frame): Node {
  const { text } = parser;
  const around = { commas: false, dots: false, prefix: frame.prefix };
  parser.at = afterBlanks(text, parser.at + 2);
  const negated = keywordAt(text, parser.at, around) === 'not';
  if (negated) parser.at = afterBlanks(text, parser.at + 3);
  if (shortWordAt(text, parser.at, around) === 'null') parser.at += 4;
  else {
    const expected = negated ? '"null"' : '"null" or "not null"';
    report(parser, 'missing-value', parser.at, { expected, field: field.text });
  }
  const span = { start: field.span.start, end: parser.at };
  return negateIf(negated, span.start, { kind: 'null', span, field });
}

/** Goes past the words of an opening. */
function skipOpening(parser: Parser, opening: string): void {
  for (const word of opening.split(' ')) parser.at = afterBlanks(parser.text, parser.at) + word.length;
  skipBlanks(parser);
}

function readIn(parser: Parser, field: Name, frame: Frame, opening: string): Node {
  skipOpening(parser, opening);
  expectHere(parser, 'value', frame.prefix + field.text);
  const next = parser.text.charAt(parser.at);
  let value: Value = { kind: 'error', span: { start: parser.at, end: parser.at } };
  if (next === '(' || next === '[') value = readInList(parser, frame.prefix + field.text, frame.prefix);
  else report(parser, 'missing-value', parser.at, { expected: `"(" after "${opening}"`, field: field.text });
  return { kind: 'clause', span: { start: field.span.start, end: parser.at }, field, operator: ':', value };
}

function readUnder(parser: Parser, field: Name, frame: Frame, opening: string): Node {
  skipOpening(parser, opening);
  const around = { commas: false, dots: false, prefix: frame.prefix };
  const value = readRequiredScalar(parser, around, opening, frame.prefix + field.text);
  const span = { start: field.span.start, end: parser.at };
  return { kind: 'under', span, field, value: value ?? { kind: 'error', span: { start: parser.at, end: parser.at } } };
}

/** Reads `: value`, `> value` and so on. A comparison behind the colon is let pass (qql §4.4), and so is `==`. */
function readComparison(parser: Parser, field: Name, frame: Frame, opening: Operator): Node | undefined {
  const { text } = parser;
  let operator = opening;
  parser.at += operator.length;
  if (operator === ':') {
    const second = comparisonAt(text, afterBlanks(text, parser.at));
    if (second !== undefined) {
      operator = second;
      parser.at = afterBlanks(text, parser.at) + second.length;
    }
  } else if (operator === '=' && text.charAt(parser.at) === '=') parser.at++;
  const full = frame.prefix + field.text;
  skipBlanks(parser);
  expectHere(parser, 'value', full);
  if (text.charAt(parser.at) === '(') {
    if (!deepen(parser)) return undefinedAtEnd(parser);
    const open = parser.at++;
    parser.frames.push(openFrame({ field, operator }, open, `${full}.`, parser.clauses));
    return undefined;
  }
  const value = readValue(parser, field, frame, text.slice(field.span.start, parser.at).trimEnd());
  return {
    kind: 'clause',
    span: { start: field.span.start, end: Math.max(parser.at, field.span.end) },
    field,
    operator,
    value,
  };
}

/** Behind a level too deep nothing is read; the text has ended. */
function undefinedAtEnd(parser: Parser): Node {
  return errorNode(parser.at, parser.at);
}

function readValue(parser: Parser, field: Name, frame: Frame, behind: string): Value {
  const { text, at } = parser;
  const full = frame.prefix + field.text;
  if (text.charAt(at) === '[') return readBracket(parser, full, frame.prefix);
  const around: Surroundings = { commas: false, dots: false, prefix: frame.prefix };
  // `eventSubType: method: SASL` misses a value; `resultText: foo:bar` misses quotes.
  const next = clauseName(text, at, around);
  const missing = next !== undefined && findField(frame.prefix + next.text) !== undefined;
  const value = missing ? undefined : readScalar(parser, around);
  if (value !== undefined) return value;
  reportMissingValue(parser, behind, full);
  return { kind: 'error', span: { start: at, end: at } };
}
