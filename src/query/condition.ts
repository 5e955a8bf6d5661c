import type { AddressRange, Label } from '#event';

/**
 * What a checked query asks, resolved and typed: names are labels, dates are instants, lists are merged. It is all that
 * {@link compileCondition} and the SQL compiler know of a query, and both give it exactly this meaning.
 *
 * A label is absent when it is undefined, empty text or an empty list; every condition on it is then false, so `not`
 * of it is true. Where a label holds several values, or a condition names several labels, any value may match.
 */
export type Condition =
  | Always
  | Never
  | AllOf
  | AnyOf
  | Not
  | Present
  | BooleanCondition
  | NumberCondition
  | InstantCondition
  | AddressCondition
  | TextCondition
  | UnderCondition;

/** True for every event: the empty query. */
export interface Always {
  readonly kind: 'always';
}

/** True for no event: an integer field asked for 1.5. */
export interface Never {
  readonly kind: 'never';
}

export interface AllOf {
  readonly kind: 'and';
  readonly of: readonly Condition[];
}

export interface AnyOf {
  readonly kind: 'or';
  readonly of: readonly Condition[];
}

export interface Not {
  readonly kind: 'not';
  readonly of: Condition;
}

/** The label has a value. */
export interface Present {
  readonly kind: 'present';
  readonly label: Label;
}

export interface BooleanCondition {
  readonly kind: 'boolean';
  readonly label: Label;
  readonly value: boolean;
}

/** Both bounds included; undefined is unbounded. */
export interface Range {
  readonly low: bigint | undefined;
  readonly high: bigint | undefined;
}

/**
 * The number lies in one of the ranges. Bounds of `decimal` labels count billionths: `Math.round(value * 1e9)`,
 * as the store keeps it. Bounds of `unsigned` and `integer` labels count ones and lie within 64 bits.
 */
export interface NumberCondition {
  readonly kind: 'number';
  readonly label: Label;
  readonly ranges: readonly Range[];
}

/** The instant lies in one of the ranges, in nanoseconds since 1970; eventTime is compared with its eventNanos. */
export interface InstantCondition {
  readonly kind: 'instant';
  readonly label: Label;
  readonly ranges: readonly Range[];
}

/** The address lies in one of the ranges. Families do not mix; IPv4 written as IPv6 is IPv4. */
export interface AddressCondition {
  readonly kind: 'address';
  readonly labels: readonly Label[];
  readonly ranges: readonly AddressRange[];
}

export interface TextCondition {
  readonly kind: 'text';
  readonly labels: readonly Label[];
  readonly test: TextTest;
}

/** Any run of characters, or exactly one character. */
export type Wildcard = { readonly wildcard: 'many' } | { readonly wildcard: 'one' };

/**
 * How one text is compared. All but `equals` compare folded text (see {@link foldText}); their operands are folded.
 *
 * - `equals`: the whole value is one of these, case and all
 * - `equals-folded`: the whole value is one of these
 * - `starts`: the value starts so; `contains`: it stands somewhere in the value
 * - `pattern`: the whole value, with wildcards
 * - `phrase`: these words stand next to one another, in this order (see {@link splitWords}); with `open` the last one
 *   may go on
 */
export type TextTest =
  | { readonly kind: 'equals'; readonly values: readonly string[] }
  | { readonly kind: 'equals-folded'; readonly values: readonly string[] }
  | { readonly kind: 'starts'; readonly value: string }
  | { readonly kind: 'contains'; readonly value: string }
  | { readonly kind: 'pattern'; readonly parts: readonly (string | Wildcard)[] }
  | { readonly kind: 'phrase'; readonly words: readonly string[]; readonly open: boolean };

/** DN labels that `under` takes: those whose folded form events carry. */
export type UnderLabel = 'distinguishedName' | 'requestContext' | 'boundDn';

/** The label in which the folded form stands. */
export const foldedLabels: Readonly<
  Record<UnderLabel, 'distinguishedNameFolded' | 'requestContextFolded' | 'boundDnFolded'>
> = {
  distinguishedName: 'distinguishedNameFolded',
  requestContext: 'requestContextFolded',
  boundDn: 'boundDnFolded',
};

/** The entry is the ancestor or lies below it; both are folded DNs, and the root is ''. */
export interface UnderCondition {
  readonly kind: 'under';
  readonly label: UnderLabel;
  readonly ancestor: string;
}
