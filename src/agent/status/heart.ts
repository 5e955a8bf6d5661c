import { setTimeout as delay } from 'node:timers/promises';
import { type AgentStatus, type HeartbeatAnswer, heartbeatSeconds, parseHeartbeatAnswer } from '#delivery';
import { type AppError, asAppError } from '#error';
import { shipLimits } from '../limits.ts';
import { errorOf, judgeAnswer } from '../ship/judge-answer.ts';
import type { ServerClient } from '../ship/server-client.ts';
import type { Happenings } from './happenings.ts';

/** What heartbeats need. */
export interface HeartOptions {
  readonly client: ServerClient;
  readonly happenings: Happenings;
  /** Makes the document of one heartbeat. */
  readonly status: () => AgentStatus;
  /** Told after each heartbeat the server has taken. */
  readonly taken: (answer: HeartbeatAnswer) => Promise<void> | void;
  /** Told when the server refuses the agent itself. */
  readonly refused: (error: AppError) => void;
  readonly failed: (error: AppError) => void;
  readonly signal: AbortSignal;
}

/** Milliseconds until the answer to a heartbeat begins. */
const answerMs = 20_000;

/** Sends one heartbeat; gives whether the server took it. Throws `server-…`. */
export async function beatOnce(options: HeartOptions): Promise<'taken' | 'refused' | 'failed'> {
  const { client, happenings, status, taken, refused, failed } = options;
  const answer = await client.ask('/agents/self/heartbeat', status(), answerMs);
  const verdict = judgeAnswer(answer);
  if (verdict === 'refused') {
    refused(errorOf(answer));
    return 'refused';
  }
  if (verdict !== 'done') {
    failed(errorOf(answer));
    return 'failed';
  }
  const said = parseHeartbeatAnswer(answer.json);
  client.clockOffsetMs = said.clockOffsetMs;
  happenings.confirm(said.eventsUpTo);
  await taken(said);
  return 'taken';
}

/** Sends heartbeats until the signal ends it: seldom, while the server refuses the agent. Never throws. */
export async function beat(options: HeartOptions): Promise<void> {
  const { failed, signal } = options;
  while (!signal.aborted) {
    let outcome: Awaited<ReturnType<typeof beatOnce>> = 'failed';
    try {
      outcome = await beatOnce(options);
    } catch (thrown) {
      if (signal.aborted) return;
      failed(asAppError(thrown));
    }
    const waitMs = outcome === 'refused' ? shipLimits.refusedMs : heartbeatSeconds * 1000;
    await delay(waitMs, undefined, { signal }).catch(() => {});
  }
}
