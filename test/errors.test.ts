import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { type ErrorCode, errorKinds } from '#error';

const root = fileURLToPath(new URL('..', import.meta.url));
const codes = Object.keys(errorKinds) as ErrorCode[];

const texts = ['src', 'sources'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => ({ name: join(folder, name), text: readFileSync(join(root, folder, name), 'utf8') })),
);

test('every code thrown is in the table', () => {
  const thrown = texts.flatMap(({ name, text }) =>
    [...text.matchAll(/new AppError\(\s*'([^']+)'/g)].map((match) => ({ name, code: match[1] ?? '' })),
  );
  expect(thrown.length).toBeGreaterThan(0);
  expect(thrown.filter(({ code }) => !(code in errorKinds))).toEqual([]);
});

test('every code of the table is thrown somewhere', () => {
  const others = texts.filter(({ name }) => name !== join('src', 'error.ts')).map(({ text }) => text);
  const unused = codes.filter((code) => code !== 'internal' && !others.some((text) => text.includes(`'${code}'`)));
  expect(unused).toEqual([]);
});

test.each(codes)('%s says when it happens and what to do', (code) => {
  const { about, hint } = errorKinds[code];
  expect(code).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
  expect(about).toMatch(/^[A-Z“`].*\.$/);
  expect(hint).toMatch(/\.$|`$|:.*$/);
  expect(`${about}${hint}`).not.toMatch(/[\n|]/);
});
