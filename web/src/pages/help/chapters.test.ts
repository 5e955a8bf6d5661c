import { expect, test } from 'vitest';
import { check, parse } from '#query';
import { chapters } from './chapters.ts';

const examples = chapters.flatMap((chapter) => chapter.examples);

test.each(examples)('the example $query is right', ({ query }) => {
  const checked = check(parse(query), { now: Date.UTC(2026, 10, 24), zone: 'Europe/Berlin' });
  expect(checked).toMatchObject({ kind: 'condition' });
});
