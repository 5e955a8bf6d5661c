import { looksLikeTime } from './access-clock.ts';

/** Where a JSON object ends in a text, or why it does not. */
export type ObjectEnd =
  /** `end` is behind the closing brace. */
  | { readonly kind: 'whole'; readonly end: number }
  /** More text is needed. */
  | { readonly kind: 'unfinished' }
  /**
   * The object broke off. What belongs to it ends at `end`, its last whole key at `cut` (-1: none); the string it broke off
   * in, if it did, goes up to `text` (-1: it did not).
   */
  | { readonly kind: 'broken'; readonly end: number; readonly cut: number; readonly text: number };

/** First keys of the server's records: where one begins inside another, the outer one broke off (§0.4). */
const firstKeys = ['"local_time"', '"gm_time"', '"date"', '"header"'] as const;
/** Characters that tell whether a record begins at a brace. */
const beginningMax = 32;
/**
 * The server's records nest four deep. The limit also keeps reading linear: a brace that is never closed costs a look at
 * no more than so many lines that open another one.
 */
const depthMax = 32;

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
      if (code === 34) inString = false;
      else if (code === 123) {
        // A quote inside a string is escaped: with one that is not, the next record begins.
        if (!final && text.length - at < beginningMax) return { kind: 'unfinished' };
        if (beginsRecord(text, at)) return { kind: 'broken', end: at, cut: lastComma, text: at };
      } else if (code === 92) {
        if (text.charCodeAt(at + 1) !== 123) at++;
      } else if (code === 10) {
        if (!final && at + 1 === text.length) return { kind: 'unfinished' };
        return { kind: 'broken', end: behindBreak(text, at), cut: lastComma, text: at };
      }
      continue;
    }
    if (code === 34) inString = true;
    else if (code === 10 && beginsTextRecord(text, at + 1))
      return { kind: 'broken', end: at, cut: lastComma, text: -1 };
    else if (code === 123) {
      if (depth > 0 && beginsRecord(text, at)) return { kind: 'broken', end: at, cut: lastComma, text: -1 };
      depth++;
      if (depth > depthMax) return { kind: 'broken', end: endOfLine(text, at, limit), cut: lastComma, text: -1 };
    } else if (code === 125) {
      depth--;
      if (depth === 0) return { kind: 'whole', end: at + 1 };
    } else if (code === 44 && depth === 1) lastComma = at;
  }
  if (limit < text.length || final) return { kind: 'broken', end: limit, cut: lastComma, text: inString ? limit : -1 };
  return { kind: 'unfinished' };
}

/** Parses an object; hand-made ones may have a comma too many. Undefined when it cannot be read. */
export function parseObject(text: string): Record<string, unknown> | undefined {
  return parseStrict(text) ?? parseStrict(withoutTrailingCommas(text));
}

function parseStrict(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
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

/** Whether a record of the server begins at the brace at `at`, plain or pretty. */
export function beginsRecord(text: string, at: number): boolean {
  if (text.charCodeAt(at) !== 123) return false;
  let key = at + 1;
  for (let code = text.charCodeAt(key); (code === 10 || code === 32) && key < at + 8; code = text.charCodeAt(key))
    key++;
  return firstKeys.some((first) => text.startsWith(first, key));
}

/** A file may change its format on the way: a line may begin a text record, of the access and error logs or of the audit log. */
function beginsTextRecord(text: string, at: number): boolean {
  return looksLikeTime(text, at) || text.startsWith('time: ', at);
}

function endOfLine(text: string, at: number, limit: number): number {
  const newline = text.indexOf('\n', at);
  return newline < 0 ? limit : Math.min(newline, limit);
}

/** A record that was cut ends with a line break and a brace of its own. */
function behindBreak(text: string, at: number): number {
  return text.charCodeAt(at + 1) === 125 ? at + 2 : at;
}
