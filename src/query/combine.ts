import type { Condition } from './condition.ts';

/** Joins conditions by and or or: flat, without parts that decide nothing, and one part as itself. */
export function combine(kind: 'and' | 'or', parts: readonly Condition[]): Condition {
  const neutral = kind === 'and' ? 'always' : 'never';
  const deciding = kind === 'and' ? 'never' : 'always';
  const of: Condition[] = [];
  for (const part of parts) {
    if (part.kind === deciding) return part;
    if (part.kind !== neutral) append(of, kind, part);
  }
  const [first] = of;
  if (first === undefined) return { kind: neutral };
  if (of.length === 1) return first;
  if (kind === 'and') return { kind, of };
  const merged = mergeAlternatives(of);
  const [only] = merged;
  return only !== undefined && merged.length === 1 ? only : { kind, of: merged };
}

function append(parts: Condition[], kind: 'and' | 'or', part: Condition): void {
  if (part.kind !== kind) parts.push(part);
  else for (const inner of part.of) parts.push(inner);
}

/** Turns a condition round. */
export function negate(condition: Condition): Condition {
  if (condition.kind === 'not') return condition.of;
  if (condition.kind === 'always') return { kind: 'never' };
  if (condition.kind === 'never') return { kind: 'always' };
  return { kind: 'not', of: condition };
}

/** Joins alternatives on the same labels that are lists anyway: values of text, ranges. The order stays. */
function mergeAlternatives(parts: readonly Condition[]): readonly Condition[] {
  const groups = new Map<string, Condition[]>();
  for (const [index, part] of parts.entries()) {
    const key = mergeKey(part) ?? `${index}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [part]);
    else group.push(part);
  }
  return [...groups.values()].map(merge);
}

function mergeKey(condition: Condition): string | undefined {
  switch (condition.kind) {
    case 'text':
      return 'values' in condition.test ? `${condition.test.kind} ${condition.labels.join()}` : undefined;
    case 'address':
      return `address ${condition.labels.join()}`;
    case 'number':
    case 'instant':
      return `range ${condition.label}`;
    default:
      return undefined;
  }
}

/** Joins conditions of the same key. */
function merge(group: readonly Condition[]): Condition {
  const [first] = group;
  if (first === undefined) return { kind: 'never' };
  if (group.length === 1) return first;
  if (first.kind === 'text' && 'values' in first.test) {
    const values = new Set(
      group.flatMap((part) => (part.kind === 'text' && 'values' in part.test ? part.test.values : [])),
    );
    return { ...first, test: { ...first.test, values: [...values] } };
  }
  if (first.kind === 'address') {
    return { ...first, ranges: group.flatMap((part) => (part.kind === 'address' ? part.ranges : [])) };
  }
  if (first.kind === 'number' || first.kind === 'instant') {
    return { ...first, ranges: group.flatMap((part) => (part.kind === first.kind ? part.ranges : [])) };
  }
  return first;
}
