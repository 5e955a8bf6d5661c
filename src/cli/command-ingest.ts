import type { Command } from 'commander';
import type { PipelineCounts } from '#pipeline';
import { createPipeline } from '#pipeline';
import type { EventWriter, Store } from '#store';
import { storeBookmarks } from './bookmarks.ts';
import { chooseSources } from './choose-sources.ts';
import { openStages } from './open-stages.ts';
import { openStoreOf } from './open-store.ts';
import type { End } from './program.ts';
import { type ReadRequest, type ReadSummary, readLogs } from './read-logs.ts';
import { formatCount } from './read-progress.ts';
import { completeness, describeReading } from './read-summary.ts';
import { interrupted, type RunContext } from './run-context.ts';
import { sendLogs } from './send-logs.ts';
import { configOption, type OptionValues, settingFlags, settingOption, textOption } from './setting-options.ts';
import type { Settings } from './settings.ts';

/** Adds `meridian ingest`. */
export function addIngestCommand(program: Command, context: RunContext, end: End): void {
  program
    .command('ingest')
    .argument('<file...>', 'files and folders, rotated and compressed ones too; - for stdin')
    .description('Reads logs into the store. The same log again, grown, renamed or compressed, adds only what is new.')
    .option('--source <id>', 'takes every file for a log of this source')
    .option('--complete', 'takes a last line without line break for complete')
    .option('--format <form>', 'text: a summary in words on stderr; json: one object on stdout', 'text')
    .addOption(settingOption('data', 'dir'))
    .addOption(settingOption('server', 'url'))
    .addOption(settingOption('zone', 'zone'))
    .addOption(settingOption('enrich.folder', 'folder'))
    .addOption(configOption())
    .addHelpText('after', help)
    .action(async (paths: string[], options: OptionValues) => {
      end(await runIngest(paths, options, context));
    });
}

const help = `
Logs are recognized by their content, not by their names. Files of one log are read in the order of their rotation, so
that sessions go on from file to file. What no rule understands is kept raw as a dead letter, and the exit status is 1.

Examples:
  meridian ingest /var/log/dirsrv/slapd-corp
  meridian ingest access.20261123-* access
  zcat old/access.*.gz | meridian ingest -
  MERIDIAN_TOKEN=... meridian ingest --server http://siem.example.com:8420 /var/log/dirsrv/slapd-corp`;

async function runIngest(paths: readonly string[], options: OptionValues, context: RunContext): Promise<number> {
  const settings = context.settings(settingFlags(options), textOption(options, 'config'));
  const sources = await chooseSources(textOption(options, 'source'));
  const request: ReadRequest = { paths, sources, zone: settings.zone, complete: options['complete'] === true };
  const result =
    settings.server === undefined
      ? await ingestHere(request, settings, context)
      : await sendLogs(request, settings, context);
  report(result, options['format'] === 'json', context);
  if (result.summary.interrupted) return interrupted;
  const rejects =
    Object.keys(result.passed.deadLetters).length > 0 || result.summary.files.some((file) => file.error !== undefined);
  return rejects ? 1 : 0;
}

/** What came of an ingest. */
export interface IngestResult {
  readonly summary: ReadSummary;
  readonly passed: PipelineCounts;
  /** Events that were in the store before. */
  readonly known: number;
  /** Where they are now. */
  readonly place: string;
}

async function ingestHere(request: ReadRequest, settings: Settings, context: RunContext): Promise<IngestResult> {
  const store = await openStoreOf(settings, context.say);
  try {
    return await ingestInto(store, request, settings, context);
  } finally {
    await store.close();
  }
}

/** Reads logs into an open store. */
export async function ingestInto(
  store: Store,
  request: ReadRequest,
  settings: Settings,
  context: RunContext,
): Promise<IngestResult> {
  const stages = await openStages(request.sources, settings, context.say);
  // Blocks are filled; what is left is written by the flush at the end.
  const writer = store.writer({ flushMs: 0 });
  const pipeline = createPipeline(stages.normalize, stages.stages, [
    { event: writer.add.bind(writer), dead: writer.addDead.bind(writer) },
  ]);
  const taker = {
    record: pipeline.record.bind(pipeline),
    dead: pipeline.dead.bind(pipeline),
    room: () => (writer.full ? writer.drain() : Promise.resolve()),
  };
  try {
    const begun = performance.now();
    const summary = await readLogs(request, taker, storeBookmarks(store, writer, context.say), context);
    await writer.flush();
    const seconds = (performance.now() - begun) / 1000;
    return {
      summary: { ...summary, seconds },
      passed: pipeline.counts,
      known: writer.counts.known,
      place: settings['store.url'] ?? settings.data,
    };
  } finally {
    await closeWriter(writer);
    await stages.close();
  }
}

/** Ends a writer; when its last block failed, that was told already. */
async function closeWriter(writer: EventWriter): Promise<void> {
  try {
    await writer.close();
  } catch {
    // The failure that matters is on its way up.
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
