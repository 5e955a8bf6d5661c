import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { chromiumPath, type OpenConsole, openConsole, openPage, type Watch } from './browser.ts';
import { profileContent } from './fleet-host.ts';
import { type Hand, keyboard, mouse } from './hands.ts';
import { inaccessible } from './inaccessible.ts';
import { SpokenAgent } from './speak-as-agent.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 240_000 });

const hasBrowser = chromiumPath !== undefined;
const password = 'four unrelated words here';
let console: OpenConsole;
let folder = '';
let cookies: Awaited<ReturnType<Watch['context']['cookies']>> = [];
const agents = new Map<Hand['name'], SpokenAgent>();
const open: Watch[] = [];
/** One for each hand: a page whose files are there already is there sooner. */
const shared = new Map<string, Watch>();
beforeAll(async () => {
  if (!hasBrowser) return;
  console = await openConsole();
  folder = mkdtempSync(join(tmpdir(), 'meridian-keyboard-'));
  cookies = await makeAdministrator();
  for (const name of ['mouse', 'keyboard'] as const) await makeFleet(name);
});
afterAll(async () => {
  if (!hasBrowser) return;
  await console.close();
  rmSync(folder, { recursive: true });
});
afterEach(async () => {
  for (const { context, wrongs } of open.splice(0)) {
    await context.close();
    expect(wrongs).toEqual([]);
  }
  for (const { wrongs } of shared.values()) expect(wrongs.splice(0)).toEqual([]);
});

async function makeAdministrator(): Promise<typeof cookies> {
  const context = await console.browser.newContext({ baseURL: console.url });
  const answer = await context.request.post('/api/v1/invitation/accept', {
    headers: { origin: console.url },
    data: { secret: new URL(console.firstLink).hash.slice(1), name: 'root', displayName: 'Root', password },
  });
  if (!answer.ok()) throw new Error(await answer.text());
  const made = await context.cookies();
  await context.close();
  return made;
}

/** For each hand: a profile with two versions, and a host. */
async function makeFleet(name: Hand['name']): Promise<void> {
  const profile = profileContent(name, ['/var/log/dirsrv/x/access']);
  const { id } = await ask('POST', '/profiles', profile);
  await ask('PUT', `/profiles/${String(id)}`, { ...profile, priority: 7 });
  const { text } = await ask('POST', '/enrollment/tokens', { tags: [name] });
  const agent = await new SpokenAgent(console.url, { name: `${name}.example.com` }).enroll(String(text));
  await agent.beat();
  agents.set(name, agent);
}

/** Sends two stretches of a log, and not what lies between. Not before: what comes in is on other pages, too. */
async function sendWithGap(name: Hand['name']): Promise<void> {
  const record = { DeviceModel: '389 Directory Server', DeviceType: 'Application', conn: 1, op: 0, verb: 'BIND' };
  for (const range of [
    [0, 100],
    [200, 300],
  ] as const) {
    await agents.get(name)?.ship('/var/log/dirsrv/x/access', range, [{ EventTime: Date.now(), ...record }]);
  }
}

