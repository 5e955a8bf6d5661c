import { fieldOf, findLabel } from '#event';
import { canStandBare, parse, print, quoteExact, quotePhrase } from '#query';
import { showValue } from '../api/event-value.ts';

/** Writes the clause that finds just this value of a label. */
export function clauseFor(label: string, value: unknown): string {
  if (value === undefined || value === null || value === '') return `${label} is null`;
  const known = findLabel(label);
  const type = known === undefined ? 'text' : fieldOf(known).type;
  const text = showValue(value);
  if (type === 'instant') return `${label}: [${text} .. ${text}]`;
  // QQL knows no exponents: 0.000000021 must not become 2.1e-8.
  if (type === 'decimal' && typeof value === 'number') return `${label}: ${value.toFixed(9).replace(/\.?0+$/, '')}`;
  if (typeof value === 'number' || typeof value === 'boolean') return `${label}: ${text}`;
  // Numbers beyond 2^53 come as text; addresses have colons, and stand bare all the same.
  if (type === 'unsigned' || type === 'integer' || type === 'decimal' || type === 'boolean') return `${label}: ${text}`;
  if (type === 'ip' || type === 'ipv4' || type === 'ipv6') return `${label}: ${text}`;
  if (type === 'enum' && canStandBare(text)) return `${label}: ${text}`;
  return `${label}: ${quoteWhole(text)}`;
}

/**
 * Writes a text so that it is found as a whole. One that ends in a backslash cannot stand in backticks, where that would
 * take the closing one along; as a phrase it finds a little more.
 */
export function quoteWhole(text: string): string {
  return text.endsWith('\\') ? quotePhrase(text) : quoteExact(text);
}

/** Writes the clause that finds any of some values of a label. */
export function anyOf(label: string, values: readonly unknown[]): string {
  return values.map((value) => clauseFor(label, value)).join(' or ');
}

/** Adds a clause to a query: all must hold. A broken query stays as it is, in parentheses the person can mend. */
export function include(query: string, clause: string): string {
  return join(query, clause);
}

/** Adds that a clause must not hold. */
export function exclude(query: string, clause: string): string {
  return join(query, clause.endsWith(' is null') ? clause.replace(/ is null$/, ' is not null') : `not ${clause}`);
}

function join(query: string, clause: string): string {
  if (clause.trim() === '') return query;
  const tree = parse(query);
  if (tree.root === undefined) return clause;
  if (tree.errors.length > 0) return `${query.trim()} and ${clause}`;
  const parts = tree.root.kind === 'and' ? tree.root.of : [tree.root];
  // What is asked already is not asked twice.
  const wanted = print(parse(clause));
  if (parts.some((part) => print({ ...tree, root: part }) === wanted)) return query;
  const before = tree.root.kind === 'or' ? `(${query.trim()})` : query.trim();
  return `${before} and ${clause}`;
}
