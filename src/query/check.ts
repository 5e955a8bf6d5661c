import type { AppError } from '#error';
import { fieldOf, foldDn, isZone, type Label } from '#event';
import { anywhereCondition } from './check-text.ts';
import { anyAddressCondition, rangeValueCondition, scalarCondition } from './check-value.ts';
import {
  advise,
  type Checker,
  countTest,
  fail,
  type Hint,
  hasWildcard,
  plainText,
  type ResolvedField,
} from './checker.ts';
import { combine, negate } from './combine.ts';
import { type Condition, foldedLabels, type UnderLabel } from './condition.ts';
import type { Clock } from './date.ts';
import { findField, nearestFields } from './field-name.ts';
import { parse } from './parse.ts';
import { problemAt } from './reader.ts';
import type { Clause, GroupedValue, Name, Node, NotNode, Operator, Tree, UnderNode, Value } from './tree.ts';

/** What a check gives: the condition, or all that is wrong with the query. Hints come with both. */
export type Checked =
  | { readonly kind: 'condition'; readonly condition: Condition; readonly hints: readonly Hint[] }
  | { readonly kind: 'errors'; readonly errors: readonly AppError[]; readonly hints: readonly Hint[] };

const never: Condition = { kind: 'never' };

/**
 * Resolves names, types and dates of a tree against the field dictionary. Errors of the tree are among the errors;
 * relative dates count from `now`, and dates without an offset are read in `zone`.
 */
export function check(tree: Tree, clock: Clock): Checked {
  const checker: Checker = { text: tree.text, clock, errors: [...tree.errors], hints: [], tests: 0 };
  if (!isZone(clock.zone)) {
    checker.errors.push(
      problemAt('', 'bad-zone', 0, {
        expected: 'an IANA zone such as Europe/Berlin, UTC, or an offset such as +02:00',
        found: `"${clock.zone.slice(0, 64)}"`,
      }),
    );
    return { kind: 'errors', errors: checker.errors, hints: [] };
  }
  const condition = tree.root === undefined ? ({ kind: 'always' } as const) : checkNode(tree.root, '', checker);
  const { errors, hints } = checker;
  if (errors.length === 0) return { kind: 'condition', condition, hints };
  errors.sort((one, other) => (one.place?.offset ?? 0) - (other.place?.offset ?? 0));
  return { kind: 'errors', errors, hints };
}

/** Parses and checks a query text at once; throws the first error. */
export function readQuery(text: string, clock: Clock): Condition {
  const checked = check(parse(text), clock);
  if (checked.kind === 'condition') return checked.condition;
  const [first] = checked.errors;
  throw first ?? new TypeError('a failed check has an error');
}

// Two calls a level at most: parentheses are gone through in place, for a query may be a thousand levels deep.
function checkNode(start: Node, prefix: string, checker: Checker): Condition {
  let node = start;
  while (node.kind === 'group') node = node.of;
  switch (node.kind) {
    case 'and':
    case 'or': {
      const parts: Condition[] = [];
      for (const part of node.of) parts.push(checkNode(part, prefix, checker));
      return combine(node.kind, parts);
    }
    case 'not':
      adviseOnNegation(node, checker);
      return negate(checkNode(node.of, prefix, checker));
    case 'nested':
      return checkNode(node.of, `${prefix}${node.field.text}.`, checker);
    case 'text':
      return combine('or', [anywhereCondition(checker, node.value), anyAddressCondition(node.value) ?? never]);
    case 'error':
      return never;
    default: {
      const field = resolve(checker, node.field, prefix);
      if (field === undefined) return never;
      if (node.kind === 'null')
        return countTest(checker, node.span) ? negate({ kind: 'present', label: field.label }) : never;
      return node.kind === 'under' ? underCondition(checker, field, node) : clauseCondition(checker, field, node);
    }
  }
}

function adviseOnNegation(node: NotNode, checker: Checker): void {
  // "is not null" asks for something; every other NOT asks for the rest of the world.
  if (node.of.kind === 'null') return;
  advise(
    checker,
    'negation',
    node.span,
    'NOT makes a search slow and also finds events without the field; a list of the wanted values is better.',
  );
}

function resolve(checker: Checker, { text, span }: Name, prefix: string): ResolvedField | undefined {
  const name = prefix + text;
  const label = findField(name);
  if (label !== undefined) return { label, name };
  const near = nearestFields(name);
  fail(checker, 'unknown-field', span, {
    expected: near.length === 0 ? 'a field of the data model' : near.join(' or '),
    sentence: `there is no field "${name.slice(0, 80)}"${near.length === 0 ? '' : `; did you mean ${near.join(' or ')}?`}`,
    field: name.slice(0, 80),
  });
  return undefined;
}

function clauseCondition(checker: Checker, field: ResolvedField, { operator, value }: Clause): Condition {
  if (operator !== ':' && operator !== '=' && !isScalar(value) && value.kind !== 'error') {
    return fail(checker, 'bad-operator', value.span, { expected: `one value after "${operator}"`, field: field.label });
  }
  return valueCondition(checker, field, operator, value);
}

function isScalar(value: Value): boolean {
  return value.kind === 'bare' || value.kind === 'phrase' || value.kind === 'exact';
}

function valueCondition(checker: Checker, field: ResolvedField, operator: Operator, value: Value): Condition {
  switch (value.kind) {
    case 'range':
      return rangeValueCondition(checker, field, value);
    case 'list':
      return combine(
        'or',
        value.items.map((item) => scalarCondition(checker, field, operator, item)),
      );
    case 'value-group':
      return groupedCondition(checker, field, operator, value.of);
    case 'error':
      return never;
    default:
      // `field: null` can only be meant so: the word itself is written in quotes (qql §2).
      if (value.kind === 'bare' && /^null$/i.test(checker.text.slice(value.span.start, value.span.end))) {
        return negate({ kind: 'present', label: field.label });
      }
      return scalarCondition(checker, field, operator, value);
  }
}

function groupedCondition(checker: Checker, field: ResolvedField, operator: Operator, start: GroupedValue): Condition {
  let value = start;
  while (value.kind === 'group') value = value.of;
  switch (value.kind) {
    case 'not':
      return negate(groupedCondition(checker, field, operator, value.of));
    case 'and':
    case 'or': {
      const parts: Condition[] = [];
      for (const part of value.of) parts.push(groupedCondition(checker, field, operator, part));
      return combine(value.kind, parts);
    }
    default:
      return valueCondition(checker, field, operator, value);
  }
}

function isUnderLabel(label: Label): label is UnderLabel {
  return label in foldedLabels;
}

function underCondition(checker: Checker, { label }: ResolvedField, { span, value }: UnderNode): Condition {
  if (!isUnderLabel(label)) {
    return fail(checker, 'bad-operator', span, {
      expected: `a DN field that "under" takes: ${Object.keys(foldedLabels).join(', ')}`,
      found: `${label}, of type ${fieldOf(label).type}`,
      field: label,
    });
  }
  if (value.kind === 'error' || !countTest(checker, span)) return never;
  if (hasWildcard(value)) {
    return fail(checker, 'bad-wildcard', value.span, { expected: 'a DN, without wildcards', field: label });
  }
  const ancestor = foldDn(plainText(value));
  if (ancestor !== undefined) return { kind: 'under', label, ancestor };
  return fail(checker, 'bad-type', value.span, { expected: 'a distinguished name', field: label });
}
