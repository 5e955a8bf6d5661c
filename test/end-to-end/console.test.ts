import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { chromiumPath, hostileName, type OpenConsole, openConsole, openPage, type Watch } from './browser.ts';
import { inaccessible } from './inaccessible.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 240_000 });

const hasBrowser = chromiumPath !== undefined;
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
    // Whatever a test did: no script error, nothing the policy refused, nothing asked of another host, no dialog.
    expect(wrongs).toEqual([]);
  }
});

async function visit(address: string, options: Parameters<typeof openPage>[1] = {}): Promise<Page> {
  const watch = await openPage(console, options);
  open.push(watch);
  watch.page.setDefaultTimeout(20_000);
  await watch.page.goto(address);
  return watch.page;
}

/** What the address says, without the page's name. */
function wordOf(page: Page, name: string): string | null {
  return new URL(page.url()).searchParams.get(name);
}

function rows(page: Page) {
  return page.locator('.events-body .events-row');
}

describe.skipIf(!hasBrowser)('signing in', () => {
  test('a wrong token is told, the right one lets in and stays out of reach of scripts', async () => {
    const page = await visit('/hunt?q=outcome%3A+failure', { signedOut: true });
    await page.getByLabel('Access token').fill('not-the-token-of-this-server');
    await page.keyboard.press('Enter');
    await page.getByText('The token is not the one of this server.').waitFor();
    await page.getByLabel('Access token').fill(console.token);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await rows(page).first().waitFor();
    expect(wordOf(page, 'q')).toBe('outcome: failure');
    expect(await page.evaluate('document.cookie')).toBe('');
    expect(await page.content()).not.toContain(console.token);
  });

  test('a session that has ended leads to signing in, and back to where one was', async () => {
    const page = await visit('/hunt?q=outcome%3A+denied');
    await rows(page).first().waitFor();
    await page.context().request.delete('/api/v1/session', { headers: { origin: console.url } });
    await page.getByRole('button', { name: 'Search', exact: true }).click();
    await page.getByLabel('Access token').fill(console.token);
    await page.keyboard.press('Enter');
    await rows(page).first().waitFor();
    expect(wordOf(page, 'q')).toBe('outcome: denied');
  });

  test('signing out in one tab ends the other', async () => {
    const page = await visit('/');
    const other = await page.context().newPage();
    await other.goto('/system');
    await other.getByRole('heading', { name: 'System' }).waitFor();
    await page.getByRole('button', { name: 'Appearance and sign-out' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByLabel('Access token').waitFor();
    await other.getByRole('link', { name: 'Dead letters', exact: true }).first().click();
    await other.getByLabel('Access token').waitFor();
  });
});

describe.skipIf(!hasBrowser)('hunt', () => {
  test('by keyboard: complete, run, move, open, include, follow the session', async () => {
    const page = await visit('/hunt?from=&to=');
    await rows(page).first().waitFor();
    await page.keyboard.press('/');
    // As quickly as keys can be pressed; what the list would have shown first is taken.
    await page.keyboard.type('eventSub');
    await page.keyboard.press('Tab');
    await page.keyboard.type('RES');
    await page.getByRole('option', { name: /^RESULT/ }).waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.type(' and requestType: BIND and resultCode: 49');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Enter');
    await expect.poll(() => wordOf(page, 'q')).toBe('eventSubType: RESULT and requestType: BIND and resultCode: 49');
    await page.getByText(/^\d{3} events/).waitFor();
    await page.locator('.events').focus();
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('k');
    await page.keyboard.press('Enter');
    await page.getByRole('complementary', { name: 'Event' }).getByText('invalidCredentials').waitFor();
    for (let step = 0; step < 4; step++) await page.keyboard.press('ArrowRight');
    await page.locator('.events').focus();
    await page.keyboard.press('+');
    await expect
      .poll(() => wordOf(page, 'q'))
      .toMatch(/^eventSubType: RESULT and requestType: BIND and resultCode: 49 and sourceIp: [0-9.]+$/);
    await rows(page).first().waitFor();
    await page.locator('.events').focus();
    await page.keyboard.press('s');
    await page.getByRole('heading', { name: /^Session/ }).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('o');
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
  });

  test('by mouse: facets, sorting, zooming, columns; the address holds it all', async () => {
    // The hour of the demo's log: what people do in the console itself is an event of today, too.
    const page = await visit('/hunt?from=2026-11-24T08:00:00.000Z&to=2026-11-24T09:00:00.000Z');
    await rows(page).first().waitFor();
    await page.getByRole('button', { name: /^Include eventSubType: RESULT/ }).click();
    await expect.poll(() => wordOf(page, 'q')).toBe('eventSubType: RESULT');
    await page.getByRole('button', { name: /^Exclude outcome: success/ }).click();
    await expect.poll(() => wordOf(page, 'q')).toBe('eventSubType: RESULT and not outcome: success');
    await page.getByRole('columnheader', { name: 'duration' }).getByRole('button').click();
    await expect.poll(() => wordOf(page, 'sort')).toBe('-duration');
    await page.getByRole('button', { name: 'Columns', exact: true }).click();
    await page.getByRole('searchbox', { name: 'Add a column' }).fill('reason');
    await page.getByRole('button', { name: 'reason category' }).click();
    await page.getByRole('button', { name: 'Hide searchFilter' }).click();
    await page.keyboard.press('Escape');
    await expect.poll(() => wordOf(page, 'columns')).toContain(',reason');
    const grip = page.getByRole('columnheader', { name: 'outcome' }).locator('.grip');
    const place = await grip.boundingBox();
    if (place === null) throw new Error('no grip');
    await page.mouse.move(place.x + 4, place.y + 8);
    await page.mouse.down();
    await page.mouse.move(place.x + 64, place.y + 8, { steps: 4 });
    await page.mouse.up();
    await expect.poll(() => wordOf(page, 'columns')).toContain('outcome~152');
    const bars = await page.getByRole('group', { name: /^Events over time/ }).boundingBox();
    if (bars === null) throw new Error('no bars');
    await page.mouse.move(bars.x + bars.width * 0.5, bars.y + 40);
    await page.mouse.down();
    await page.mouse.move(bars.x + bars.width - 2, bars.y + 40, { steps: 4 });
    await page.mouse.up();
    await expect.poll(() => wordOf(page, 'from')).toMatch(/^2026-11-24T0\d:/);
    await page.getByText(/^[\d,]+ events/).waitFor();
    const before = await page.getByText(/^[\d,]+ events/).innerText();
    await page.reload();
    await rows(page).first().waitFor();
    expect((await page.getByText(/^[\d,]+ events/).innerText()).split(' · ')[0]).toBe(before.split(' · ')[0]);
    await page.getByRole('columnheader', { name: 'reason' }).waitFor();
    await page.goBack();
    await expect.poll(() => wordOf(page, 'sort')).toBe('-duration');
  });

  test('what is wrong with a query is underlined and told, and mended by its button', async () => {
    const page = await visit('/hunt?from=&to=');
    await rows(page).first().waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('evntSubType: BIND');
    await page.keyboard.press('Escape');
    await page.getByText(/There is no field "evntSubType"/).waitFor();
    expect(await page.locator('.qql-wrong').innerText()).toBe('evntSubType:');
    await page.getByRole('button', { name: 'Use “eventSubType”' }).click();
    await expect.poll(() => page.locator('.qql-wrong').count()).toBe(0);
    await page.getByRole('button', { name: 'Search', exact: true }).click();
    await expect.poll(() => wordOf(page, 'q')).toBe('eventSubType: BIND');
  });

  test('an empty window says when there are events, and goes there', async () => {
    const page = await visit('/hunt?q=outcome%3A+denied&from=2020-01-01&to=2020-01-02');
    await page.getByRole('heading', { name: 'No events in this window' }).waitFor();
    await page.getByText(/events match at other times, from 24 Nov 2026/).waitFor();
    await page.getByRole('button', { name: /^Go (?:there|to the last)/ }).click();
    await rows(page).first().waitFor();
  });

  test('thousands of rows are there, and few are drawn', async () => {
    const page = await visit('/hunt?from=&to=');
    await rows(page).first().waitFor();
    await page.locator('.events').focus();
    for (let step = 0; step < 4; step++) {
      await page.keyboard.press('End');
      await page.waitForTimeout(300);
    }
    expect(Number((await rows(page).last().getAttribute('aria-rowindex')) ?? 0)).toBeGreaterThan(400);
    expect(await rows(page).count()).toBeLessThan(120);
  });

  test('the live tail shows what comes in, pauses, and counts', async () => {
    const page = await visit('/hunt?live=1&q=eventSubType%3A+BIND');
    await page.getByText('Live · 0 received').waitFor();
    const send = async (from: number, count: number): Promise<void> => {
      const body = Array.from({ length: count }, (_, at) =>
        JSON.stringify({
          EventTime: Date.now(),
          DeviceModel: '389 Directory Server',
          DeviceType: 'Application',
          conn: from + at,
          op: 0,
          verb: 'BIND',
          dn: `uid=live${from + at},dc=example,dc=com`,
        }),
      ).join('\n');
      const answer = await fetch(`${console.url}/api/v1/records`, {
        method: 'POST',
        headers: { authorization: `Bearer ${console.token}`, 'content-type': 'application/x-ndjson' },
        body: `${body}\n`,
      });
      expect(answer.status).toBe(200);
    };
    await send(1, 3);
    await page.getByText('uid=live3').waitFor();
    expect(await rows(page).count()).toBe(3);
    await page.getByRole('button', { name: 'Pause' }).click();
    await send(10, 2);
    await page.getByText('2 waiting').waitFor();
    expect(await rows(page).count()).toBe(3);
    await page.getByRole('button', { name: 'Go on' }).click();
    await expect.poll(() => rows(page).count()).toBe(5);
    await page.getByText('0 dropped').waitFor();
  });

  test('an export is a file of what matches', async () => {
    const page = await visit('/hunt?q=outcome%3A+denied&from=&to=');
    await rows(page).first().waitFor();
    await page.getByRole('button', { name: 'Export' }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: 'CSV, these columns' }).click(),
    ]);
    const text = readFileSync(await download.path(), 'utf8');
    expect(text.split('\r\n')[0]).toMatch(/^eventTime,eventSubType,/);
    expect(text.split('\r\n').length).toBeGreaterThan(100);
  });

  test('a failing API is told, with a way on; a slow one can be cancelled', async () => {
    const page = await visit('/system');
    await page.route('**/api/v1/events/search', (route) => route.abort());
    await page.getByRole('link', { name: 'Hunt', exact: true }).first().click();
    await page.getByRole('heading', { name: 'The search did not work' }).waitFor();
    await page.getByText('The server does not answer.').first().waitFor();
    await page.unroute('**/api/v1/events/search');
    let held = 0;
    await page.route('**/api/v1/events/search', () => {
      held += 1;
    });
    await page.getByRole('button', { name: 'Try again' }).first().click();
    await expect.poll(() => held).toBe(1);
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('heading', { name: /was cancelled|did not work/ }).waitFor();
    await page.unroute('**/api/v1/events/search');
    await page
      .getByRole('button', { name: /Search again|Try again/ })
      .first()
      .click();
    await rows(page)
      .first()
      .or(page.getByRole('heading', { name: /^No events/ }))
      .waitFor();
  });
});

