import { type Setting, settingsTable } from '#cli';

const types: Readonly<Record<Setting['type'], string>> = {
  text: 'text',
  path: 'path',
  url: 'URL',
  port: 'port',
  days: 'days',
  zone: 'time zone',
  secret: 'secret text',
};

/** Writes `docs/configuration.md` from the table of settings. */
export function configurationPage(): string {
  const settings: readonly [string, Setting][] = Object.entries(settingsTable);
  const rows = settings.map(([name, { type, env, flag, default: fallback, about }]) => {
    const variables = env.map((variable) => `\`${variable}\``).join(', ');
    const value = fallback === undefined ? '' : `\`${fallback}\``;
    return `| \`${name}\` | ${flag === undefined ? '' : `\`${flag}\``} | ${variables} | ${types[type]} | ${value} | ${about} |`;
  });
  return [
    '# Configuration',
    '',
    'Written by `npm run docs` from `src/cli/settings-table.ts`; do not edit.',
    '',
    'Nothing has to be configured. A setting comes from a flag, else from the environment, else from a YAML file (`--config FILE`',
    'or `MERIDIAN_CONFIG`), else it has its default. In the file the parts of a name are nested; a name that is no setting, and a',
    'value that does not fit, are refused with exit status 2.',
    '',
    '```yaml',
    'data: /var/lib/meridian',
    'zone: Europe/Berlin',
    'listen:',
    '  host: 127.0.0.1',
    '  port: 8420',
    'retention:',
    '  days: 180',
    'enrich:',
    '  folder: /etc/meridian/enrich',
    '```',
    '',
    '| setting | flag | environment | type | default | meaning |',
    '|---|---|---|---|---|---|',
    ...rows,
    '',
    'A flag is taken by the commands whose `--help` shows it.',
    '',
  ].join('\n');
}
