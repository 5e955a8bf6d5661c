import type { Page, Route } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { chromiumPath, hostileName } from './browser.ts';
import { choosePassword, type FleetConsole, openFleetConsole } from './fleet-console.ts';
import type { FleetServer } from './fleet-host.ts';
import { inaccessible } from './inaccessible.ts';
import { fileOf, hostileHost, SpokenAgent } from './speak-as-agent.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 240_000 });

const hasBrowser = chromiumPath !== undefined;

let fleet: FleetConsole;
let server: FleetServer;
beforeAll(async () => {
  if (!hasBrowser) return;
  fleet = await openFleetConsole();
  server = fleet.server;
});
afterAll(async () => {
  if (!hasBrowser) return;
  await fleet.close();
});
// Whatever hosts are called: no script error, nothing the policy refused, nothing asked of another host, no dialog.
afterEach(async () => {
  if (hasBrowser) expect(await fleet.leave()).toEqual([]);
});

/** A row of a table, by what stands in it. */
function row(page: Page, text: string) {
  return page.getByRole('row').filter({ hasText: text });
}

describe.skipIf(!hasBrowser)('agents and enrollment', () => {
  test('agents: found, looked through by keyboard, tagged, given a profile, and un-enrolled at once', async () => {
    const id = await server.profile('nobody-has-this', ['/var/log/dirsrv/given/access']);
    const agent = await fleet.spoken('one.found.example.com', ['found', 'kept']);
    await fleet.spoken('two.found.example.com', ['found']);
    await agent.beat();
    const page = await fleet.visit('/agents');
    await page.getByRole('link', { name: 'one.found.example.com' }).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('found');
    await page.getByText('2 agents', { exact: true }).waitFor();
    await page.getByLabel('Tag').selectOption('kept');
    await page.getByText('1 agent', { exact: true }).waitFor();
    await page.getByLabel('Tag').selectOption('');
    await page.getByLabel('State').selectOption('never-heard');
    await page.getByText('1 agent', { exact: true }).waitFor();
    await page.getByLabel('State').selectOption('');
    await page.getByText('2 agents', { exact: true }).waitFor();
    await page.evaluate('document.activeElement.blur()');
    for (const key of ['j', 'j', 'k', 'Enter']) await page.keyboard.press(key);
    await page.getByRole('heading', { name: 'one.found.example.com' }).waitFor();

    await page.getByLabel('Tags given here').focus();
    await page.keyboard.type('added');
    await page.keyboard.press('Enter');
    await page.getByText('Saved.').waitFor();
    await page.getByRole('button', { name: 'Remove kept' }).click();
    await expect.poll(async () => (await server.ask('GET', `/agents/${agent.id}`))['tags']).toEqual(['added', 'found']);
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect
      .poll(async () => (await server.ask('GET', `/agents/${agent.id}`))['tags'])
      .toEqual(['added', 'found', 'kept']);
    const profile = page.getByRole('form', { name: 'Profile' });
    await profile.getByLabel('Profile').selectOption(id);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await profile.getByText('given by hand').waitFor();
    expect(await inaccessible(page)).toEqual([]);

    await agent.beat();
    await page.getByRole('button', { name: 'Un-enroll…' }).click();
    await page.getByLabel('Why (for the record)').fill('sold');
    await page.keyboard.press('Enter');
    await page.getByText(/It was un-enrolled .*: sold/).waitFor();
    await expect(agent.beat()).rejects.toThrow('agent-revoked');
    expect(await page.getByRole('button', { name: 'Un-enroll…' }).count()).toBe(0);
  });

  test('a token is revoked, and lets nobody in any more', async () => {
    const page = await fleet.visit('/enrollment');
    await page.getByRole('button', { name: 'New token' }).press('Enter');
    await page.keyboard.type('for a slip of paper');
    await page.keyboard.press('Enter');
    const command = await page.getByRole('region', { name: 'The command to paste' }).locator('pre').innerText();
    await page.getByText('Waiting for the first host…').waitFor();
    await page.getByRole('button', { name: 'Revoke for a slip of paper' }).press('Enter');
    await page.getByText('The token was revoked: no host came in').waitFor();
    await row(page, 'for a slip of paper').getByText('revoked').waitFor();
    const late = new SpokenAgent(server.url, { name: 'late.example.com' });
    await expect(late.enroll(/'(mde_[^']+)'/.exec(command)?.[1] ?? '')).rejects.toThrow('enrollment-token');
  });

  test('what hosts say stays text, on every page, dark and light', async () => {
    const name = `${hostileName}.example.com`;
    const agent = await new SpokenAgent(server.url, hostileHost(name)).enroll(
      String((await server.ask('POST', '/enrollment/tokens', { description: hostileName, tags: ['hostile'] }))['text']),
    );
    const id = await server.profile('hostile', ['/var/log/dirsrv/hostile/access'], {});
    const revision = await agent.beat();
    await agent.ship(
      `/var/log/${hostileName}`,
      [0, 100],
      [
        {
          EventTime: Date.now(),
          DeviceModel: '389 Directory Server',
          DeviceType: 'Application',
          conn: 1,
          op: 0,
          verb: 'BIND',
        },
      ],
    );
    await agent.beat({
      profile: { applied: 0, refused: { revision, code: 'path-forbidden', sentence: `Not ${hostileName}` } },
      files: [fileOf(`/var/log/${hostileName}`, { log: hostileName, state: 'unreadable', code: 'file-unreadable' })],
      errors: [{ code: 'file-unreadable', sentence: `${hostileName} cannot be read.`, count: 1, last: Date.now() }],
    });
    for (const scheme of ['light', 'dark'] as const) {
      const page = await fleet.visit('/agents?tag=hostile', { scheme });
      const look = async (text: string): Promise<void> => {
        await page.getByText(text).first().waitFor();
        expect([page.url(), await inaccessible(page)]).toEqual([page.url(), []]);
        expect(await page.locator('main img, main script, main b').count()).toBe(0);
        expect(await page.locator('main').innerText()).not.toMatch(/[^\P{C}\n\t]/u);
      };
      await look('\\u202e');
      await page.goto(`/agents/${agent.id}`);
      await page
        .getByText('1 gap')
        .or(page.getByText(/\bcomplete$/))
        .first()
        .waitFor();
      await look('cannot be read.');
      await page.goto(`/profiles/${id}`);
      await look('Not <img');
      if (scheme === 'dark') continue;
      await page.goto(`/profiles/${id}/edit?step=assets`);
      await look('1 host fits and gets it.');
      await page.goto('/enrollment');
      await look('<img src=x');
    }
  });

  test('what fails is told, with what to do; empty lists say what will be there', async () => {
    const page = await fleet.visit('/enrollment');
    await page.getByRole('heading', { name: 'Enrollment' }).waitFor();
    const body = { error: { code: 'store-failed', message: 'It broke.', hint: 'Look at the log.' } };
    const broken = (route: Route): Promise<void> => route.fulfill({ status: 500, json: body });
    for (const [address, api, heading] of [
      ['/profiles', '/api/v1/profiles?*', 'The profiles cannot be shown'],
      ['/agents', '/api/v1/agents?*', 'The agents cannot be shown'],
      ['/enrollment', '/api/v1/enrollment/tokens?*', 'The tokens cannot be shown'],
    ] as const) {
      await page.route(`**${api}`, broken);
      await page.goto(address);
      await page.getByRole('heading', { name: heading }).waitFor();
      await page.unroute(`**${api}`);
      await page.getByRole('button', { name: 'Try again' }).click();
      await expect.poll(() => page.getByRole('heading', { name: heading }).count()).toBe(0);
    }
    // A later look that fails takes nothing away of what somebody reads or writes.
    const agent = await fleet.spoken('looked-at.example.com', ['looked-at']);
    await page.goto(`/agents/${agent.id}`);
    await page.getByRole('button', { name: 'Un-enroll…' }).click();
    const reason = page.getByLabel('Why (for the record)');
    await reason.fill('begun');
    await page.route(`**/api/v1/agents/${agent.id}`, broken);
    await page.getByText('It broke.').waitFor();
    expect(await reason.inputValue()).toBe('begun');
    await page.unroute(`**/api/v1/agents/${agent.id}`);
    await expect.poll(() => page.getByText('It broke.').count(), { timeout: 10_000 }).toBe(0);
    await page.goto('/agents?tag=nobody-ever');
    await page.getByRole('heading', { name: 'No agent is like that' }).waitFor();
    expect(await inaccessible(page)).toEqual([]);
    await page.goto('/profiles/prf_none');
    await page.getByText('There is no profile with this id.').waitFor();
  });

  test('a viewer sees that the pages are not for them, and the server agrees', async () => {
    const { link } = await server.ask('POST', '/users', { name: 'vera', role: 'viewer' });
    const page = await fleet.visit(String(link), { signedOut: true });
    await choosePassword(page);
    const rail = page.getByRole('navigation', { name: 'Pages', exact: true });
    expect(await rail.getByRole('link', { name: /Profiles|Agents|Enrollment/ }).count()).toBe(0);
    for (const address of ['/profiles', '/profiles/new', '/agents', '/enrollment']) {
      await page.goto(address);
      await page.getByRole('heading', { name: 'Your role does not allow this page' }).waitFor();
    }
    for (const path of ['profiles', 'agents', 'agents/summary', 'enrollment/tokens', 'profiles/prf_x/agents']) {
      expect([path, await page.evaluate(`fetch("/api/v1/${path}").then((answer) => answer.status)`)]).toEqual([
        path,
        403,
      ]);
    }
  });
});
