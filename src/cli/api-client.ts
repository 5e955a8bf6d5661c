import { AppError, type ErrorCode, type ErrorPlace, errorKinds } from '#error';

/** Longest wait for an answer, in milliseconds. */
const answerMsMax = 10 * 60_000;

/** Speaks with a Meridian server. */
export interface ApiClient {
  readonly url: string;
  /** Posts JSON and gives the answer. Throws what the server says, or `server-unreachable`, `server-answer`. */
  ask(path: string, body: Readonly<Record<string, unknown>>): Promise<unknown>;
  get(path: string): Promise<unknown>;
  /** Posts a batch of records, gzip. */
  send(path: string, batch: Buffer, headers: Readonly<Record<string, string>>): Promise<unknown>;
}

/** Makes a client; `token` goes into every request. */
export function createApiClient(url: string, token: string | undefined, signal: AbortSignal): ApiClient {
  const base = url.replace(/\/+$/, '');
  const authorization: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };

  async function request(path: string, init: RequestInit): Promise<unknown> {
    let response: Response;
    let text: string;
    try {
      response = await fetch(`${base}/api/v1${path}`, {
        ...init,
        headers: { ...authorization, ...init.headers },
        signal: AbortSignal.any([signal, AbortSignal.timeout(answerMsMax)]),
        redirect: 'error',
      });
      text = await response.text();
    } catch (thrown) {
      const cause = thrown instanceof Error && thrown.cause instanceof Error ? thrown.cause : thrown;
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new AppError('server-unreachable', `${base} does not answer: ${reason}.`, { cause: thrown });
    }
    const answer = parseJson(text);
    if (response.ok && answer !== undefined) return answer;
    throw errorOf(answer, base, response.status);
  }

  return {
    url: base,
    get: (path) => request(path, { method: 'GET' }),
    ask: (path, body) =>
      request(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    send: (path, batch, headers) =>
      request(path, {
        method: 'POST',
        headers: { 'content-type': 'application/x-ndjson', 'content-encoding': 'gzip', ...headers },
        body: new Uint8Array(batch),
      }),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The error a server answers with, as one of ours. */
function errorOf(answer: unknown, base: string, status: number): AppError {
  const error = property(answer, 'error');
  const code = property(error, 'code');
  const message = property(error, 'message');
  if (!isErrorCode(code) || typeof message !== 'string') {
    return new AppError('server-answer', `${base} answered with status ${status} and no answer of the API.`);
  }
  const hint = code.startsWith('token-') ? tokenHint : property(error, 'hint');
  const offset = property(property(error, 'place'), 'offset');
  const place: ErrorPlace | undefined = typeof offset === 'number' ? { offset } : undefined;
  return new AppError(code, message, {
    ...(typeof hint === 'string' ? { hint } : {}),
    ...(place === undefined ? {} : { place }),
  });
}

const tokenHint = 'Set MERIDIAN_TOKEN to the token in the file "token" of the server\'s data directory.';

function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === 'string' && Object.hasOwn(errorKinds, code);
}

/** A property of an answer, or undefined. */
export function property(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Record<string, unknown>)[name];
}
