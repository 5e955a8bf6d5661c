import { openProfile, type ProfilePayload } from '#delivery';
import { AppError, asAppError } from '#error';
import type { AgentIdentity } from '../enroll/identity.ts';
import type { FileSystem } from '../file-system.ts';
import { propertyOf } from '../ship/judge-answer.ts';
import { CheckedFile } from '../state/checked-file.ts';

/** A profile that was not applied, and why. */
export interface RefusedProfile {
  readonly revision: number;
  readonly error: AppError;
}

/** What a {@link ProfileKeeper} needs. */
export interface ProfileKeeperOptions {
  readonly fileSystem: FileSystem;
  readonly folder: string;
  readonly identity: () => AgentIdentity;
  /** Applies a profile as a whole, or throws and applies nothing. */
  readonly apply: (payload: ProfilePayload) => Promise<void>;
}

/**
 * Takes profiles from outside: verifies who signed them, for whom, and that they are not older than what was seen;
 * applies them; and keeps the last good one, signed as it came, for a start without a server.
 */
export class ProfileKeeper {
  readonly #options: ProfileKeeperOptions;
  readonly #file: CheckedFile;
  #applied: ProfilePayload | undefined;
  #refused: RefusedProfile | undefined;
  /** Highest revision seen, applied or not. */
  #seen = 0;

  constructor(options: ProfileKeeperOptions) {
    this.#options = options;
    this.#file = new CheckedFile(options.fileSystem, options.folder, 'profile', 'profile', 1);
  }

  /** What is applied now. */
  get applied(): ProfilePayload | undefined {
    return this.#applied;
  }

  /** The newest profile that was refused since something was applied. */
  get refused(): RefusedProfile | undefined {
    return this.#refused;
  }

  /** Revision to ask for news of. */
  get seen(): number {
    return this.#seen;
  }

  /** Applies what was kept on disk, verified anew. A kept profile that cannot be used is as good as none; gives why. */
  async restore(): Promise<AppError | undefined> {
    const loaded = await this.#file.load();
    if (loaded.found === 'nothing') return undefined;
    if (loaded.found !== 'text') return new AppError('profile-malformed', 'The kept profile is damaged.');
    try {
      const envelope: unknown = JSON.parse(loaded.text);
      const payload = this.#open(envelope, 1);
      this.#seen = payload.revision;
      await this.#options.apply(payload);
      this.#applied = payload;
      return undefined;
    } catch (thrown) {
      return asAppError(thrown);
    }
  }

  /** Takes a signed profile. Gives whether it was applied; if not, {@link refused} says why. Never throws. */
  async take(envelope: unknown): Promise<boolean> {
    try {
      const payload = this.#open(envelope, this.#seen + 1);
      this.#seen = payload.revision;
      // Kept only when it could be applied: a start goes on with the last good one.
      await this.#options.apply(payload);
      await this.#file.save(JSON.stringify(envelope));
      this.#applied = payload;
      this.#refused = undefined;
      return true;
    } catch (thrown) {
      const error = asAppError(thrown);
      const revision = revisionOf(envelope) ?? this.#seen;
      // Signed and meant for this agent, but nothing that can be read: asking again would bring the same.
      if (error.code === 'profile-invalid') this.#seen = Math.max(this.#seen, revision);
      this.#refused = { revision, error };
      return false;
    }
  }

  #open(envelope: unknown, revisionMin: number): ProfilePayload {
    const { serverId, serverKey, agentId } = this.#options.identity();
    return openProfile(envelope, { serverId, serverKey, agentId, revisionMin });
  }
}

/** The revision an envelope claims to hold; for a report only, nobody has signed it. */
function revisionOf(envelope: unknown): number | undefined {
  const payload = propertyOf(envelope, 'payload');
  if (typeof payload !== 'string') return undefined;
  try {
    const said: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    const revision = propertyOf(said, 'revision');
    return typeof revision === 'number' && Number.isSafeInteger(revision) && revision >= 0 ? revision : undefined;
  } catch {
    return undefined;
  }
}
