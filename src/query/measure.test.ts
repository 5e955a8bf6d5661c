import { expect, test } from 'vitest';
import { AppError } from '#error';
import { printMeasure, readMeasure } from './measure.ts';

test.each([
  ['p95(duration)', 'p95(duration)'],
  [' AVG( Duration ) ', 'avg(duration)'],
  ['distinct(source.ip)', 'distinct(sourceIp)'],
  ['sum(count)', 'sum(count)'],
  ['distinct(tags)', 'distinct(tags)'],
])('%s is read as %s', (text, printed) => {
  expect(printMeasure(readMeasure(text, 'value'))).toBe(printed);
});

test.each([
  ['', 'measure-invalid'],
  ['count', 'measure-invalid'],
  ['median(duration)', 'measure-invalid'],
  ['sum(boundDn)', 'measure-invalid'],
  ['avg(tags)', 'measure-invalid'],
  ['avg(duration', 'measure-invalid'],
  ['avg(duration) or 1', 'measure-invalid'],
  ['avg(duratoin)', 'unknown-field'],
  [`avg(${'x'.repeat(10_000)})`, 'measure-invalid'],
])('%j is refused as %s, and its place is told', (text, code) => {
  let thrown: unknown;
  try {
    readMeasure(text, 'value');
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(AppError);
  expect(thrown).toMatchObject({ code, place: { field: 'value' } });
});
