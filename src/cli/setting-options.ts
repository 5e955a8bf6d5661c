import { Option } from 'commander';
import type { SettingSources } from './settings.ts';
import { type Setting, type SettingName, settingsTable } from './settings-table.ts';

/** Makes the option of a setting that has a flag; `value` names what stands behind it. */
export function settingOption(name: SettingName, value: string): Option {
  const setting: Setting = settingsTable[name];
  const fallback = setting.default === undefined ? '' : ` Default ${setting.default}.`;
  const variables = setting.env.map((variable) => `$${variable}`).join(' or ');
  return new Option(`${setting.flag ?? `--${name}`} <${value}>`, `${setting.about}${fallback} (${variables})`);
}

/** Options as commander gives them. */
export type OptionValues = Readonly<Record<string, unknown>>;

/** The flags of settings among a command's options. */
export function settingFlags(options: OptionValues): SettingSources['flags'] {
  const flags: Partial<Record<SettingName, string>> = {};
  for (const [name, setting] of Object.entries(settingsTable) as [SettingName, Setting][]) {
    const value = setting.flag === undefined ? undefined : options[setting.flag.slice(2)];
    if (typeof value === 'string') flags[name] = value;
  }
  return flags;
}

export function configOption(): Option {
  return new Option('--config <file>', 'Settings file, YAML. ($MERIDIAN_CONFIG)');
}

/** Text of an option, or undefined. */
export function textOption(options: OptionValues, name: string): string | undefined {
  const value = options[name];
  return typeof value === 'string' ? value : undefined;
}
