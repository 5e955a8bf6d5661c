import { TOTP } from 'otpauth';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { chromiumPath, type OpenConsole, openConsole, openPage, type Watch } from './browser.ts';
import { inaccessible } from './inaccessible.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 240_000 });

const hasBrowser = chromiumPath !== undefined;
const password = 'four unrelated words here';
let console: OpenConsole;
const open: Watch[] = [];
beforeAll(async () => {
  if (hasBrowser) console = await openConsole();
});
afterAll(async () => {
  if (hasBrowser) await console.close();
});
afterEach(async () => {
  for (const { context, wrongs } of open.splice(0)) {
    await context.close();
    expect(wrongs).toEqual([]);
  }
});

async function visit(address: string, options: Parameters<typeof openPage>[1] = {}): Promise<Page> {
  const watch = await openPage(console, { signedOut: true, ...options });
  open.push(watch);
  watch.page.setDefaultTimeout(20_000);
  await watch.page.goto(address);
  return watch.page;
}

async function signIn(page: Page, name: string): Promise<void> {
  const other = page.getByRole('button', { name: 'Use name and password' });
  await page.getByRole('button', { name: 'Sign in', exact: true }).waitFor();
  if (await other.isVisible()) await other.click();
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

/** Invites somebody over the API, with the access token. */
async function invite(page: Page, name: string, role: string): Promise<{ id: string; link: string }> {
  const answer = await page.context().request.post('/api/v1/users', {
    headers: { authorization: `Bearer ${console.token}`, origin: console.url },
    data: { name, role },
  });
  const { user, link } = await answer.json();
  return { id: user.id, link };
}

describe.skipIf(!hasBrowser)('people', () => {
  test('the link makes the first administrator by keyboard, and leaves no trace in the address', async () => {
    const page = await visit(console.firstLink);
    await page.getByRole('heading', { name: 'Welcome to Meridian' }).waitFor();
    expect(page.url()).toBe(`${console.url}/welcome`);
    expect(await inaccessible(page)).toEqual([]);
    await page.keyboard.type('root');
    await page.keyboard.press('Tab');
    await page.keyboard.type('Root of all');
    await page.keyboard.press('Tab');
    await page.keyboard.type('short');
    await page.keyboard.press('Tab');
    await page.keyboard.type('short');
    await page.keyboard.press('Enter');
    await page.getByText('The password has 5 characters; 12 are needed.').waitFor();
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.getByLabel('Password, once more').fill(password);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    expect(await page.evaluate('document.cookie')).toBe('');
    const again = await visit(console.firstLink);
    await again.getByRole('heading', { name: 'This link cannot be used' }).waitFor();
  });

  test('a user is made by mouse, opens the link, and sees what the role allows', async () => {
    const page = await visit('/users');
    await signIn(page, 'root');
    await page.getByRole('button', { name: 'New user' }).click();
    await page.getByLabel('Name', { exact: true }).fill('bert');
    await page.getByRole('button', { name: 'Create user' }).click();
    const link = await page.getByRole('region', { name: 'Link for bert' }).locator('pre').innerText();
    expect(await inaccessible(page)).toEqual([]);
    await page.getByRole('button', { name: 'I have it' }).click();
    await page.getByText('nothing yet: the link is not used').waitFor();

    const his = await visit(link);
    await his.getByRole('heading', { name: 'Welcome, bert' }).waitFor();
    await his.getByLabel('Password', { exact: true }).fill(password);
    await his.getByLabel('Password, once more').fill(password);
    await his.getByRole('button', { name: 'Set password' }).click();
    await his.getByRole('heading', { name: 'Overview' }).waitFor();
    const rail = his.getByRole('navigation', { name: 'Pages', exact: true });
    expect(await rail.getByRole('link').allInnerTexts()).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/Users|Audit|Dead letters|Retention|Enrichment/)]),
    );
    await his.goto('/users');
    await his.getByRole('heading', { name: 'Your role does not allow this page' }).waitFor();
    // The page spares a refusal; the server is what refuses.
    expect(await his.evaluate('fetch("/api/v1/users").then((answer) => answer.status)')).toBe(403);
    await his.goto('/hunt?from=&to=');
    await his.locator('.events-body .events-row').first().waitFor();
    expect(await his.getByRole('button', { name: /Export|Live/ }).count()).toBe(0);
    await his.getByRole('button', { name: 'Saved', exact: true }).click();
    await his.getByText('Nothing is saved yet').waitFor();
    expect(await his.getByText('Save this search').count()).toBe(0);

    // A new role counts at once; being locked out, too.
    await page.getByLabel('Role of bert').selectOption('analyst');
    await page.getByText('Is analyst now.').waitFor();
    await his.reload();
    await his.getByRole('button', { name: 'Export' }).waitFor();
    await page.getByRole('button', { name: 'Actions for bert' }).click();
    await page.getByRole('menuitem', { name: 'Lock out' }).click();
    await page.getByText('Locked out; all sessions have ended.').waitFor();
    await his.reload();
    await his.getByRole('heading', { name: 'Sign in to Meridian' }).waitFor();
    await signIn(his, 'bert');
    await his.getByText('Name or password is wrong.').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('Taken back.').waitFor();
    await his.getByRole('button', { name: 'Sign in', exact: true }).click();
    await his.locator('.events-body .events-row').first().waitFor();
  });

  test('the second factor is added, asked for, and its recovery codes are shown once', async () => {
    const page = await visit('/');
    const { link } = await invite(page, 'carla', 'viewer');
    await page.goto(link);
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.getByLabel('Password, once more').fill(password);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    await page.getByRole('button', { name: 'Appearance and sign-out' }).click();
    await page.getByRole('menuitem', { name: 'Account' }).click();
    const panel = page.getByRole('region', { name: 'Second factor' });
    await panel.getByLabel('Your password').fill(password);
    await page.keyboard.press('Enter');
    await panel.getByRole('img', { name: 'The secret as a picture for the app' }).waitFor();
    expect(await inaccessible(page)).toEqual([]);
    const secret = (await panel.locator('code').innerText()).replaceAll(' ', '');
    const app = new TOTP({ secret });
    await panel.getByLabel('Code the app shows now').fill(app.generate());
    await page.keyboard.press('Enter');
    const codes = (await page.getByRole('region', { name: 'Recovery codes' }).locator('pre').innerText()).split('\n');
    expect(codes).toHaveLength(10);
    await page.getByRole('button', { name: 'I have it' }).click();
    await panel.getByText('on · 10 recovery codes left').waitFor();

    await page.keyboard.press('Control+k');
    await page.getByRole('dialog', { name: 'Go to, search, do' }).waitFor();
    await page.keyboard.type('sign out');
    await page.keyboard.press('Enter');
    await signIn(page, 'carla');
    await page.getByLabel('Code').fill('000000');
    await page.keyboard.press('Enter');
    await page.getByText('The code is wrong, or was used already.').waitFor();
    await page.getByLabel('Code').fill(codes[0] ?? '');
    await page.keyboard.press('Enter');
    await panel.getByText('on · 9 recovery codes left').waitFor();
  });

  test('a token is made, shown once, works as far as its scopes say, and is revoked', async () => {
    const page = await visit('/account');
    await signIn(page, 'root');
    await page.getByRole('button', { name: 'New token' }).click();
    await page.getByLabel('What it is for').fill('a script');
    await page.getByRole('checkbox', { name: /^events:read/ }).check();
    await page.getByRole('button', { name: 'Create token' }).click();
    const text = await page.getByRole('region', { name: 'The token' }).locator('pre').innerText();
    expect(text).toMatch(/^mdt_/);
    const ask = async (path: string): Promise<number> =>
      (await fetch(`${console.url}/api/v1${path}`, { headers: { authorization: `Bearer ${text}` } })).status;
    expect([await ask('/events/count'), await ask('/users')]).toEqual([200, 403]);
    await page.getByRole('button', { name: 'I have it' }).click();
    expect(await page.content()).not.toContain(text);
    await page.getByRole('button', { name: 'Revoke' }).click();
    await page.getByText('revoked', { exact: true }).waitFor();
    expect(await ask('/events/count')).toBe(401);
  });

  test('searches are saved and shared', async () => {
    const page = await visit('/hunt?q=outcome%3A+failure&from=&to=');
    await signIn(page, 'root');
    await page.locator('.events-body .events-row').first().waitFor();
    await page.getByRole('button', { name: 'Saved', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Save this search…' }).click();
    const sheet = page.getByRole('dialog', { name: 'Saved searches' });
    await sheet.getByLabel('Name').fill('What fails');
    await sheet.getByRole('checkbox').check();
    await page.keyboard.press('Tab');
    await page.getByRole('button', { name: 'Save search' }).click();
    await page.goto('/hunt');
    await page.getByRole('button', { name: 'Saved', exact: true }).click();
    await page.getByRole('menuitem', { name: 'What fails' }).click();
    await expect.poll(() => new URL(page.url()).searchParams.get('q')).toBe('outcome: failure');
  });

  test('the audit trail shows who did what, dark and light, and leads to the events', async () => {
    const page = await visit('/audit', { scheme: 'dark' });
    await signIn(page, 'root');
    await page.getByRole('cell', { name: 'user.create' }).first().waitFor();
    expect(await inaccessible(page)).toEqual([]);
    await page.getByLabel('Outcome').selectOption('denied');
    await page.getByRole('cell', { name: /sign-in-wrong/ }).waitFor();
    await page.getByLabel('What', { exact: true }).selectOption('access');
    await page.getByText('GET /api/v1/').first().waitFor();
    await page.getByLabel('Who').fill('nobody-at-all');
    await page.getByRole('heading', { name: 'Nothing of this kind was noted' }).waitFor();
    await page.getByRole('link', { name: 'Hunt in it' }).click();
    await page.locator('.events-body .events-row').first().waitFor();
  });
});
