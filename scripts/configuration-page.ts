import { type AgentSetting, agentSettingsTable } from '#agent';
import { type Setting, settingsTable } from '#cli';

const types: Readonly<Record<Setting['type'], string>> = {
  text: 'text',
  path: 'path',
  url: 'URL',
  port: 'port',
  days: 'days',
  minutes: 'minutes',
  hours: 'hours',
  zone: 'time zone',
  secret: 'secret text',
};

const agentTypes: Readonly<Record<AgentSetting['type'], string>> = {
  path: 'path',
  paths: 'paths',
  urls: 'URLs',
  proxy: 'URL',
  words: 'words',
  pins: 'pins',
  listens: 'host:port, many',
  level: 'level',
};

/** The settings of the agent's own file, from its table. */
function agentPart(): string[] {
  const settings: readonly [string, AgentSetting][] = Object.entries(agentSettingsTable);
  const rows = settings.map(([name, { type, env, default: fallback = [], about }]) => {
    const values = typeof fallback === 'string' ? [fallback] : fallback;
    const value = values.map((one) => `\`${one}\``).join(', ');
    return `| \`${name}\` | ${env === undefined ? '' : `\`${env}\``} | ${agentTypes[type]} | ${value} | ${about} |`;
  });
  return [
    '## The agent',
    '',
    'Written from `src/agent/config/config-table.ts`. The agent has a file of its own, `/etc/meridian/agent.yaml` (or `--config FILE`, or',
    "`MERIDIAN_AGENT_CONFIG`): the host's word on what the agent may do. What it reads, a profile of the server says, and no profile reaches",
    'beyond this file. See [the agent](agent.md).',
    '',
    '```yaml',
    'servers: [https://meridian.example.com]',
    'allowedPaths: [/var/log/dirsrv/]',
    'tags: [production]',
    'collect:',
    "  listen: ['*:5514']",
    '```',
    '',
    '| setting | environment | type | default | meaning |',
    '|---|---|---|---|---|',
    ...rows,
    '',
  ];
}

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
    ...agentPart(),
  ].join('\n');
}