/** Asks the API, with the access token. */
async function ask(method: string, path: string, body: object): Promise<Record<string, unknown>> {
  const answer = await fetch(`${console.url}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${console.token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(text);
  return JSON.parse(text);
}

/** Opens a page as the administrator, or as somebody of another role. */
async function visit(address: string, role?: 'viewer'): Promise<Page> {
  const watch = await openPage(console, { signedOut: true });
  open.push(watch);
  if (role === undefined) await watch.context.addCookies(cookies);
  else await signInAs(watch, role);
  watch.page.setDefaultTimeout(15_000);
  await watch.page.goto(address);
  return watch.page;
}

/** Opens the page that a hand has for itself. */
async function openFor(which: string): Promise<Page> {
  const watch = await openPage(console, { signedOut: true });
  shared.set(which, watch);
  await watch.context.addCookies(cookies);
  watch.page.setDefaultTimeout(15_000);
  return watch.page;
}

async function signInAs({ context }: Watch, role: string): Promise<void> {
  const headers = { origin: console.url };
  const invited = await context.request.post('/api/v1/users', {
    headers: { ...headers, authorization: `Bearer ${console.token}` },
    data: { name: `a-${role}`, role },
  });
  const { link } = await invited.json();
  const accepted = await context.request.post('/api/v1/invitation/accept', {
    headers,
    data: { secret: new URL(link).hash.slice(1), password },
  });
  if (!accepted.ok()) throw new Error(await accepted.text());
}

function wordOf(page: Page, name: string): string | null {
  return new URL(page.url()).searchParams.get(name);
}

function rows(page: Page): Locator {
  return page.locator('.events-body .events-row');
}

/** Writes a file, and gives it to whatever asks for one. */
async function giveFile(hand: Hand, button: Locator, name: string, text: string): Promise<void> {
  const path = join(folder, name);
  writeFileSync(path, text);
  await hand.giveFile(button, path);
}

interface Task {
  readonly page: string;
  readonly address: string;
  readonly run: (page: Page, hand: Hand) => Promise<void>;
}

const tasks: readonly Task[] = [
  {
    page: 'overview: a window is chosen, and a finding leads to its hunt',
    address: '/',
    async run(page, hand) {
      await hand.press(page.getByRole('button', { name: /^Time: / }));
      await hand.write(page.getByLabel('From', { exact: true }), '2026-11-24 09:47:20');
      await hand.write(page.getByLabel('To', { exact: true }), '2026-11-24 10:00');
      await hand.press(page.getByRole('button', { name: 'Use this window' }));
      await page.getByRole('link', { name: /New sources \d+ 1 address, 17 identities/ }).waitFor();
      await hand.press(page.getByRole('link', { name: /^1 address not seen before/ }));
      await expect.poll(() => wordOf(page, 'q')).toBe('sourceIp: 127.0.7.15');
      await rows(page).first().waitFor();
    },
  },
  {
    page: 'event: a value is hunted for, then what happened around it',
    address: '/hunt?q=eventSubType%3A+RESULT+and+resultCode%3A+49&from=&to=',
    async run(page, hand) {
      await rows(page).first().waitFor();
      if (hand.name === 'mouse') await rows(page).first().click();
      else {
        // The first goes into the table.
        for (const key of ['j', 'j', 'Enter']) await page.keyboard.press(key);
      }
      await hand.press(page.getByRole('link', { name: 'Own page' }));
      await page.getByRole('heading', { name: /^RESULT of BIND/ }).waitFor();
      await hand.press(page.getByRole('button', { name: /^Include resultName/ }));
      await expect.poll(() => wordOf(page, 'q')).toBe('resultName: invalidCredentials');
      await page.goBack();
      await hand.press(page.getByRole('link', { name: 'What happened around it' }));
      await page.getByRole('complementary', { name: 'Event' }).waitFor();
    },
  },
  {
    page: 'session: failures alone, then its events',
    address: '/hunt?q=closeReason%3A+U1+and+boundDn%3A+svc&from=&to=',
    async run(page, hand) {
      await rows(page).first().waitFor();
      if (hand.name === 'mouse') await rows(page).first().click();
      else {
        // The first goes into the table.
        for (const key of ['j', 'j', 'Enter']) await page.keyboard.press(key);
      }
      await hand.press(page.getByRole('link', { name: 'Session story' }));
      await page.getByRole('cell', { name: /^connected/ }).waitFor();
      await hand.press(page.getByRole('button', { name: 'Failures' }));
      await expect.poll(() => page.getByRole('button', { name: 'Failures' }).getAttribute('aria-pressed')).toBe('true');
      await hand.press(page.getByRole('link', { name: 'Hunt in it' }));
      await rows(page).first().waitFor();
    },
  },
  {
    page: 'entities and an entity: looked up, a neighbour followed, a number hunted',
    address: '/entities',
    async run(page, hand) {
      await hand.write(page.getByRole('searchbox', { name: 'DN, address or host name' }), '127.0.66.9');
      await hand.press(page.getByRole('button', { name: 'Open' }));
      await page.getByRole('heading', { name: 'Address 127.0.66.9' }).waitFor();
      await page.getByText(/^Whether hours are unusual cannot be told yet/).waitFor();
      await hand.press(page.getByRole('link', { name: /^ldap1\.corp\.example\.com/ }).first());
      await page.getByRole('heading', { name: 'Directory server ldap1.corp.example.com' }).waitFor();
      const clients = page.getByRole('region', { name: 'Clients' });
      await hand.press(clients.getByRole('link', { name: /^[\d,]+$/ }).first());
      await rows(page).first().waitFor();
    },
  },
  {
    page: 'an entry: all below it',
    address: '/entities/entry?value=dc%3Dexample%2Cdc%3Dcom',
    async run(page, hand) {
      await hand.press(page.getByRole('button', { name: 'And all below' }));
      await page.getByRole('region', { name: 'Entries named' }).waitFor();
      await hand.press(page.getByRole('button', { name: 'As an identity' }));
      await page.getByRole('heading', { name: /^Identity/ }).waitFor();
    },
  },
  {
    page: 'data sources and a guide: a field is found',
    address: '/sources',
    async run(page, hand) {
      await hand.press(page.getByRole('link', { name: '389 Directory Server', exact: true }));
      await hand.write(page.getByRole('searchbox', { name: 'Find a field or label' }), 'etime');
      await page.getByRole('cell', { name: 'duration', exact: true }).waitFor();
      expect(await page.getByRole('cell', { name: 'searchFilter', exact: true }).count()).toBe(0);
    },
  },
  {
    page: 'try a line: pasted, read, a mistake told',
    address: '/try',
    async run(page, hand) {
      await hand.write(
        page.getByLabel('Log lines'),
        '[24/Nov/2026:10:00:00.1 +0000] conn=7 op=3 SRCH base="dc=x" scope=2 filter="(cn=a)" attrs=ALL',
      );
      await hand.press(page.getByRole('button', { name: 'Show what becomes of it' }));
      await page.getByText('1 line = 1 record').waitFor();
      await page.getByText('directory-read').waitFor();
    },
  },
  {
    page: 'dead letters: opened, tried again, all of them',
    address: '/dead-letters',
    async run(page, hand) {
      const letters = page.getByRole('button', { name: /not a record/ });
      await letters.first().waitFor();
      if (hand.name === 'mouse') await letters.nth(1).click();
      else for (const key of ['j', 'j', 'j', 'k', 'Enter']) await page.keyboard.press(key);
      await expect.poll(() => letters.nth(1).getAttribute('aria-expanded')).toBe('true');
      await hand.press(page.getByRole('button', { name: 'Replay this line' }));
      await page.getByText(/^Still not understood/).waitFor();
      await hand.press(page.getByRole('button', { name: 'Replay 5 lines' }));
      await page.getByText('5 lines tried, 0 events made').waitFor();
      await hand.press(page.getByRole('link', { name: 'See where it fails' }));
      await page.getByRole('heading', { name: /Not understood/ }).waitFor();
    },
  },
  {
    page: 'retention: set, and undone',
    address: '/retention',
    async run(page, hand) {
      await hand.write(page.getByLabel('All sources'), '3650');
      await hand.press(page.getByRole('button', { name: 'Set retention' }));
      await page.getByText('It is set.').waitFor();
      await hand.press(page.getByRole('button', { name: 'Undo' }));
      await expect.poll(() => page.getByLabel('All sources').inputValue()).toBe('');
    },
  },
  {
    page: 'enrichment: a file is previewed and used, replaced, looked up, removed, brought back',
    address: '/enrichment',
    async run(page, hand) {
      await hand.press(page.getByRole('button', { name: 'Upload zones' }));
      const uploader = page.getByRole('region', { name: 'Upload zones' });
      await uploader.getByText('Columns that are read').waitFor();
      expect(await inaccessible(page)).toEqual([]);
      const choose = uploader.getByRole('button', { name: 'Choose a file' });
      await giveFile(hand, choose, 'zones.csv', 'cidr,zone\n127.0.66.0/24,lab\nno block,<b>\u202ex\n');
      await uploader.getByRole('cell', { name: '<b>\\u202ex' }).waitFor();
      await uploader.getByText('"no block" is no address block').waitFor();
      expect(await inaccessible(page)).toEqual([]);
      await hand.press(uploader.getByRole('button', { name: 'Use this row' }));
      await page.getByText('zones.csv is in use: 1 row.').waitFor();
      await hand.write(page.getByRole('searchbox', { name: 'Address, DN or host name' }), '127.0.66.9');
      await page.keyboard.press('Enter');
      await page.getByRole('row', { name: /sourceZone lab zones@/ }).waitFor();
      await hand.press(page.getByRole('button', { name: 'Replace zones.csv' }));
      const again = page.getByRole('region', { name: 'Replace zones.csv' });
      await giveFile(hand, again.getByRole('button', { name: 'Choose a file' }), 'bad.csv', 'a,b\n1,2\n');
      await again.getByText('This file cannot be used, and nothing has changed.').waitFor();
      await hand.press(again.getByRole('button', { name: 'Cancel' }));
      await hand.press(page.getByRole('button', { name: 'Remove zones.csv' }));
      await page.getByText('zones.csv is removed.').waitFor();
      await hand.press(page.getByRole('button', { name: 'Undo' }));
      await page.getByText('Taken back.').waitFor();
      await hand.press(page.getByRole('button', { name: 'Remove zones.csv' }));
      await page.getByText('zones.csv is removed.').waitFor();
    },
  },
  {
    page: 'system: a source, and its events',
    address: '/system',
    async run(page, hand) {
      const sources = page.getByRole('region', { name: 'Sources' });
      const row = sources.getByRole('row', { name: /389-directory-server/ });
      await hand.press(row.getByRole('link', { name: /^[\d,.]+( M)?$/ }));
      await rows(page).first().waitFor();
      expect(wordOf(page, 'q')).toMatch(/^source: .?389-directory-server/);
    },
  },
  {
    page: 'QQL on one page: an example is run',
    address: '/help/qql',
    async run(page, hand) {
      await hand.press(page.getByRole('link', { name: 'sourceIp: 10.0.0.0/8' }));
      await expect.poll(() => wordOf(page, 'q')).toBe('sourceIp: 10.0.0.0/8');
    },
  },
  {
    page: 'users: one is made, given another role, and removed',
    address: '/users',
    async run(page, hand) {
      const name = `by-${hand.name}`;
      await hand.press(page.getByRole('button', { name: 'New user' }));
      await hand.write(page.getByLabel('Name', { exact: true }), name);
      await hand.choose(page.getByLabel('Role', { exact: true }), 'analyst');
      await hand.press(page.getByRole('button', { name: 'Create user' }));
      await hand.press(page.getByRole('button', { name: 'I have it' }));
      await hand.choose(page.getByLabel(`Role of ${name}`), 'engineer');
      await page.getByText('Is engineer now.').waitFor();
      await hand.pick(page.getByRole('button', { name: `Actions for ${name}` }), 'Remove…');
      await hand.press(page.getByRole('button', { name: `Remove ${name}` }));
      await expect.poll(() => page.getByText(name, { exact: true }).count()).toBe(0);
    },
  },
  {
    page: 'audit trail: which links were used, and by whom',
    address: '/audit',
    async run(page, hand) {
      await page.getByRole('cell', { name: 'invitation.accept' }).first().waitFor();
      await hand.choose(page.getByLabel('What', { exact: true }), 'Links used');
      await hand.write(page.getByLabel('Who'), 'nobody-at-all');
      await page.getByRole('heading', { name: 'Nothing of this kind was noted' }).waitFor();
      await hand.write(page.getByLabel('Who'), 'root');
      await page
        .getByRole('row', { name: /root invitation\.accept/ })
        .first()
        .waitFor();
      expect(await page.getByRole('cell', { name: /^(?!invitation)[a-z-]+\.[a-z-]+$/ }).count()).toBe(0);
    },
  },
  {
    page: 'account: a token is made, shown once, and revoked',
    address: '/account',
    async run(page, hand) {
      await hand.press(page.getByRole('button', { name: 'New token' }));
      await hand.write(page.getByLabel('What it is for'), `by ${hand.name}`);
      await hand.press(page.getByRole('checkbox', { name: /^events:read/ }));
      await hand.press(page.getByRole('button', { name: 'Create token' }));
      await page.getByRole('region', { name: 'The token' }).locator('pre').waitFor();
      await hand.press(page.getByRole('button', { name: 'I have it' }));
      const row = page.getByRole('row', { name: new RegExp(`by ${hand.name}`) });
      await hand.press(row.getByRole('button', { name: 'Revoke' }));
      await row.getByText('revoked', { exact: true }).waitFor();
    },
  },
  {
    page: 'dashboard: read as a table, zoomed into, another window, and the hunt behind it',
    address: '/dashboards/directory-health?from=2026-11-24T08:46:00Z&to=2026-11-24T08:50:00Z',
    async run(page, hand) {
      const trend = page.getByRole('region', { name: 'Operations by kind', exact: true });
      await hand.press(trend.getByRole('button', { name: 'Table' }));
      await trend.getByRole('columnheader', { name: 'SRCH' }).waitFor();
      await hand.press(trend.getByRole('button', { name: 'Picture' }));
      await trend.locator('.line-stroke').first().waitFor();
      const before = wordOf(page, 'from');
      await hand.stretch(trend.getByRole('group'));
      await expect.poll(() => wordOf(page, 'from')).not.toBe(before);
      expect(wordOf(page, 'from')).toMatch(/^2026-11-24T08:4[67]:.*Z$/);
      await hand.press(page.getByRole('button', { name: /^Time: / }));
      await hand.write(page.getByLabel('From', { exact: true }), '2026-11-24 09:46');
      await hand.write(page.getByLabel('To', { exact: true }), '2026-11-24 09:50');
      await hand.press(page.getByRole('button', { name: 'Use this window' }));
      const operations = page.getByRole('region', { name: 'Operations', exact: true });
      await operations.getByText(/^2,\d{3}$/).waitFor();
      await hand.press(operations.getByRole('link', { name: 'Hunt for Operations', exact: true }));
      await rows(page).first().waitFor();
    },
  },
  {
    page: 'profiles and a profile: one is found and opened, its versions compared, the first brought back',
    address: '/profiles',
    async run(page, hand) {
      await hand.write(page.getByRole('searchbox', { name: 'Search for a name' }), hand.name);
      await page.getByText('1 profile', { exact: true }).waitFor();
      await hand.press(page.getByRole('link', { name: `Directory servers, ${hand.name}` }));
      await hand.press(page.getByRole('button', { name: 'Compare version 1 with version 2' }));
      const difference = page.getByRole('region', { name: 'Difference' });
      await difference.getByRole('cell', { name: 'priority' }).waitFor();
      await hand.press(difference.getByRole('button', { name: 'Close' }));
      await hand.press(page.getByRole('button', { name: 'Roll back to version 1' }));
      await page.getByText('Version 3 has the content of version 1.').waitFor();
    },
  },
  {
    page: 'agents and an agent: one is found and opened, tagged, untagged, and what is missing of its log is seen',
    address: '/agents',
    async run(page, hand) {
      await sendWithGap(hand.name);
      await hand.choose(page.getByLabel('Tag'), `${hand.name} (1)`);
      await page.getByText('1 agent', { exact: true }).waitFor();
      await hand.write(page.getByRole('searchbox', { name: 'Host or address' }), hand.name);
      await hand.press(page.getByRole('link', { name: `${hand.name}.example.com` }));
      await hand.write(page.getByLabel('Tags given here'), 'added,');
      await page.getByText('Saved.').waitFor();
      await hand.press(page.getByRole('button', { name: 'Remove added' }));
      await expect.poll(() => page.getByRole('button', { name: 'Remove added' }).count()).toBe(0);
      const received = page.getByRole('region', { name: 'Received' });
      await received.getByText(/1 gap, /).waitFor();
      await hand.press(received.getByRole('link', { name: /^\d+$/ }));
      await expect.poll(() => wordOf(page, 'q')).toMatch(/^stream: /);
    },
  },
  {
    page: 'enrollment: a token is made, its command shown once, and it is revoked',
    address: '/enrollment',
    async run(page, hand) {
      await hand.press(page.getByRole('button', { name: 'New token' }));
      await hand.write(page.getByLabel('What it is for'), `paper of ${hand.name}`);
      await hand.press(page.getByRole('button', { name: 'Create token' }));
      await page.getByRole('region', { name: 'The command to paste' }).locator('pre').waitFor();
      await hand.press(page.getByRole('button', { name: 'I have it' }));
      await hand.press(page.getByRole('button', { name: `Revoke paper of ${hand.name}` }));
      await page
        .getByRole('row', { name: new RegExp(`paper of ${hand.name}`) })
        .getByText('revoked')
        .waitFor();
    },
  },
];

describe.skipIf(!hasBrowser)('the main task of each page', () => {
  for (const { page: name, address, run } of tasks) {
    test.each(['mouse', 'keyboard'] as const)(`${name}, by %s`, async (which) => {
      const page = shared.get(which)?.page ?? (await openFor(which));
      await page.goto(address);
      await run(page, which === 'mouse' ? mouse() : keyboard(page));
    });
  }
});

describe.skipIf(!hasBrowser)('context files', () => {
  test('a viewer is told so, and the server refuses what the page does not offer', async () => {
    const page = await visit('/enrichment', 'viewer');
    await page.getByRole('heading', { name: 'Your role does not allow this page' }).waitFor();
    const refused = await page.evaluate(`Promise.all([
      ['GET', '/enrichment'], ['PUT', '/enrichment/files/zones?form=csv'], ['DELETE', '/enrichment/files/zones'],
      ['POST', '/enrichment/files/zones/preview?form=csv'], ['POST', '/enrichment/look-up'],
    ].map(([method, path]) => fetch('/api/v1' + path, { method }).then(({ status }) => status)))`);
    expect(refused).toEqual([403, 403, 403, 403, 403]);
  });

  test('two tabs: what one has changed the other does not replace unseen', async () => {
    const page = await visit('/enrichment');
    const hand = mouse();
    const upload = async (tab: Page, text: string): Promise<void> => {
      await tab.bringToFront();
      await tab.getByRole('button', { name: /^(Upload|Replace) root-dns|^Upload root dns/ }).click();
      await giveFile(hand, tab.getByRole('button', { name: 'Choose a file' }), `${text.trim()}.txt`, text);
      await tab.getByRole('button', { name: /^Use this row/ }).waitFor();
    };
    const other = await page.context().newPage();
    await other.goto('/enrichment');
    await upload(page, 'cn=one\n');
    await upload(other, 'cn=two\n');
    await page.bringToFront();
    await page.getByRole('button', { name: 'Use this row' }).click();
    await page.getByText('root-dns.txt is in use: 1 row.').waitFor();
    await other.bringToFront();
    await other.getByRole('button', { name: 'Use this row' }).click();
    await other.getByText(/was changed by somebody else in the meantime/).waitFor();
    await other.getByRole('button', { name: 'Try again' }).click();
    await other.getByText('It replaces root-dns.txt').waitFor();
    await page.bringToFront();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('Taken back.').waitFor();
  });

  test('a failing server is told, a slow one can be given up, and a session that ends is asked for again', async () => {
    const page = await visit('/enrichment');
    await page.getByRole('button', { name: 'Upload assets' }).click();
    const uploader = page.getByRole('region', { name: 'Upload assets' });
    await page.route('**/enrichment/files/**', (route) => route.abort());
    await giveFile(mouse(), uploader.getByRole('button', { name: 'Choose a file' }), 'a.csv', 'ip\n192.0.2.1\n');
    await uploader.getByRole('heading', { name: 'The file was not taken' }).waitFor();
    await uploader.getByText('The server does not answer.').waitFor();
    await page.unroute('**/enrichment/files/**');
    await page.route('**/enrichment/files/**', () => {});
    await uploader.getByRole('button', { name: 'Try again' }).click();
    await uploader.getByRole('progressbar', { name: 'Sent' }).waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => uploader.count()).toBe(0);
    await page.unroute('**/enrichment/files/**');
    await page.context().request.delete('/api/v1/session', { headers: { origin: console.url } });
    await page.getByRole('button', { name: 'Upload assets' }).click();
    await giveFile(mouse(), uploader.getByRole('button', { name: 'Choose a file' }), 'a.csv', 'ip\n192.0.2.1\n');
    await page.getByRole('heading', { name: 'Sign in to Meridian' }).waitFor();
  });
});
