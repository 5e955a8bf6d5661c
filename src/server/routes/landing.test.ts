import { expect, test } from 'vitest';
import { escapeHtml, landingPage } from './landing.ts';

test.each([
  ['markup', '<script>alert(1)</script>', '&#60;script&#62;alert(1)&#60;/script&#62;'],
  ['the end of an attribute', `"'\``, '&#34;&#39;&#96;'],
  ['what is escaped already', '&lt;', '&#38;lt;'],
])('a text stays a text: %s', (_, text, expected) => {
  expect(escapeHtml(text)).toBe(expected);
});

test('the page escapes what it is given, wherever it comes from', () => {
  expect(landingPage('http://"><script>alert(1)</script>')).not.toContain('<script');
});
