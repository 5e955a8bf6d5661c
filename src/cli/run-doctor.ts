import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { asAppError } from '#error';
import { loadSources } from '#source';
import { createApiClient } from './api-client.ts';
import type { Finding } from './finding.ts';
import { lookAtCoverage, lookAtFleet } from './look-at-fleet.ts';
import { lookAtPeople } from './look-at-people.ts';
import { openStoreOf, storeExists } from './open-store.ts';
import { formatBytes, formatCount } from './read-progress.ts';
import type { RunContext } from './run-context.ts';
import { findServing } from './serving-file.ts';
import { type OptionValues, settingFlags, textOption } from './setting-options.ts';
import type { Settings } from './settings.ts';
import { productVersion } from './version.ts';

const signs = { good: 'ok  ', note: 'note', bad: 'BAD ' } as const;
/** Free space below which an ingest may well fill the disk. */
const freeBytesLow = 1_000_000_000;
const logsFolder = '/var/log/dirsrv';

/** Runs `meridian doctor`; gives the exit status. */
export async function runDoctor(options: OptionValues, context: RunContext): Promise<number> {
  const findings: Finding[] = [lookAtNode()];
  try {
    const settings = await context.settings(settingFlags(options), textOption(options, 'config'));
    findings.push({ state: 'good', text: 'the settings can be read' });
    for (const look of [lookAtSources, lookAtDisk, lookAtStore, lookAtPeople, lookAtServer, lookAtLogs])
      findings.push(...(await look(settings, context)));
  } catch (thrown) {
    findings.push(bad(thrown));
  }
  for (const { state, text, hint } of findings) {
    context.out.write(`${signs[state]}  ${text}\n`);
    if (hint !== undefined) context.out.write(`      ${hint}\n`);
  }
  return findings.some(({ state }) => state === 'bad') ? 1 : 0;
}

function bad(thrown: unknown): Finding {
  const { message, code, hint } = asAppError(thrown);
  return { state: 'bad', text: `${message} (${code})`, hint };
}

function lookAtNode(): Finding {
  return {
    state: 'good',
    text: `Meridian ${productVersion()} on Node ${process.versions.node}, ${process.platform} ${process.arch}`,
  };
}

async function lookAtSources(): Promise<Finding[]> {
  const sources = await loadSources();
  return [{ state: 'good', text: `data sources: ${sources.map((source) => source.id).join(', ')}` }];
}

async function lookAtDisk(settings: Settings): Promise<Finding[]> {
  if (settings['store.url'] !== undefined) return [];
  let folder = resolve(settings.data);
  while (!existsSync(folder)) folder = dirname(folder);
  try {
    accessSync(folder, constants.W_OK);
  } catch {
    return [
      {
        state: 'bad',
        text: `${folder} may not be written`,
        hint: 'Run as another user, or choose another directory with --data.',
      },
    ];
  }
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  const text = `${formatBytes(free)} free for the data directory ${resolve(settings.data)}`;
  return [
    free < freeBytesLow
      ? { state: 'bad', text, hint: 'Free space, or choose another directory with --data.' }
      : { state: 'good', text },
  ];
}

async function lookAtStore(settings: Settings, context: RunContext): Promise<Finding[]> {
  if (!storeExists(settings)) {
    return [{ state: 'note', text: 'there is no store yet', hint: 'meridian ingest FILE makes it.' }];
  }
  const serving = findServing(settings.data);
  try {
    const store = await openStoreOf(settings, context.say);
    try {
      const { place, engineVersion, schemaVersion, events, bytes, deadLetters, problems } = await store.inspect({
        signal: context.signal,
      });
      const size = events > 0 ? `, ${formatBytes(bytes)}, ${(bytes / events).toFixed(1)} bytes per event` : '';
      const found: Finding[] = [
        {
          state: 'good',
          text: `store ${place}: ${formatCount(events)} events${size} (engine ${engineVersion}, schema ${schemaVersion})`,
        },
      ];
      if (deadLetters > 0) {
        found.push({
          state: 'note',
          text: `${formatCount(deadLetters)} dead letters: records that no rule understands, kept raw`,
          hint: 'The API lists them: /api/v1/dead-letters.',
        });
      }
      if (events > 0) found.push(...(await lookAtCoverage(store, context.signal)));
      return [...found, ...problems.map(({ problem, hint }): Finding => ({ state: 'bad', text: problem, hint }))];
    } finally {
      await store.close();
    }
  } catch (thrown) {
    const error = asAppError(thrown);
    if (error.code === 'store-in-use' && serving !== undefined) {
      const client = createApiClient(serving.url, serving.token, context.signal);
      return [{ state: 'good', text: `the store is served at ${serving.url}` }, ...(await lookAtFleet(client))];
    }
    return [bad(error)];
  }
}

async function lookAtServer(settings: Settings, context: RunContext): Promise<Finding[]> {
  if (settings.server === undefined) return [];
  try {
    const client = createApiClient(settings.server, settings.token, context.signal);
    await client.get('/system');
    return [
      { state: 'good', text: `the server ${settings.server} answers, and takes the token` },
      ...(await lookAtFleet(client)),
    ];
  } catch (thrown) {
    return [bad(thrown)];
  }
}

/** Whether there are logs of a directory server on this host, and whether they may be read. */
async function lookAtLogs(): Promise<Finding[]> {
  let names: string[];
  try {
    names = readdirSync(logsFolder).filter((name) => name.startsWith('slapd-'));
  } catch {
    return [{ state: 'note', text: `no logs of a directory server in ${logsFolder} on this host` }];
  }
  return names.map((name) => {
    const folder = join(logsFolder, name);
    try {
      accessSync(join(folder, 'access'), constants.R_OK);
      return { state: 'good', text: `logs in ${folder}: meridian ingest ${folder}` };
    } catch {
      return {
        state: 'note',
        text: `the access log in ${folder} may not be read by this user`,
        hint: 'Run as root or dirsrv, or copy the logs.',
      };
    }
  });
}
