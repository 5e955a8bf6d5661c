import type { GuideDocument, GuideRow } from './guide-document.ts';

const style = `
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
h1 { line-height: 1.2; } h2 { margin-top: 2.5rem; }
table { border-collapse: collapse; width: 100%; } th, td { border: 1px solid #8886; padding: .4rem .6rem; text-align: left; vertical-align: top; }
thead { display: table-header-group; } tr { break-inside: avoid; } code { font: .9em ui-monospace, monospace; overflow-wrap: anywhere; }
@media print { body { max-width: none; margin: 0; font-size: 10pt; } h2 { break-after: avoid; } @page { margin: 18mm; } }
`.trim();

/** Prints a guide as one HTML page: nothing is loaded from elsewhere, nothing runs, and it prints well. */
export function guideHtml(guide: GuideDocument): string {
  const { device } = guide;
  const body = [
    `<h1>${escapeHtml(guide.title)}</h1>`,
    chapter('about', 'About this guide', paragraphs(guide.about)),
    chapter('overview', 'Overview', paragraphs(guide.overview)),
    chapter('device-details', 'Device details', [
      table(
        ['Detail', 'Value'],
        [
          ['Device type', code(device.deviceType)],
          ['Device vendor', code(device.deviceVendor)],
          ['Device product', code(device.deviceProduct)],
        ],
      ),
      '<h3>Supported versions</h3>',
      table(
        ['Versions', 'State', 'What that means'],
        device.supportedVersions.map((one) => [
          escapeHtml(one.versions),
          escapeHtml(one.status),
          escapeHtml(one.about),
        ]),
      ),
    ]),
    chapter('supported-formats', 'Supported formats', [
      `<ul>${guide.supportedFormats.map((one) => `<li><strong>${escapeHtml(one.name)}</strong>: ${escapeHtml(one.about)}</li>`).join('')}</ul>`,
    ]),
    chapter('data-field-mappings', 'Data field mappings', [
      ...paragraphs(guide.mappingNotes),
      mappings(guide.dataFieldMappings, false),
    ]),
    chapter('extended-labels', 'Extended labels', [
      '<p>Labels of our own, in a group of their own. They are not part of the public guide.</p>',
      mappings(guide.extendedMappings, true),
    ]),
    ...(guide.categories.length === 0
      ? []
      : [
          chapter('categories', 'Categories', [
            table(
              ['Category', 'What it holds', 'Types'],
              guide.categories.map((one) => [
                code(one.category),
                escapeHtml(one.about),
                one.types.map(code).join(', '),
              ]),
            ),
          ]),
        ]),
    chapter('known-gaps', 'Known gaps', [
      `<ul>${guide.gaps.map((gap) => `<li>${escapeHtml(gap)}</li>`).join('')}</ul>`,
    ]),
    `<p>Mapping version ${code(guide.mappingVersion)}.</p>`,
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(guide.title)}</title>
<style>
${style}
</style>
</head>
<body>
${body.join('\n')}
</body>
</html>
`;
}

function chapter(id: string, title: string, content: readonly string[]): string {
  return `<section id="${id}">\n<h2>${title}</h2>\n${content.join('\n')}\n</section>`;
}

function paragraphs(texts: readonly string[]): string[] {
  return texts.map((one) => `<p>${escapeHtml(one)}</p>`);
}

function mappings(rows: readonly GuideRow[], since: boolean): string {
  const heads = ['Data source field', 'QQL label', 'Sample value', 'Description', ...(since ? ['Since'] : [])];
  return table(
    heads,
    rows.map((row) => [
      code(row.sourceField),
      code(row.label),
      code(row.sample),
      escapeHtml(row.description),
      ...(since ? [escapeHtml(row.since)] : []),
    ]),
  );
}

/** A table of cells that are HTML already. */
function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const head = heads.map((one) => `<th scope="col">${one}</th>`).join('');
  const lines = rows.map((cells) => `<tr>${cells.map((one) => `<td>${one}</td>`).join('')}</tr>`);
  return `<table>\n<thead><tr>${head}</tr></thead>\n<tbody>\n${lines.join('\n')}\n</tbody>\n</table>`;
}

function code(value: string): string {
  return value === '' ? '' : `<code>${escapeHtml(value)}</code>`;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(value: string): string {
  return value.replace(/[&<>"']/g, (character) => entities[character] ?? '');
}
