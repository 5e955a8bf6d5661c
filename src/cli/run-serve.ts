import { mkdirSync } from 'node:fs';
import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createLogger } from '#log';
import { loadSources } from '#source';
import type { Store } from '#store';
import { findAgent } from './agent-build.ts';
import { findConsole } from './console-build.ts';
import { ingestInto } from './ingest-into.ts';
import { openCatalogOf } from './open-catalog.ts';
import { enrichFolderOf, openStages, ownEnrichFolder } from './open-stages.ts';
import { openStoreOf } from './open-store.ts';
import { peopleOptions } from './people-options.ts';
import { formatCount } from './read-progress.ts';
import type { RunContext } from './run-context.ts';
import { noteServing } from './serving-file.ts';
import { type OptionValues, settingFlags, textOption } from './setting-options.ts';
import type { Settings } from './settings.ts';
import { productVersion } from './version.ts';

const demoFolder: string = fileURLToPath(new URL('../../demo/', import.meta.url));

/** How long the link for the first administrator is good, in milliseconds. */
const firstLinkMs: number = 7 * 86_400_000;

/** Runs `meridian serve`; gives the exit status. */
export async function runServe(options: OptionValues, context: RunContext): Promise<number> {
  const settings = await context.settings(settingFlags(options), textOption(options, 'config'));
  const store = await openStoreOf(settings, context.say);
  try {
    if (options['demo'] === true) await loadDemo(store, settings, context);
    await serve(store, settings, context, options['demo'] === true);
    return 0;
  } finally {
    await store.close();
  }
}

async function serve(store: Store, settings: Settings, context: RunContext, demo: boolean): Promise<void> {
  const { readToken, startServer } = await import('#server');
  const directory = resolve(settings.data);
  // With a server for a store, the directory holds the token alone.
  mkdirSync(directory, { recursive: true });
  if (settings['enrich.folder'] === undefined) mkdirSync(ownEnrichFolder(settings), { recursive: true, mode: 0o700 });
  const sources = await loadSources();
  const stages = await openStages(sources, settings, context.say);
  const token = await readToken(directory);
  const people = await peopleOptions(settings);
  const [consoleFolder, agentFile] = await Promise.all([
    findConsole(context.say),
    settings['agent.file'] ?? findAgent(context.say),
  ]);
  const catalog = await openCatalogOf(settings);
  const log = createLogger('warn');
  const { 'listen.host': host, 'listen.port': port } = settings;
  try {
    const server = await startServer({
      store,
      sources,
      stages: stages.stages,
      enricher: stages.enricher,
      enrichFolder: enrichFolderOf(settings),
      catalog,
      people,
      agentFile,
      publicUrl: settings['listen.url'],
      token: token.text,
      consoleFolder,
      log,
      version: productVersion(),
      host,
      port,
    });
    const forget = noteServing(directory, reachable(server.url));
    try {
      const first = consoleFolder === undefined ? undefined : await catalog.invitations.makeFirst(firstLinkMs);
      const link =
        first === undefined ? undefined : `${settings['listen.url'] ?? reachable(server.url)}/welcome#${first}`;
      for (const line of welcome(server.url, directory, demo, link)) context.say(line);
      await untilAborted(context.signal);
      context.say('Ending: finishing what is under way.');
    } finally {
      forget();
      await server.close();
    }
  } finally {
    await catalog.close();
    await stages.close();
  }
}

/** Stores the demo log; a second time, nothing is added. */
async function loadDemo(store: Store, settings: Settings, context: RunContext): Promise<void> {
  const request = { paths: [demoFolder], sources: await loadSources(), zone: 'UTC', complete: true };
  const { passed, known } = await ingestInto(store, request, settings, context);
  const fresh = passed.events - known;
  if (fresh > 0) context.say(`Demo log loaded: ${formatCount(fresh)} events of a real 389 Directory Server.`);
}

/** What to open, and what to type next. */
function welcome(url: string, directory: string, demo: boolean, link: string | undefined): string[] {
  const first =
    link === undefined
      ? ['Open it in a browser. Programs, and people without an account, use the access token:']
      : [
          'Open this link in a browser to make the first administrator; it works once, within seven days:',
          `  ${link}`,
          'Programs, and people without an account, use the access token:',
        ];
  const lines = ['', `Meridian answers at ${url}`, ...first, `  cat ${directory}/token`, ''];
  if (demo) {
    lines.push(
      'Ask, in another terminal:',
      "  ./meridian query 'eventSubType: RESULT and outcome: failure' --group-by requestType,resultName",
      "  ./meridian query 'requestType: BIND and resultCode: 49' --group-by sourceIp",
      '  ./meridian query \'distinguishedName under "ou=people,dc=corp,dc=example,dc=com"\' --limit 10',
      '',
      'or over the API:',
      `  curl -s -G -H "Authorization: Bearer $(cat ${directory}/token)" ${url}/api/v1/events/count --data-urlencode 'q=outcome: failure'`,
      '',
      'Read a log of your own:',
      '  ./meridian ingest /var/log/dirsrv/slapd-NAME',
    );
  } else {
    lines.push('Read a log, in another terminal:', '  meridian ingest /var/log/dirsrv/slapd-NAME');
  }
  return [...lines, '', 'Ctrl-C ends it.'];
}

/** Where this machine reaches a server that listens on all addresses. */
function reachable(url: string): string {
  const parsed = new URL(url);
  const host = parsed.hostname.replace(/^\[|\]$/g, '');
  if (host === '0.0.0.0') parsed.hostname = '127.0.0.1';
  else if (isIP(host) === 6 && host === '::') parsed.hostname = '[::1]';
  return parsed.origin;
}

function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