describe.skipIf(!hasBrowser)('the other pages', () => {
  test('a click where buttons appear under the pointer opens the event; a click on a button is the button', async () => {
    const page = await visit('/hunt?q=eventSubType%3A+BIND&from=&to=');
    const cell = rows(page).nth(2).getByRole('gridcell').nth(1);
    const box = await cell.boundingBox();
    if (box === null) throw new Error('no cell');
    const [x, y] = [box.x + box.width - 36, box.y + box.height / 2];
    await page.mouse.move(x, y);
    await cell.getByRole('button', { name: /^Include / }).waitFor();
    await page.mouse.down();
    await page.mouse.up();
    await page.getByRole('complementary', { name: 'Event' }).waitFor();
    expect(wordOf(page, 'q')).toBe('eventSubType: BIND');
    const second = await visit('/hunt?q=eventSubType%3A+BIND&from=&to=');
    const kind = rows(second).nth(3).getByRole('gridcell').nth(1);
    await kind.hover({ position: { x: 4, y: 8 } });
    await kind.getByRole('button', { name: /^Exclude / }).click();
    await expect.poll(() => wordOf(second, 'q')).toMatch(/not eventSubType: BIND/);
  });

  test('a session is told as a story: pairs, identity, outcome', async () => {
    const page = await visit('/hunt?q=closeReason%3A+U1+and+boundDn%3A+svc&from=&to=');
    await rows(page).first().click();
    await page.getByRole('link', { name: 'Session story' }).click();
    await page.getByRole('heading', { name: /^Session \d+/ }).waitFor();
    await page
      .getByText(/^identity changes/)
      .first()
      .waitFor();
    await page.getByRole('cell', { name: /^connected/ }).waitFor();
    expect(await page.locator('.stripe.tone-0').count()).toBeGreaterThan(1);
    await page.getByRole('button', { name: 'Failures' }).click();
    await page.getByRole('link', { name: 'Hunt in it' }).click();
    await rows(page).first().waitFor();
    expect(wordOf(page, 'q')).toMatch(/^sessionKey: `/);
  });

  test('every number of the overview leads to its hunt', async () => {
    const page = await visit('/?from=2026-11-24&to=2026-11-24');
    await page.getByRole('link', { name: /binds failed$/ }).waitFor();
    await page.getByRole('link', { name: /^Failures and denials/ }).click();
    await expect.poll(() => wordOf(page, 'q')).toBe('outcome: [failure, denied]');
    await rows(page).first().waitFor();
    await page.goBack();
    await page.getByRole('link', { name: /binds failed$/ }).click();
    await rows(page).first().waitFor();
    expect(wordOf(page, 'from')).toBe('2026-11-24');
  });

  test('an entity is looked up by the palette, and shows whom it had to do with', async () => {
    let come = (): void => {};
    const coming = new Promise<void>((resolve) => {
      come = resolve;
    });
    const page = await visit('about:blank');
    await page.route('**/palette*.js', (route) => coming.then(() => route.continue()));
    await page.goto('/system');
    await page.getByRole('heading', { name: 'System' }).waitFor();
    await page.keyboard.press('Control+k');
    // What is typed before the palette is there is not lost, and no key of the page.
    await page.keyboard.type('127.0.66.9');
    come();
    await expect.poll(() => page.getByRole('combobox', { name: 'Go to, search, do' }).inputValue()).toBe('127.0.66.9');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Address 127.0.66.9' }).waitFor();
    await page.getByRole('region', { name: 'Binds that failed' }).getByText('invalidCredentials').first().waitFor();
    await page.getByRole('img', { name: /most on Tue between 9 and 10/ }).waitFor();
  });

  test('a pasted line is shown decoded, mapped, enriched and categorized', async () => {
    const page = await visit('/sources');
    await page.getByRole('link', { name: 'Try a log line' }).click();
    await page
      .getByLabel('Log lines')
      .fill('[24/Nov/2026:10:00:00.1 +0000] conn=7 op=3 SRCH base="dc=x" scope=2 filter="(cn=a)" attrs=ALL');
    await page.keyboard.press('Control+Enter');
    await page.getByText('1 line = 1 record').waitFor();
    await page.getByRole('row', { name: /base.*requestContext/ }).waitFor();
    await page.getByText('directory-read').waitFor();
  });

  test('dead letters are seen, tried again, and stay when they are still not understood', async () => {
    const page = await visit('/dead-letters');
    await page
      .getByRole('button', { name: /not a record/ })
      .first()
      .click();
    await page.getByRole('button', { name: 'Replay this line' }).click();
    await page.getByText(/^Still not understood/).waitFor();
    await page.getByRole('button', { name: 'Replay 5 lines' }).click();
    await page.getByText('5 lines tried, 0 events made').waitFor();
    await page.getByRole('link', { name: 'See where it fails' }).click();
    await page.getByRole('heading', { name: /Not understood/ }).waitFor();
  });

  test('retention is set, and undone', async () => {
    const page = await visit('/retention');
    await page.getByLabel('All sources').fill('0');
    await page.getByText(/^Write whole days/).waitFor();
    await page.getByLabel('All sources').fill('3650');
    await page.getByRole('button', { name: 'Set retention' }).click();
    await page.getByText('It is set.').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(() => page.getByLabel('All sources').inputValue()).toBe('');
  });

  test('guides, help, enrichment and system are there', async () => {
    const page = await visit('/sources/389-directory-server');
    await page.getByRole('searchbox', { name: 'Find a field or label' }).fill('etime');
    await page.getByRole('cell', { name: 'duration', exact: true }).waitFor();
    await page.goto('/help/qql');
    await page.getByRole('link', { name: 'sourceIp: 10.0.0.0/8' }).waitFor();
    await page.goto('/enrichment');
    await page.getByRole('heading', { name: 'Addresses and hosts', exact: true }).waitFor();
    await page.goto('/system');
    await page.getByText('The store reports no problem.').waitFor();
    await page.goto('/no/such/page');
    await page.getByRole('heading', { name: 'There is no page at this address' }).waitFor();
  });
});

async function stay(): Promise<void> {}

/** Pages that show text of logs, in the states in which they show most of it. */
const textPages: readonly (readonly [string, string, (page: Page) => Promise<void>])[] = [
  ['hunt with an event', '/hunt?q=sourceIp%3A+198.51.100.0%2F24&from=&to=', (page) => rows(page).nth(3).click()],
  ['overview', '/?from=&to=', stay],
  ['entities', '/entities', stay],
  [
    'an identity',
    `/entities/identity?value=${encodeURIComponent(`uid=${hostileName},ou=people,dc=example,dc=com`)}`,
    stay,
  ],
  ['an address', '/entities/address?value=198.51.100.1', stay],
  [
    'an entry and all below',
    '/entities/entry?value=dc%3Dexample%2Cdc%3Dcom',
    (page) => page.getByRole('button', { name: 'And all below' }).click(),
  ],
  [
    'dead letters',
    '/dead-letters',
    (page) =>
      page
        .getByRole('button', { name: /not a record/ })
        .first()
        .click(),
  ],
];

describe.skipIf(!hasBrowser)('text of logs stays text', () => {
  async function expectInert(page: Page): Promise<void> {
    await page.getByText('\\u202e').filter({ visible: true }).first().waitFor();
    await page.getByText('<img src=x onerror=alert(1)>').filter({ visible: true }).first().waitFor();
    const made = await page.locator('img:not([src="/meridian.svg"]), #main script, #main b').count();
    const text = await page.locator('body').innerText();
    expect(made).toBe(0);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: this is what must not be there
    expect(text).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u200b\u001b]/);
  }

  test.each(textPages)('%s', async (_, address, act) => {
    const page = await visit(address);
    await act(page);
    await expectInert(page);
  });

  test('an event, its session, and the line tried again', async () => {
    const page = await visit('/hunt?q=sourceIp%3A+198.51.100.1&from=&to=');
    await rows(page).nth(2).click();
    await page.getByRole('link', { name: 'Session story' }).click();
    await page.getByRole('heading', { name: /^Session/ }).waitFor();
    await expectInert(page);
    await page.getByRole('link', { name: 'BIND', exact: true }).click();
    await expectInert(page);
    await page.goto('/try');
    await page
      .getByLabel('Log lines')
      .fill(`[24/Nov/2026:10:00:00.1 +0000] conn=7 op=0 BIND dn="uid=${hostileName}" method=128`);
    await page.getByRole('button', { name: 'Show what becomes of it' }).click();
    await page.getByText('1 line = 1 record').waitFor();
    await expectInert(page);
  });
});

const axePages: readonly (readonly [string, string])[] = [
  ['overview', '/?from=&to='],
  ['hunt', '/hunt?q=outcome%3A+denied&from=&to='],
  ['entities', '/entities'],
  ['an address', '/entities/address?value=127.0.66.9'],
  ['sources', '/sources'],
  ['guide', '/sources/389-directory-server'],
  ['try', '/try'],
  ['enrichment', '/enrichment'],
  ['dead letters', '/dead-letters'],
  ['retention', '/retention'],
  ['system', '/system'],
  ['help', '/help/qql'],
];

describe.skipIf(!hasBrowser)('accessible', () => {
  /** Dark differs from light in its colours alone. */
  function violationsOf(page: Page, scheme: 'light' | 'dark' = 'light'): Promise<string[]> {
    return scheme === 'dark' ? inaccessible(page, ['color-contrast']) : inaccessible(page);
  }

  test.each(['light', 'dark'] as const)('every page, %s', async (scheme) => {
    const page = await visit('/system', { scheme });
    const found: string[] = [];
    for (const [name, address] of axePages) {
      await page.goto(address);
      await page.waitForLoadState('networkidle');
      found.push(...(await violationsOf(page, scheme)).map((violation) => `${name}: ${violation}`));
    }
    await page.goto('/hunt?q=outcome%3A+denied+and+logName%3A+access&from=&to=');
    await rows(page).nth(1).click();
    await page.getByRole('complementary', { name: 'Event' }).getByText('eventTime').waitFor();
    found.push(...(await violationsOf(page, scheme)).map((violation) => `event: ${violation}`));
    await page.getByRole('link', { name: 'Session story' }).click();
    await page.getByRole('heading', { name: /^Session/ }).waitFor();
    found.push(...(await violationsOf(page, scheme)).map((violation) => `session: ${violation}`));
    await page.keyboard.press('Control+k');
    found.push(...(await violationsOf(page, scheme)).map((violation) => `palette: ${violation}`));
    expect(found).toEqual([]);
  });

  test('signing in, and the keyboard goes everywhere', async () => {
    const page = await visit('/', { signedOut: true });
    await page.getByLabel('Access token').waitFor();
    expect(await violationsOf(page)).toEqual([]);
    await page.keyboard.type(console.token);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
  });

  test.each(['/', '/hunt?from=&to=', '/entities', '/dead-letters', '/system', '/sources'])(
    '%s fits a phone',
    async (address) => {
      const page = await visit(address, { size: { width: 390, height: 844 } });
      await page.getByRole('navigation', { name: 'Pages, short' }).waitFor();
      await page.waitForLoadState('networkidle');
      const width = await page.evaluate("document.getElementById('main').scrollWidth");
      expect(width).toBeLessThanOrEqual(390);
    },
  );
});
