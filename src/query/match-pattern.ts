import type { Wildcard } from './condition.ts';

/** A stretch between two runs of anything: literal text and single characters. */
interface Stretch {
  readonly parts: readonly string[];
  /** How many single characters stand before each part. */
  readonly gaps: readonly number[];
  /** Single characters behind the last part. */
  readonly tail: number;
}

/**
 * Gives a test for "the whole text, with wildcards". The stretches between runs of anything are found one after the
 * other, each as far to the left as it goes, which is all a pattern of this kind needs: no way back, and so no
 * exponential time. `?` stands for one code point.
 */
export function patternMatcher(parts: readonly (string | Wildcard)[]): (folded: string) => boolean {
  const stretches = splitStretches(parts);
  const first = stretches.shift();
  const last = stretches.pop();
  if (first === undefined) return (folded) => folded === '';
  return (folded) => {
    let at = matchAt(folded, 0, first);
    if (last === undefined) return at === folded.length;
    for (const stretch of stretches) {
      if (at < 0) return false;
      at = findFrom(folded, at, stretch);
    }
    return at >= 0 && matchEnd(folded, at, last);
  };
}

function splitStretches(parts: readonly (string | Wildcard)[]): Stretch[] {
  const stretches: Stretch[] = [];
  let current: { parts: string[]; gaps: number[]; tail: number } = { parts: [], gaps: [], tail: 0 };
  for (const part of parts) {
    if (typeof part === 'string') {
      current.parts.push(part);
      current.gaps.push(current.tail);
      current.tail = 0;
    } else if (part.wildcard === 'one') current.tail++;
    else {
      stretches.push(current);
      current = { parts: [], gaps: [], tail: 0 };
    }
  }
  stretches.push(current);
  return stretches;
}

/** Position behind the stretch that starts at `at`, or -1. */
function matchAt(text: string, at: number, { parts, gaps, tail }: Stretch): number {
  let next = at;
  for (let index = 0; index < parts.length; index++) {
    const part = parts[index] ?? '';
    next = skipCharacters(text, next, gaps[index] ?? 0);
    if (next < 0 || !text.startsWith(part, next)) return -1;
    next += part.length;
  }
  return skipCharacters(text, next, tail);
}

/** Position behind the first such stretch from `at` on, or -1. */
function findFrom(text: string, at: number, stretch: Stretch): number {
  const [part = ''] = stretch.parts;
  const anchored = part !== '' && stretch.gaps[0] === 0;
  let start = at;
  while (start <= text.length) {
    if (anchored) start = text.indexOf(part, start);
    if (start < 0) return -1;
    const end = matchAt(text, start, stretch);
    if (end >= 0) return end;
    start = skipCharacters(text, start, 1);
    if (start < 0) return -1;
  }
  return -1;
}

/** Whether the text from `at` on ends with the stretch. */
function matchEnd(text: string, at: number, stretch: Stretch): boolean {
  let start = text.length;
  for (let index = stretch.parts.length - 1, gap = stretch.tail; index >= -1; index--) {
    for (let count = 0; count < gap; count++) start = before(text, start);
    if (index < 0) break;
    start -= stretch.parts[index]?.length ?? 0;
    gap = stretch.gaps[index] ?? 0;
  }
  return start >= at && matchAt(text, start, stretch) === text.length;
}

function before(text: string, at: number): number {
  const pair = at >= 2 && isLow(text.charCodeAt(at - 1)) && isHigh(text.charCodeAt(at - 2));
  return at - (pair ? 2 : 1);
}

/** Goes over a number of code points; -1 past the end. */
function skipCharacters(text: string, at: number, count: number): number {
  let next = at;
  for (let index = 0; index < count; index++) {
    if (next >= text.length) return -1;
    const pair = isHigh(text.charCodeAt(next)) && isLow(text.charCodeAt(next + 1));
    next += pair ? 2 : 1;
  }
  return next;
}

function isHigh(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

function isLow(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}
