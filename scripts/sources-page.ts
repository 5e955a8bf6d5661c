import { loadSources, type Source } from '#source';

/** Writes `docs/sources.md` from the folders in `sources/`. */
export async function sourcesPage(): Promise<string> {
  const sources = await loadSources();
  return `${[
    '# Data sources',
    '',
    'Written by `npm run docs` from the folders in `sources/`; do not edit.',
    '',
    'A data source is one folder; nothing registers it. Each has a mapping guide: which field of its records becomes which',
    'label. `meridian guide SOURCE` prints it, as Markdown, one HTML page, or JSON.',
    '',
    '| source | vendor | product | device type | versions tested | guide |',
    '|---|---|---|---|---|---|',
    ...sources.map(row),
    ...sources.flatMap(formats),
  ].join('\n')}\n`;
}

function row(source: Source): string {
  const tested = source.guide.supportedVersions.filter((one) => one.status === 'tested').map((one) => one.versions);
  const cells = [`\`${source.id}\``, source.vendor, source.product, source.deviceType, tested.join(', ')];
  return `| ${cells.join(' | ')} | [guide](guides/${source.id}.md) |`;
}

function formats(source: Source): string[] {
  return [
    '',
    `## ${source.product}`,
    '',
    ...source.guide.supportedFormats.map((one) => `- **${one.name}**: ${one.about}`),
  ];
}
