import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { chromiumPath } from './browser.ts';
import { choosePassword, type FleetConsole, openFleetConsole } from './fleet-console.ts';
import { buildAgent, FleetHost, type FleetServer, profileContent } from './fleet-host.ts';
import { keyboard } from './hands.ts';
import { inaccessible } from './inaccessible.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 240_000 });

const hasBrowser = chromiumPath !== undefined;
const demo = fileURLToPath(new URL('../../demo/slapd-corp/access.gz', import.meta.url));
const logLines = 400;

let built: string;
let program: string;
let fleet: FleetConsole;
let server: FleetServer;
beforeAll(async () => {
  if (!hasBrowser) return;
  built = mkdtempSync(join(tmpdir(), 'meridian-console-fleet-'));
  program = await buildAgent(built);
  fleet = await openFleetConsole();
  server = fleet.server;
});
afterAll(async () => {
  if (!hasBrowser) return;
  await fleet.close();
  rmSync(built, { recursive: true, force: true });
});
// Whatever hosts are called: no script error, nothing the policy refused, nothing asked of another host, no dialog.
afterEach(async () => {
  if (hasBrowser) expect(await fleet.leave()).toEqual([]);
});

/** The button of the last step. */
function toReview(page: Page) {
  return page.getByRole('navigation', { name: 'Steps' }).getByRole('button', { name: 'Review' });
}

/** A row of a table, by what stands in it. */
function row(page: Page, text: string) {
  return page.getByRole('row').filter({ hasText: text });
}

