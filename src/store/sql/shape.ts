import type { Condition } from '#query';

/** How large and how deep a condition is. */
export interface Shape {
  readonly size: number;
  readonly depth: number;
}

const leaf: Shape = { size: 1, depth: 1 };

/** Measures a condition and its parts, each once. */
export function measure(condition: Condition, shapes: Map<Condition, Shape>): Shape {
  const known = shapes.get(condition);
  if (known !== undefined) return known;
  let shape = leaf;
  if (condition.kind === 'not') {
    const { size, depth } = measure(condition.of, shapes);
    shape = { size: size + 1, depth: depth + 1 };
  } else if (condition.kind === 'and' || condition.kind === 'or') {
    let size = 1;
    let depth = 0;
    for (const part of condition.of) {
      const inner = measure(part, shapes);
      size += inner.size;
      depth = Math.max(depth, inner.depth);
    }
    shape = { size, depth: depth + 1 };
  }
  shapes.set(condition, shape);
  return shape;
}
