import { describe, expect, test } from 'vitest';
import { loadSources } from './load-sources.ts';
import { guideFormat, renderGuide } from './render-guide.ts';
import type { Source } from './source.ts';

const [loaded] = await loadSources();
if (loaded === undefined) throw new Error('no source');

const hostile = `<script>alert("1")</script> | \`x\` & 'y' [a](b) *c*\n# d`;
const source: Source = {
  ...loaded,
  product: hostile,
  guide: { ...loaded.guide, title: hostile, overview: [hostile], gaps: [hostile] },
  mapping: {
    guide: [{ from: 'conn', to: 'sessionId', sample: hostile, about: hostile }],
    extended: [{ from: 'wqtime', to: 'queueTime', sample: 0.000021, about: 'Queue.', since: '3.2.1' }],
  },
};

describe('json', () => {
  test('is the guide as data', () => {
    expect(JSON.parse(renderGuide(source, 'json'))).toMatchObject({
      id: loaded.id,
      title: hostile,
      dataFieldMappings: [
        { sourceField: 'conn', label: 'sessionId', sample: hostile, description: hostile, since: '' },
      ],
      extendedMappings: [{ sourceField: 'wqtime', label: 'queueTime', sample: '0.000021', since: '3.2.1' }],
    });
  });
});

describe('html', () => {
  const page = renderGuide(source, 'html');

  test('holds no markup of the texts, no script, and nothing from elsewhere', () => {
    expect(page).not.toContain('<script');
    expect(page).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;');
    expect(page).not.toMatch(/\b(?:src|href|action|on\w+)\s*=|@import|url\(/i);
    expect(page).toContain("default-src 'none'");
  });

  test('has the chapters of a mapping guide in their order', () => {
    expect([...page.matchAll(/<section id="([^"]+)"/g)].map((match) => match[1])).toEqual([
      'about',
      'overview',
      'device-details',
      'supported-formats',
      'data-field-mappings',
      'extended-labels',
      'categories',
      'known-gaps',
    ]);
  });

  test('closes every element it opens', () => {
    const opened = [...page.matchAll(/<(\w+)(?:\s[^>]*)?>/g)]
      .map((match) => match[1])
      .filter((name) => name !== 'meta');
    const closed = [...page.matchAll(/<\/(\w+)>/g)].map((match) => match[1]);
    expect(opened.toSorted()).toEqual(closed.toSorted());
  });
});

describe('markdown', () => {
  const page = renderGuide(source, 'md');

  test('has the chapters of a mapping guide in their order', () => {
    expect([...page.matchAll(/^## (.+)$/gm)].map((match) => match[1])).toEqual([
      'About this guide',
      'Overview',
      'Device details',
      'Supported formats',
      'Data field mappings',
      'Extended labels',
      'Categories',
      'Known gaps',
    ]);
  });

  test('keeps hostile text within its cell, its line and out of markup', () => {
    expect(page).not.toMatch(/^# d/m);
    expect(page).not.toContain('\n<script');
    const row = page.split('\n').find((line) => line.startsWith('| `conn`')) ?? '';
    expect(row.replaceAll('\\|', '').split('|')).toHaveLength(6);
    expect(row).toContain('&lt;script>');
  });
});

test.each([
  ['md', 'md'],
  ['HTML', 'html'],
  ['json', 'json'],
])('the form %s is known', (name, format) => {
  expect(guideFormat(name)).toBe(format);
});

test('another form is refused with those there are', () => {
  expect(() => guideFormat('pdf')).toThrow(
    expect.objectContaining({ code: 'guide-format-unknown', place: { found: 'pdf', expected: 'md, html, json' } }),
  );
});
