import { type FieldGroup, fieldGroups, fields, type Label, labels } from '#event';

const titles: Readonly<Record<FieldGroup, string>> = {
  guide: 'Guide: the labels of the public mapping guide',
  extended: 'Extended: what the log says beyond the guide',
  category: 'Category: what kind of thing happened',
  context: 'Context: what is known from elsewhere',
  system: 'System: the record itself',
};

/** Writes `docs/fields.md` from the field dictionary. */
export function fieldsPage(): string {
  const lines = [
    '# Fields',
    '',
    'Written by `npm run docs` from the field dictionary, `src/event/fields.ts`; do not edit.',
    '',
    `${labels.length} labels in ${fieldGroups.length} groups. An event has a label, or does not have it; it is never empty and never guessed.`,
    'Ask for a label in QQL by its name: `sourceIpv4: 192.0.2.7`.',
  ];
  for (const group of fieldGroups) {
    lines.push('', `## ${titles[group]}`, '', '| label | type | meaning | example |', '|---|---|---|---|');
    lines.push(...labels.filter((label) => fields[label].group === group).map(row));
  }
  return `${lines.join('\n')}\n`;
}

function row(label: Label): string {
  const field: { type: string; many?: true; about: string; sample?: string } = fields[label];
  const sample = field.sample === undefined ? '' : `\`${cell(field.sample)}\``;
  return `| \`${label}\` | ${field.type}${field.many ? ', several' : ''} | ${cell(field.about)} | ${sample} |`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
