import { chownSync, statSync } from 'node:fs';
import { isPublicKey, readSigningKey, type SigningKey, writeSigningKey } from '#delivery';
import { AppError } from '#error';
import type { FileSystem } from '../file-system.ts';
import { CheckedFile } from '../state/checked-file.ts';

/** Who the agent is, to whom. */
export interface AgentIdentity {
  readonly agentId: string;
  readonly serverId: string;
  /** Public key of the server's signature under profiles. */
  readonly serverKey: string;
  /** Servers that were named at the enrollment; the configuration may name others. */
  readonly servers: readonly string[];
  readonly key: SigningKey;
  /** When the key was made, epoch milliseconds. */
  readonly keyMade: number;
  /** A key that was offered to the server, and not confirmed yet. */
  readonly nextKey: SigningKey | undefined;
  /** When the agent was enrolled, epoch milliseconds. */
  readonly enrolledAt: number;
}

const fileName = 'identity';
const version = 1;
const othersMask = 0o077;

/** Keeps the identity on disk: one file that only its owner may read, replaced as a whole. The key never leaves it. */
export class IdentityFile {
  readonly #file: CheckedFile;
  readonly #fileSystem: FileSystem;
  readonly #folder: string;

  constructor(fileSystem: FileSystem, folder: string) {
    this.#fileSystem = fileSystem;
    this.#folder = folder;
    this.#file = new CheckedFile(fileSystem, folder, fileName, 'identity', version);
  }

  get path(): string {
    return this.#file.path;
  }

  /** Gives the identity; undefined when the agent has none. Throws `agent-identity-damaged`, also when others may read it. */
  async load(): Promise<AgentIdentity | undefined> {
    if ((await this.#fileSystem.facts(this.path)) === undefined) return undefined;
    if ((statSync(this.path).mode & othersMask) !== 0) {
      throw this.#damaged('It may be read by others than its owner.');
    }
    const loaded = await this.#file.load();
    const identity = loaded.found === 'text' ? parseIdentity(loaded.text) : undefined;
    if (identity === undefined) throw this.#damaged('It cannot be read.');
    return identity;
  }

  /** Replaces the identity; resolves when it lies on the disk. It belongs to whom the folder belongs to. */
  async save(identity: AgentIdentity): Promise<void> {
    await this.#fileSystem.makeFolder(this.#folder);
    const { key, nextKey, ...rest } = identity;
    const text = JSON.stringify({
      ...rest,
      key: writeSigningKey(key),
      nextKey: nextKey === undefined ? null : writeSigningKey(nextKey),
    });
    await this.#file.save(text);
    giveToOwner(this.#folder, this.path);
  }

  #damaged(why: string): AppError {
    return new AppError('agent-identity-damaged', `The agent's identity cannot be used. ${why}`, {
      place: { file: this.path },
    });
  }
}

/** Gives a file that root has made to the owner of its folder: the service runs as that user. */
export function giveToOwner(folder: string, path: string): void {
  if (process.geteuid?.() !== 0) return;
  const { uid, gid } = statSync(folder);
  if (uid !== 0) chownSync(path, uid, gid);
}

function parseIdentity(text: string): AgentIdentity | undefined {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null) return undefined;
  const { agentId, serverId, serverKey, servers, key, keyMade, nextKey, enrolledAt } = value as Readonly<
    Record<string, unknown>
  >;
  if (typeof agentId !== 'string' || typeof serverId !== 'string') return undefined;
  if (typeof serverKey !== 'string' || !isPublicKey(serverKey) || typeof key !== 'string') return undefined;
  if (typeof keyMade !== 'number' || typeof enrolledAt !== 'number' || !isTexts(servers)) return undefined;
  return {
    agentId,
    serverId,
    serverKey,
    servers,
    key: readSigningKey(key),
    keyMade,
    nextKey: typeof nextKey === 'string' ? readSigningKey(nextKey) : undefined,
    enrolledAt,
  };
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}
