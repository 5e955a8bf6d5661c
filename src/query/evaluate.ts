import {
  type AddressRange,
  containsAddress,
  type Event,
  fieldOf,
  isUnder,
  type Label,
  parseAddressCached,
} from '#event';
import { type Condition, foldedLabels, type Range, type TextTest } from './condition.ts';
import { foldText } from './fold.ts';
import { patternMatcher } from './match-pattern.ts';
import { phraseMatcher } from './words.ts';

/** A compiled condition. */
export type EventTest = (event: Event) => boolean;

/** Whether the event meets the condition. For more than one event, {@link compileCondition} is quicker. */
export function evaluate(condition: Condition, event: Event): boolean {
  return compileCondition(condition)(event);
}

/**
 * Turns a condition into a test for events, once. It selects exactly the events that the SQL of the same condition
 * selects.
 */
export function compileCondition(condition: Condition): EventTest {
  switch (condition.kind) {
    case 'always':
      return () => true;
    case 'never':
      return () => false;
    case 'not': {
      const test = compileCondition(condition.of);
      return (event) => !test(event);
    }
    case 'and':
      return allOf(compileAll(condition.of));
    case 'or':
      return anyOf(compileAll(condition.of));
    case 'present':
      return presentTest(condition.label);
    case 'under':
      return underTest(foldedLabels[condition.label], condition.ancestor);
    default:
      return compileTyped(condition);
  }
}

type TypedCondition = Extract<Condition, { kind: 'boolean' | 'number' | 'instant' | 'address' | 'text' }>;

function compileTyped(condition: TypedCondition): EventTest {
  switch (condition.kind) {
    case 'boolean': {
      const { label, value } = condition;
      return (event) => event[label] === value;
    }
    case 'number':
      return numberTest(condition.label, condition.ranges);
    case 'instant':
      return instantTest(condition.label, condition.ranges);
    case 'address':
      return anyLabel(condition.labels, stringTest(addressTest(condition.ranges)));
    case 'text':
      return anyLabel(condition.labels, stringTest(textTest(condition.test)));
  }
}

// Loops instead of map, some and every: a condition may be a thousand levels deep, and each call takes stack.
function compileAll(conditions: readonly Condition[]): EventTest[] {
  const tests: EventTest[] = [];
  for (const condition of conditions) tests.push(compileCondition(condition));
  return tests;
}

function allOf(tests: readonly EventTest[]): EventTest {
  return (event) => {
    for (const test of tests) if (!test(event)) return false;
    return true;
  };
}

function anyOf(tests: readonly EventTest[]): EventTest {
  return (event) => {
    for (const test of tests) if (test(event)) return true;
    return false;
  };
}

function presentTest(label: Label): EventTest {
  const { type } = fieldOf(label);
  if (label === 'eventNanos') return ({ eventNanos }) => eventNanos !== undefined && eventNanos !== 0;
  if (type === 'ip' || type === 'ipv4' || type === 'ipv6') {
    // A text that is no address has no place in a column of addresses.
    return anyLabel(
      [label],
      stringTest((value) => parseAddressCached(value) !== undefined),
    );
  }
  return (event) => {
    const value = event[label];
    return value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0);
  };
}

function underTest(label: Label, ancestor: string): EventTest {
  return (event) => {
    const folded = event[label];
    return typeof folded === 'string' && folded !== '' && isUnder(folded, ancestor);
  };
}

function anyLabel(labels: readonly Label[], test: (value: unknown) => boolean): EventTest {
  const [only] = labels;
  if (only !== undefined && labels.length === 1) return (event) => test(event[only]);
  return (event) => {
    for (const label of labels) if (test(event[label])) return true;
    return false;
  };
}

/** Tests a text, or each of several. */
function stringTest(test: (value: string) => boolean): (value: unknown) => boolean {
  return (value) => {
    if (typeof value === 'string') return value !== '' && test(value);
    if (!Array.isArray(value)) return false;
    for (const item of value) if (typeof item === 'string' && test(item)) return true;
    return false;
  };
}

function addressTest(ranges: readonly AddressRange[]): (value: string) => boolean {
  return (value) => {
    const address = parseAddressCached(value);
    if (address === undefined) return false;
    for (const range of ranges) if (containsAddress(range, address)) return true;
    return false;
  };
}

