import type { Page } from 'playwright-core';
import { hostileName } from '../test/end-to-end/browser.ts';
import { profileContent } from '../test/end-to-end/fleet-host.ts';
import { fileOf, hostileHost, SpokenAgent } from '../test/end-to-end/speak-as-agent.ts';

/** A server, and what its administrator can do. */
interface Server {
  readonly url: string;
  readonly token: string;
}

/** What the pictures of the fleet are taken of. */
export interface ShownFleet {
  readonly profileId: string;
  readonly agentId: string;
  readonly hostileId: string;
}

async function ask(
  { url, token }: Server,
  method: string,
  path: string,
  body?: unknown,
): Promise<Record<string, unknown>> {
  const response = await fetch(`${url}/api/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${text}`);
  return JSON.parse(text);
}

const folder = '/var/log/dirsrv/slapd-corp';

/** Fills a server with a small fleet: agents in every state, profiles of every kind, tokens. */
export async function fillFleet(server: Server): Promise<ShownFleet> {
  const make = async (tag: string, change: object): Promise<string> =>
    String((await ask(server, 'POST', '/profiles', { ...profileContent(tag, [`${folder}/*`]), ...change }))['id']);
  const profileId = await make('directory', {
    name: 'Directory servers',
    description: 'All logs of the directory servers in both data centres. Ask the directory team before changing it.',
    priority: 10,
  });
  await make('lab', { name: 'Lab, a sample of it', enabled: false, priority: 50 });
  await make('default', { name: 'Everything else', isDefault: true, priority: 900, assets: noAssets });
  await make('forbidden', {
    name: `Asks too much ${hostileName.replace(/\p{Cc}/gu, '')}`,
    priority: 20,
    profile: Reflect.get(profileContent('forbidden', ['/etc/shadow', '/srv/logs/*.log']), 'profile'),
  });
  const current = profileContent('directory', [`${folder}/access*`, `${folder}/errors*`]);
  await ask(server, 'PUT', `/profiles/${profileId}`, {
    ...current,
    name: 'Directory servers',
    description: 'All logs of the directory servers in both data centres. Ask the directory team before changing it.',
    priority: 10,
  });
  const text = async (change: object): Promise<string> =>
    String((await ask(server, 'POST', '/enrollment/tokens', change))['text']);
  const token = await text({
    description: 'Directory servers, both data centres',
    tags: ['directory', 'production'],
    uses: 20,
    hours: 168,
  });
  const agents: SpokenAgent[] = [];
  for (const [at, name] of ['ldap1', 'ldap2', 'ldap3', 'ldap4'].entries()) {
    const addresses = [`192.0.2.${11 + at}`, `2001:db8::${11 + at}`];
    agents.push(await new SpokenAgent(server.url, { name: `${name}.corp.example.com`, addresses }).enroll(token));
  }
  const [first, second, third] = agents;
  if (first === undefined || second === undefined || third === undefined) throw new Error('no agents');
  const line = (at: number) => ({
    EventTime: Date.now() - 5_000 + at,
    ...{ DeviceModel: '389 Directory Server', DeviceType: 'Application', conn: 70 + at, op: 0, verb: 'BIND' },
    dn: `uid=user${at},ou=people,dc=corp,dc=example,dc=com`,
    position: at * 200,
  });
  await first.ship(
    `${folder}/access`,
    [0, 20_000],
    Array.from({ length: 100 }, (_, at) => line(at)),
  );
  await first.ship(
    `${folder}/access`,
    [24_000, 40_000],
    Array.from({ length: 80 }, (_, at) => line(120 + at)),
  );
  await first.follow({
    files: [
      fileOf(`${folder}/access`, {
        size: 104_857_600,
        position: 104_857_312,
        lagBytes: 288,
        lagSeconds: 0.4,
        state: 'reading',
      }),
      fileOf(`${folder}/access.20261123-030000`, { size: 104_857_600, position: 104_857_600, state: 'complete' }),
      fileOf(`${folder}/errors`, { log: 'error', size: 51_200, position: 51_200 }),
      fileOf(`${folder}/audit`, {
        log: 'audit',
        size: 8_192,
        position: 0,
        lagBytes: 8_192,
        state: 'unreadable',
        code: 'file-unreadable',
      }),
    ],
    sessionsOpen: 214,
    spool: { bytes: 12_400, batches: 1, oldestSeconds: 0.4, full: false },
    shipped: { batches: 412, records: 1_204_311, lines: 1_204_811, bytes: 310_000_000, deadLetters: 12 },
    lastEventTime: Date.now() - 5_000,
    errors: [
      {
        code: 'file-unreadable',
        sentence: `${folder}/audit cannot be read: permission denied.`,
        count: 31,
        last: Date.now() - 60_000,
      },
    ],
  });
  await second.follow({ files: [fileOf(`${folder}/access`)], lastEventTime: Date.now() - 20_000 });
  const refused = {
    code: 'path-outside-roots',
    sentence: `"${folder}/errors*" lies outside the folders that this agent may read.`,
  };
  const revision = await third.beat();
  await third.beat({ profile: { applied: 0, refused: { revision, ...refused } }, time: Date.now() + 95_000 });
  const hostile = await new SpokenAgent(server.url, hostileHost(`${hostileName}.example.com`)).enroll(
    await text({ description: `For ${hostileName}`, tags: ['lab'] }),
  );
  await hostile.beat({
    files: [fileOf(`/var/log/dirsrv/${hostileName}/access`, { lagBytes: 400_000, lagSeconds: 90, state: 'reading' })],
  });
  const gone = await new SpokenAgent(server.url, { name: 'old-replica.corp.example.com' }).enroll(token);
  await ask(server, 'DELETE', `/agents/${gone.id}?reason=replaced+by+ldap4`);
  await ask(server, 'POST', '/enrollment/tokens', { description: 'One lab host', tags: ['lab'], hours: 1 });
  const { token: revoked } = await ask(server, 'POST', '/enrollment/tokens', {
    description: 'Lost on a slip of paper',
  });
  await ask(server, 'DELETE', `/enrollment/tokens/${String(Reflect.get(Object(revoked), 'id'))}`);
  return { profileId, agentId: first.id, hostileId: hostile.id };
}

