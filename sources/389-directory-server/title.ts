/** What the title of a log tells of the server that wrote it (the server's own log formats, §0.3). */
export interface Title {
  readonly host?: string | undefined;
  readonly instance?: string | undefined;
  readonly version?: string | undefined;
}

/** Longest line that can belong to a title. */
const titleLineMax = 1024;

/**
 * Reads one line of a text title: `\t<brand>-Directory/<version> B<build>` or `\t<host>:<port> (<directory>)`. Pasted
 * logs have blanks in place of the tab. Undefined when the line is none; a placeholder tells nothing.
 */
export function parseTitleLine(line: string): Title | undefined {
  if (line.length > titleLineMax || (line.charCodeAt(0) !== 9 && line.charCodeAt(0) !== 32)) return undefined;
  const text = line.trim();
  return parseVersion(text) ?? parseInstance(text);
}

/** Reads the JSON title, `{"header":{"version":"…","instance":"…"}}`. Undefined when the object is none. */
export function parseTitleObject(object: unknown): Title | undefined {
  if (typeof object !== 'object' || object === null) return undefined;
  const header: unknown = 'header' in object ? object.header : object;
  if (typeof header !== 'object' || header === null || !('version' in header) || !('instance' in header))
    return undefined;
  if (typeof header.version !== 'string' || typeof header.instance !== 'string') return undefined;
  return { ...parseVersion(header.version), ...parseInstance(header.instance) };
}

function parseVersion(text: string): Title | undefined {
  const slash = text.indexOf('-Directory/');
  if (slash <= 0) return undefined;
  const rest = text.slice(slash + 11);
  // The version ends before the build, `B2025.034.0512`; developer builds have words between.
  const build = rest.lastIndexOf(' B');
  const version = (build < 0 ? rest : rest.slice(0, build)).trim();
  return version === '' ? {} : { version };
}

function parseInstance(text: string): Title | undefined {
  const open = text.indexOf(' (');
  if (open < 0 || !text.endsWith(')')) return undefined;
  const colon = text.lastIndexOf(':', open);
  if (colon <= 0) return undefined;
  const host = text.slice(0, colon);
  const directory = text.slice(open + 2, -1);
  const last = directory.slice(directory.lastIndexOf('/') + 1);
  const instance = last.startsWith('slapd-') ? last.slice(6) : last;
  return {
    ...(host.includes('<') || host.includes(' ') ? {} : { host }),
    ...(instance === '' || instance.includes('<') ? {} : { instance }),
  };
}
