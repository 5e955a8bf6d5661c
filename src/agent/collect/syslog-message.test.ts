import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findSource } from '#source';
import { parseJsonLine } from './json-message.ts';
import { parseSyslog } from './syslog-message.ts';

const runs = Number(process.env['FUZZ_RUNS'] ?? 200);
const line = '[24/Nov/2026:08:47:09.338000000 +0000] conn=1 op=0 BIND dn=""';
const time = Date.UTC(2026, 10, 24, 8, 47, 9);

test.each([
  ['RFC 5424', `<134>1 2026-11-24T08:47:09.000Z ldap1 dirsrv-access 812 - - ${line}`, 'ldap1', 'dirsrv-access', time],
  [
    'RFC 5424 with structured data',
    `<134>1 2026-11-24T09:47:09+01:00 ldap1.example.com slapd - ID47 [a@1 x="]\\" y"][b@1] ${line}`,
    'ldap1.example.com',
    'slapd',
    time,
  ],
  ['RFC 5424 with a byte order mark', `<134>1 - ldap1 slapd - - - \u{feff}${line}`, 'ldap1', 'slapd', undefined],
  ['RFC 5424 without names', `<134>1 - - - - - - ${line}`, '', '', undefined],
  ['RFC 3164', `<134>Nov 24 08:47:09 ldap1 dirsrv[812]: ${line}`, 'ldap1', 'dirsrv', undefined],
  ['RFC 3164, one digit of the day', `<134>Nov  4 08:47:09 ldap1 dirsrv: ${line}`, 'ldap1', 'dirsrv', undefined],
  ['RFC 3164 without a program', `<134>Nov 24 08:47:09 ldap1 ${line}`, 'ldap1', '', undefined],
  ['RFC 3164 without a host', `<134>Nov 24 08:47:09 dirsrv[812]: ${line}`, '', 'dirsrv', undefined],
  ['RFC 3164 with a modern time', `<134>2026-11-24T08:47:09+00:00 ldap1 dirsrv: ${line}`, 'ldap1', 'dirsrv', time],
  ['without a time', `<134>dirsrv: ${line}`, '', 'dirsrv', undefined],
  ['without a header', line, '', '', undefined],
])('%s', (_, text, hostname, program, at) => {
  const found = parseSyslog(Buffer.from(`${text}\r\n\0`));
  expect({ ...found, text: found.text.toString() }).toEqual({ hostname, program, time: at, text: line });
});

test.each([
  ['a host with control characters', '<134>1 - ld\u001bap1 slapd - - - x', '', 'slapd'],
  ['a host that is too long', `<134>1 - ${'h'.repeat(300)} slapd - - - x`, '', 'slapd'],
])('%s is none', (_, text, hostname, program) => {
  expect(parseSyslog(Buffer.from(text))).toMatchObject({ hostname, program });
});

test('bytes that are no UTF-8 stay as they are', () => {
  const text = Buffer.from([0x61, 0xff, 0xfe, 0x62]);
  const frame = Buffer.concat([Buffer.from('<134>1 - h p - - - '), text]);
  expect(parseSyslog(frame).text.equals(text)).toBe(true);
});

const source = await findSource('389-directory-server');

test.each([
  ['fluent-bit', { log: `${line}\n`, hostname: 'ldap1', ident: 'dirsrv' }, 'ldap1', 'dirsrv', line],
  ['vector', { message: line, host: 'ldap1', timestamp: '2026-11-24T08:47:09Z' }, 'ldap1', '', line],
  ['a nested host', { message: line, host: { name: 'ldap1' } }, 'ldap1', '', line],
])('unwraps what %s sends', (_, object, hostname, program, text) => {
  const found = parseJsonLine(Buffer.from(JSON.stringify(object)), source);
  expect({ ...found, text: found.text.toString() }).toMatchObject({ hostname, program, text });
});

test.each([
  ['a record of the source with such a key', '{"utc_time":"1","event":"BIND_FAILED","dn":"","msg":"INVALID_PASSWORD"}'],
  ['an object without a message', '{"a":1}'],
  ['an array', '["message"]'],
  ['no JSON', '{"message":'],
  ['a text', line],
])('passes on %s as it stands', (_, text) => {
  expect(parseJsonLine(Buffer.from(text), source).text.toString()).toBe(text);
});

test('fuzz: any bytes are a message', () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.string().map((text) => Buffer.from(`<134>1 ${text}`)),
    fc.string().map((text) => Buffer.from(`<13>Nov 24 08:47:09 ${text}`)),
    fc
      .array(fc.constantFrom('[', ']', '"', '\\', ' ', 'a', '='))
      .map((parts) => Buffer.from(`<1>1 - - - - - ${parts.join('')}`)),
    fc.json().map((text) => Buffer.from(text)),
  );
  fc.assert(
    fc.property(bytes, (content) => {
      const frame = Buffer.from(content);
      expect(parseSyslog(frame).text.length).toBeLessThanOrEqual(frame.length);
      parseJsonLine(frame, source);
    }),
    { numRuns: runs },
  );
});
