import { makeSigningKey, type SigningKey } from '#delivery';
import type { FileSystem } from '../file-system.ts';
import { shipLimits } from '../limits.ts';
import type { ServerClient } from '../ship/server-client.ts';
import type { AgentIdentity, IdentityFile } from './identity.ts';
import { offerKey } from './rotate-key.ts';

/** File in the state folder that asks the running agent for a new key. */
export const newKeyFile = 'new-key';

const dayMs = 86_400_000;
/** What a server says to a key it does not take any more. */
const oldKeyRefused: ReadonlySet<string> = new Set(['agent-not-enrolled', 'signature-wrong']);

/** Holds the agent's identity while it runs, and gives it a new key in time. */
export class IdentityKeeper {
  #identity: AgentIdentity;
  readonly #file: IdentityFile;
  readonly #fileSystem: FileSystem;
  readonly #folder: string;

  constructor(identity: AgentIdentity, file: IdentityFile, fileSystem: FileSystem, folder: string) {
    this.#identity = identity;
    this.#file = file;
    this.#fileSystem = fileSystem;
    this.#folder = folder;
  }

  get identity(): AgentIdentity {
    return this.#identity;
  }

  /** Makes a new key when the old one is old enough, when somebody asked for it, or when the last change was broken off. Throws what the server says. */
  async renewKey(client: ServerClient, now: number): Promise<boolean> {
    const { keyMade, nextKey } = this.#identity;
    const asked = `${this.#folder}/${newKeyFile}`;
    const isAsked = (await this.#fileSystem.facts(asked)) !== undefined;
    // A clock that went back must not hold it up for ever.
    const isOld = now - keyMade > shipLimits.keyDays * dayMs || keyMade - now > dayMs;
    if (!isAsked && !isOld && nextKey === undefined) return false;
    const next = nextKey ?? makeSigningKey();
    if (nextKey === undefined) {
      // It lies on the disk before the server hears of it: no end of the process can leave the server with a key the
      // agent does not have.
      const offering = { ...this.#identity, nextKey: next };
      await this.#file.save(offering);
      this.#identity = offering;
    }
    await offerKey(this.#identity.agentId, next, client);
    await this.#confirm(next, now);
    if (isAsked) await this.#fileSystem.remove(asked);
    return true;
  }

  /**
   * The server does not take the key: perhaps it took the next one, and the answer was lost. Tries that one; gives
   * whether the server takes it.
   */
  async tryNextKey(code: string, works: () => Promise<boolean>, now: number): Promise<boolean> {
    const before = this.#identity;
    const next = before.nextKey;
    if (next === undefined || !oldKeyRefused.has(code)) return false;
    this.#identity = { ...before, key: next, keyMade: now, nextKey: undefined };
    let isTaken = false;
    try {
      isTaken = await works();
    } finally {
      if (!isTaken) this.#identity = before;
    }
    if (isTaken) await this.#confirm(next, now);
    return isTaken;
  }

  /** The server takes the new key: it is the key from now on. */
  async #confirm(key: SigningKey, now: number): Promise<void> {
    this.#identity = { ...this.#identity, key, keyMade: now, nextKey: undefined };
    await this.#file.save(this.#identity);
  }
}
