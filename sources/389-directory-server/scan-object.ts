import { findObjectEnd, type ObjectEnd, parseObject } from './json-object.ts';

type BrokenObject = Extract<ObjectEnd, { kind: 'broken' }>;

/** A JSON object found in a text, and where reading goes on. */
export interface ScannedObject {
  readonly kind: 'object' | 'unreadable';
  /** The object; empty when it is unreadable. */
  readonly object: Readonly<Record<string, unknown>>;
  /** Offset behind the object's last character. */
  readonly end: number;
  /** Offset of what follows, behind blanks and a line break. */
  readonly behind: number;
  /** Physical lines that begin with it or in it. */
  readonly lines: number;
  /** Whether what follows stands on the same line. */
  readonly midLine: boolean;
  /** Whether the object broke off and only its beginning could be read. */
  readonly broken: boolean;
}

/**
 * Reads the JSON object at `at`, whose first line ends at `lineEnd`. `unfinished` means that more text is needed,
 * `too-long` that it has more than `bytesMax` bytes.
 *
 * @param slice gives a stretch of the text with its characters decoded
 * @param glued whether it stands behind another one on its line, so that more may stand behind it
 */
export function scanObject(
  text: string,
  at: number,
  lineEnd: number,
  final: boolean,
  bytesMax: number,
  slice: (from: number, to: number) => string,
  glued = false,
): ScannedObject | 'unfinished' | 'too-long' {
  // Nearly all objects fill one line; only others are worth a look at every character.
  const lineIsWhole = lineEnd < text.length || final;
  if (!glued && lineIsWhole && lineEnd - at <= bytesMax && text.charCodeAt(lineEnd - 1) === 125) {
    const object = parseObject(slice(at, lineEnd));
    if (object !== undefined) {
      return {
        kind: 'object',
        object,
        end: lineEnd,
        behind: Math.min(lineEnd + 1, text.length),
        lines: 1,
        midLine: false,
        broken: false,
      };
    }
  }
  const found = findObjectEnd(text, at, bytesMax, final);
  if (found.kind === 'unfinished') return 'unfinished';
  if (found.kind === 'broken' && found.end - at >= bytesMax) return 'too-long';
  const object = found.kind === 'whole' ? parseObject(slice(at, found.end)) : salvage(found, at, slice);
  // What cannot be read at all may not even be an object: at most its first line goes; what follows is looked at anew.
  const end = object === undefined && found.kind === 'broken' ? Math.min(lineEnd, found.end) : found.end;
  const next = behindBlanks(text, end);
  if (next === text.length && !final) return 'unfinished';
  const midLine = next < text.length && text.charCodeAt(next) !== 10;
  return {
    kind: object === undefined ? 'unreadable' : 'object',
    object: object ?? {},
    end,
    behind: midLine ? next : Math.min(next + 1, text.length),
    lines: linesIn(text, at, end),
    midLine,
    broken: found.kind === 'broken',
  };
}

/** What can be read of an object that broke off: with the beginning of the string it broke off in, or else without. */
function salvage(
  found: BrokenObject,
  at: number,
  slice: (from: number, to: number) => string,
): Record<string, unknown> | undefined {
  const partial = found.text < 0 ? undefined : parseObject(`${slice(at, found.text).replace(/\\+$/, '')}"}`);
  return partial ?? (found.cut < 0 ? undefined : parseObject(`${slice(at, found.cut)}}`));
}

/**
 * Offset of the next character that is no blank, line breaks excepted. A record of exactly the server's longest length
 * ends in NUL in place of a line break (§0.4).
 */
export function behindBlanks(text: string, from: number): number {
  let at = from;
  for (
    let code = text.charCodeAt(at);
    code === 32 || code === 13 || code === 9 || code === 0;
    code = text.charCodeAt(++at)
  );
  return at;
}

/** Physical lines that a stretch of text begins or stands in. */
export function linesIn(text: string, at: number, end: number): number {
  let lines = 1;
  // Not by searching: the next line break may be far behind the end.
  for (let next = at; next < end; next++) if (text.charCodeAt(next) === 10) lines++;
  return lines;
}
