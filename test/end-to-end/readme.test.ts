import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { run } from './run-meridian.ts';

// Each test starts several processes; a busy machine takes its time.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

const root = fileURLToPath(new URL('../..', import.meta.url));
const readme = readFileSync(join(root, 'README.md'), 'utf8');

/** A command of the README, and what it says that is printed; `…` stands for what differs from run to run. */
interface Example {
  readonly command: string;
  readonly shown: string;
}

const examples: Example[] = [...readme.matchAll(/```console\n\$ \.\/(meridian .*)\n([\s\S]*?)```/g)].map((match) => ({
  command: match[1] ?? '',
  shown: match[2] ?? '',
}));

let data: string;
beforeAll(() => {
  data = mkdtempSync(join(tmpdir(), 'meridian-readme-'));
});
afterAll(() => rmSync(data, { recursive: true }));

/** Splits a command line as a shell does, as far as the README goes: blanks and single quotes. */
function words(command: string): string[] {
  return [...command.matchAll(/'([^']*)'|(\S+)/g)].map((match) => match[1] ?? match[2] ?? '').slice(1);
}

test('there are examples', () => {
  expect(examples.length).toBeGreaterThanOrEqual(4);
});

test.each(examples)('the README tells the truth: $command', async ({ command, shown }) => {
  const ran = await run(words(command), { cwd: root, env: { MERIDIAN_DATA: data } });
  expect(ran.status).toBe(0);
  const printed = (ran.out === '' ? ran.error : ran.out).trimEnd().split('\n');
  const expected = shown.trimEnd().split('\n');
  expect(printed).toHaveLength(expected.length);
  for (const [at, line] of expected.entries()) {
    const [start = '', ...more] = line.split('…');
    if (more.length > 0) expect(printed[at]).toContain(start);
    else expect(printed[at]).toBe(line);
  }
});
