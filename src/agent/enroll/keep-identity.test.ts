import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeSigningKey } from '#delivery';
import { AppError } from '#error';
import { nodeFileSystem } from '../node-file-system.ts';
import { createDispatcher } from '../ship/dispatcher.ts';
import { ServerClient } from '../ship/server-client.ts';
import { answer, type OtherServer, startOtherServer, testAgentKey } from '../test-other-server.ts';
import { systemClock } from '../test-spool.ts';
import { type AgentIdentity, IdentityFile } from './identity.ts';
import { IdentityKeeper, newKeyFile } from './keep-identity.ts';
import { readEnrollmentToken } from './read-token.ts';

const token = `mde_${'a'.repeat(12)}_${'b'.repeat(43)}`;
const day = 86_400_000;

let folder: string;
let server: OtherServer | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'meridian-identity-'));
});
afterEach(async () => {
  await server?.close();
  server = undefined;
  await rm(folder, { recursive: true, force: true });
});

function identityOf(more: Partial<AgentIdentity> = {}): AgentIdentity {
  return {
    agentId: 'agent-1',
    serverId: 'server-1',
    serverKey: makeSigningKey().publicKey,
    servers: ['https://meridian.example.com'],
    key: testAgentKey,
    keyMade: Date.now(),
    nextKey: undefined,
    enrolledAt: 5,
    ...more,
  };
}

async function keeperOf(identity: AgentIdentity): Promise<{ keeper: IdentityKeeper; file: IdentityFile }> {
  const file = new IdentityFile(nodeFileSystem, folder);
  await file.save(identity);
  return { keeper: new IdentityKeeper(identity, file, nodeFileSystem, folder), file };
}

function clientOf(keeper: IdentityKeeper, url: string): ServerClient {
  return new ServerClient({
    servers: [url],
    dispatcher: createDispatcher({ ca: undefined, pins: [], proxy: undefined }),
    signer: () => ({ agentId: 'agent-1', instance: 'instance-0123456789', key: keeper.identity.key }),
    clock: systemClock,
    signal: new AbortController().signal,
  });
}

test('the identity comes back as it was saved, and only its owner may read it', async () => {
  const identity = identityOf({ nextKey: makeSigningKey() });
  const { file } = await keeperOf(identity);
  expect((await stat(file.path)).mode & 0o777).toBe(0o600);
  const loaded = await file.load();
  expect(loaded?.key.publicKey).toBe(identity.key.publicKey);
  expect(loaded?.nextKey?.publicKey).toBe(identity.nextKey?.publicKey);
  expect({ ...loaded, key: 0, nextKey: 0 }).toEqual({ ...identity, key: 0, nextKey: 0 });
});

test.each<readonly [string, (path: string) => Promise<void>]>([
  ['may be read by others', (path) => chmod(path, 0o640)],
  ['was cut', async (path) => writeFile(path, (await readFile(path)).subarray(0, 100))],
  ['was changed', async (path) => writeFile(path, (await readFile(path, 'latin1')).replace('agent-1', 'agent-2'))],
])('an identity that %s is refused, and its key is not told', async (_, damage) => {
  const { file } = await keeperOf(identityOf());
  await damage(file.path);
  const error = await file.load().then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(AppError);
  expect(error).toMatchObject({ code: 'agent-identity-damaged' });
  expect(JSON.stringify(error)).not.toContain('PRIVATE');
});

test('a key is renewed when it is old, or when somebody asks; never without need', async () => {
  server = await startOtherServer((request, response) => {
    const { publicKey } = JSON.parse(request.body.toString());
    return answer(response, 200, { keyId: String(publicKey).slice(0, 22), oldKeyUntil: Date.now() });
  });
  const { keeper, file } = await keeperOf(identityOf());
  const client = clientOf(keeper, server.url);
  expect(await keeper.renewKey(client, Date.now() + 29 * day)).toBe(false);
  expect(await keeper.renewKey(client, Date.now() + 31 * day)).toBe(true);
  expect(keeper.identity.key.publicKey).not.toBe(testAgentKey.publicKey);
  expect((await file.load())?.key.publicKey).toBe(keeper.identity.key.publicKey);
  const asked = await keeperOf(identityOf());
  await writeFile(join(folder, newKeyFile), '');
  expect(await asked.keeper.renewKey(clientOf(asked.keeper, server.url), Date.now())).toBe(true);
  await expect(stat(join(folder, newKeyFile))).rejects.toThrow();
});

test('when the answer to a new key is lost, the agent finds out which of the two the server takes', async () => {
  let offered = '';
  server = await startOtherServer((request, _, socket) => {
    offered = String(JSON.parse(request.body.toString()).publicKey);
    socket.destroy();
    return true;
  });
  const { keeper, file } = await keeperOf(identityOf({ keyMade: 0 }));
  await expect(keeper.renewKey(clientOf(keeper, server.url), Date.now())).rejects.toThrow();
  // After a kill at this moment both keys are there.
  const loaded = await file.load();
  expect(loaded?.key.publicKey).toBe(testAgentKey.publicKey);
  expect(loaded?.nextKey?.publicKey).toBe(offered);
  const again = new IdentityKeeper(loaded ?? identityOf(), file, nodeFileSystem, folder);
  const works = (): Promise<boolean> => Promise.resolve(again.identity.key.publicKey === offered);
  expect(await again.tryNextKey('agent-revoked', works, 1)).toBe(false);
  expect(await again.tryNextKey('agent-not-enrolled', () => Promise.resolve(false), 1)).toBe(false);
  expect(again.identity.key.publicKey).toBe(testAgentKey.publicKey);
  expect(await again.tryNextKey('agent-not-enrolled', works, 1)).toBe(true);
  expect((await file.load())?.key.publicKey).toBe(offered);
  expect((await file.load())?.nextKey).toBeUndefined();
});

function stdin(text: string, isTTY = false): Readable & { isTTY?: boolean } {
  return Object.assign(Readable.from([text]), { isTTY });
}

test.each([
  ['standard input', undefined, {}, `${token}\n`, token],
  ['standard input, asked for', '-', { MERIDIAN_ENROLLMENT_TOKEN: 'other' }, token, token],
  ['the environment', undefined, { MERIDIAN_ENROLLMENT_TOKEN: token }, '', token],
  ['nowhere', undefined, {}, '', 'enrollment-token-missing'],
  ['something else', undefined, {}, 'hello', 'enrollment-token-wrong'],
  ['without end', undefined, {}, 'x'.repeat(1e6), 'enrollment-token-wrong'],
  ['a file that is not there', '/nowhere/token', {}, '', 'file-missing'],
])('a token from %s', async (_, file, env, input, expected) => {
  const found = await readEnrollmentToken({ file, env, stdin: stdin(input) }).catch((thrown: unknown) =>
    thrown instanceof AppError ? thrown.code : String(thrown),
  );
  expect(found).toBe(expected);
});

test('nobody at a terminal is waited for', async () => {
  await expect(readEnrollmentToken({ file: undefined, env: {}, stdin: stdin(token, true) })).rejects.toMatchObject({
    code: 'enrollment-token-missing',
  });
});
