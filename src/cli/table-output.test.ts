import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { LineOutput } from './line-output.ts';
import { TableOutput } from './table-output.ts';

const columns = [
  { title: 'time', right: false, optional: false },
  { title: 'n', right: true, optional: false },
  { title: 'dn', right: false, optional: true },
  { title: 'note', right: false, optional: true },
];

async function table(rows: readonly string[][], width?: number): Promise<string[]> {
  const parts: Buffer[] = [];
  const out = new LineOutput(
    new Writable({
      write(part: Buffer, _encoding, done) {
        parts.push(part);
        done();
      },
    }),
  );
  const output = new TableOutput(columns, out, width);
  for (const row of rows) output.row(row);
  output.end();
  await out.end();
  return Buffer.concat(parts).toString().split('\n').slice(0, -1);
}

test('columns are as wide as what is in them, and those without a value are left out', async () => {
  expect(
    await table([
      ['08:47', '7', '', 'x'],
      ['08:48', '12345', '', ''],
    ]),
  ).toEqual(['time       n  note', '08:47      7  x', '08:48  12345']);
});

test('nothing is cut where there is no terminal', async () => {
  const dn = 'cn='.padEnd(500, 'x');
  expect((await table([['a', '1', dn, 'b']]))[1]).toBe(`a     1  ${dn}  b`);
});

test('a terminal gets what fits: wide columns are cut, then the last optional ones left out', async () => {
  const rows = [['2026-11-24 08:47:08.989', '1', 'x'.repeat(100), 'y'.repeat(100)]];
  for (const width of [200, 100, 80]) {
    const lines = await table(rows, width);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width);
    expect(lines[1]).toMatch(/^2026-11-24 08:47:08\.989 {2}1 {2}x+…/);
  }
  expect((await table(rows, 80))[0]).toMatch(/note/);
  expect((await table(rows, 60))[0]).not.toMatch(/note/);
  // What was asked for is shown, even where it does not fit.
  expect((await table(rows, 10))[1]).toBe('2026-11-24 08:47:08.989  1');
});

test('a wider row behind the first page is cut like the others on a terminal, and whole elsewhere', async () => {
  const rows = Array.from({ length: 300 }, (_, at) => ['t', '1', at === 299 ? 'wider than the rest' : 'dn', '']);
  expect((await table(rows, 80)).at(-1)).toBe('t     1  w…');
  expect((await table(rows)).at(-1)).toBe('t     1  wider than the rest');
});

test('no rows make no table', async () => {
  expect(await table([])).toEqual([]);
});
