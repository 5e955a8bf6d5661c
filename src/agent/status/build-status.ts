import { type AgentFile, type AgentHost, type AgentStatus, messageLimits } from '#delivery';
import type { CollectStatus } from '../collect/collecting.ts';
import type { ProfileKeeper } from '../profile/profile-keeper.ts';
import type { ErrorCount, FileStatus, ReadingState, ReadingStatus } from '../reading/reading.ts';
import type { ShippedCounts } from '../ship/shipper.ts';
import type { Happenings } from './happenings.ts';

/** What a status is made from. */
export interface StatusParts {
  readonly version: string;
  readonly instance: string;
  readonly host: AgentHost;
  readonly startedAt: number;
  readonly now: number;
  readonly clockOffsetMs: number | undefined;
  readonly keeper: ProfileKeeper;
  readonly reading: ReadingStatus;
  readonly collect: CollectStatus;
  readonly shipped: ShippedCounts;
  readonly errors: readonly ErrorCount[];
  readonly happenings: Happenings;
}

/** Makes the document that the server gets with a heartbeat: never more than it takes, and what is left out is counted. */
export function buildStatus(parts: StatusParts): AgentStatus {
  const { reading, collect, keeper, shipped, clockOffsetMs } = parts;
  const files = [
    ...reading.files.map((file) => fileOf(file, reading.state)),
    ...collect.senders.map(
      (sender): AgentFile => ({
        place: sender.place.slice(0, messageLimits.pathLength),
        source: sender.source,
        log: sender.log,
        stream: sender.stream,
        size: sender.size,
        position: sender.position,
        lagBytes: sender.size - sender.position,
        lagSeconds: 0,
        state: 'reading',
      }),
    ),
  ];
  const { refused } = keeper;
  return {
    version: parts.version,
    instance: parts.instance,
    host: parts.host,
    startedAt: whole(parts.startedAt),
    time: whole(parts.now),
    ...(clockOffsetMs === undefined ? {} : { clockOffsetMs }),
    profile: {
      applied: keeper.applied?.revision ?? 0,
      ...(refused === undefined
        ? {}
        : {
            refused: {
              revision: refused.revision,
              code: refused.error.code,
              sentence: refused.error.message.slice(0, messageLimits.sentenceLength),
            },
          }),
    },
    files: files.slice(0, messageLimits.files),
    filesMore: Math.max(0, files.length - messageLimits.files),
    sessionsOpen: reading.sessionsOpen + collect.sessionsOpen,
    spool: {
      bytes: whole(reading.spool.bytes),
      batches: reading.spool.batches,
      oldestSeconds: Math.max(0, reading.spool.oldestSeconds),
      full: reading.spool.full,
    },
    shipped: {
      batches: shipped.batches,
      records: shipped.records,
      lines: shipped.lines,
      bytes: shipped.bytes,
      deadLetters: shipped.deadLetters,
    },
    ...(reading.lastEventTime === undefined ? {} : { lastEventTime: whole(reading.lastEventTime) }),
    errors: [...reading.errors, ...parts.errors].slice(-messageLimits.errors).map(errorOf),
    events: parts.happenings.next,
  };
}

/** States in which nothing is read of any file. */
const paused: ReadonlySet<ReadingState> = new Set(['blackout', 'spool-full', 'spool-old', 'no-profile', 'disk-failed']);

function fileOf(file: FileStatus, state: ReadingState): AgentFile {
  const { place, source = '', log = '', stream, generation, code } = file;
  return {
    place: place.slice(0, messageLimits.pathLength),
    source,
    log,
    ...(stream === undefined ? {} : { stream }),
    ...(generation === undefined ? {} : { generation }),
    size: whole(file.size),
    position: whole(file.position),
    lagBytes: whole(file.lagBytes),
    lagSeconds: Math.max(0, file.lagSeconds),
    state: stateOf(file, state),
    ...(code === undefined ? {} : { code }),
  };
}

function stateOf({ state, code }: FileStatus, reading: ReadingState): AgentFile['state'] {
  if (state === 'failed') return code?.startsWith('path-') === true ? 'refused' : 'unreadable';
  if (state === 'done') return 'complete';
  if (paused.has(reading)) return 'paused';
  return state === 'reading' ? 'reading' : 'waiting';
}

function errorOf({ code, sentence, count, last }: ErrorCount): ErrorCount {
  return { code, sentence: sentence.slice(0, messageLimits.sentenceLength), count, last: whole(last) };
}

function whole(number: number): number {
  return Math.max(0, Math.trunc(number));
}
