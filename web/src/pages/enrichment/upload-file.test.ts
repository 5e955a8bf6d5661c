import { expect, test } from 'vitest';
import { formOf, suggestName } from './upload-file.ts';

const kind = {
  kind: 'zones',
  title: 'Zones',
  about: '',
  names: 'may',
  forms: [
    { form: 'csv', bytesMax: 100 },
    { form: 'yaml', bytesMax: 10 },
  ],
  columns: [],
};

test.each([
  ['zones.CSV', 5, { form: 'csv' }],
  ['zones.yml', 5, { form: 'yaml' }],
  ['zones.xlsx', 5, { problem: 'This file is .xlsx; zones can be csv, yaml.' }],
  ['zones', 5, { problem: 'The name of this file does not say what it is; zones can be csv, yaml.' }],
  ['zones.constructor', 5, { problem: 'This file is .constructor; zones can be csv, yaml.' }],
  ['zones.yml', 11, { problem: 'The file has 11 B; 10 B are taken at most.' }],
])('%s of %d bytes', (name, size, chosen) => expect(formOf(kind, { name, size })).toEqual(chosen));

test.each([
  ['GeoLite2-City.mmdb', 'GeoLite2-City'],
  ['../../etc/passwd.txt', 'etc-passwd'],
  ['häuser & höfe (2).txt', 'ha-user-ho-fe-2'],
  ['.hidden', ''],
  ['x'.repeat(100), 'x'.repeat(63)],
])('the name suggested for %s', (name, suggested) => expect(suggestName(name)).toBe(suggested));
