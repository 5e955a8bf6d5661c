import { expect, test } from 'vitest';
import { streamOf } from './fingerprint.ts';

const first = {
  source: '389-directory-server',
  log: 'access',
  host: 'ldap1.example.com:389',
  raw: '[24/Nov/2026:08:47:08 +0000] conn=1 fd=64 slot=64 connection',
};

test('names are stable, short and plain', () => {
  expect(streamOf(first)).toMatch(/^[a-z2-7]{26}$/);
  expect(streamOf({ ...first })).toBe(streamOf(first));
  expect(streamOf({ ...first, instance: undefined })).toBe(streamOf(first));
});

test.each([
  ['record', { ...first, raw: `${first.raw} ` }],
  ['bytes that are not UTF-8', { ...first, raw: `${first.raw}\udcff` }],
  ['kind of log', { ...first, log: 'security' }],
  ['server', { ...first, host: 'ldap2.example.com:389' }],
  ['part', { ...first, host: 'ldap1.example.com:38', instance: '9' }],
])('another %s is another stream', (_, other) => {
  expect(streamOf(other)).not.toBe(streamOf(first));
});
