import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findSource, loadSources, loadSourcesFrom } from './load-sources.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sources-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function add(name: string, code: string | undefined): void {
  mkdirSync(join(folder, name));
  if (code !== undefined) writeFileSync(join(folder, name, 'source.ts'), code);
}

const load = () => loadSourcesFrom(pathToFileURL(`${folder}/`));

test('a folder is a source; files and hidden folders are none', async () => {
  add('beta', "export const source = { id: 'beta' };");
  add('alpha', "export const source = { id: 'alpha' };");
  add('.hidden', undefined);
  writeFileSync(join(folder, 'notes.md'), '');
  expect(await load()).toEqual([{ id: 'alpha' }, { id: 'beta' }]);
});

test.each([
  ['no source.ts', undefined],
  ['a source.ts that throws', 'throw new Error("a bug");'],
  ['a source.ts that exports nothing', 'export {};'],
  ['a source of another name', "export const source = { id: 'other' };"],
])('%s is reported with its folder', async (_, code) => {
  add('broken', code);
  await expect(load()).rejects.toMatchObject({ code: 'source-broken', place: { file: 'sources/broken/source.ts' } });
});

test('the sources of the product are found, by id in any case', async () => {
  expect((await loadSources()).map((source) => source.id)).toContain('389-directory-server');
  expect((await findSource('389-Directory-Server')).vendor).toBe('389 Directory Server');
  await expect(findSource('nope')).rejects.toMatchObject({
    code: 'source-unknown',
    hint: expect.stringContaining('389-directory-server'),
  });
});
