import { AppError, type ErrorCode, errorKinds } from '#error';

/** What a server answered. */
export interface Answer {
  readonly status: number;
  /** The JSON of the answer; undefined when there was none. */
  readonly json: unknown;
  /** What `retry-after` asks for, in milliseconds. */
  readonly retryAfterMs: number;
  /** Base URL of the server that answered. */
  readonly server: string;
}

/**
 * What an answer means for what was sent: it is `done`; the same can be sent `later`; it is `poisoned`, and would be
 * refused for ever; the stream is `unclaimed`; or the agent itself is `refused`.
 */
export type Verdict = 'done' | 'later' | 'poisoned' | 'unclaimed' | 'refused';

/** What a server says of the agent, whatever was sent. */
const refusals: ReadonlySet<string> = new Set(['agent-revoked', 'agent-not-enrolled', 'agent-identity-copied']);
/** What a server says of the content of a batch. */
const poisons: ReadonlySet<string> = new Set([
  'request-invalid',
  'body-malformed',
  'body-damaged',
  'body-too-large',
  'too-many-records',
]);

/** Judges an answer. */
export function judgeAnswer({ status, json }: Answer): Verdict {
  if (status >= 200 && status < 300) return 'done';
  const code = codeOf(json);
  if (code === 'stream-not-claimed') return 'unclaimed';
  if (code !== undefined && refusals.has(code)) return 'refused';
  if (code !== undefined && poisons.has(code)) return 'poisoned';
  // Something between that limits bodies answers without our words.
  return status === 413 || status === 422 ? 'poisoned' : 'later';
}

/** The error an answer tells of, in the server's words. */
export function errorOf({ status, json, server }: Answer): AppError {
  const error = propertyOf(json, 'error');
  const code = codeOf(json);
  const message = propertyOf(error, 'message');
  if (code === undefined || typeof message !== 'string') {
    return new AppError('server-answer', `${server} answered with status ${status} and no answer of the API.`);
  }
  const hint = propertyOf(error, 'hint');
  return new AppError(code, message.slice(0, 1000), typeof hint === 'string' ? { hint: hint.slice(0, 1000) } : {});
}

/** The server's time that an answer about the clock names, epoch milliseconds. */
export function serverTimeOf({ json }: Answer): number | undefined {
  if (codeOf(json) !== 'clock-skewed') return undefined;
  const said = propertyOf(propertyOf(propertyOf(json, 'error'), 'place'), 'expected');
  const time = typeof said === 'string' ? Date.parse(said) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}

/** Code of an answer's error; undefined when it is none of ours. */
export function codeOf(json: unknown): ErrorCode | undefined {
  const code = propertyOf(propertyOf(json, 'error'), 'code');
  return typeof code === 'string' && isErrorCode(code) ? code : undefined;
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(errorKinds, code);
}

/** A property of an answer, or undefined. */
export function propertyOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined;
}
