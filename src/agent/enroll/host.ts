import { createHash, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname, networkInterfaces, release } from 'node:os';
import { type AgentHost, messageLimits } from '#delivery';
import type { FileSystem } from '../file-system.ts';
import { CheckedFile } from '../state/checked-file.ts';

/** Tells what the agent knows of its host. */
export function describeHost(machineId: string, version: string, tags: readonly string[]): AgentHost {
  return {
    name: hostname().slice(0, messageLimits.nameLength) || 'localhost',
    machineId,
    os: systemName().slice(0, messageLimits.nameLength),
    kernel: release().slice(0, messageLimits.nameLength),
    arch: process.arch,
    addresses: addresses(),
    version,
    tags: tags.slice(0, messageLimits.tags),
  };
}

/**
 * Gives what tells this host from others. The system's own id must not be known to strangers (machine-id(5)), so it is
 * a hash of that; where there is none, one is made once and kept.
 */
export async function readMachineId(fileSystem: FileSystem, folder: string): Promise<string> {
  for (const path of ['/etc/machine-id', '/var/lib/dbus/machine-id']) {
    const id = readText(path).trim();
    if (/^[0-9a-f]{32}$/.test(id))
      return createHash('sha256').update(`meridian-agent ${id}`).digest('hex').slice(0, 32);
  }
  const file = new CheckedFile(fileSystem, folder, 'machine-id', 'machine-id', 1);
  const loaded = await file.load();
  if (loaded.found === 'text' && /^[0-9a-f-]{36}$/.test(loaded.text)) return loaded.text;
  const made = randomUUID();
  await file.save(made);
  return made;
}

function addresses(): string[] {
  let interfaces: ReturnType<typeof networkInterfaces>;
  try {
    interfaces = networkInterfaces();
  } catch {
    // A sandbox may forbid to ask.
    return [];
  }
  const found = Object.values(interfaces)
    .flatMap((list) => list ?? [])
    .filter(({ internal, scopeid }) => !internal && (scopeid === undefined || scopeid === 0))
    .map(({ address }) => address);
  return [...new Set(found)].slice(0, messageLimits.addresses);
}

/** Name of the system, from os-release(5). */
function systemName(): string {
  const match = /^PRETTY_NAME="?([^"\n]{1,200})"?$/m.exec(readText('/etc/os-release'));
  return match?.[1] ?? process.platform;
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8').slice(0, 65_536);
  } catch {
    return '';
  }
}
