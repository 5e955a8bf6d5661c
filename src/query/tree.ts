import type { AppError } from '#error';

/** Place in the query text, in UTF-16 units: `start` included, `end` not. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * What a query text says, as written: names are not resolved, values not typed. There is always one, however broken
 * the text; where something is missing stands an `error` node.
 */
export interface Tree {
  readonly text: string;
  /** Undefined for the empty query. */
  readonly root: Node | undefined;
  /** What is wrong with the text, in its order; at most {@link limits.errors}. */
  readonly errors: readonly AppError[];
  /** What could stand where: the ground for completion. In the order of the text. */
  readonly expectations: readonly Expectation[];
}

/** From here on the parser looked for this. */
export interface Expectation {
  readonly at: number;
  readonly kind: 'clause' | 'operator' | 'value' | 'connective';
  /** Name of the field whose operator or value is expected. */
  readonly field?: string;
}

export type Node = Chain | NotNode | GroupNode | Clause | NestedNode | NullNode | UnderNode | TextNode | ErrorNode;

/** Parts joined by the same connective; at least two. */
export interface Chain {
  readonly kind: 'and' | 'or';
  readonly span: Span;
  readonly of: readonly Node[];
}

export interface NotNode {
  readonly kind: 'not';
  readonly span: Span;
  readonly of: Node;
}

/** An expression in parentheses. */
export interface GroupNode {
  readonly kind: 'group';
  readonly span: Span;
  readonly of: Node;
}

/** A field name as written. */
export interface Name {
  readonly text: string;
  readonly span: Span;
}

export type Operator = ':' | '=' | '>' | '<' | '>=' | '<=';

/** `field: value`, `field > value`; `field in (…)` is a clause with a list. */
export interface Clause {
  readonly kind: 'clause';
  readonly span: Span;
  readonly field: Name;
  readonly operator: Operator;
  readonly value: Value;
}

/** `prefix: (name: x and other: y)`: the names inside go on from the prefix. */
export interface NestedNode {
  readonly kind: 'nested';
  readonly span: Span;
  readonly field: Name;
  readonly of: Node;
}

/** `field is null`. `is not null` is a `not` around it. */
export interface NullNode {
  readonly kind: 'null';
  readonly span: Span;
  readonly field: Name;
}

/** `field under "dn"`. */
export interface UnderNode {
  readonly kind: 'under';
  readonly span: Span;
  readonly field: Name;
  readonly value: Scalar | ErrorNode;
}

/** A value without a field. */
export interface TextNode {
  readonly kind: 'text';
  readonly span: Span;
  readonly value: Scalar;
}

/** Something is missing or makes no sense here; the tree's `errors` say what. */
export interface ErrorNode {
  readonly kind: 'error';
  readonly span: Span;
}

export type Value = Scalar | RangeValue | ListValue | ValueGroup | ErrorNode;

/** One value: bare words, a quoted phrase, or an exact text in backticks. */
export type Scalar = BareValue | PhraseValue | ExactValue;

/** A piece of a bare word: literal text (escapes resolved), or a wildcard. */
export type Piece = { readonly text: string } | { readonly wildcard: 'many' | 'one' };

export interface BareWord {
  readonly span: Span;
  readonly pieces: readonly Piece[];
}

export interface BareValue {
  readonly kind: 'bare';
  readonly span: Span;
  /** At least one. */
  readonly words: readonly BareWord[];
}

export interface PhraseValue {
  readonly kind: 'phrase';
  readonly span: Span;
  readonly text: string;
}

export interface ExactValue {
  readonly kind: 'exact';
  readonly span: Span;
  readonly text: string;
}

export interface RangeValue {
  readonly kind: 'range';
  readonly span: Span;
  readonly low: Scalar | undefined;
  readonly high: Scalar | undefined;
  readonly lowIncluded: boolean;
  readonly highIncluded: boolean;
}

export interface ListValue {
  readonly kind: 'list';
  readonly span: Span;
  readonly items: readonly Scalar[];
}

/** `field: (a or b and not c)`. */
export interface ValueGroup {
  readonly kind: 'value-group';
  readonly span: Span;
  readonly of: GroupedValue;
}

export type GroupedValue =
  | Scalar
  | ErrorNode
  | { readonly kind: 'and' | 'or'; readonly span: Span; readonly of: readonly GroupedValue[] }
  | { readonly kind: 'not'; readonly span: Span; readonly of: GroupedValue }
  | { readonly kind: 'group'; readonly span: Span; readonly of: GroupedValue };
