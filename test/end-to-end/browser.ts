import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { run, start } from './run-meridian.ts';

/** Where Debian and others put it; MERIDIAN_CHROMIUM names another. */
const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The browser tests drive; undefined where there is none. */
export const chromiumPath: string | undefined = [process.env['MERIDIAN_CHROMIUM'], ...places].find(
  (path) => path !== undefined && existsSync(path),
);

/** A console to look at: a real server over real logs, and a real browser. */
export interface OpenConsole {
  readonly url: string;
  readonly data: string;
  readonly token: string;
  /** Link that makes the first administrator, once. */
  readonly firstLink: string;
  readonly browser: Browser;
  /** Ends browser and server, and removes the data. */
  close(): Promise<void>;
}

const readyMsMax = 120_000;
const serverMsMax = 900_000;

/** Starts a server with the demo log and with one whose clients wrote what must stay text. */
export async function openConsole(): Promise<OpenConsole> {
  const folder = mkdtempSync(join(tmpdir(), 'meridian-browser-'));
  const data = join(folder, 'data');
  const log = join(folder, 'access');
  writeFileSync(log, hostileLog());
  const ingested = await run(['ingest', '--data', data, log]);
  if (ingested.status > 1) throw new Error(ingested.error);
  const opened = await openConsoleOf(data, ['--demo']);
  return {
    ...opened,
    async close() {
      await opened.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** Starts a server over data that are there, and a browser. Closing it leaves the data. */
export async function openConsoleOf(data: string, words: readonly string[] = []): Promise<OpenConsole> {
  const server = start(['serve', ...words, '--data', data, '--port', '0'], { timeoutMs: serverMsMax });
  let said = '';
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(said)), readyMsMax);
    server.on('close', () => reject(new Error(said)));
    server.stderr?.on('data', (part: Buffer) => {
      said += part.toString();
      if (!said.includes('Ctrl-C')) return;
      clearTimeout(timer);
      resolve();
    });
  });
  const browser = await chromium.launch({
    ...(chromiumPath === undefined ? {} : { executablePath: chromiumPath }),
    // As root, which is how containers run tests, Chromium has no sandbox; it only sees our own server.
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  });
  return {
    url: /http:\/\/[0-9.:]+/.exec(said)?.[0] ?? '',
    data,
    token: readFileSync(join(data, 'token'), 'utf8').trim(),
    firstLink: /http:\/\/\S+\/welcome#\S+/.exec(said)?.[0] ?? '',
    browser,
    async close() {
      await browser.close();
      server.kill('SIGKILL');
    },
  };
}

/** What a page must never have done, whatever was on it. */
export interface Watch {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Script errors, refusals by the policy, requests to anywhere else, dialogs. */
  readonly wrongs: string[];
}

/** Opens a page of the console, signed in unless told otherwise. */
export async function openPage(
  console: OpenConsole,
  options: {
    readonly scheme?: 'light' | 'dark';
    readonly size?: { readonly width: number; readonly height: number };
    readonly signedOut?: boolean;
  } = {},
): Promise<Watch> {
  const context = await console.browser.newContext({
    baseURL: console.url,
    viewport: options.size ?? { width: 1440, height: 900 },
    colorScheme: options.scheme ?? 'light',
    timezoneId: 'Europe/Berlin',
    locale: 'en-GB',
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  const wrongs: string[] = [];
  page.on('pageerror', (error) => wrongs.push(error.message));
  page.on('console', (message) => {
    const text = message.text();
    // A refusal is an answer, and so is what a test breaks on purpose; browsers report both as errors of the page.
    if (message.type() === 'error' && !/status of [45]\d\d|net::ERR_FAILED/.test(text)) wrongs.push(text);
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(console.url) && !request.url().startsWith('data:')) wrongs.push(request.url());
  });
  page.on('dialog', (dialog) => {
    wrongs.push(`a dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  if (options.signedOut !== true) {
    const answer = await context.request.post('/api/v1/session', {
      headers: { origin: console.url },
      data: { token: console.token },
    });
    if (!answer.ok()) throw new Error(await answer.text());
  }
  return { page, context, wrongs };
}

/** What clients can write into a log: markup, scripts, turned text, terminal escapes, quotes of every kind. */
export const hostileName: string = '<img src=x onerror=alert(1)>\u202egnp.exe\u202c\u001b[31m\u200b';

function hostileLog(): string {
  const lines: string[] = [];
  const at = (minute: number, second: number): string =>
    `[24/Nov/2026:07:${String(minute).padStart(2, '0')}:${String(second).padStart(2, '0')}.120000000 +0000]`;
  const dn = `uid=${hostileName},ou=people,dc=example,dc=com`;
  for (let session = 0; session < 24; session++) {
    const conn = 9_000 + session;
    const isRight = session % 3 === 0;
    lines.push(
      `${at(session, 1)} conn=${conn} fd=64 slot=64 connection from 198.51.100.${session + 1} to 192.0.2.5`,
      `${at(session, 2)} conn=${conn} op=0 BIND dn="${dn}" method=128 version=3`,
      `${at(session, 3)} conn=${conn} op=0 RESULT err=${isRight ? 0 : 49} tag=97 nentries=0 wtime=0.0001 optime=0.0019 etime=0.002${isRight ? ` dn="${dn}"` : ''}`,
      `${at(session, 4)} conn=${conn} op=1 SRCH base="dc=example,dc=com" scope=2 filter="(cn=${hostileName})" attrs="cn <b>x</b>"`,
      `${at(session, 9)} conn=${conn} op=1 RESULT err=0 tag=101 nentries=1 wtime=0.0001 optime=4.9 etime=5.002 notes=A`,
      `${at(session, 10)} conn=${conn} op=2 MOD dn="${dn}"`,
      `${at(session, 11)} conn=${conn} op=2 RESULT err=50 tag=103 nentries=0 wtime=0.0001 optime=0.0019 etime=0.002`,
      `${at(session, 30)} conn=${conn} op=3 UNBIND`,
      `${at(session, 30)} conn=${conn} op=3 fd=64 Disconnect - Cleanly Closed Connection - U1`,
    );
  }
  for (let letter = 0; letter < 5; letter++) {
    lines.push(`${at(40 + letter, 1)} conn=<b>x op=?? ${hostileName} <script>alert(2)</script>`);
  }
  return `${lines.join('\n')}\n`;
}
