import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { AppError, type ErrorCode } from '#error';
import { isSignatureOf, type SigningKey, signBytes } from './signing-key.ts';

/**
 * Requests signed by agents: HTTP Message Signatures (RFC 9421) with Ed25519, over the method, the path, the query, the
 * digest of the content (RFC 9530) and every header of the product. So a signature holds through any balancer that
 * leaves these alone, wherever TLS ends.
 *
 * A request is judged in steps, the cheap ones first: {@link readSignature} looks at the headers alone, the receiver
 * finds the key, {@link verifySignature} checks it still before the body is read, and {@link verifyContent} the body.
 */

/** A request's headers: names in lower case, as Node gives them. */
export type RequestHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** What is signed of a request. */
export interface SignableRequest {
  readonly method: string;
  /** Path and query as they stand in the request line, e.g. `/api/v1/records?x=1`. */
  readonly target: string;
  readonly headers: RequestHeaders;
}

/** Who signs, and with what. */
export interface RequestSigner {
  /** Absent while enrolling. */
  readonly agentId?: string | undefined;
  /** Random id of the agent's process. */
  readonly instance: string;
  readonly key: SigningKey;
}

/** What a signature says, not verified yet. */
export interface SignatureClaims {
  /** Undefined while enrolling. */
  readonly agentId: string | undefined;
  readonly instance: string;
  readonly keyId: string;
  readonly nonce: string;
  /** Epoch seconds. */
  readonly created: number;
  readonly components: readonly string[];
  /** The parameters as they were signed. */
  readonly parameters: string;
  readonly signature: Buffer;
}

/** Seconds a signature may be off the receiver's clock, either way. */
export const signatureWindowSeconds = 300;

/** Name of the signature among others a request may carry. */
const label = 'meridian';
/** Longest of the two headers of a signature. */
const headerLengthMax = 4_096;
const componentsMax = 32;
const signatureForm = /^meridian=:([A-Za-z0-9+/]{86}==):$/;
const inputForm =
  /^meridian=(\(("[a-z0-9@-]{1,64}"(?: "[a-z0-9@-]{1,64}")*)\);created=(\d{1,11});nonce="([A-Za-z0-9_-]{16,64})";keyid="([A-Za-z0-9_-]{22})";alg="ed25519")$/;
const digestForm = /^sha-256=:([A-Za-z0-9+/]{43}=):$/;
const agentForm = /^[A-Za-z0-9_-]{1,64}$/;
const instanceForm = /^[A-Za-z0-9_-]{16,64}$/;
const derived: ReadonlySet<string> = new Set(['@method', '@path', '@query']);
/** Headers that change what the content means. */
const meaningful: readonly string[] = ['content-encoding'];

/** The `content-digest` of a body. */
export function contentDigest(body: Buffer): string {
  return `sha-256=:${createHash('sha256').update(body).digest('base64')}:`;
}

/**
 * Signs a request; gives all the headers to send: those given, `content-digest`, `meridian-agent`, `meridian-instance`,
 * `signature-input`, `signature`. Throws `request-invalid` for a header that cannot be signed.
 */
export function signRequest(
  request: Omit<SignableRequest, 'headers'> & {
    readonly headers: Readonly<Record<string, string>>;
    readonly body: Buffer;
  },
  signer: RequestSigner,
  nowMs: number,
): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) headers[name.toLowerCase()] = value;
  headers['content-digest'] = contentDigest(request.body);
  headers['meridian-instance'] = signer.instance;
  if (signer.agentId !== undefined) headers['meridian-agent'] = signer.agentId;
  const components = requiredComponents(headers, signer.agentId !== undefined);
  const list = components.map((name) => `"${name}"`).join(' ');
  const nonce = randomBytes(16).toString('base64url');
  const created = Math.floor(nowMs / 1_000);
  const parameters = `(${list});created=${created};nonce="${nonce}";keyid="${signer.key.keyId}";alg="ed25519"`;
  const base = signatureBase({ ...request, headers }, components, parameters);
  headers['signature-input'] = `${label}=${parameters}`;
  headers['signature'] = `${label}=:${signBytes(base, signer.key).toString('base64')}:`;
  return headers;
}

/** Whether a request claims to be signed by an agent. */
export function isSigned(headers: RequestHeaders): boolean {
  return headers['signature-input'] !== undefined || headers['signature'] !== undefined;
}

/**
 * Reads what a signature claims, from the headers alone; nothing is believed yet. Throws `signature-missing`,
 * `signature-malformed`, `signature-incomplete` (it leaves out what must be signed), `clock-skewed`.
 */
