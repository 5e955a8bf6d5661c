import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AppError } from '#error';
import {
  contentDigest,
  isSignatureOf,
  keyIdOf,
  makeSigningKey,
  type RequestHeaders,
  readSignature,
  readSigningKey,
  signRequest,
  verifyContent,
  verifyRequest,
  writeSigningKey,
} from './index.ts';

const runs = Number(process.env['FUZZ_RUNS'] ?? 300);
const now = Date.UTC(2026, 10, 24, 10);
const key = makeSigningKey();
const signer = { agentId: 'agent-1', instance: 'instance-0123456789', key };
const body = Buffer.from('{"a":1}\n');
const request = {
  method: 'POST',
  target: '/api/v1/records?part=2',
  headers: {
    'Content-Type': 'application/x-ndjson',
    'content-encoding': 'gzip',
    'meridian-stream': 'abc',
    'meridian-range': '0-8',
  },
  body,
};

function signed(): Record<string, string> {
  return signRequest(request, signer, now);
}

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (thrown) {
    if (thrown instanceof AppError) return thrown.code;
    throw thrown;
  }
  return 'passed';
}

describe('a signed request', () => {
  test('is what the signer sent', () => {
    const claims = verifyRequest({ ...request, headers: signed() }, key.publicKey, now);
    expect(claims).toMatchObject({ agentId: 'agent-1', instance: 'instance-0123456789', keyId: key.keyId });
    expect(claims.components).toEqual([
      '@method',
      '@path',
      '@query',
      'content-digest',
      'meridian-agent',
      'meridian-instance',
      'meridian-range',
      'meridian-stream',
      'content-encoding',
    ]);
  });

  test('has the form of RFC 9421 and RFC 9530', () => {
    const headers = signed();
    expect(headers['content-digest']).toBe(`sha-256=:${createHash('sha256').update(body).digest('base64')}:`);
    const parameters = (headers['signature-input'] ?? '').slice('meridian='.length);
    // The base, written by hand from the standard's text.
    const base = [
      '"@method": POST',
      '"@path": /api/v1/records',
      '"@query": ?part=2',
      `"content-digest": ${headers['content-digest']}`,
      '"meridian-agent": agent-1',
      '"meridian-instance": instance-0123456789',
      '"meridian-range": 0-8',
      '"meridian-stream": abc',
      '"content-encoding": gzip',
      `"@signature-params": ${parameters}`,
    ].join('\n');
    const signature = Buffer.from((headers['signature'] ?? '').slice('meridian=:'.length, -1), 'base64');
    expect(isSignatureOf(Buffer.from(base), signature, key.publicKey)).toBe(true);
  });

  test.each<[what: string, change: Partial<typeof request> | { headers: RequestHeaders }, code: string]>([
    ['another method', { method: 'PUT' }, 'signature-wrong'],
    ['another path', { target: '/api/v1/agents?part=2' }, 'signature-wrong'],
    ['another query', { target: '/api/v1/records?part=3' }, 'signature-wrong'],
    ['no query', { target: '/api/v1/records' }, 'signature-wrong'],
    ['another body', { body: Buffer.from('{"a":2}\n') }, 'content-digest-wrong'],
    ['no body', { body: Buffer.alloc(0) }, 'content-digest-wrong'],
    ['another stream', { headers: { ...signed(), 'meridian-stream': 'abd' } }, 'signature-wrong'],
    ['another agent', { headers: { ...signed(), 'meridian-agent': 'agent-2' } }, 'signature-wrong'],
    ['another instance', { headers: { ...signed(), 'meridian-instance': 'instance-9876543210' } }, 'signature-wrong'],
    ['a header more', { headers: { ...signed(), 'meridian-log': 'access' } }, 'signature-incomplete'],
    ['a header less', { headers: { ...signed(), 'meridian-range': undefined } }, 'signature-malformed'],
    ['an encoding less', { headers: { ...signed(), 'content-encoding': undefined } }, 'signature-malformed'],
    ['no signature', { headers: { ...signed(), signature: undefined } }, 'signature-missing'],
    ['no input', { headers: { ...signed(), 'signature-input': undefined } }, 'signature-missing'],
    ['an empty signature', { headers: { ...signed(), signature: '' } }, 'signature-malformed'],
    ['two signatures', { headers: { ...signed(), signature: ['a', 'b'] } }, 'signature-malformed'],
    ['a huge input', { headers: { ...signed(), 'signature-input': 'x'.repeat(1e6) } }, 'signature-malformed'],
    ['a line break', { headers: { ...signed(), 'meridian-stream': 'abc\n"@path": /x' } }, 'signature-malformed'],
    ['no agent', { headers: { ...signed(), 'meridian-agent': undefined } }, 'signature-malformed'],
  ])('with %s is refused', (_what, change, code) => {
    const changed = { ...request, headers: signed(), ...change };
    expect(codeOf(() => verifyRequest(changed, key.publicKey, now))).toBe(code);
  });

  test.each([
    ['leaves out the path', '"@path" ', ''],
    ['leaves out the digest', '"content-digest" ', ''],
    ['names a component twice', '"@path" ', '"@path" "@path" '],
    ['names a component nobody knows', '"@path" ', '"@path" "@status" '],
    ['names another algorithm', 'alg="ed25519"', 'alg="hmac-sha256"'],
  ])('whose input %s is refused', (_what, from, to) => {
    const headers = signed();
    headers['signature-input'] = (headers['signature-input'] ?? '').replace(from, to);
    expect(codeOf(() => verifyRequest({ ...request, headers }, key.publicKey, now))).toMatch(/^signature-/);
  });

  test.each([
    [-301, 'clock-skewed'],
    [-300, 'passed'],
    [300, 'passed'],
    [301, 'clock-skewed'],
  ])('seen %i seconds later is %s', (seconds, code) => {
    const headers = signed();
    expect(codeOf(() => verifyRequest({ ...request, headers }, key.publicKey, now + seconds * 1_000))).toBe(code);
  });

  test("whose clock is off is told the server's time", () => {
    expect(() => readSignature(signed(), now + 3_600_000)).toThrow(
      /3600 seconds before the server's time, 2026-11-24T11/,
    );
  });

  test('of another key is refused', () => {
    expect(codeOf(() => verifyRequest({ ...request, headers: signed() }, makeSigningKey().publicKey, now))).toBe(
      'signature-wrong',
    );
  });

  test('has a nonce of its own each time', () => {
    expect(readSignature(signed(), now).nonce).not.toBe(readSignature(signed(), now).nonce);
  });

  test('while enrolling names no agent', () => {
    const headers = signRequest(request, { instance: signer.instance, key }, now);
    expect(verifyRequest({ ...request, headers }, key.publicKey, now, true).agentId).toBeUndefined();
    expect(codeOf(() => readSignature(headers, now))).toBe('signature-incomplete');
  });
});

