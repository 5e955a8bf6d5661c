import { isAbsolute, normalize } from 'node:path';
import type { AgentSettingType } from './config-table.ts';

/** What each type takes, in words, and whether there may be several values. */
export const expectations: Readonly<Record<AgentSettingType, { readonly expected: string; readonly many: boolean }>> = {
  path: { expected: 'an absolute path', many: false },
  paths: { expected: 'absolute paths of folders', many: true },
  urls: { expected: 'URLs that begin with https://, or with http:// and name this host, without a user', many: true },
  proxy: { expected: 'a URL that begins with http:// and has no user', many: false },
  words: { expected: 'words of letters, digits and . _ : / = - (at most 64 characters)', many: true },
  pins: { expected: 'sha256/ and the 44 characters of a hash in base64', many: true },
  listens: { expected: 'host:port, with a port from 0 to 65535', many: true },
  level: { expected: 'error, warn, info or debug', many: false },
};

const wordForm = /^[A-Za-z0-9][A-Za-z0-9._:/=-]{0,63}$/;
const pinForm = /^sha256\/([A-Za-z0-9+/]{43}=)$/;
const listenForm = /^(\*|\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9.-]{1,253}):(\d{1,5})$/;
const levels: ReadonlySet<unknown> = new Set(['error', 'warn', 'info', 'debug']);
const thisHost = /^(localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** Reads one value of a setting; undefined for what the type does not take. */
export function parseSetting(type: AgentSettingType, value: unknown): string | undefined {
  if (typeof value !== 'string' || value.includes('\0')) return undefined;
  return parsers[type](value);
}

const parsers: Readonly<Record<AgentSettingType, (text: string) => string | undefined>> = {
  path: absolute,
  paths: absolute,
  urls: parseServer,
  proxy: parseProxy,
  words: (text) => (wordForm.test(text) ? text : undefined),
  pins: (text) => pinForm.exec(text)?.[1],
  listens: (text) => (parseListen(text) === undefined ? undefined : text),
  level: (text) => (levels.has(text) ? text : undefined),
};

function absolute(text: string): string | undefined {
  return isAbsolute(text) ? normalize(text) : undefined;
}

function parseServer(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, hostname, username, password, search, hash, href } = new URL(text);
  // A name and a password in a URL end up in logs.
  if (username !== '' || password !== '' || search !== '' || hash !== '') return undefined;
  if (protocol !== 'https:' && !(protocol === 'http:' && thisHost.test(hostname))) return undefined;
  return href.replace(/\/+$/, '');
}

function parseProxy(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, username, password, href } = new URL(text);
  return protocol === 'http:' && username === '' && password === '' ? href : undefined;
}

/** An address to listen at. */
export interface Listen {
  /** A name or an address, without brackets; `*` for any. */
  readonly host: string;
  readonly port: number;
}

/** Reads `host:port`; undefined when it is not that. */
export function parseListen(text: string): Listen | undefined {
  const [, host = '', digits = ''] = listenForm.exec(text) ?? [];
  const port = Number(digits);
  if (host === '' || port > 65_535) return undefined;
  return { host: host.replace(/^\[|\]$/g, ''), port };
}
