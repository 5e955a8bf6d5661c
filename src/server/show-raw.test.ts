import { expect, test } from 'vitest';
import { showRaw } from './show-raw.ts';

test.each([
  ['plain', 'conn=1 op=0 BIND dn="cn=ä"', 'conn=1 op=0 BIND dn="cn=ä"'],
  ['line ends and colours', 'a\r\n\u001b[31mb', 'a\\x0d\\x0a\\x1b[31mb'],
  ['bytes that are not UTF-8', 'a\udcff\udc80', 'a\\xff\\x80'],
  ['direction', 'a\u202eb\u2066', 'a\\u202eb\\u2066'],
  ['line separators', 'a\u2028b', 'a\\u2028b'],
  ['a character above the first plane stays', '😀', '😀'],
  ['too long', 'x'.repeat(101), `${'x'.repeat(100)}…`],
])('%s', (_, raw, expected) => {
  expect(showRaw(raw, 100)).toBe(expected);
});
