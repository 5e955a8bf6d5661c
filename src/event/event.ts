import { type FieldType, type fields, type Label, labels } from './fields.ts';

interface ValueOfType {
  instant: number;
  unsigned: number | string;
  integer: number;
  decimal: number;
  boolean: boolean;
  ip: string;
  ipv4: string;
  ipv6: string;
  dn: string;
  filter: string;
  enum: string;
  identifier: string;
  text: string;
}

type ValueOf<F extends { type: FieldType }> = F extends { many: true }
  ? readonly ValueOfType[F['type']][]
  : ValueOfType[F['type']];

/**
 * One event of the data model: flat, typed, named by the dictionary. A label is absent (undefined) rather than empty or
 * guessed. Text holds what the log held; bytes that are not UTF-8 stand as lone surrogates U+DC80 to U+DCFF
 * (see {@link "./text.ts"}), so that nothing is lost.
 */
export type Event = { [L in Label]: ValueOf<(typeof fields)[L]> | undefined };

/** Any value an event can hold. */
export type EventValue = string | number | boolean | readonly (string | number)[];

// Every event is made by one constructor, so that all share one hidden class and property access stays fast. It is a
// constructor and not an object literal: the engine makes literals of more than 127 properties ten times slower.
// Marked pure, so that the console's build leaves it out: a browser under a strict policy makes no code from text.
const construct = /* @__PURE__ */ new Function(
  `function Event() { ${labels.map((label) => `this.${label} = undefined;`).join(' ')} }
  Event.prototype = Object.prototype;
  return () => new Event();`,
)() as () => Event;

/** Makes an event without any label set. */
export function createEvent(): Event {
  return construct();
}

/** Gives the event as a plain object with only the labels it has, in dictionary order: the JSON form. */
export function toPlain(event: Event): Record<string, EventValue> {
  const plain: Record<string, EventValue> = {};
  for (const label of labels) {
    const value = event[label];
    if (value !== undefined) plain[label] = value;
  }
  return plain;
}
