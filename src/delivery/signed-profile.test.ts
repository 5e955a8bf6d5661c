import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AppError } from '#error';
import {
  type AgentProfile,
  checkPathPattern,
  defaultProfileLimits,
  makeSigningKey,
  openProfile,
  type ProfilePayload,
  parseAgentProfile,
  signProfile,
} from './index.ts';

const runs = Number(process.env['FUZZ_RUNS'] ?? 300);
const key = makeSigningKey();
const profile: AgentProfile = {
  sources: [
    {
      source: '389-directory-server',
      logs: ['access', 'error'],
      paths: ['/var/log/dirsrv/slapd-*/access*'],
      format: 'auto',
      start: 'beginning',
      zone: 'Europe/Berlin',
      encoding: 'utf-8',
    },
  ],
  collectors: [
    {
      kind: 'syslog-tcp',
      listen: '0.0.0.0:6514',
      source: '389-directory-server',
      log: 'access',
      zone: 'UTC',
      senders: ['192.0.2.0/24'],
    },
  ],
  limits: defaultProfileLimits,
  blackouts: [{ days: ['mon', 'sun'], from: '22:00', to: '04:30', zone: '+01:00' }],
};
const payload: ProfilePayload = {
  serverId: 'server-1',
  audience: 'agent-1',
  revision: 7,
  issuedAt: 1_795_514_400_000,
  profileId: 'profile-1',
  profileName: 'Directory servers',
  profileVersion: 3,
  profile,
};
const expected = { serverId: 'server-1', serverKey: key.publicKey, agentId: 'agent-1', revisionMin: 7 };

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (thrown) {
    if (thrown instanceof AppError) return thrown.code;
    throw thrown;
  }
  return 'passed';
}

describe('a signed profile', () => {
  test('is opened by the agent it is for', () => {
    expect(openProfile(JSON.parse(JSON.stringify(signProfile(payload, key))), expected)).toEqual(payload);
  });

  test('may say that there is no profile any more', () => {
    expect(openProfile(signProfile({ ...payload, profile: null }, key), expected).profile).toBeNull();
  });

  const other = makeSigningKey();
  const stolen = { ...signProfile(payload, other), keyId: key.keyId };
  const turned = signProfile({ ...payload, revision: 9 }, key);
  test.each<[what: string, envelope: unknown, code: string]>([
    ['signed by another key', signProfile(payload, other), 'profile-forged'],
    ['signed by another key under the name of the right one', stolen, 'profile-forged'],
    ['with another payload', { ...signProfile(payload, key), payload: turned.payload }, 'profile-forged'],
    ['of another server', signProfile({ ...payload, serverId: 'server-2' }, key), 'profile-of-other-server'],
    ['for another agent', signProfile({ ...payload, audience: 'agent-2' }, key), 'profile-of-other-agent'],
    ['of an older revision', signProfile({ ...payload, revision: 6 }, key), 'profile-rolled-back'],
    ['that is no envelope', { payload: 1 }, 'profile-malformed'],
    ['that is nothing', null, 'profile-malformed'],
  ])('%s is refused', (_what, envelope, code) => {
    expect(codeOf(() => openProfile(envelope, expected))).toBe(code);
  });

  test('whose content is none is refused, though it is signed', () => {
    const bad = { ...payload, profile: { ...profile, limits: { ...defaultProfileLimits, batchRecords: 0 } } };
    expect(codeOf(() => openProfile(signProfile(bad, key), expected))).toBe('profile-invalid');
  });

  test('fuzz: with any byte changed it is refused in words', () => {
    const envelope = signProfile(payload, key);
    fc.assert(
      fc.property(fc.nat(envelope.payload.length - 1), fc.string({ maxLength: 3 }), (at, text) => {
        const changed = envelope.payload.slice(0, at) + text + envelope.payload.slice(at + 1);
        if (Buffer.from(changed, 'base64url').equals(Buffer.from(envelope.payload, 'base64url'))) return;
        expect(codeOf(() => openProfile({ ...envelope, payload: changed }, expected))).toMatch(/^profile-/);
      }),
      { numRuns: runs },
    );
  });
});

describe('a profile', () => {
  const [source] = profile.sources;
  const [collector] = profile.collectors;
  test.each<[what: string, value: unknown, field: string]>([
    ['a zone nobody knows', { ...profile, sources: [{ ...source, zone: 'Mars/Base' }] }, 'sources.0.zone'],
    ['a start that is no date', { ...profile, sources: [{ ...source, start: 'yesterday' }] }, 'sources.0.start'],
    ['no log', { ...profile, sources: [{ ...source, logs: [] }] }, 'sources.0.logs'],
    ['a control character in a path', { ...profile, sources: [{ ...source, paths: ['/a\nb'] }] }, 'sources.0.paths.0'],
    ['a port out of range', { ...profile, collectors: [{ ...collector, listen: 'x:70000' }] }, 'collectors.0.listen'],
    ['senders that are none', { ...profile, collectors: [{ ...collector, senders: ['any'] }] }, 'collectors.0.senders'],
    ['a key nobody knows', { ...profile, run: 'rm -rf /' }, ''],
  ])('with %s is refused, and the field named', (_what, value, field) => {
    try {
      parseAgentProfile(value);
      expect.unreachable();
    } catch (thrown) {
      expect(thrown).toMatchObject({ code: 'profile-invalid' });
      if (field !== '') expect(thrown).toMatchObject({ place: { field } });
    }
  });
});

describe('a path pattern', () => {
  const roots = ['/var/log/dirsrv/'];
  test.each<[pattern: string, code: string | undefined]>([
    ['/var/log/dirsrv/slapd-*/access*', undefined],
    ['/var/log/dirsrv/access', undefined],
    ['/var/log/dirsrv/**/access*', undefined],
    ['/etc/shadow', 'path-forbidden'],
    ['/etc/*', 'path-forbidden'],
    ['/proc/1/environ', 'path-forbidden'],
    ['/var/log/dirsrv/../../../etc/shadow', 'path-climbing'],
    ['/var/log/dirsrv/./x', 'path-climbing'],
    ['access', 'path-relative'],
    ['', 'path-malformed'],
    ['/var/log/dirsrv/a\nb', 'path-malformed'],
    [`/var/log/dirsrv/${'*a'.repeat(40)}`, 'path-malformed'],
    ['/var/log/messages', 'path-outside-roots'],
    ['/var/log/dirsrv-other/access', 'path-outside-roots'],
    ['/var/log/dirsrv', 'path-outside-roots'],
    ['/*/log/dirsrv/access', 'path-outside-roots'],
    ['/var/{log,../etc}/x', 'path-outside-roots'],
  ])('%s: %s', (pattern, code) => {
    expect(checkPathPattern(pattern, roots)?.code).toBe(code);
  });

  test('in a folder of secrets is taken where the configuration names that folder itself', () => {
    expect(checkPathPattern('/var/lib/dirsrv/log/access', ['/var/lib/dirsrv/log'])).toBeUndefined();
    expect(checkPathPattern('/etc/shadow', ['/'])?.code).toBe('path-forbidden');
  });

  test('fuzz: any text is judged, and what passes lies below a root', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((text) => `/var/log/dirsrv/${text}`),
        ),
        (pattern) => {
          if (checkPathPattern(pattern, roots) !== undefined) return;
          expect(pattern.startsWith('/var/log/dirsrv/') || pattern.startsWith('/')).toBe(true);
          expect(pattern.split('/')).not.toContain('..');
        },
      ),
      { numRuns: runs },
    );
  });
});
