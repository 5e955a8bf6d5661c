import { looksLikeTime } from './access-clock.ts';

/** Where a JSON object ends in a text, or why it does not. */
export type ObjectEnd =
  /** `end` is behind the closing brace. */
  | { readonly kind: 'whole'; readonly end: number }
  /** More text is needed. */
  | { readonly kind: 'unfinished' }
  /** The object broke off; what belongs to it ends at `end`, its last whole key at `cut`, or -1. */
  | { readonly kind: 'broken'; readonly end: number; readonly cut: number };

/** How the server's records begin: where one is found inside another, the outer one broke off (§0.4). */
const beginnings = ['{"local_time":', '{"gm_time":', '{ "date":', '{"header":', '{"date":'] as const;

/**
 * Finds the end of the JSON object that begins at `from`, by depth of braces and aware of strings, in time linear in the
 * object. The server's long records break off in the middle, with a line break inside a string and the closing brace on
 * the next line, and the next record behind it on that same line.
 */
export function findObjectEnd(text: string, from: number, bytesMax: number, final: boolean): ObjectEnd {
  const limit = Math.min(text.length, from + bytesMax);
  let depth = 0;
  let inString = false;
  let lastComma = -1;
  for (let at = from; at < limit; at++) {
    const code = text.charCodeAt(at);
    if (inString) {
      if (code === 92) at++;
      else if (code === 34) inString = false;
      else if (code === 10) return { kind: 'broken', end: behindBreak(text, at), cut: lastComma };
      continue;
    }
    if (code === 34) inString = true;
    else if (code === 10 && looksLikeTime(text, at + 1)) return { kind: 'broken', end: at, cut: lastComma };
    else if (code === 123) {
      if (depth > 0 && beginsRecord(text, at)) return { kind: 'broken', end: at, cut: lastComma };
      depth++;
    } else if (code === 125) {
      depth--;
      if (depth === 0) return { kind: 'whole', end: at + 1 };
    } else if (code === 44 && depth === 1) lastComma = at;
  }
  if (limit < text.length || final) return { kind: 'broken', end: limit, cut: lastComma };
  return { kind: 'unfinished' };
}

/** Parses an object; hand-made ones may have a comma too many. Undefined when it cannot be read. */
export function parseObject(text: string): Record<string, unknown> | undefined {
  return parseStrict(text) ?? parseStrict(withoutTrailingCommas(text));
}

function parseStrict(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function withoutTrailingCommas(text: string): string {
  let result = '';
  let from = 0;
  let inString = false;
  let comma = -1;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (inString) {
      if (code === 92) at++;
      else if (code === 34) inString = false;
    } else if (code === 34) {
      inString = true;
      comma = -1;
    } else if (code === 44) comma = at;
    else if (comma >= 0 && (code === 125 || code === 93)) {
      result += text.slice(from, comma);
      from = comma + 1;
      comma = -1;
    } else if (code > 32) comma = -1;
  }
  return result + text.slice(from);
}

function beginsRecord(text: string, at: number): boolean {
  return beginnings.some((beginning) => text.startsWith(beginning, at));
}

/** A record that was cut ends with a line break and a brace of its own. */
function behindBreak(text: string, at: number): number {
  return text.charCodeAt(at + 1) === 125 ? at + 2 : at;
}