export function readSignature(headers: RequestHeaders, nowMs: number, enrolling = false): SignatureClaims {
  const input = single(headers, 'signature-input');
  const signature = single(headers, 'signature');
  const [, parameters = '', list = '', created = '', nonce = '', keyId = ''] = inputForm.exec(input) ?? [];
  const [, encoded = ''] = signatureForm.exec(signature) ?? [];
  if (parameters === '' || encoded === '') throw malformed('signature');
  const components = list.slice(1, -1).split('" "');
  if (components.length > componentsMax || new Set(components).size < components.length)
    throw malformed('signature-input');
  if (components.some((name) => name.startsWith('@') && !derived.has(name))) throw malformed('signature-input');
  const missing = requiredComponents(headers, !enrolling).find((name) => !components.includes(name));
  if (missing !== undefined) {
    throw new AppError('signature-incomplete', `The signature does not cover "${missing}".`, {
      place: { field: 'signature-input', expected: missing },
    });
  }
  const agentId = enrolling ? undefined : headerOf(headers, 'meridian-agent', agentForm);
  const instance = headerOf(headers, 'meridian-instance', instanceForm);
  checkClock(Number(created), nowMs);
  const bytes = Buffer.from(encoded, 'base64');
  return { agentId, instance, keyId, nonce, created: Number(created), components, parameters, signature: bytes };
}

/** Checks a signature against the key it names; the body need not be there yet. Throws `signature-wrong`. */
export function verifySignature(request: SignableRequest, claims: SignatureClaims, publicKey: string): void {
  const base = signatureBase(request, claims.components, claims.parameters);
  if (!isSignatureOf(base, claims.signature, publicKey)) {
    throw new AppError('signature-wrong', 'The signature of the request is not that of the key it names.');
  }
}

/** Checks the body, as it was sent, against the digest that is signed. Throws `content-digest-wrong`. */
export function verifyContent(headers: RequestHeaders, body: Buffer): void {
  const [, encoded = ''] = digestForm.exec(textOf(headers['content-digest'])) ?? [];
  const said = Buffer.from(encoded, 'base64');
  const found = createHash('sha256').update(body).digest();
  if (said.length !== found.length || !timingSafeEqual(said, found)) {
    throw new AppError('content-digest-wrong', 'The body of the request is not the one that was signed.');
  }
}

/** All steps in one, for a request that is there as a whole. */
export function verifyRequest(
  request: SignableRequest & { readonly body: Buffer },
  publicKey: string,
  nowMs: number,
  enrolling = false,
): SignatureClaims {
  const claims = readSignature(request.headers, nowMs, enrolling);
  verifySignature(request, claims, publicKey);
  verifyContent(request.headers, request.body);
  return claims;
}

/** What a signature must cover: what says where to, every header of the product, and what changes the content's meaning. */
function requiredComponents(headers: RequestHeaders, withAgent: boolean): string[] {
  const own = Object.keys(headers)
    .filter((name) => name.startsWith('meridian-') && headers[name] !== undefined)
    .filter((name) => name !== 'meridian-agent' && name !== 'meridian-instance')
    .sort();
  const agent = withAgent || headers['meridian-agent'] !== undefined ? ['meridian-agent'] : [];
  const present = meaningful.filter((name) => headers[name] !== undefined);
  return [...derived, 'content-digest', ...agent, 'meridian-instance', ...own, ...present];
}

/** RFC 9421 §2.5. */
function signatureBase(request: SignableRequest, components: readonly string[], parameters: string): Buffer {
  const lines = components.map((name) => `"${name}": ${componentValue(request, name)}`);
  return Buffer.from([...lines, `"@signature-params": ${parameters}`].join('\n'), 'latin1');
}

/** RFC 9421 §2.1 and §2.2. */
function componentValue({ method, target, headers }: SignableRequest, name: string): string {
  const question = target.indexOf('?');
  if (name === '@method') return method.toUpperCase();
  if (name === '@path') return question === -1 ? target : target.slice(0, question);
  if (name === '@query') return question === -1 ? '?' : target.slice(question);
  const value = headers[name];
  if (typeof value !== 'string' || !isPrintable(value)) throw refuse('signature-malformed', name);
  return value.trim();
}

/** Visible ASCII and blanks: no line of a base can be made to look like two. */
function isPrintable(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text);
}

function checkClock(created: number, nowMs: number): void {
  const off = created - Math.floor(nowMs / 1_000);
  if (Math.abs(off) <= signatureWindowSeconds) return;
  const now = new Date(nowMs).toISOString();
  throw new AppError(
    'clock-skewed',
    `The request was signed ${Math.abs(off)} seconds ${off < 0 ? 'before' : 'after'} the server's time, ${now}; at most ${signatureWindowSeconds} are allowed.`,
    { place: { field: 'created', found: String(created), expected: now } },
  );
}

function single(headers: RequestHeaders, name: string): string {
  const value = headers[name];
  if (value === undefined) {
    throw new AppError('signature-missing', 'The request is not signed.', { place: { field: name } });
  }
  if (typeof value !== 'string' || value.length > headerLengthMax) throw malformed(name);
  return value.trim();
}

function headerOf(headers: RequestHeaders, name: string, form: RegExp): string {
  const value = textOf(headers[name]);
  if (!form.test(value)) throw malformed(name);
  return value;
}

function textOf(value: string | readonly string[] | undefined): string {
  return typeof value === 'string' && value.length <= headerLengthMax ? value.trim() : '';
}

function malformed(field: string): AppError {
  return refuse('signature-malformed', field);
}

function refuse(code: ErrorCode, field: string): AppError {
  return new AppError(code, `The header "${field}" of a signed request is not what it should be.`, {
    place: { field },
  });
}
