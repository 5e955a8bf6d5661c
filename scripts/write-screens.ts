// Writes a picture of every page of the console, light, dark and on a phone, into `.screens/`: for looking at them one by one.
// `npm run screens light` makes those of one kind; `npm run pictures` makes the few that the documentation shows, compressed.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { hostileName, type OpenConsole, openConsole, openPage } from '../test/end-to-end/browser.ts';
import { fillFleet, fleetScreens } from './screen-fleet.ts';

const folder: string = fileURLToPath(new URL('../.screens/', import.meta.url));
const pictureFolder: string = fileURLToPath(new URL('../docs/pictures/', import.meta.url));
const settleMs = 1_200;

/** A page, and what is done on it before its picture is taken. */
interface Screen {
  readonly name: string;
  readonly address: string;
  readonly act?: (page: Page) => Promise<unknown>;
}

const all = 'from=&to=';
const identity: string = encodeURIComponent('uid=svc-sssd,ou=services,dc=corp,dc=example,dc=com');
const hostile: string = encodeURIComponent(`uid=${hostileName},ou=people,dc=example,dc=com`);

const screens: readonly Screen[] = [
  { name: 'overview', address: `/?${all}` },
  { name: 'overview-empty', address: '/?from=2020-01-01&to=2020-01-02' },
  { name: 'hunt', address: '/hunt?from=2026-11-24T08:47:00Z&to=2026-11-24T08:48:10Z' },
  { name: 'hunt-results', address: '/hunt?q=eventSubType%3A+RESULT&from=2026-11-24T08:47:00Z&to=2026-11-24T08:48:10Z' },
  { name: 'hunt-empty', address: '/hunt?q=outcome%3A+denied&from=2020-01-01&to=2020-01-02' },
  {
    name: 'hunt-event',
    address: `/hunt?q=requestType%3A+BIND+and+resultCode%3A+49&${all}`,
    act: (page) => page.locator('.events-row').nth(4).click(),
  },
  {
    name: 'hunt-wrong',
    address: `/hunt?${all}`,
    act: async (page) => {
      await page.keyboard.press('/');
      await page.keyboard.type('eventSubType: BIND outcom: failure');
      await page.keyboard.press('Escape');
    },
  },
  {
    name: 'hunt-completion',
    address: `/hunt?${all}`,
    act: async (page) => {
      await page.keyboard.press('/');
      await page.keyboard.type('outcome');
    },
  },
  { name: 'hunt-time', address: `/hunt?${all}`, act: (page) => page.getByRole('button', { name: /^Time:/ }).click() },
  {
    name: 'hunt-hostile',
    address: `/hunt?q=sourceIp%3A+198.51.100.0%2F24&${all}`,
    act: (page) => page.locator('.events-row').nth(5).click(),
  },
  { name: 'hunt-live', address: '/hunt?live=1' },
  {
    name: 'event',
    address: `/hunt?q=requestType%3A+BIND+and+resultCode%3A+49&${all}`,
    act: async (page) => {
      await page.locator('.events-row').nth(4).click();
      await page.getByRole('link', { name: 'Own page' }).click();
    },
  },
  {
    name: 'session',
    address: `/hunt?q=closeReason%3A+U1+and+boundDn%3A+svc&${all}`,
    act: async (page) => {
      await page.locator('.events-row').nth(4).click();
      await page.getByRole('link', { name: 'Session story' }).click();
    },
  },
  { name: 'entities', address: '/entities' },
  { name: 'identity', address: `/entities/identity?value=${identity}` },
  { name: 'identity-hostile', address: `/entities/identity?value=${hostile}` },
  { name: 'address', address: '/entities/address?value=127.0.66.9' },
  {
    name: 'entry',
    address: '/entities/entry?value=ou%3Dpeople%2Cdc%3Dcorp%2Cdc%3Dexample%2Cdc%3Dcom',
    act: (page) => page.getByRole('button', { name: 'And all below' }).click(),
  },
  { name: 'server', address: '/entities/server?value=ldap1.corp.example.com' },
  { name: 'dashboards', address: '/dashboards' },
  {
    name: 'dashboard-health',
    address: '/dashboards/directory-health?from=2026-11-24T08:46:00Z&to=2026-11-24T08:50:00Z',
  },
  {
    name: 'dashboard-authentication',
    address: '/dashboards/authentication?from=2026-11-24T08:46:00Z&to=2026-11-24T08:50:00Z',
  },
  { name: 'dashboard-quality', address: '/dashboards/data-quality?from=2026-11-24T08:46:00Z&to=2026-11-24T08:50:00Z' },
  { name: 'dashboard-empty', address: '/dashboards/authentication?from=2020-01-01&to=2020-01-02' },
  { name: 'dashboard-new', address: '/dashboards/new?copy=authentication' },
  {
    name: 'dashboard-widget',
    address: '/dashboards/new',
    act: (page) => page.getByRole('button', { name: 'Add widget…' }).click(),
  },
  { name: 'sources', address: '/sources' },
  { name: 'guide', address: '/sources/389-directory-server' },
  { name: 'try', address: '/try', act: (page) => page.getByRole('button', { name: 'Use a sample' }).click() },
  { name: 'dead-letters', address: '/dead-letters', act: (page) => page.locator('.letter-row').first().click() },
  { name: 'retention', address: '/retention' },
  { name: 'users', address: '/users' },
  {
    name: 'users-new',
    address: '/users',
    act: (page) => page.getByRole('button', { name: 'New user' }).click(),
  },
  { name: 'audit', address: '/audit' },
  { name: 'account', address: '/account' },
  { name: 'enrichment', address: '/enrichment' },
  { name: 'system', address: '/system' },
  { name: 'help', address: '/help/qql' },
  { name: 'palette', address: '/system', act: (page) => page.keyboard.press('Control+k') },
  { name: 'nowhere', address: '/nowhere' },
];

