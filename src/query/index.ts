export { type Checked, check, readQuery } from './check.ts';
export type { Hint } from './checker.ts';
export { type Completion, type CompletionItem, complete } from './complete.ts';
export {
  type AddressCondition,
  type AllOf,
  type Always,
  type AnyOf,
  type BooleanCondition,
  type Condition,
  foldedLabels,
  type InstantCondition,
  type Never,
  type Not,
  type NumberCondition,
  type Present,
  type Range,
  type TextCondition,
  type TextTest,
  type UnderCondition,
  type UnderLabel,
  type Wildcard,
} from './condition.ts';
export { type Clock, type DateProblem, readDate, type TimeSpan } from './date.ts';
export { describeAt, type FieldHelp, helpOn, type OperatorHelp, operatorsOf } from './describe.ts';
export { compileCondition, type EventTest, evaluate } from './evaluate.ts';
export { findField, nearestFields, nearestNames } from './field-name.ts';
export { foldText } from './fold.ts';
export { limits as queryLimits } from './limits.ts';
export {
  isNumeric,
  type Measure,
  type MeasureFunction,
  measureFunctions,
  printMeasure,
  readMeasure,
} from './measure.ts';
export { parse } from './parse.ts';
export { canStandBare, print, quoteExact, quotePhrase } from './print.ts';
export { type Question, type QuestionWords, readQuestion } from './question.ts';
export { readLabel, readLabels, readSort } from './read-labels.ts';
export type {
  BareValue,
  BareWord,
  Chain,
  Clause,
  ErrorNode,
  ExactValue,
  Expectation,
  GroupedValue,
  GroupNode,
  ListValue,
  Name,
  NestedNode,
  Node,
  NotNode,
  NullNode,
  Operator,
  PhraseValue,
  Piece,
  RangeValue,
  Scalar,
  Span,
  TextNode,
  Tree,
  UnderNode,
  Value,
  ValueGroup,
} from './tree.ts';
export { separatorRanges, splitWords } from './words.ts';
