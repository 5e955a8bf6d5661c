import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  type AgentProfile,
  defaultProfileLimits,
  makeSigningKey,
  type ProfilePayload,
  type SignedProfile,
  signProfile,
} from '#delivery';
import { AppError } from '#error';
import { loadSources } from '#source';
import type { AgentIdentity } from '../enroll/identity.ts';
import { nodeFileSystem } from '../node-file-system.ts';
import { checkProfile } from './check-profile.ts';
import { ProfileKeeper } from './profile-keeper.ts';

const serverKey = makeSigningKey();
const sources = await loadSources();
const identity: AgentIdentity = {
  agentId: 'agent-1',
  serverId: 'server-1',
  serverKey: serverKey.publicKey,
  servers: [],
  key: makeSigningKey(),
  keyMade: 0,
  nextKey: undefined,
  enrolledAt: 0,
};

let folder: string;
let applied: ProfilePayload[];
let refuse: AppError | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'meridian-profile-'));
  applied = [];
  refuse = undefined;
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function keeper(): ProfileKeeper {
  return new ProfileKeeper({
    fileSystem: nodeFileSystem,
    folder,
    identity: () => identity,
    apply: (payload) => {
      if (refuse !== undefined) return Promise.reject(refuse);
      applied.push(payload);
      return Promise.resolve();
    },
  });
}

function profile(
  paths: readonly string[] = ['/var/log/dirsrv/slapd-*/access*'],
  more: Partial<AgentProfile> = {},
): AgentProfile {
  const source = {
    source: '389-directory-server',
    logs: ['access'],
    paths,
    format: 'auto',
    start: 'beginning',
    zone: 'UTC',
    encoding: 'utf-8',
  } as const;
  return { sources: [source], collectors: [], limits: defaultProfileLimits, blackouts: [], ...more };
}

function signed(
  revision: number,
  more: Partial<ProfilePayload> = {},
  key: typeof serverKey = serverKey,
): SignedProfile {
  const payload = {
    serverId: 'server-1',
    audience: 'agent-1',
    revision,
    issuedAt: 1,
    profileId: 'p',
    profileName: 'Profile',
    profileVersion: 1,
    profile: profile(),
    ...more,
  };
  return signProfile(payload, key);
}

test('a profile is applied, kept, and verified again at the next start', async () => {
  const first = keeper();
  expect(await first.take(signed(3))).toBe(true);
  expect(applied.map(({ revision }) => revision)).toEqual([3]);
  const second = keeper();
  expect(await second.restore()).toBeUndefined();
  expect(second.applied?.revision).toBe(3);
  expect(second.seen).toBe(3);
  // What was seen is not taken back, whatever comes after a start.
  expect(await second.take(signed(2))).toBe(false);
  expect(second.refused?.error.code).toBe('profile-rolled-back');
  expect(applied.map(({ revision }) => revision)).toEqual([3, 3]);
});

test.each<readonly [string, unknown]>([
  ['profile-forged', signed(9, {}, makeSigningKey())],
  ['profile-forged', { ...signed(9), payload: signed(10).payload }],
  ['profile-of-other-agent', signed(9, { audience: 'agent-2' })],
  ['profile-of-other-server', signed(9, { serverId: 'server-2' })],
  ['profile-rolled-back', signed(5)],
  ['profile-malformed', { payload: 'x' }],
  ['profile-malformed', undefined],
])('%s: nothing changes, and it is told', async (code, envelope) => {
  const one = keeper();
  await one.take(signed(5));
  expect(await one.take(envelope)).toBe(false);
  expect(one.refused?.error.code).toBe(code);
  expect(one.applied?.revision).toBe(5);
  expect(one.seen).toBe(5);
  expect(applied).toHaveLength(1);
  const next = keeper();
  await next.restore();
  expect(next.applied?.revision).toBe(5);
});

test('one that cannot be applied is seen, but not kept', async () => {
  const one = keeper();
  await one.take(signed(5));
  refuse = new AppError('path-outside-roots', 'no');
  expect(await one.take(signed(6))).toBe(false);
  expect(one.refused).toMatchObject({ revision: 6 });
  expect(one.seen).toBe(6);
  refuse = undefined;
  const next = keeper();
  await next.restore();
  expect(next.applied?.revision).toBe(5);
  expect(await one.take(signed(7))).toBe(true);
  expect(one.refused).toBeUndefined();
});

test.each([
  ['changed by one bit', (text: Buffer) => text.map((byte, at) => (at === text.length >> 1 ? byte ^ 1 : byte))],
  ['cut', (text: Buffer) => text.subarray(0, 40)],
  ['emptied', () => Buffer.alloc(0)],
])('a kept profile that was %s is as good as none', async (_, damage) => {
  await keeper().take(signed(5));
  const path = join(folder, 'profile');
  await writeFile(path, damage(await readFile(path)));
  const next = keeper();
  expect((await next.restore())?.code).toMatch(/^profile-/);
  expect(next.applied).toBeUndefined();
  expect(await next.take(signed(5))).toBe(true);
});

test('the kept profile of another key is not applied', async () => {
  const one = keeper();
  await one.take(signed(5));
  const other = new ProfileKeeper({
    fileSystem: nodeFileSystem,
    folder,
    identity: () => ({ ...identity, serverKey: makeSigningKey().publicKey }),
    apply: () => Promise.reject(new Error('it was applied')),
  });
  expect((await other.restore())?.code).toBe('profile-forged');
});

async function verdict(asked: AgentProfile): Promise<string> {
  const config = {
    allowedPaths: [`${folder}/logs/`],
    collect: { listen: ['*:5514'], certificate: undefined, key: undefined, clients: undefined },
  };
  try {
    await checkProfile(asked, config, sources, nodeFileSystem);
    return 'taken';
  } catch (thrown) {
    return thrown instanceof AppError ? thrown.code : String(thrown);
  }
}

test('paths are judged by their text, and by what links make of them', async () => {
  await mkdir(`${folder}/logs/slapd-one`, { recursive: true });
  await mkdir(`${folder}/secret`);
  await symlink(`${folder}/secret`, `${folder}/logs/away`);
  await symlink(`${folder}/logs/slapd-one`, `${folder}/logs/within`);
  const of = (path: string): Promise<string> => verdict(profile([path]));
  expect(await of(`${folder}/logs/slapd-*/access*`)).toBe('taken');
  expect(await of(`${folder}/logs/not-there-yet/access`)).toBe('taken');
  expect(await of(`${folder}/logs/within/access`)).toBe('taken');
  expect(await of(`${folder}/logs/away/access`)).toBe('path-outside-roots');
  expect(await of(`${folder}/secret/access`)).toBe('path-outside-roots');
  expect(await of(`${folder}/logs/../secret/access`)).toBe('path-climbing');
  expect(await of('/etc/shadow')).toBe('path-forbidden');
  expect(await of('logs/access')).toBe('path-relative');
});

test('so are sources and addresses', async () => {
  const collector = { kind: 'syslog-tcp', log: 'access', zone: 'UTC', senders: [] } as const;
  const with_ = (listen: string, source = '389-directory-server'): AgentProfile =>
    profile([], { sources: [], collectors: [{ ...collector, listen, source }] });
  expect(await verdict(with_('0.0.0.0:5514'))).toBe('taken');
  expect(await verdict(with_('0.0.0.0:514'))).toBe('listen-forbidden');
  expect(await verdict(with_('0.0.0.0:5514', 'nobodys'))).toBe('source-unknown');
});
