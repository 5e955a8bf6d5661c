import { join } from 'node:path';
import { AppError } from '#error';
import { readSettingsFile } from '#settings-file';
import { type AgentSetting, type AgentSettingName, agentSettingsTable } from './config-table.ts';
import { expectations, parseSetting } from './parse-setting.ts';

/** What the host says about its agent. */
export interface AgentConfig {
  /** Base URLs without a slash at the end, in the order of preference; at least one unless only the status is asked for. */
  readonly servers: readonly string[];
  readonly stateFolder: string;
  readonly statusFile: string;
  /** Absolute, each with a slash at its end. */
  readonly allowedPaths: readonly string[];
  readonly tags: readonly string[];
  readonly ca: string | undefined;
  /** SHA-256 of a public key (SPKI), base64. */
  readonly pins: readonly string[];
  readonly proxy: string | undefined;
  readonly collect: CollectConfig;
  readonly logLevel: string;
}

/** What the host says about receiving from others. */
export interface CollectConfig {
  /** `host:port`; a host of `*` is any. */
  readonly listen: readonly string[];
  readonly certificate: string | undefined;
  readonly key: string | undefined;
  readonly clients: string | undefined;
}

/** Where the file lies unless told otherwise; it need not exist. */
export const configFileDefault = '/etc/meridian/agent.yaml';

/** Where a configuration comes from. */
export interface ConfigSources {
  /** `--config`; it must exist. */
  readonly file?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Reads the agent's configuration: the environment wins over the file, that over the defaults. Throws `setting-…`, `file-…`. */
export async function loadAgentConfig({ file, env }: ConfigSources): Promise<AgentConfig> {
  const named = file ?? (env['MERIDIAN_AGENT_CONFIG'] || undefined);
  const path = named ?? configFileDefault;
  const values = new Map<AgentSettingName, readonly string[]>();
  collect(await contentOf(path, named !== undefined), '', path, values);
  for (const name of settingNames) {
    const { env: variable }: AgentSetting = agentSettingsTable[name];
    const text = variable === undefined ? undefined : env[variable];
    if (text !== undefined && text !== '') values.set(name, parse(name, text.split(','), variable ?? name));
  }
  return configOf(values);
}

const settingNames = Object.keys(agentSettingsTable) as readonly AgentSettingName[];

async function contentOf(path: string, mustExist: boolean): Promise<unknown> {
  try {
    return await readSettingsFile(path);
  } catch (thrown) {
    if (!mustExist && thrown instanceof AppError && thrown.code === 'file-missing') return undefined;
    throw thrown;
  }
}

function collect(value: unknown, prefix: string, path: string, values: Map<AgentSettingName, readonly string[]>): void {
  if (prefix === '' && (value === null || value === undefined)) return;
  if (isSettingName(prefix)) {
    values.set(prefix, parse(prefix, Array.isArray(value) ? value : [value], `${prefix} in ${path}`));
    return;
  }
  const isPart = prefix === '' || settingNames.some((name) => name.startsWith(`${prefix}.`));
  if (!isPart) throw unknownSetting(prefix, path);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalid(prefix === '' ? path : `${prefix} in ${path}`, 'names with values below it', value);
  }
  for (const [name, child] of Object.entries(value))
    collect(child, prefix === '' ? name : `${prefix}.${name}`, path, values);
}

function isSettingName(name: string): name is AgentSettingName {
  return Object.hasOwn(agentSettingsTable, name);
}

/** Most values of one setting. */
const valuesMax = 100;

function parse(name: AgentSettingName, found: readonly unknown[], from: string): readonly string[] {
  const { type }: AgentSetting = agentSettingsTable[name];
  const { expected, many } = expectations[type];
  if (found.length > (many ? valuesMax : 1))
    throw invalid(from, many ? `at most ${valuesMax} values` : expected, found);
  return found.map((value) => {
    const parsed = parseSetting(type, typeof value === 'string' ? value.trim() : value);
    if (parsed === undefined) throw invalid(from, expected, value);
    return parsed;
  });
}

function configOf(values: ReadonlyMap<AgentSettingName, readonly string[]>): AgentConfig {
  const many = (name: AgentSettingName): readonly string[] => {
    const { default: fallback = [] }: AgentSetting = agentSettingsTable[name];
    return values.get(name) ?? (typeof fallback === 'string' ? [fallback] : fallback);
  };
  const one = (name: AgentSettingName): string | undefined => many(name)[0];
  const stateFolder = one('stateFolder') ?? '';
  return {
    servers: many('servers'),
    stateFolder,
    statusFile: one('statusFile') ?? join(stateFolder, 'status.json'),
    allowedPaths: many('allowedPaths').map((path) => (path.endsWith('/') ? path : `${path}/`)),
    tags: many('tags'),
    ca: one('ca'),
    pins: many('pins'),
    proxy: one('proxy'),
    collect: {
      listen: many('collect.listen'),
      certificate: one('collect.certificate'),
      key: one('collect.key'),
      clients: one('collect.clients'),
    },
    logLevel: one('log.level') ?? 'info',
  };
}

function unknownSetting(name: string, file: string): AppError {
  return new AppError('setting-unknown', `There is no setting "${name.slice(0, 100)}" of the agent.`, {
    place: { file, found: name.slice(0, 100) },
    hint: `Settings of the agent are: ${settingNames.join(', ')}.`,
  });
}

function invalid(from: string, expected: string, found: unknown): AppError {
  const text = typeof found === 'string' ? found.slice(0, 100) : JSON.stringify(found)?.slice(0, 100);
  return new AppError('setting-invalid', `${from}: expected ${expected}, found ${text ?? 'nothing'}.`, {
    place: { field: from, expected, found: text ?? '' },
  });
}
