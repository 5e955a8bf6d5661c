import { chromium, type Page } from 'playwright-core';
import { chromiumPath, type OpenConsole, openPage, type Watch } from './browser.ts';
import { FleetServer } from './fleet-host.ts';
import { SpokenAgent } from './speak-as-agent.ts';

const password = 'four unrelated words here';
const actMsMax = 20_000;

/** A server without agents, its console, and what a test does there. */
export class FleetConsole {
  readonly server: FleetServer;
  readonly console: OpenConsole;
  readonly #open: Watch[] = [];

  constructor(server: FleetServer, console: OpenConsole) {
    this.server = server;
    this.console = console;
  }

  async visit(address: string, options: Parameters<typeof openPage>[1] = {}): Promise<Page> {
    const watch = await openPage(this.console, options);
    this.#open.push(watch);
    watch.page.setDefaultTimeout(actMsMax);
    await watch.page.goto(address);
    return watch.page;
  }

  /** A host that speaks, enrolled with tags. */
  async spoken(name: string, tags: readonly string[]): Promise<SpokenAgent> {
    return new SpokenAgent(this.server.url, { name }).enroll(await this.server.token(tags));
  }

  /** Closes all pages; gives what they must never have done. */
  async leave(): Promise<readonly string[]> {
    const pages = this.#open.splice(0);
    for (const { context } of pages) await context.close();
    return pages.flatMap(({ wrongs }) => wrongs);
  }

  async close(): Promise<void> {
    await this.console.close();
    await this.server.remove();
  }
}

/** Starts a server and a browser. */
export async function openFleetConsole(): Promise<FleetConsole> {
  const server = new FleetServer();
  await server.start();
  const browser = await chromium.launch({
    ...(chromiumPath === undefined ? {} : { executablePath: chromiumPath }),
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  });
  return new FleetConsole(server, {
    url: server.url,
    data: server.data,
    token: server.accessToken,
    firstLink: /http:\/\/\S+\/welcome#\S+/.exec(server.said)?.[0] ?? '',
    browser,
    close: () => browser.close(),
  });
}

/** Chooses the password an invitation asks for, and is in. */
export async function choosePassword(page: Page): Promise<void> {
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByLabel('Password, once more').fill(password);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
}