function textTest(test: TextTest): (value: string) => boolean {
  switch (test.kind) {
    case 'equals': {
      const values = new Set(test.values);
      return (value) => values.has(value);
    }
    case 'equals-folded': {
      const values = new Set(test.values);
      return (value) => values.has(foldText(value));
    }
    case 'starts':
      return (value) => foldText(value).startsWith(test.value);
    case 'contains':
      return (value) => foldText(value).includes(test.value);
    case 'pattern':
      return onFolded(patternMatcher(test.parts));
    case 'phrase':
      return onFolded(phraseMatcher(test.words, test.open));
  }
}

function onFolded(test: (folded: string) => boolean): (value: string) => boolean {
  return (value) => test(foldText(value));
}

const billion = 1_000_000_000;
const million = 1_000_000n;

/** Ranges of whole numbers, which `decimal` labels are in billionths. */
function inRanges(ranges: readonly Range[]): (value: bigint) => boolean {
  return (value) => {
    for (const { low, high } of ranges) {
      if ((low === undefined || value >= low) && (high === undefined || value <= high)) return true;
    }
    return false;
  };
}

/** The same for numbers that are exact as such; bounds beyond those compare as well. */
function inNumberRanges(ranges: readonly Range[]): (value: number) => boolean {
  const bounds = ranges.map(({ low, high }) => ({
    low: low === undefined ? Number.NEGATIVE_INFINITY : safeNumber(low),
    high: high === undefined ? Number.POSITIVE_INFINITY : safeNumber(high),
  }));
  return (value) => {
    for (const { low, high } of bounds) if (value >= low && value <= high) return true;
    return false;
  };
}

/** The number, or infinity where no safe integer can reach it. */
function safeNumber(value: bigint): number {
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) return Number.POSITIVE_INFINITY;
  return value < BigInt(Number.MIN_SAFE_INTEGER) ? Number.NEGATIVE_INFINITY : Number(value);
}

function numberTest(label: Label, ranges: readonly Range[]): EventTest {
  const decimal = fieldOf(label).type === 'decimal';
  const exact = inRanges(ranges);
  const quick = inNumberRanges(ranges);
  return (event) => {
    const value = event[label];
    if (label === 'eventNanos' && value === 0) return false;
    if (typeof value === 'string') return /^\d{1,20}$/.test(value) && exact(BigInt(value));
    if (typeof value !== 'number') return false;
    // What a column cannot hold is absent there.
    if (!decimal) return Number.isSafeInteger(value) && quick(value);
    if (!(Math.abs(value) < billion)) return false;
    const scaled = Math.round(value * billion);
    return Number.isSafeInteger(scaled) ? quick(scaled) : exact(BigInt(scaled));
  };
}

/** A bound of time: whole milliseconds, and the nanoseconds below. */
interface TimeBound {
  readonly ms: number;
  readonly nanos: number;
}

function timeBound(nanoseconds: bigint | undefined, open: number): TimeBound {
  if (nanoseconds === undefined) return { ms: open, nanos: 0 };
  const below = ((nanoseconds % million) + million) % million;
  return { ms: Number((nanoseconds - below) / million), nanos: Number(below) };
}

function instantTest(label: Label, ranges: readonly Range[]): EventTest {
  const bounds = ranges.map(({ low, high }) => ({
    low: timeBound(low, Number.NEGATIVE_INFINITY),
    high: timeBound(high, Number.POSITIVE_INFINITY),
  }));
  return (event) => {
    const ms = event[label];
    if (typeof ms !== 'number') return false;
    const nanos = label === 'eventTime' ? (event.eventNanos ?? 0) : 0;
    for (const { low, high } of bounds) {
      if (!isBefore(ms, nanos, low) && !isAfter(ms, nanos, high)) return true;
    }
    return false;
  };
}

function isBefore(ms: number, nanos: number, bound: TimeBound): boolean {
  return ms < bound.ms || (ms === bound.ms && nanos < bound.nanos);
}

function isAfter(ms: number, nanos: number, bound: TimeBound): boolean {
  return ms > bound.ms || (ms === bound.ms && nanos > bound.nanos);
}
