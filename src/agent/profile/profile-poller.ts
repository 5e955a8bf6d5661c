import { setTimeout as delay } from 'node:timers/promises';
import { profileWaitSecondsMax } from '#delivery';
import { type AppError, asAppError } from '#error';
import { shipLimits } from '../limits.ts';
import { BackOff } from '../ship/back-off.ts';
import { errorOf, judgeAnswer } from '../ship/judge-answer.ts';
import type { ServerClient } from '../ship/server-client.ts';
import type { ProfileKeeper } from './profile-keeper.ts';

/** What a poll needs. */
export interface ProfilePollOptions {
  readonly client: ServerClient;
  readonly keeper: ProfileKeeper;
  /** Told after each profile that came, applied or not. */
  readonly taken: (applied: boolean) => void;
  readonly failed: (error: AppError) => void;
  readonly signal: AbortSignal;
}

/** Seconds that a server may keep the question open. */
const waitSeconds = 50;
/** Milliseconds until an answer must have begun. */
const answerMs = (profileWaitSecondsMax + 20) * 1000;

/** An answer this quick did not wait for anything, in milliseconds. */
const quickMs = 1000;

/** Asks for news of the profile until the signal ends it: the server answers when there are some. Never throws. */
export async function pollProfiles(options: ProfilePollOptions): Promise<void> {
  const { failed, signal } = options;
  const backOff = new BackOff();
  while (!signal.aborted) {
    let waitMs: number;
    try {
      waitMs = await pollOnce(options, backOff);
    } catch (thrown) {
      if (signal.aborted) return;
      failed(asAppError(thrown));
      waitMs = backOff.next();
    }
    await delay(waitMs, undefined, { signal }).catch(() => {});
  }
}

/** Asks once; gives the milliseconds to wait before the next time. */
async function pollOnce({ client, keeper, taken, failed }: ProfilePollOptions, backOff: BackOff): Promise<number> {
  const path = `/agents/self/profile?revision=${keeper.seen}&waitSeconds=${waitSeconds}`;
  const begun = performance.now();
  const answer = await client.send({ method: 'GET', path, answerMs });
  const verdict = judgeAnswer(answer);
  if (verdict !== 'done') {
    failed(errorOf(answer));
    return verdict === 'refused' ? shipLimits.refusedMs : backOff.next(answer.retryAfterMs);
  }
  if (answer.status === 204) {
    // A server that answers at once must not be asked without end.
    if (performance.now() - begun < quickMs) return backOff.next();
    backOff.reset();
    return 0;
  }
  const seen = keeper.seen;
  taken(await keeper.take(answer.json));
  if (keeper.seen === seen) return backOff.next();
  backOff.reset();
  return 0;
}
