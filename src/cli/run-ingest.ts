import type { Store } from '#store';
import { createApiClient } from './api-client.ts';
import { chooseSources } from './choose-sources.ts';
import { type IngestResult, ingestInto } from './ingest-into.ts';
import { openStoreOf } from './open-store.ts';
import type { ReadRequest } from './read-logs.ts';
import { formatCount } from './read-progress.ts';
import { completeness, describeReading } from './read-summary.ts';
import type { RunContext } from './run-context.ts';
import { sendLogs } from './send-logs.ts';
import { servingInstead } from './serving-file.ts';
import { type OptionValues, settingFlags, textOption } from './setting-options.ts';
import type { Settings } from './settings.ts';

/** Runs `meridian ingest`; gives the exit status. */
export async function runIngest(paths: readonly string[], options: OptionValues, context: RunContext): Promise<number> {
  const settings = await context.settings(settingFlags(options), textOption(options, 'config'));
  const sources = await chooseSources(textOption(options, 'source'));
  const request: ReadRequest = { paths, sources, zone: settings.zone, complete: options['complete'] === true };
  const { server, token } = settings;
  const result =
    server === undefined
      ? await ingestHere(request, settings, context)
      : await sendLogs(request, createApiClient(server, token, context.signal), context);
  report(result, options['format'] === 'json', context);
  if (result.summary.interrupted) return context.abortStatus();
  const rejects =
    Object.keys(result.passed.deadLetters).length > 0 || result.summary.files.some((file) => file.error !== undefined);
  return rejects ? 1 : 0;
}

async function ingestHere(request: ReadRequest, settings: Settings, context: RunContext): Promise<IngestResult> {
  let store: Store;
  try {
    store = await openStoreOf(settings, context.say, { mergeLater: true });
  } catch (thrown) {
    const { url, token } = servingInstead(thrown, settings.data);
    return sendLogs(request, createApiClient(url, token, context.signal), context);
  }
  try {
    return await ingestInto(store, request, settings, context);
  } finally {
    await store.close();
  }
}

function report({ summary, passed, known, place }: IngestResult, json: boolean, context: RunContext): void {
  if (json) {
    const { files, ignored, bytes, seconds } = summary;
    const object = {
      ...completeness(summary, passed),
      known,
      bytes,
      seconds,
      deadLetterCodes: passed.deadLetters,
      files: files.map((file) => ({ ...file, error: file.error?.toJSON() })),
      ignored,
    };
    context.out.write(`${JSON.stringify(object)}\n`);
    return;
  }
  for (const line of describeReading(summary, passed)) context.say(line);
  if (known > 0) context.say(`${formatCount(known)} of the events were in the store already`);
  if (summary.interrupted) context.say('stopped before the end; the same command goes on from here');
  else context.say(`stored in ${place}`);
}
