import { AppError } from '#error';
import { guideDocument } from './guide-document.ts';
import { guideHtml } from './guide-html.ts';
import { guideMarkdown } from './guide-markdown.ts';
import type { Source } from './source.ts';

/** The forms a mapping guide can be had in. */
export const guideFormats = ['md', 'html', 'json'] as const;
export type GuideFormat = (typeof guideFormats)[number];

/** Finds a form by name, ignoring case. Throws `guide-format-unknown`. */
export function guideFormat(name: string): GuideFormat {
  const format = guideFormats.find((one) => one === name.toLowerCase());
  if (format !== undefined) return format;
  throw new AppError('guide-format-unknown', `There is no guide as "${name}".`, {
    place: { found: name, expected: guideFormats.join(', ') },
  });
}

/** Prints the mapping guide of a source: Markdown, one HTML page, or JSON. */
export function renderGuide(source: Source, format: GuideFormat): string {
  const document = guideDocument(source);
  if (format === 'json') return `${JSON.stringify(document, null, 2)}\n`;
  return format === 'html' ? guideHtml(document) : guideMarkdown(document);
}
