import { chmod, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { type AgentStatus, AgentStatusSchema, checkMessage, fileError } from '#delivery';
import { AppError, asAppError } from '#error';
import type { CollectStatus } from '../collect/collecting.ts';
import type { ReadingState } from '../reading/reading.ts';
import { propertyOf } from '../ship/judge-answer.ts';

/** What the agent tells on its own host: what the server gets, and what only the host is concerned with. */
export interface LocalStatus {
  readonly format: 1;
  readonly agentId: string | undefined;
  /** The server spoken with. */
  readonly server: string | undefined;
  readonly pid: number;
  /** When this was written, epoch milliseconds. */
  readonly written: number;
  /** `starting`, `not-enrolled`, `running`, `refused` (by the server), `stopped`. */
  readonly state: LocalState;
  /** Why the server refuses the agent. */
  readonly refusal: { readonly code: string; readonly sentence: string } | undefined;
  readonly reading: ReadingState | undefined;
  readonly profile: { readonly name: string; readonly version: number; readonly revision: number } | undefined;
  readonly collect: CollectStatus | undefined;
  /** Undefined while there is nothing to tell: before the agent is enrolled. */
  readonly status: AgentStatus | undefined;
}

export type LocalState = 'starting' | 'not-enrolled' | 'running' | 'refused' | 'stopped';

const fileMode = 0o640;
/** Bytes of a status file. */
const fileBytesMax = 16 * 1024 * 1024;

/** Replaces the status file as a whole; those of its group may read it. Throws `file-…`. */
export async function writeLocalStatus(path: string, status: LocalStatus): Promise<void> {
  const temporary = `${path}.new`;
  try {
    await rm(temporary, { force: true });
    await writeFile(temporary, `${JSON.stringify(status)}\n`, { mode: fileMode });
    // Whatever the umask of the process says.
    await chmod(temporary, fileMode);
    await rename(temporary, path);
  } catch (thrown) {
    throw fileError(path, thrown);
  }
}

/** Reads a status file. Throws `status-missing`. */
export async function readLocalStatus(path: string): Promise<LocalStatus> {
  let value: unknown;
  try {
    const { size } = await stat(path);
    if (size <= fileBytesMax) value = JSON.parse(await readFile(path, 'utf8'));
  } catch (thrown) {
    const error = thrown instanceof SyntaxError ? asAppError(thrown) : fileError(path, thrown);
    const why =
      error.code === 'file-missing' ? 'There is no status of an agent' : 'The status of the agent cannot be read';
    throw new AppError('status-missing', `${why} in ${path}.`, { place: { file: path }, cause: thrown });
  }
  if (isLocalStatus(value)) return value;
  throw new AppError('status-missing', `${path} is no status of an agent of this version.`, { place: { file: path } });
}

/** What the server gets is checked as the server does; of the rest, what is shown. */
function isLocalStatus(value: unknown): value is LocalStatus {
  if (propertyOf(value, 'format') !== 1) return false;
  const status = propertyOf(value, 'status');
  if (status !== undefined) checkMessage(AgentStatusSchema, status, 'status-missing', 'the status');
  const texts = ['state', 'agentId', 'server', 'reading'].map((name) => propertyOf(value, name));
  const numbers = ['pid', 'written'].map((name) => propertyOf(value, name));
  return (
    texts.every((text) => text === undefined || typeof text === 'string') &&
    numbers.every((number) => typeof number === 'number')
  );
}
