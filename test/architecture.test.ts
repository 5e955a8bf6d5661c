import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { checkImports, roomOf, rooms, type SourceFile } from './architecture.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

function sourceFiles(): SourceFile[] {
  return ['src', 'sources', 'web', 'test', 'bench', 'scripts'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.tsx?$/.test(name) && !name.split(sep).includes('node_modules'))
      .map((name) => join(root, folder, name))
      .filter((path) => statSync(path).isFile())
      .map((path) => ({ path: relative(root, path).split(sep).join('/'), text: readFileSync(path, 'utf8') })),
  );
}

const files = sourceFiles();

test('every import goes through a door, and down', () => {
  expect(files.length).toBeGreaterThan(20);
  expect(checkImports(files)).toEqual([]);
});

test('every folder of src is a room of the table, and every door is in package.json', () => {
  const found = new Set(files.map(({ path }) => roomOf(path)).filter((room) => room !== undefined));
  expect([...found].filter((room) => !(room in rooms))).toEqual([]);
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { imports: Record<string, string> };
  for (const [door, target] of Object.entries(manifest.imports)) {
    expect(rooms).toHaveProperty([door.slice(1)]);
    expect(statSync(join(root, target)).isFile()).toBe(true);
  }
});

test.each([
  ['up a floor', 'src/event/x.ts', "import { parse } from '#query';", 'imports go down'],
  ['sideways', 'src/normalize/x.ts', "import { y } from '#enrich';", 'imports go down'],
  ['types, too', 'src/event/x.ts', "import type { Source } from '#source';", 'imports go down'],
  ['over several lines', 'src/event/x.ts', "import {\n  a,\n  b,\n} from '#store';", 'imports go down'],
  ['dynamic', 'src/event/x.ts', "const x = await import('#store');", 'imports go down'],
  ['re-exported', 'src/event/x.ts', "export { a } from '#store';", 'imports go down'],
  ['through the window', 'src/store/x.ts', "import { parse } from '../query/parse.ts';", 'climbs out of src/store'],
  ['out of src', 'src/store/x.ts', "import { a } from '../../sources/one/source.ts';", 'climbs out of src/store'],
  ['one source into another', 'sources/one/x.ts', "import { a } from '../two/decode.ts';", 'climbs out of sources/one'],
  ['a source to the server', 'sources/one/x.ts', "import { a } from '#server';", 'imports go down'],
  ['the console to the store', 'web/src/x.ts', "import { a } from '#store';", 'only event and query'],
  ['no such door', 'src/store/x.ts', "import { a } from '#query/parse';", 'is no door'],
  ['Node in the browser', 'src/query/x.ts', "import { readFileSync } from 'node:fs';", 'runs in a browser'],
  [
    'an engine outside the store',
    'src/server/x.ts',
    "import { createClient } from '@clickhouse/client';",
    'may not use the package',
  ],
  ['YAML past its guard', 'src/server/x.ts', "import { parse } from 'yaml';", 'may not use the package'],
  ['what is for tests', 'src/server/x.ts', "import { a } from './test-server.ts';", 'for tests only'],
  ['a test through the window', 'test/x.test.ts', "import { a } from '../src/store/x.ts';", 'imported by name'],
])('refuses an import: %s', (_, path, text, why) => {
  const [violation, ...more] = checkImports([{ path, text }]);
  expect(more).toEqual([]);
  expect(violation).toMatchObject({
    file: path,
    import: expect.any(String),
    room: expect.any(String),
    why: expect.stringContaining(why),
  });
});

test.each([
  ['down', 'src/store/x.ts', "import { parse } from '#query';"],
  ['within the room', 'src/store/native/x.ts', "import { a } from '../store.ts';"],
  ['a source to its contract', 'sources/one/x.ts', "import { defineSource } from '#source';"],
  ['a test sets the scene', 'src/query/x.test.ts', "import { openStore } from '#store';"],
])('allows an import: %s', (_, path, text) => {
  expect(checkImports([{ path, text }])).toEqual([]);
});
