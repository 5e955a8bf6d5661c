import { expect, test } from 'vitest';
import { createRec } from '#event';
import { defineSource } from '#source';
import { noCategories } from './sample-source.ts';
import { createTracer } from './trace-record.ts';

const source = defineSource({
  id: 'x',
  vendor: 'Vendor',
  product: 'Product',
  deviceType: 'Application',
  mappingVersion: '1',
  mapping: {
    guide: [
      { from: 'conn', to: 'sessionId', sample: 1, about: 'Connection.' },
      {
        from: 'method',
        to: 'method',
        as: (value: string) => (value === '128' ? 'SIMPLE' : undefined),
        rule: '128 becomes SIMPLE',
        sample: '128',
        about: 'Method.',
      },
      { from: 'dn', to: 'distinguishedName', sourceField: null, sample: 'cn=a', about: 'DN.' },
    ],
    extended: [
      { from: 'base', to: 'distinguishedName', sample: 'cn=b', about: 'Only without a DN.' },
      {
        from: 'log',
        to: 'deviceProduct',
        otherwise: 'Product',
        as: () => 'Product',
        sample: 'access',
        about: 'Same for all.',
      },
    ],
  },
  categories: noCategories,
  guide: { title: 'X', overview: [], supportedVersions: [], supportedFormats: [], mappingNotes: [], gaps: [] },
  recognize: () => undefined,
  rotation: () => undefined,
  createReader: () => {
    throw new Error('not read here');
  },
});

test('tells which row made which label from which value', () => {
  const rec = Object.assign(createRec(), { conn: 7, method: 'odd', dn: 'cn=a', base: 'cn=b' });
  expect(
    createTracer(source)(rec).map(({ from, sourceField, to, group, value, gave }) => [
      from,
      sourceField,
      to,
      group,
      value,
      gave,
    ]),
  ).toEqual([
    ['conn', 'conn', 'sessionId', 'guide', 7, 7],
    ['method', 'method', 'method', 'guide', 'odd', undefined],
    ['dn', null, 'distinguishedName', 'guide', 'cn=a', 'cn=a'],
    ['log', 'log', 'deviceProduct', 'extended', undefined, 'Product'],
  ]);
});
