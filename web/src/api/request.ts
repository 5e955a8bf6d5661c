import * as v from 'valibot';
import { isAttended } from './attention.ts';
import { Problem } from './problem.ts';

/** Values a request may carry in its address. */
export type Words = Readonly<Record<string, string | number | readonly string[] | undefined>>;

/** Choices of a request. */
interface RequestOptions {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly words?: Words;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

/** Longest wait for an answer: the store gives up a query after a minute. */
const waitMsMax = 75_000;

const failureSchema = v.object({
  error: v.object({
    code: v.string(),
    message: v.string(),
    hint: v.string(),
    place: v.optional(v.object({ offset: v.optional(v.number()), field: v.optional(v.string()) })),
  }),
});

type Listener = () => void;
const signedOutListeners = new Set<Listener>();

/** Tells when the server no longer knows the session; gives the function that stops telling. */
export function onSignedOut(listener: Listener): () => void {
  signedOutListeners.add(listener);
  return () => {
    signedOutListeners.delete(listener);
  };
}

/** Says that the session is over. */
export function noteSignedOut(): void {
  for (const listener of signedOutListeners) listener();
}

/** Asks the API and gives its answer, checked against the schema. Throws a {@link Problem}, or what aborted the signal. */
export async function request<T>(
  path: string,
  schema: v.GenericSchema<unknown, T>,
  options: RequestOptions = {},
): Promise<T> {
  const response = await send(path, options);
  return readAnswer(schema, await readJson(response));
}

/** The address of a route with its words. */
export function address(path: string, words: Words = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(words)) {
    if (value === undefined || value === '') continue;
    if (typeof value === 'object') for (const one of value) query.append(name, one);
    else query.set(name, String(value));
  }
  const text = query.toString();
  return `/api/v1${path}${text === '' ? '' : `?${text}`}`;
}

async function send(path: string, { method = 'GET', words, body, headers, signal }: RequestOptions): Promise<Response> {
  const timeout = AbortSignal.timeout(waitMsMax);
  let response: Response;
  try {
    response = await fetch(address(path, words), {
      method,
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(isAttended() ? {} : { 'meridian-background': '1' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
      credentials: 'same-origin',
      redirect: 'error',
    });
  } catch (thrown) {
    if (signal?.aborted === true) throw thrown;
    throw timeout.aborted ? tooLate() : unreachable();
  }
  if (!response.ok) throw await readFailure(response);
  return response;
}

async function readJson(response: Response): Promise<unknown> {
  if (response.status === 204) return null;
  try {
    return await response.json();
  } catch (thrown) {
    if (thrown instanceof DOMException && thrown.name === 'AbortError') throw thrown;
    throw unreadable(response.status);
  }
}

/** Checks an answer against its schema. */
export function readAnswer<T>(schema: v.GenericSchema<unknown, T>, answer: unknown): T {
  const parsed = v.safeParse(schema, answer);
  if (!parsed.success) throw unreadable(200);
  return parsed.output;
}

/** Reads a refusal. */
export async function readFailure(response: Response): Promise<Problem> {
  const parsed = v.safeParse(failureSchema, await response.json().catch(() => undefined));
  const { status } = response;
  const problem = parsed.success
    ? new Problem({
        code: parsed.output.error.code,
        message: parsed.output.error.message,
        hint: parsed.output.error.hint,
        status,
        ...(parsed.output.error.place === undefined ? {} : { place: parsed.output.error.place }),
        requestId: response.headers.get('request-id') ?? undefined,
      })
    : unreadable(status);
  if (status === 401 && problem.code !== 'token-wrong') noteSignedOut();
  return problem;
}

/** Nothing answers. */
export function unreachable(): Problem {
  return new Problem({
    code: 'server-unreachable',
    message: 'The server does not answer.',
    hint: 'Check that it runs and that this machine reaches it, then try again.',
    status: 0,
  });
}

function tooLate(): Problem {
  return new Problem({
    code: 'answer-too-late',
    message: 'The server took longer than a minute.',
    hint: 'Narrow the time window, or ask for a field instead of free text.',
    status: 0,
  });
}

function unreadable(status: number): Problem {
  return new Problem({
    code: 'answer-unreadable',
    message: 'The answer is not one this console understands.',
    hint: 'Reload the page: the server may have been updated. A proxy in between may have answered instead.',
    status,
  });
}