const noAssets = { tags: [], excludeTags: [], hosts: [], excludeHosts: [] };

/** The pages of the fleet, and what is done on each before its picture is taken. */
export function fleetScreens({ profileId, agentId, hostileId }: ShownFleet): readonly {
  readonly name: string;
  readonly address: string;
  readonly act?: (page: Page) => Promise<unknown>;
}[] {
  const newToken = (page: Page): Promise<void> => page.getByRole('button', { name: 'New token' }).click();
  return [
    { name: 'profiles', address: '/profiles' },
    {
      name: 'profiles-import',
      address: '/profiles',
      act: (page) => page.getByRole('button', { name: 'Import' }).click(),
    },
    {
      name: 'profile',
      address: `/profiles/${profileId}`,
      act: (page) =>
        page
          .getByRole('button', { name: /^Compare/ })
          .first()
          .click(),
    },
    { name: 'new-profile', address: '/profiles/new' },
    {
      name: 'new-profile-sources',
      address: '/profiles/new?step=sources',
      act: (page) => page.getByLabel('Path pattern 1', { exact: true }).fill('/etc/shadow'),
    },
    { name: 'edit-profile-assets', address: `/profiles/${profileId}/edit?step=assets` },
    {
      name: 'new-profile-limits',
      address: '/profiles/new?step=limits',
      act: (page) => page.getByRole('button', { name: 'Add a time of rest' }).click(),
    },
    { name: 'edit-profile-review', address: `/profiles/${profileId}/edit?step=review` },
    { name: 'agents', address: '/agents' },
    { name: 'agent', address: `/agents/${agentId}` },
    { name: 'agent-hostile', address: `/agents/${hostileId}` },
    { name: 'enrollment', address: '/enrollment' },
    { name: 'enrollment-new', address: '/enrollment', act: newToken },
    {
      name: 'enrollment-made',
      address: '/enrollment',
      act: async (page) => {
        await newToken(page);
        await page.getByRole('button', { name: 'Create token' }).click();
      },
    },
  ];
}
