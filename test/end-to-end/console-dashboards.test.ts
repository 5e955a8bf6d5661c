import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { APIRequestContext, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { chromiumPath, type OpenConsole, openConsole, openPage, type Watch } from './browser.ts';
import { type Hand, keyboard, mouse } from './hands.ts';
import { inaccessible } from './inaccessible.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 240_000 });

const hasBrowser = chromiumPath !== undefined;
/** The minute of the demo log. */
const demo = 'from=2026-11-24T08:46:00Z&to=2026-11-24T08:50:00Z';
/** What people can name things: marks of direction and what is not seen included; turned text and control characters are refused. */
const markup = '<img src=x onerror=alert(1)>\u200f\u200b';
const password = 'four unrelated words here';

let console: OpenConsole;
const folder = mkdtempSync(join(tmpdir(), 'meridian-dashboards-'));
const open: Watch[] = [];
beforeAll(async () => {
  if (hasBrowser) console = await openConsole();
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  if (hasBrowser) await console.close();
});
afterEach(async () => {
  for (const { context, wrongs } of open.splice(0)) {
    await context.close();
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

interface Widget {
  readonly kind: string;
  readonly title: string;
  readonly query: string;
  readonly part?: string;
  readonly by?: string | readonly string[];
  readonly value?: string;
  readonly values?: readonly string[];
}

/** What the API answers, as JSON. */
async function ask(request: APIRequestContext, path: string, data?: object): Promise<Record<string, unknown>> {
  const options = { headers: { origin: console.url }, ...(data === undefined ? {} : { data }) };
  const answer = await (data === undefined
    ? request.get(`/api/v1${path}`, options)
    : request.post(`/api/v1${path}`, options));
  const body = await answer.json();
  if (!answer.ok()) throw new Error(`${path}: ${JSON.stringify(body)}`);
  return body;
}

async function keep(request: APIRequestContext, yaml: string): Promise<string> {
  return String((await ask(request, '/dashboards', { yaml, shared: false }))['id']);
}

/** As one line: what is typed is indented by the editor, too. */
const typed = (name: string, query: string): string =>
  `{ meridianDashboard: 1, name: ${name}, window: all, widgets: [{ kind: number, title: Failures, query: "${query}" }] }`;

const tabsMax = 200;
/** Name of what has the focus, looking through shadow roots: editors live in them. */
const focusedName = `(() => {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element?.getAttribute('aria-label') ?? '';
})()`;

/** Writes into an editor, which is no field of a form. */
async function type(page: Page, hand: Hand, editor: Locator, name: string, text: string): Promise<void> {
  await editor.waitFor();
  if (hand.name === 'mouse') await editor.click();
  for (let step = 0; (await page.evaluate(focusedName)) !== name; step++) {
    if (step === tabsMax) throw new Error(`Tab never comes to ${name}`);
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('Control+a');
  await page.keyboard.type(text);
}

const yamlOf = (name: string, widgets: string): string =>
  `meridianDashboard: 1\nname: ${JSON.stringify(name)}\ndescription: ${JSON.stringify(`About ${name}`)}\nwindow: all\nwidgets:\n${widgets}`;

/** Nothing on the page turns text around, moves a cursor, or is not seen. */
async function expectSeen(page: Page): Promise<void> {
  expect(await page.locator('main').innerText()).not.toMatch(/[^\P{C}\n\t]/u);
}

describe.skipIf(!hasBrowser)('the dashboards that come with Meridian', () => {
  test.each([
    ['directory-health', 15],
    ['authentication', 15],
    ['data-quality', 12],
  ])('%s says something about the demo log with at least %d widgets', async (id, least) => {
    const { page } = { page: await visit('/dashboards') };
    const { request } = page.context();
    const { dashboard } = (await ask(request, `/dashboards/${id}`)) as { dashboard: { widgets: readonly Widget[] } };
    const told: string[] = [];
    for (const { title, query, part, by = [], value, values = [] } of dashboard.widgets) {
      const measures = [...(value === undefined ? [] : [value]), ...values];
      const q = part === undefined ? query : [query, part].filter((one) => one !== '').join(' and ');
      const body = { q, by: [by].flat(), from: '2026-11-24T08:46:00Z', to: '2026-11-24T08:50:00Z', measures };
      const { groups } = (await ask(request, '/events/group', body)) as { groups: readonly { measured?: unknown[] }[] };
      const isMeasured = groups.some(({ measured = [] }) => measured.every((one) => one !== null));
      if (groups.length > 0 && isMeasured) told.push(title);
    }
    expect([told.length >= least, told]).toEqual([true, told]);
  });

  test('are shown with their numbers, lines and tables; each leads to its hunt, and a stretch is zoomed into', async () => {
    const page = await visit(`/dashboards/directory-health?${demo}`);
    const operations = page.getByRole('region', { name: 'Operations', exact: true });
    await operations.getByText(/^2,\d{3}$/).waitFor();
    const trend = page.getByRole('region', { name: 'Operations by kind' });
    await trend.locator('.line-stroke').first().waitFor();
    await trend.getByRole('button', { name: 'Table' }).click();
    await trend.getByRole('columnheader', { name: 'SRCH' }).waitFor();
    await trend.getByRole('button', { name: 'Picture' }).click();
    await page.getByRole('region', { name: 'Operations by hour' }).scrollIntoViewIfNeeded();
    await page.getByRole('img', { name: /most on Tue/ }).waitFor();
    expect(await inaccessible(page)).toEqual([]);
    await trend.getByRole('group').focus();
    for (const key of ['ArrowRight', 'ArrowRight', 'Shift+ArrowRight', 'Enter']) await page.keyboard.press(key);
    await expect.poll(() => new URL(page.url()).searchParams.get('from')).toMatch(/^2026-11-24T08:46:.*Z$/);
    await page.goBack();
    await page.getByRole('region', { name: 'Searches without a usable index' }).getByRole('link').last().click();
    await page.locator('.events-body .events-row').first().waitFor();
    expect(new URL(page.url()).searchParams.get('q')).toBe('eventSubType: RESULT and requestType: SRCH');
  });

  test('an empty window says where there is something', async () => {
    const page = await visit('/dashboards/authentication?from=2020-01-01&to=2020-01-02');
    await page.getByRole('button', { name: /Go there|last day/ }).click();
    await page.getByRole('region', { name: 'Failed binds', exact: true }).getByText(/ of /).waitFor();
  });
});

describe.skipIf(!hasBrowser)('a dashboard of one’s own', () => {
  async function life(page: Page, hand: Hand): Promise<void> {
    const name = `Made by ${hand.name}`;
    await hand.press(page.getByRole('link', { name: 'New dashboard' }));
    await page.getByText('No widgets yet').waitFor();
    await hand.press(page.getByRole('button', { name: 'Add widget…' }));
    const sheet = page.getByRole('dialog', { name: 'Add a widget' });
    await hand.choose(sheet.getByLabel('Kind'), 'Top: the most frequent values');
    await sheet.getByLabel('By field').waitFor();
    expect(await inaccessible(page)).toEqual([]);
    await hand.write(sheet.getByLabel('Title'), `Who fails, ${hand.name}`);
    // The second is typed over the first.
    for (const query of ['outcome: denied', 'outcome: failure']) {
      await type(page, hand, sheet.getByRole('textbox', { name: 'Query' }), 'Query', query);
    }
    await page.keyboard.press('Escape');
    await sheet.waitFor();
    await hand.write(sheet.getByLabel('By field'), 'reason');
    await hand.press(sheet.getByRole('button', { name: 'Add widget', exact: true }));
    const widget = page.getByRole('region', { name: `Who fails, ${hand.name}` });
    await widget.getByText('bad-password').waitFor();
    const label = 'Dashboard as YAML';
    const text = page.getByRole('textbox', { name: label });
    await type(page, hand, text, label, typed(name, 'outcom: failure'));
    await page
      .getByRole('status', { name: 'Problems' })
      .getByText(/Line 1, column \d+:.*outcom/)
      .waitFor();
    await hand.press(page.getByRole('button', { name: 'Create dashboard' }));
    // It goes to the problem rather than being refused.
    await expect.poll(() => page.evaluate(focusedName)).toBe(label);
    await type(page, hand, text, label, typed(name, 'outcome: failure'));
    await page
      .getByRole('region', { name: 'Failures' })
      .getByText(/^[\d,]{3,}$/)
      .waitFor();
    await hand.press(page.getByRole('button', { name: 'Create dashboard' }));
    await page.getByRole('heading', { name, exact: true }).waitFor();
    await hand.press(page.getByRole('link', { name: 'Edit', exact: true }));
    await hand.press(page.getByRole('checkbox', { name: 'Share with everybody' }));
    await hand.press(page.getByRole('button', { name: 'Save changes' }));
    await hand.pick(page.getByRole('button', { name: 'More to do with this dashboard' }), 'Remove');
    await hand.press(page.getByRole('button', { name: 'Undo' }));
    await page.getByRole('link', { name: new RegExp(`${name}.*yours, shared`) }).waitFor();
    expect(await inaccessible(page)).toEqual([]);
  }

  test('is made, mended, shared, removed and taken back by mouse', async () => {
    const page = await visit('/dashboards');
    await life(page, mouse());
  });

  test('and the same by keyboard', async () => {
    const page = await visit('/dashboards');
    await life(page, keyboard(page));
    await page.evaluate('document.activeElement.blur()');
    for (const key of ['j', 'j', 'k', 'Enter']) await page.keyboard.press(key);
    await page.getByRole('region', { name: 'Failures' }).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('b');
    await page.getByRole('heading', { name: 'Dashboards', exact: true }).waitFor();
  });

  test('is copied, exported and imported as a file; a wrong file opens where its problem is', async () => {
    const page = await visit('/dashboards/data-quality');
    await page.getByRole('button', { name: 'Copy to change' }).click();
    await page.getByRole('region', { name: 'Preview' }).getByRole('heading', { name: 'Data quality (copy)' }).waitFor();
    await page.getByRole('button', { name: 'Create dashboard' }).click();
    await page.getByRole('heading', { name: 'Data quality (copy)', exact: true }).waitFor();
    await page.getByRole('button', { name: 'More to do with this dashboard' }).click();
    const download = page.waitForEvent('download');
    await page.getByRole('menuitem', { name: 'Export as YAML' }).click();
    const file = await (await download).path();
    expect((await download).suggestedFilename()).toBe('data-quality-copy.yaml');
    const yaml = readFileSync(file, 'utf8');
    await page.goto('/dashboards');
    const pick = async (name: string, text: string): Promise<void> => {
      writeFileSync(join(folder, name), text);
      await mouse().giveFile(page.getByRole('button', { name: 'Import file…' }), join(folder, name));
    };
    await pick('again.yaml', yaml);
    await page.getByText(/You have a dashboard of this name/).waitFor();
    await pick('other.yaml', yaml.replace('(copy)', '(file)'));
    await page.getByRole('heading', { name: 'Data quality (file)', exact: true }).waitFor();
    await page.goto('/dashboards');
    await pick('wrong.yaml', yaml.replace('kind: trend', 'kind: tend'));
    await page.getByText(/There is no kind "tend"/).waitFor();
    await page.getByRole('button', { name: 'Open it in the editor' }).click();
    await page
      .getByRole('status', { name: 'Problems' })
      .getByText(/Did you mean "trend"/)
      .waitFor();
    expect(await inaccessible(page)).toEqual([]);
    // What is not saved waits until one comes back, and can be thrown away.
    await page.goto('/dashboards');
    await page.getByRole('link', { name: 'New dashboard' }).click();
    await page.getByText('What you wrote before is back.').waitFor();
    await page.getByRole('button', { name: 'Discard it' }).click();
    await page.getByText('No widgets yet').waitFor();
  });

  test('what was changed elsewhere is not overwritten unknown, and a preview is zoomed by itself', async () => {
    const page = await visit('/dashboards');
    const { request } = page.context();
    const yaml = (title: string): string =>
      yamlOf('Twice open', `  - { kind: trend, title: ${title}, by: outcome, query: '' }\n`);
    const id = await keep(request, yaml('First'));
    const change = async (title: string): Promise<void> => {
      const answer = await request.put(`/api/v1/dashboards/${id}`, {
        headers: { origin: console.url },
        data: { yaml: yaml(title), shared: false },
      });
      expect(answer.status()).toBe(200);
    };
    await page.reload();
    await page.getByRole('link', { name: /^Twice open/ }).click();
    await page.getByRole('region', { name: 'First' }).waitFor();
    await change('Second');
    // The page before showed the first; what is edited is what is kept.
    await page.getByRole('link', { name: 'Edit', exact: true }).click();
    const preview = page.getByRole('region', { name: 'Preview' });
    const bars = preview.getByRole('region', { name: 'Second' }).getByRole('group').first();
    await bars.focus();
    const address = page.url();
    for (const key of ['ArrowRight', 'ArrowRight', 'Shift+ArrowRight', 'Enter']) await page.keyboard.press(key);
    await preview.getByText('This is a part of the window.').waitFor();
    expect(page.url()).toBe(address);
    await preview.getByRole('button', { name: 'Show the whole' }).click();

    const text = page.getByRole('textbox', { name: 'Dashboard as YAML' });
    const write = (name: string): Promise<void> =>
      type(page, mouse(), text, 'Dashboard as YAML', typed(name, 'outcome: failure'));
    await write('Mine');
    await preview.getByRole('heading', { name: 'Mine' }).waitFor();
    await change('Third');
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.getByText('This dashboard was changed elsewhere').waitFor();
    await page.getByRole('button', { name: 'Show the newest version' }).click();
    await preview.getByRole('region', { name: 'Third' }).waitFor();
    // What waited while one was away is based on what was there then.
    await write('Mine');
    await preview.getByRole('heading', { name: 'Mine' }).waitFor();
    await change('Fourth');
    await page.reload();
    await page.getByText('What you wrote before is back.').waitFor();
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.getByRole('button', { name: 'put yours in its place' }).click();
    await page.getByRole('heading', { name: 'Mine', exact: true }).waitFor();
    expect((await ask(request, `/dashboards/${id}`))['name']).toBe('Mine');
  });
});

describe.skipIf(!hasBrowser)('whatever happens', () => {
  test('log text and names of others stay text, light and dark', async () => {
    const widgets = ['boundDn', 'distinguishedName', 'searchFilter', 'requestedAttributes'].map(
      (label) =>
        `  - { kind: top, title: ${JSON.stringify(`${label} ${markup}`)}, about: ${JSON.stringify(`Of ${markup}`)}, by: ${label}, width: 6, query: 'sourceIp: 198.51.100.0/24' }\n`,
    );
    const more = [
      "  - { kind: trend, title: Lines, by: distinguishedName, query: 'sourceIp: 198.51.100.0/24' }\n",
      "  - { kind: table, title: Events, columns: [eventTime, outcome, distinguishedName, searchFilter, duration, tags], query: 'sourceIp: 198.51.100.0/24' }\n",
      "  - { kind: table, title: Groups, by: [distinguishedName, outcome], values: [p95(duration)], query: 'sourceIp: 198.51.100.0/24' }\n",
    ];
    const first = await visit('/dashboards');
    const id = await keep(first.context().request, yamlOf(`Hostile ${markup}`, [...widgets, ...more].join('')));
    await first.reload();
    await first.getByRole('link', { name: /Hostile/ }).waitFor();
    await expectSeen(first);
    for (const scheme of ['light', 'dark'] as const) {
      const page = await visit(`/dashboards/${id}?from=2026-11-24T07:00:00Z&to=2026-11-24T08:00:00Z`, { scheme });
      await page
        .getByRole('region', { name: /^boundDn/ })
        .getByText('<img src=x')
        .first()
        .waitFor();
      await page.getByRole('region', { name: 'Events' }).scrollIntoViewIfNeeded();
      await page.getByRole('region', { name: 'Events' }).getByText('<img src=x').first().waitFor();
      await page.getByRole('region', { name: 'Groups' }).getByText('<img src=x').first().waitFor();
      const lines = page.getByRole('region', { name: 'Lines' });
      await lines.getByText('<img src=x').first().waitFor();
      await lines.getByRole('button', { name: 'Table' }).click();
      await lines.getByRole('columnheader').filter({ hasText: '<img' }).waitFor();
      expect(await page.locator('#main img').count()).toBe(0);
      await expectSeen(page);
      expect(await inaccessible(page)).toEqual([]);
    }
  });

  test('four widgets ask at a time, those never seen do not, and leaving ends what is under way', async () => {
    const page = await visit('/dashboards');
    const titles = Array.from({ length: 24 }, (_, index) => `Widget ${index}`);
    const one = (title: string): string => `  - { kind: number, title: ${title}, width: 12, query: '"${title}"' }\n`;
    await keep(page.context().request, yamlOf('Tall', titles.map(one).join('')));
    await page.reload();
    let [now, most] = [0, 0];
    const asked: string[] = [];
    let release = (): void => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    await page.route(/\/events\/(group|histogram|search)/, async (route) => {
      asked.push(String(route.request().postDataJSON().q).replaceAll('"', ''));
      now += 1;
      most = Math.max(most, now);
      await held;
      now -= 1;
      await route.continue().catch(() => undefined);
    });
    const ended: string[] = [];
    page.on('requestfailed', (request) => ended.push(request.failure()?.errorText ?? ''));
    await page.getByRole('link', { name: /^Tall/ }).click();
    await expect.poll(() => now).toBe(4);
    await page.getByRole('link', { name: 'Data sources' }).first().click();
    await page.getByRole('heading', { name: 'Data sources' }).waitFor();
    await expect.poll(() => ended.filter((text) => text.includes('ABORTED')).length).toBe(4);
    expect(asked.length).toBe(4);
    release();
    asked.length = 0;
    await page.goBack();
    const all = page.getByRole('region', { name: /^Widget/ });
    await all.last().waitFor();
    const tops = await all.evaluateAll((elements: { getBoundingClientRect(): { top: number } }[]) =>
      elements.map((element) => element.getBoundingClientRect().top),
    );
    const shown = titles.filter((_, index) => (tops[index] ?? 0) < 900);
    const far = titles.filter((_, index) => (tops[index] ?? 0) > 900 + 200);
    expect(shown.length).toBeGreaterThan(4);
    expect(far.length).toBeGreaterThan(4);
    await expect.poll(() => shown.filter((title) => !asked.includes(title))).toEqual([]);
    await all
      .getByText('0', { exact: true })
      .nth(shown.length - 1)
      .waitFor();
    expect(asked.filter((title) => far.includes(title))).toEqual([]);
    // A window without ends has no time before: one question is enough.
    expect(asked.length).toBe(new Set(asked).size);
    expect(most).toBe(4);
    await all.last().scrollIntoViewIfNeeded();
    await expect.poll(() => asked).toContain('Widget 23');
  });

  test('a widget that fails says so and is tried again; the others stand', async () => {
    const page = await visit('/dashboards');
    await page.route(/\/events\/histogram/, (route) => route.abort('failed'));
    await page.goto(`/dashboards/authentication?${demo}`);
    const trend = page.getByRole('region', { name: 'Binds by outcome' });
    await trend.getByRole('alert').getByText('The server does not answer.').waitFor();
    await page.getByRole('region', { name: 'Why binds failed' }).getByText('bad-password').waitFor();
    await page.unroute(/\/events\/histogram/);
    await trend.getByRole('button', { name: 'Try again' }).click();
    await trend.getByText('most in one bar').waitFor();
  });

  test('one that stopped being a dashboard says why, and leads to its text', async () => {
    const page = await visit('/dashboards');
    const message = `There is no field "gone${markup}".`;
    await page.route(/\/api\/v1\/dashboards\/authentication$/, async (route) => {
      const response = await route.fetch();
      const { dashboard: _, ...kept } = (await response.json()) as Record<string, unknown>;
      const place = { path: 'widgets[0].query', line: 7, column: 13, offset: 90, length: 4 };
      const problems = [{ code: 'unknown-field', message, hint: 'Did you mean "outcome"?', ...place }];
      await route.fulfill({ response, json: { ...kept, own: true, problems } });
    });
    await page.goto(`/dashboards/authentication?${demo}`);
    const shown = message.replace('\u200f\u200b', '\\u200f\\u200b');
    await page.getByRole('region', { name: 'Problems' }).getByText(`Line 7, column 13: ${shown}`).waitFor();
    expect(await inaccessible(page)).toEqual([]);
    await page.getByRole('link', { name: 'Edit', exact: true }).click();
    await page.getByRole('textbox', { name: /YAML/ }).getByText('meridianDashboard').waitFor();
  });

  test('a viewer looks, and is told what it takes to do more', async () => {
    const admin = await visit('/dashboards');
    const { link } = (await ask(admin.context().request, '/users', { name: 'vera', role: 'viewer' })) as {
      link: string;
    };
    const page = await visit(link, { signedOut: true });
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.getByLabel('Password, once more').fill(password);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    await page
      .getByRole('navigation', { name: 'Pages', exact: true })
      .getByRole('link', { name: 'Dashboards' })
      .click();
    await page.getByRole('link', { name: /^Authentication/ }).waitFor();
    expect(await page.getByRole('button', { name: /Import/ }).count()).toBe(0);
    expect(await page.getByRole('link', { name: 'New dashboard' }).count()).toBe(0);
    await page.goto(`/dashboards/authentication?${demo}`);
    await page.getByRole('region', { name: 'Why binds failed' }).getByText('bad-password').waitFor();
    expect(await page.getByRole('button', { name: 'Copy to change' }).count()).toBe(0);
    for (const address of ['/dashboards/new', '/dashboards/authentication/edit']) {
      await page.goto(address);
      await page.getByRole('heading', { name: 'Your role does not allow this page' }).waitFor();
    }
    const status = await page.evaluate(
      `fetch('/api/v1/dashboards', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"yaml":"","shared":true}' }).then((answer) => answer.status)`,
    );
    expect(status).toBe(403);
  });
});
