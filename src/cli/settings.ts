import { AppError } from '#error';
import { isZone } from '#event';
import { readSettingsFile } from '#settings-file';
import { type Setting, type SettingName, type SettingType, settingsTable } from './settings-table.ts';

/** Values of all settings, after file, environment and flags. */
export type Settings = {
  readonly [N in SettingName]: ValueOf<(typeof settingsTable)[N]>;
};

type ValueOf<S extends Setting> = S extends { default: unknown } ? Typed<S['type']> : Typed<S['type']> | undefined;
type Typed<T extends SettingType> = T extends 'port' | 'count' | 'days' | 'minutes' | 'hours'
  ? number
  : T extends 'boolean'
    ? boolean
    : string;

/** Where settings come from. */
export interface SettingSources {
  /** `--config`, or the file `MERIDIAN_CONFIG` names. */
  readonly file?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Values of flags, by setting; undefined for those not given. */
  readonly flags: Partial<Readonly<Record<SettingName, string | undefined>>>;
}

/** Joins the sources of settings: flags win over the environment, that over the file, that over defaults. Throws `setting-…`. */
export async function loadSettings({ file, env, flags }: SettingSources): Promise<Settings> {
  const path = file ?? env['MERIDIAN_CONFIG'];
  const fromFile = path === undefined || path === '' ? new Map<SettingName, Found>() : await readFile(path);
  const values: Record<string, string | number | undefined> = {};
  for (const name of settingNames) {
    const found = fromFlag(name, flags) ?? fromEnvironment(name, env) ?? fromFile.get(name);
    values[name] = found === undefined ? defaultOf(name) : parseValue(settingsTable[name].type, found);
  }
  return values as Settings;
}

/** All names, in the order of the table. */
export const settingNames: readonly SettingName[] = Object.keys(settingsTable) as SettingName[];

/** A value as it was found, and where. */
interface Found {
  readonly value: unknown;
  readonly from: string;
}

function defaultOf(name: SettingName): string | number | undefined {
  const setting: Setting = settingsTable[name];
  return setting.default;
}

function fromFlag(name: SettingName, flags: SettingSources['flags']): Found | undefined {
  const value = flags[name];
  const setting: Setting = settingsTable[name];
  return value === undefined ? undefined : { value, from: setting.flag ?? name };
}

function fromEnvironment(name: SettingName, env: SettingSources['env']): Found | undefined {
  for (const variable of settingsTable[name].env) {
    const value = env[variable];
    if (value !== undefined && value !== '') return { value, from: variable };
  }
  return undefined;
}

async function readFile(path: string): Promise<Map<SettingName, Found>> {
  const found = new Map<SettingName, Found>();
  collect(await readSettingsFile(path), '', path, found);
  return found;
}

function collect(value: unknown, prefix: string, path: string, found: Map<SettingName, Found>): void {
  if (prefix === '' && (value === null || value === undefined)) return;
  if (isSettingName(prefix)) {
    found.set(prefix, { value, from: `${prefix} in ${path}` });
    return;
  }
  const isPart = prefix === '' || settingNames.some((name) => name.startsWith(`${prefix}.`));
  if (!isPart) throw unknownSetting(prefix, path);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalid(prefix === '' ? path : `${prefix} in ${path}`, 'names with values below it', value);
  }
  for (const [name, child] of Object.entries(value))
    collect(child, prefix === '' ? name : `${prefix}.${name}`, path, found);
}

function isSettingName(name: string): name is SettingName {
  return Object.hasOwn(settingsTable, name);
}

function unknownSetting(name: string, file: string): AppError {
  return new AppError('setting-unknown', `There is no setting "${name.slice(0, 100)}".`, {
    place: { file, found: name.slice(0, 100) },
    hint: `Settings are: ${settingNames.join(', ')}.`,
  });
}

function invalid(from: string, expected: string, found: unknown): AppError {
  const text = typeof found === 'string' ? found.slice(0, 100) : JSON.stringify(found)?.slice(0, 100);
  return new AppError('setting-invalid', `${from}: expected ${expected}, found ${text ?? 'nothing'}.`, {
    place: { field: from, expected, found: text ?? '' },
  });
}

/** What each type takes, in words, and how it is read; undefined for what it does not take. */
const types: Readonly<
  Record<SettingType, { readonly expected: string; readonly parse: (value: unknown) => string | number | undefined }>
> = {
  text: { expected: 'a text', parse: nonEmpty },
  secret: { expected: 'a text', parse: nonEmpty },
  path: {
    expected: 'a path',
    parse: (value) => (typeof value === 'string' && !value.includes('\0') ? nonEmpty(value) : undefined),
  },
  url: { expected: 'a URL that begins with http:// or https://', parse: parseUrl },
  port: { expected: 'a port from 0 to 65535', parse: (value) => parseCount(value, 65_535) },
  days: { expected: 'a whole number of days', parse: (value) => parseCount(value, 36_500) },
  minutes: { expected: 'minutes from 1 to 10080', parse: (value) => parseCount(value, 10_080, 1) },
  hours: { expected: 'hours from 1 to 720', parse: (value) => parseCount(value, 720, 1) },
  zone: {
    expected: 'an IANA time zone or an offset such as +01:00',
    parse: (value) => (typeof value === 'string' && isZone(value) ? value : undefined),
  },
};

function parseValue(type: SettingType, { value, from }: Found): string | number {
  const { expected, parse } = types[type];
  const parsed = parse(value);
  if (parsed === undefined) throw invalid(from, expected, type === 'secret' ? 'something else' : value);
  return parsed;
}

function nonEmpty(value: unknown): string | undefined {
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && text !== '' ? text : undefined;
}

function parseUrl(value: unknown): string | undefined {
  if (typeof value !== 'string' || !URL.canParse(value)) return undefined;
  const { protocol } = new URL(value);
  return protocol === 'http:' || protocol === 'https:' ? value : undefined;
}

function parseCount(value: unknown, max: number, min = 0): number | undefined {
  const number = typeof value === 'string' && /^[0-9]{1,16}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= min && number <= max
    ? number
    : undefined;
}
