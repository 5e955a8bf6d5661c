/** The table of rooms: who may import whom. Changing it is a design decision. */
export interface Room {
  /** Imports go to lower floors only. */
  readonly floor: number;
  /** Also runs in a browser: imports nothing of Node's. */
  readonly browser?: true;
  /** Packages only this room (and others that name them) may use. */
  readonly packages?: readonly string[];
}

export const rooms: Readonly<Record<string, Room>> = {
  error: { floor: 1, browser: true },
  log: { floor: 1, packages: ['pino'] },
  yaml: { floor: 1, packages: ['yaml'] },
  'folder-lock': { floor: 2 },
  event: { floor: 2, browser: true, packages: ['ipaddr.js'] },
  source: { floor: 3 },
  pipeline: { floor: 3 },
  query: { floor: 3, browser: true, packages: ['ipaddr.js'] },
  delivery: { floor: 3, packages: ['typebox'] },
  normalize: { floor: 4, packages: ['ipaddr.js'] },
  enrich: { floor: 4, packages: ['csv-parse', 'maxmind', 'ipaddr.js'] },
  categorize: { floor: 4 },
  'settings-file': { floor: 4 },
  detect: { floor: 4 },
  store: { floor: 4, packages: ['@clickhouse/client', 'chdb', 'ipaddr.js'] },
  catalog: { floor: 4, packages: ['kysely', 'libsql', 'pg', 'typebox'] },
  sources: { floor: 5 },
  server: {
    floor: 6,
    packages: [
      'fastify',
      '@fastify/static',
      '@fastify/swagger',
      '@fastify/type-provider-typebox',
      'typebox',
      'openid-client',
      'otpauth',
      'pino',
      'prom-client',
    ],
  },
  agent: { floor: 6, packages: ['undici'] },
  web: {
    floor: 6,
    packages: [
      'react',
      'react-dom',
      '@mantine/core',
      '@tanstack/react-query',
      '@tanstack/react-router',
      '@tanstack/react-virtual',
      '@codemirror/autocomplete',
      '@codemirror/commands',
      '@codemirror/state',
      '@codemirror/view',
      'uqr',
      'valibot',
      'vite',
      'world-atlas',
    ],
  },
  cli: { floor: 7, packages: ['commander', 'typebox'] },
};

/** Packages any test may use. */
const testPackages = new Set(['vitest', 'fast-check', 'csv-parse']);

/** Files that only tests use: they set a scene, and are not part of the built package. */
const testSupport = /(^|\/)(mutate|test-[a-z-]+|[a-z-]+-conformance)\.ts$/;

function isTest(path: string): boolean {
  return path.endsWith('.test.ts') || testSupport.test(path);
}

export interface SourceFile {
  /** Path from the root of the checkout, with `/`. */
  readonly path: string;
  readonly text: string;
}

/** An import that the table does not allow. */
export interface Violation {
  readonly file: string;
  readonly room: string;
  readonly import: string;
  readonly why: string;
}

/** Gives the room a file belongs to; undefined for what is no room (`test/`, `bench/`, `scripts/`). */
export function roomOf(path: string): string | undefined {
  const [top, second = ''] = path.split('/');
  if (top === 'sources' || top === 'web') return top;
  if (top !== 'src') return undefined;
  return second.replace(/\.(test\.)?ts$/, '');
}

/** Gives the names a file imports, static and dynamic, types included. */
export function importsOf(text: string): string[] {
  const found: string[] = [];
  const statements = /^\s*(?:import|export)\b[^'"`;]*?\bfrom\s*['"]([^'"\n]+)['"]|^\s*import\s*['"]([^'"\n]+)['"]/gm;
  const calls = /\bimport\(\s*['"]([^'"\n]+)['"]\s*\)/g;
  for (const match of [...text.matchAll(statements), ...text.matchAll(calls)]) {
    const name = match[1] ?? match[2];
    if (name !== undefined) found.push(name);
  }
  return found;
}

/** Checks every import of every file against the table. */
export function checkImports(files: readonly SourceFile[]): Violation[] {
  const violations: Violation[] = [];
  for (const file of files) {
    const room = roomOf(file.path);
    for (const name of importsOf(file.text)) {
      const why = room === undefined ? checkOutside(file.path, name) : checkImport(file.path, room, name);
      if (why !== undefined) violations.push({ file: file.path, room: room ?? 'none', import: name, why });
    }
  }
  return violations;
}

function checkImport(path: string, room: string, name: string): string | undefined {
  const own = rooms[room];
  if (own === undefined) return `there is no room "${room}" in the table`;
  const test = isTest(path);
  if (name.startsWith('.')) return checkRelative(path, name);
  if (name.startsWith('#')) return checkDoor(room, own, name, test);
  if (name.startsWith('node:')) return own.browser && !test ? `${room} also runs in a browser` : undefined;
  if (test && testPackages.has(packageOf(name))) return undefined;
  return own.packages?.includes(packageOf(name)) ? undefined : `${room} may not use the package ${packageOf(name)}`;
}

/** A relative import stays in its own room; in `sources/`, in its own folder. */
function checkRelative(path: string, name: string): string | undefined {
  const target = new URL(name, `file:///${path}`).pathname.slice(1);
  const home = homeOf(path);
  if (testSupport.test(target) && !isTest(path)) return 'it is for tests only';
  return homeOf(target) === home ? undefined : `it climbs out of ${home}; go through the door of ${homeOf(target)}`;
}

function homeOf(path: string): string {
  const parts = path.split('/');
  if (parts[0] === 'sources') return parts.slice(0, 2).join('/');
  if (parts[0] === 'src' && parts.length === 2) return path.replace(/\.test\.ts$/, '.ts');
  return parts[0] === 'src' ? parts.slice(0, 2).join('/') : (parts[0] ?? '');
}

function checkDoor(room: string, own: Room, name: string, test: boolean): string | undefined {
  const target = name.slice(1);
  const other = rooms[target];
  if (other === undefined) return `${name} is no door`;
  if (room === 'web' && target !== 'event' && target !== 'query') return 'web may import only event and query';
  // A test may set the scene with any room; what ships may not.
  if (test || other.floor < own.floor) return undefined;
  return `${target} is on floor ${other.floor}, ${room} on floor ${own.floor}: imports go down`;
}

/** Tests, benchmarks and scripts go through doors, too; a source's door is its `source.ts`. */
function checkOutside(path: string, name: string): string | undefined {
  if (!name.startsWith('.')) return undefined;
  const target = new URL(name, `file:///${path}`).pathname.slice(1);
  if (target.startsWith('src/')) return 'rooms are imported by name';
  if (/^sources\/[^/]+\//.test(target) && !/^sources\/[^/]+\/source\.ts$/.test(target))
    return 'a source is imported by its source.ts';
  return undefined;
}

function packageOf(name: string): string {
  const [first = '', second = ''] = name.split('/');
  return first.startsWith('@') ? `${first}/${second}` : first;
}