const variants = [
  { name: 'light', scheme: 'light', size: { width: 1440, height: 900 } },
  { name: 'dark', scheme: 'dark', size: { width: 1440, height: 900 } },
  { name: 'phone', scheme: 'light', size: { width: 390, height: 844 } },
  { name: 'wide', scheme: 'dark', size: { width: 2560, height: 1440 } },
] as const;

/** What the documentation shows: the page, and how it is looked at. */
const pictures: readonly (readonly [string, (typeof variants)[number]['name']])[] = [
  ['overview', 'light'],
  ['hunt-results', 'light'],
  ['hunt-results', 'dark'],
  ['hunt-event', 'light'],
  ['hunt-hostile', 'dark'],
  ['session', 'light'],
  ['identity', 'light'],
  ['try', 'light'],
  ['edit-profile-assets', 'light'],
  ['agents', 'light'],
  ['dashboard-authentication', 'dark'],
  ['hunt-results', 'phone'],
];
const pictureQuality = 75;

/** Writes what a page shows as a small picture; the browser compresses it. */
async function writePicture(page: Page, path: string): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  const { data } = await devtools.send('Page.captureScreenshot', { format: 'webp', quality: pictureQuality });
  await devtools.detach();
  writeFileSync(path, Buffer.from(data, 'base64'));
}

async function show(page: Page, { address, act }: Screen): Promise<void> {
  await page.goto(address);
  await page.waitForTimeout(settleMs);
  await act?.(page);
  await page.waitForTimeout(settleMs);
}

async function writeScreens(console: OpenConsole, every: readonly Screen[], wanted: readonly string[]): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const { name: variant, scheme, size } of variants) {
    if (wanted.length > 0 && !wanted.includes(variant)) continue;
    const signedOut = await openPage(console, { scheme, size, signedOut: true });
    await signedOut.page.goto('/');
    await signedOut.page.getByLabel('Access token').waitFor();
    await signedOut.page.screenshot({ path: join(folder, `sign-in-${variant}.png`) });
    await signedOut.context.close();
    const { page, context, wrongs } = await openPage(console, { scheme, size });
    for (const screen of every) {
      await show(page, screen).catch((thrown: unknown) => wrongs.push(`${screen.name}: ${String(thrown)}`));
      await page.screenshot({ path: join(folder, `${screen.name}-${variant}.png`) });
    }
    await context.close();
    for (const wrong of wrongs) process.stderr.write(`${variant}: ${wrong}\n`);
  }
  process.stdout.write(`${folder}\n`);
}

async function writePictures(console: OpenConsole, every: readonly Screen[]): Promise<void> {
  rmSync(pictureFolder, { recursive: true, force: true });
  mkdirSync(pictureFolder, { recursive: true });
  for (const [name, variant] of pictures) {
    const screen = every.find((one) => one.name === name);
    const how = variants.find((one) => one.name === variant);
    if (screen === undefined || how === undefined) throw new Error(`there is no screen ${name}, ${variant}`);
    const { page, context } = await openPage(console, how);
    await show(page, screen);
    await writePicture(page, join(pictureFolder, `${name}-${variant}.webp`));
    await context.close();
  }
  process.stdout.write(`${pictureFolder}\n`);
}

async function main(): Promise<void> {
  const wanted = process.argv.slice(2);
  const console = await openConsole();
  try {
    const every = [...screens, ...fleetScreens(await fillFleet(console))];
    if (wanted.includes('pictures')) await writePictures(console, every);
    else await writeScreens(console, every, wanted);
  } finally {
    await console.close();
  }
}

await main();
