import type { GuideDocument, GuideRow } from './guide-document.ts';

/** Prints a guide as Markdown. */
export function guideMarkdown(guide: GuideDocument): string {
  const { device } = guide;
  return [
    `# ${text(guide.title)}`,
    '## About this guide',
    ...guide.about.map(text),
    '## Overview',
    ...guide.overview.map(text),
    '## Device details',
    table(
      ['', ''],
      [
        ['Device type', code(device.deviceType)],
        ['Device vendor', code(device.deviceVendor)],
        ['Device product', code(device.deviceProduct)],
      ],
    ),
    'Supported versions:',
    table(
      ['Versions', 'State', 'What that means'],
      device.supportedVersions.map((one) => [text(one.versions), one.status, text(one.about)]),
    ),
    '## Supported formats',
    guide.supportedFormats.map((one) => `- **${text(one.name)}**: ${text(one.about)}`).join('\n'),
    '## Data field mappings',
    ...guide.mappingNotes.map(text),
    mappings(guide.dataFieldMappings, false),
    '## Extended labels',
    'Labels of our own, in a group of their own. They are not part of the public guide.',
    mappings(guide.extendedMappings, true),
    ...(guide.categories.length === 0
      ? []
      : [
          '## Categories',
          table(
            ['Category', 'What it holds', 'Types'],
            guide.categories.map((one) => [code(one.category), text(one.about), one.types.map(code).join(', ')]),
          ),
        ]),
    '## Known gaps',
    guide.gaps.map((gap) => `- ${text(gap)}`).join('\n'),
    `Mapping version ${code(guide.mappingVersion)}.`,
  ]
    .join('\n\n')
    .concat('\n');
}

function mappings(rows: readonly GuideRow[], since: boolean): string {
  const heads = ['Data source field', 'QQL label', 'Sample value', 'Description', ...(since ? ['Since'] : [])];
  return table(
    heads,
    rows.map((row) => [
      code(row.sourceField),
      code(row.label),
      code(row.sample),
      text(row.description),
      ...(since ? [text(row.since)] : []),
    ]),
  );
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(heads), `|${heads.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}

/** Text that is no markup: the characters Markdown and HTML would act on are escaped. */
function text(value: string): string {
  return value
    .replace(/[\\`*_[\]|]/g, '\\$&')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/\r?\n/g, ' ');
}

/** A code span; a value with backticks gets a longer fence. In a table a `|` is escaped even there. */
function code(value: string): string {
  if (value === '') return '';
  const longest = Math.max(0, ...(value.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  const inner = longest === 0 ? value : ` ${value} `;
  return `${fence}${inner.replaceAll('|', '\\|').replace(/\r?\n/g, ' ')}${fence}`;
}
