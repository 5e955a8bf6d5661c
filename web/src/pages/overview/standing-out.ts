import { showValue } from '../../api/event-value.ts';
import { type Asked, type Group, groupEvents } from '../../api/events.ts';
import { countOf } from '../../parts/format.ts';
import { include } from '../../query/refine.ts';

/** Something worth a look, when there is any of it. */
interface Watch {
  readonly id: string;
  readonly query: string;
  /** Label its events are counted by. */
  readonly by: string;
  /** Outcome or severity whose colour and mark it has. */
  readonly tone: 'failure' | 'denied' | 'partial';
  /** "103 failed binds" */
  readonly what: (count: number) => string;
  /** "from 14 addresses" */
  readonly spread: (distinct: number) => string;
  /** Before the most frequent value: "most from". */
  readonly most: string;
}

/** A finding: what, how much, since when. */
export interface Finding extends Watch {
  readonly count: number;
  /** Different values; `undefined` when there are more than are counted. */
  readonly distinct: number;
  readonly isMore: boolean;
  readonly top: unknown;
  readonly topCount: number;
  readonly last: number;
}

const groupsMax = 500;

/** What is looked for, whoever the viewer is. */
export const watches: readonly Watch[] = [
  {
    id: 'forged',
    query: 'tags: suspect-forged',
    by: 'sourceIp',
    tone: 'denied',
    what: (count) => countOf(count, 'log line looks forged by a client', 'log lines look forged by clients'),
    spread: (distinct) => `from ${countOf(distinct, 'address', 'addresses')}`,
    most: 'most from',
  },
  {
    id: 'failed-binds',
    query: 'eventSubType: RESULT and requestType: BIND and outcome: [failure, denied]',
    by: 'sourceIp',
    tone: 'failure',
    what: (count) => countOf(count, 'bind failed', 'binds failed'),
    spread: (distinct) => `from ${countOf(distinct, 'address', 'addresses')}`,
    most: 'most from',
  },
  {
    id: 'denied',
    query: 'eventSubType: RESULT and outcome: denied and reason: access-denied',
    by: 'boundDn',
    tone: 'denied',
    what: (count) => `${countOf(count, 'operation was', 'operations were')} denied by access control`,
    spread: (distinct) => `to ${countOf(distinct, 'identity', 'identities')}`,
    most: 'most to',
  },
  {
    id: 'cleartext',
    query: 'eventSubType: BIND and tags: cleartext',
    by: 'sourceIp',
    tone: 'partial',
    what: (count) => `${countOf(count, 'bind', 'binds')} sent a password in clear text`,
    spread: (distinct) => `from ${countOf(distinct, 'address', 'addresses')}`,
    most: 'most from',
  },
  {
    id: 'root',
    query: 'actorKind: root and eventSubType: RESULT',
    by: 'sourceIp',
    tone: 'partial',
    what: (count) => `${countOf(count, 'operation', 'operations')} as Directory Manager`,
    spread: (distinct) => `from ${countOf(distinct, 'address', 'addresses')}`,
    most: 'most from',
  },
  {
    id: 'locked',
    query: 'eventSubType: RESULT and reason: locked',
    by: 'distinguishedName',
    tone: 'denied',
    what: (count) => `${countOf(count, 'attempt', 'attempts')} on locked accounts`,
    spread: (distinct) => `of ${countOf(distinct, 'account', 'accounts')}`,
    most: 'most on',
  },
  {
    id: 'unindexed',
    query: 'eventSubType: RESULT and requestType: SRCH and resultNotes: [U, A]',
    by: 'searchFilterShape',
    tone: 'partial',
    what: (count) => `${countOf(count, 'search', 'searches')} without a usable index`,
    spread: (distinct) => `of ${countOf(distinct, 'shape', 'shapes')}`,
    most: 'most like',
  },
  {
    id: 'slow',
    query: 'eventSubType: RESULT and duration > 1',
    by: 'requestType',
    tone: 'partial',
    what: (count) => `${countOf(count, 'operation', 'operations')} took longer than a second`,
    spread: (distinct) => `of ${countOf(distinct, 'kind', 'kinds')}`,
    most: 'most are',
  },
  {
    id: 'server-errors',
    query: 'logName: error and eventSubType: [EMERG, ALERT, CRIT, ERR]',
    by: 'subsystem',
    tone: 'failure',
    what: (count) => `${countOf(count, 'error', 'errors')} of the server itself`,
    spread: (distinct) => `in ${countOf(distinct, 'part', 'parts')} of it`,
    most: 'most in',
  },
  {
    id: 'access-changes',
    query: 'eventCategory: [policy-change, configuration-change] and eventSubType: RESULT and outcome: success',
    by: 'boundDn',
    tone: 'partial',
    what: (count) => `${countOf(count, 'change', 'changes')} of access control or configuration`,
    spread: (distinct) => `by ${countOf(distinct, 'identity', 'identities')}`,
    most: 'most by',
  },
];

/** Looks for all of them; gives those that are there, the newest first. */
export async function findStandingOut(asked: Asked, signal?: AbortSignal): Promise<readonly Finding[]> {
  const found = await Promise.all(watches.map((watch) => look(watch, asked, signal)));
  return found.filter((finding) => finding !== undefined).sort((one, other) => other.last - one.last);
}

async function look(watch: Watch, asked: Asked, signal?: AbortSignal): Promise<Finding | undefined> {
  const question = { ...asked, q: include(watch.query, asked.q) };
  const groups = await groupEvents({ ...question, by: [watch.by], limit: groupsMax }, signal);
  if (groups.length === 0) return undefined;
  const isMore = groups.length === groupsMax;
  const [whole] = isMore ? await groupEvents({ ...question, by: [], limit: 1 }, signal) : [];
  return findingOf(watch, groups, whole, isMore);
}

/** Sums groups up. */
export function findingOf(watch: Watch, groups: readonly Group[], whole: Group | undefined, isMore: boolean): Finding {
  const named = groups.filter(({ values: [value] }) => value !== null && value !== undefined);
  return {
    ...watch,
    count: whole?.count ?? groups.reduce((sum, { count }) => sum + count, 0),
    distinct: named.length,
    isMore,
    top: named[0]?.values[0],
    topCount: named[0]?.count ?? 0,
    last: Math.max(...groups.map(({ last }) => last)),
  };
}

/** The value most events have, as text; undefined when it says nothing more. */
export function topOf({ top, distinct }: Finding): string | undefined {
  return top === undefined || distinct === 0 ? undefined : showValue(top);
}