test('fuzz: any headers at all are refused in words, never otherwise', () => {
  const value = fc.oneof(fc.string({ maxLength: 60, unit: 'binary' }), fc.constant(undefined));
  const good = signed();
  fc.assert(
    fc.property(fc.constantFrom(...Object.keys(good)), value, fc.nat(200), (name, text, at) => {
      const old = good[name] ?? '';
      const mixed = text === undefined ? undefined : old.slice(0, at) + text + old.slice(at + 1);
      const headers = { ...good, [name]: mixed };
      if (mixed !== old && name !== 'content-type' && mixed?.trim() !== old) {
        expect(codeOf(() => verifyRequest({ ...request, headers }, key.publicKey, now))).not.toBe('passed');
      }
    }),
    { numRuns: runs },
  );
});

describe('a key', () => {
  test('is read as it was written', () => {
    const read = readSigningKey(writeSigningKey(key));
    expect(read.publicKey).toBe(key.publicKey);
    expect(read.keyId).toBe(keyIdOf(key.publicKey));
  });

  test.each(['', 'nonsense', writeSigningKey(key).slice(0, 60)])('that is damaged is told without its text', (text) => {
    expect(codeOf(() => readSigningKey(text))).toBe('key-damaged');
  });

  test('of small order is none: one signature would fit all texts', () => {
    const weak = Buffer.from('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a', 'hex');
    const signature = Buffer.concat([Buffer.from([1]), Buffer.alloc(63)]);
    const fits = Array.from({ length: 100 }, (_, at) =>
      isSignatureOf(Buffer.from(`text ${at}`), signature, weak.toString('base64url')),
    );
    expect(fits).not.toContain(true);
  });

  test.each(['', 'A'.repeat(43), '!'.repeat(43), `${key.publicKey}=`, key.publicKey.slice(1)])(
    'that is none signs nothing: %s',
    (publicKey) => {
      expect(isSignatureOf(Buffer.from('x'), Buffer.alloc(64), publicKey)).toBe(false);
    },
  );
});

test.each(['', 'sha-256=', `sha-512=:${'A'.repeat(43)}=:`, `${contentDigest(body)}, sha-512=:AAAA:`])(
  'a digest written "%s" is refused',
  (digest) => {
    expect(codeOf(() => verifyContent({ 'content-digest': digest }, body))).toBe('content-digest-wrong');
  },
);