describe.skipIf(!hasBrowser)('cloud agent profiles', () => {
  test('from a token to the first event in Hunt, by mouse, with an agent that runs', async () => {
    const page = await fleet.visit(fleet.console.firstLink, { signedOut: true });
    await page.getByLabel('Name', { exact: true }).fill('root');
    await choosePassword(page);
    const rail = page.getByRole('navigation', { name: 'Pages', exact: true });
    await rail.getByRole('link', { name: 'Enrollment' }).click();
    await page.getByRole('heading', { name: 'No tokens yet' }).waitFor();
    await page.getByRole('button', { name: 'New token' }).click();
    await page.getByLabel('Tags').fill('wizard');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Create token' }).click();
    const command = await page.getByRole('region', { name: 'The command to paste' }).locator('pre').innerText();
    expect(command).toContain(`curl -fsS '${server.url}/api/v1/enrollment/install.sh'`);
    const token = /'(mde_[^']+)' \| sudo sh/.exec(command)?.[1] ?? '';
    await page.getByText('Waiting for the first host…').waitFor();
    expect(await inaccessible(page)).toEqual([]);

    const host = new FleetHost(program);
    try {
      host.configure([server.url]);
      expect((await host.enroll(token)).status).toBe(0);
      await page.getByText('1 host came in').waitFor();
      await page.getByRole('button', { name: 'I have it' }).click();
      expect(await page.content()).not.toContain(token);

      await rail.getByRole('link', { name: 'Profiles' }).click();
      await page.getByRole('link', { name: 'New profile' }).click();
      await page.getByLabel('Name', { exact: true }).fill('By mouse');
      await page.getByRole('button', { name: 'Next: Log sources' }).click();
      for (const log of ['security', 'audit', 'auditfail', 'error'])
        await page.getByLabel(log, { exact: true }).uncheck();
      await page.getByLabel('Path pattern 1').fill(join(host.logs, 'access*'));
      await page.getByText('lies outside the folders that agents may read').waitFor();
      await page.getByRole('button', { name: 'Next: Assets' }).click();
      await page.getByLabel('Hosts tagged', { exact: true }).fill('wizard');
      await page.keyboard.press('Enter');
      await page.getByText('1 host fits and gets it.').waitFor();
      const told = page.getByRole('complementary', { name: 'What this will do' });
      await told.getByText('Is for hosts tagged wizard.').waitFor();
      await page.getByRole('button', { name: 'Next: Limits' }).click();
      await page.getByLabel('Longest wait (ms)').fill('100');
      await told.getByText('within 100 ms').waitFor();
      await page.getByRole('button', { name: 'Next: Review' }).click();
      await page.getByText('meridianProfile: 1').waitFor();
      await page.getByRole('button', { name: 'Create profile' }).click();

      const agents = page.getByRole('region', { name: 'Agents' });
      await agents.getByText('1 pending').waitFor();
      await agents.getByText('none yet').waitFor();
      expect(await inaccessible(page)).toEqual([]);
      host.start();
      // Events of the last days are what is counted.
      const day = new Date(Date.now() - 86_400_000).toUTCString().slice(5, 16).replaceAll(' ', '/');
      const text = gunzipSync(readFileSync(demo)).toString().replaceAll('[24/Nov/2026:', `[${day}:`);
      host.append(
        text
          .split(/(?<=\n)/)
          .slice(0, logLines)
          .join(''),
      );
      await agents.getByText('1 applied').waitFor({ timeout: 40_000 });
      await agents.getByRole('link', { name: / in Hunt$/ }).waitFor({ timeout: 40_000 });
      await agents.getByTitle('Oldest first').click();
      await page.locator('.events-body .events-row').first().waitFor();
      // What is counted is what is shown: what happened to the agent itself is not among it.
      expect(new URL(page.url()).searchParams.get('q')).toMatch(/^source: .* and agentId: /);
      const hunt = await page.locator('.events-body').innerText();
      expect(hunt).not.toContain('meridian-fleet');

      // Its page: what it sent is there, whole.
      await page.goto('/agents');
      await page.getByRole('table').getByRole('link').first().click();
      const received = page.getByRole('region', { name: 'Received' });
      await received.getByText(/\bcomplete$/).waitFor();
      await received.getByText(join(host.logs, 'access')).waitFor();
      expect(await inaccessible(page)).toEqual([]);
    } finally {
      await host.remove();
    }
  });

  test('the wizard by keyboard: what is wrong is told where it is, and Enter leads to the end', async () => {
    const page = await fleet.visit('/profiles');
    const hand = keyboard(page);
    await page.getByRole('heading', { name: 'Profiles', exact: true }).waitFor();
    await hand.press(page.getByRole('link', { name: 'New profile' }));
    const name = page.getByLabel('Name', { exact: true });
    await name.waitFor();
    // Nothing is wrong before somebody goes on without a name.
    expect(await page.getByText('Give the profile a name.').count()).toBe(0);
    await page.keyboard.press('Enter');
    await page.getByLabel('Data source', { exact: true }).waitFor();
    await hand.press(page.getByRole('button', { name: /General.*something is wrong/ }));
    await page.getByText('Give the profile a name.').waitFor();
    await page.keyboard.type('By keyboard');
    await page.keyboard.press('Enter');

    await hand.write(page.getByLabel('Path pattern 1', { exact: true }), '/etc/shadow');
    await page.getByText('where secrets or the system').waitFor();
    await page.keyboard.press('Control+a');
    await page.keyboard.type('/var/log/dirsrv/slapd-*/access*');
    await expect.poll(() => page.getByText('where secrets or the system').count()).toBe(0);
    // Enter in a pattern adds one below, and is in it.
    await page.keyboard.press('Enter');
    await page.keyboard.type('/var/log/dirsrv/slapd-*/access*');
    await page.getByText('This pattern stands here twice.').waitFor();
    await page.keyboard.press('Control+a');
    await page.keyboard.type('/var/log/dirsrv/more/*');
    expect(await inaccessible(page)).toEqual([]);
    await hand.write(page.getByLabel('Time zone'), 'Europe/Berlin');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Enter');

    await page.getByLabel('Hosts tagged', { exact: true }).waitFor();
    await page.keyboard.type('keys,tag! ');
    await page.getByText(/make a tag/).waitFor();
    await page.keyboard.press('Control+a');
    await page.keyboard.press('Delete');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Limits' }).waitFor();
    await hand.press(page.getByRole('button', { name: 'Next: Review' }));
    await page.getByText('zone: Europe/Berlin').waitFor();
    expect(await inaccessible(page)).toEqual([]);
    // The button that creates it has the focus.
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'By keyboard' }).waitFor();
    await page.getByText('/var/log/dirsrv/more/*').waitFor();

    // Changed, compared, and rolled back.
    await hand.press(page.getByRole('link', { name: 'Edit' }));
    await name.waitFor();
    await hand.write(page.getByLabel('Priority'), '7');
    await hand.press(toReview(page));
    await page.getByText('priority: 7').waitFor();
    await hand.press(page.getByRole('button', { name: 'Save as version 2' }));
    await hand.press(page.getByRole('button', { name: 'Compare version 1 with version 2' }));
    const difference = page.getByRole('region', { name: 'Difference' });
    await difference.getByRole('cell', { name: 'priority' }).waitFor();
    expect(await difference.getByRole('cell').allInnerTexts()).toEqual(['priority', '100', '7']);
    expect(await inaccessible(page)).toEqual([]);
    await hand.press(page.getByRole('button', { name: 'Roll back to version 1' }));
    await page.getByText('Version 3 has the content of version 1.').waitFor();
    await page.getByText('priority 100').waitFor();
  });

  test('two who edit one profile: the second is told, and nothing is overwritten', async () => {
    const id = await server.profile('two', ['/var/log/dirsrv/x/access']);
    const page = await fleet.visit(`/profiles/${id}/edit`);
    await page.getByLabel('Priority').fill('5');
    await server.ask('PUT', `/profiles/${id}`, { ...profileContent('two', ['/var/log/dirsrv/y/access']), priority: 6 });
    // What was written is there again, and still stands for the version it was begun from.
    await page.reload();
    await page.getByText('This is what you began before.').waitFor();
    expect(await page.getByLabel('Priority').inputValue()).toBe('5');
    await toReview(page).click();
    await page.getByRole('button', { name: 'Save as version 2' }).click();
    await page.getByText('Somebody else changed this profile while you did.').waitFor();
    await page.getByRole('button', { name: 'Show the newest version' }).click();
    await page.getByText('/var/log/dirsrv/y/access').first().waitFor();
    await page.getByRole('button', { name: 'Save as version 3' }).waitFor();
    expect(await page.getByText('This is what you began before.').count()).toBe(0);
  });

  test('a name may have 256 characters, and is shown whole nowhere it would push others out', async () => {
    const page = await fleet.visit('/profiles/new');
    const long = `${'Directory servers of every site '.repeat(8)}`.slice(0, 255).trim().padEnd(256, 'x');
    const field = page.getByLabel('Name', { exact: true });
    await field.fill(`${long}y`);
    await page.getByText('A name has 256 characters at most.').waitFor();
    await page.getByText('257 of 256 characters').waitFor();
    await field.fill(long);
    await page.getByText('256 of 256 characters').waitFor();
    await toReview(page).click();
    await page.getByRole('button', { name: 'Create profile' }).click();
    await page.getByRole('heading', { name: long }).waitFor();
    await page.goto('/profiles');
    await page.getByRole('link', { name: long }).waitFor();
    expect(await page.evaluate('document.querySelector("#main").scrollWidth <= innerWidth')).toBe(true);
    // One who begins, looks elsewhere and comes back finds what was begun.
    await page.getByRole('link', { name: 'New profile' }).click();
    await field.fill('Begun');
    await page.keyboard.press('Escape');
    await page.getByRole('link', { name: 'Agents' }).first().click();
    await page.getByRole('heading', { name: 'Agents' }).waitFor();
    await page.goBack();
    await page.getByText('This is what you began before.').waitFor();
    expect(await field.inputValue()).toBe('Begun');
    await page.getByRole('button', { name: 'Begin anew' }).click();
    await expect.poll(() => field.inputValue()).toBe('');
  });

  test('the list: search, switch off and on, clone, export, import, delete and undo', async () => {
    await server.profile('listed', ['/var/log/dirsrv/listed/access']);
    const page = await fleet.visit('/profiles');
    await page.getByRole('link', { name: 'Directory servers, listed' }).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('LISTED');
    await page.getByText('1 profile', { exact: true }).waitFor();
    const act = async (what: string): Promise<void> => {
      await page.getByRole('button', { name: 'Actions for Directory servers, listed' }).first().click();
      await page.getByRole('menuitem', { name: what }).click();
    };
    await act('Switch off');
    await page.getByText('switched off', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(() => page.getByText('switched off', { exact: true }).count()).toBe(0);

    const download = page.waitForEvent('download');
    await act('Export as YAML');
    const yaml = readFileSync(await (await download).path(), 'utf8');
    expect(yaml).toContain('name: Directory servers, listed');
    await page.getByRole('button', { name: 'Import' }).click();
    await page.getByLabel('Or its text').fill(yaml);
    await page.getByRole('button', { name: 'Import profile' }).click();
    await page.getByText('Another profile has this name.').waitFor();
    expect(await inaccessible(page)).toEqual([]);
    await page.getByLabel('Or its text').fill(yaml.replace('listed', 'imported'));
    await page.getByRole('button', { name: 'Import profile' }).click();
    await page.getByRole('heading', { name: 'Directory servers, imported' }).waitFor();

    await page.goto('/profiles?search=listed');
    await act('Clone…');
    await page.locator('input:focus').and(page.getByLabel('Name of the clone')).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Edit Directory servers, listed, clone' }).waitFor();
    await page.goto('/profiles?search=clone');
    await page.getByRole('button', { name: 'Actions for Directory servers, listed, clone' }).click();
    await page.getByRole('menuitem', { name: 'Delete…' }).click();
    await page.getByText('is deleted.').waitFor();
    await page.getByRole('heading', { name: 'No profile has such a name' }).waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('It is back').waitFor();
    await page.getByRole('button', { name: 'Actions for Directory servers, listed, clone' }).waitFor();
  });

  test('a profile in use is deleted only when that is meant', async () => {
    await server.profile('used', ['/var/log/dirsrv/used/access']);
    const agent = await fleet.spoken('user.example.com', ['used']);
    await agent.follow();
    const page = await fleet.visit('/profiles?search=used');
    await row(page, 'Directory servers, used').getByText('1 applied').waitFor();
    const remove = async (): Promise<void> => {
      await page.getByRole('button', { name: 'Actions for Directory servers, used' }).click();
      await page.getByRole('menuitem', { name: 'Delete…' }).click();
      await page.getByText('is followed by one agent: user.example.com.').waitFor();
    };
    await remove();
    expect(await inaccessible(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await expect.poll(() => page.getByRole('alertdialog').count()).toBe(0);
    // From its own page, too: the list then says what was deleted, and can make it again.
    await page.getByRole('link', { name: 'Directory servers, used' }).click();
    await page.getByRole('heading', { name: 'What it does' }).waitFor();
    await remove();
    await page
      .locator('button:focus')
      .and(page.getByRole('button', { name: 'Keep it' }))
      .waitFor();
    await page.getByRole('button', { name: 'Delete it all the same' }).click();
    await page.getByText('is deleted.').waitFor();
    expect((await server.ask('GET', '/profiles?search=used'))['total']).toBe(0);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('It is back').waitFor();
    expect((await server.ask('GET', '/profiles?search=used'))['total']).toBe(1);
  });
});
