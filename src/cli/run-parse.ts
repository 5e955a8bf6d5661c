import { type Event, toPlain } from '#event';
import { createPipeline, type PipelineSink } from '#pipeline';
import { noBookmarks } from './bookmarks.ts';
import { chooseSources } from './choose-sources.ts';
import { openStages } from './open-stages.ts';
import { readLogs } from './read-logs.ts';
import { describeReading } from './read-summary.ts';
import type { RunContext } from './run-context.ts';
import { type OptionValues, settingFlags, textOption } from './setting-options.ts';

/** Dead letters told one by one; the others are counted. */
const toldMax = 20;

/** Runs `meridian parse`; gives the exit status. */
export async function runParse(paths: readonly string[], options: OptionValues, context: RunContext): Promise<number> {
  const settings = await context.settings(settingFlags(options), textOption(options, 'config'));
  const sources = await chooseSources(textOption(options, 'source'));
  const stages = await openStages(sources, settings, context.say);
  let told = 0;
  const sink: PipelineSink = {
    event: (event: Event) => context.out.write(`${JSON.stringify(toPlain(event))}\n`),
    dead: (letter) => {
      told += 1;
      if (told <= toldMax)
        context.say(
          `dead letter at byte ${letter.position} of the ${letter.log} log: ${letter.reason} (${letter.code})`,
        );
    },
  };
  const pipeline = createPipeline(stages.normalize, stages.stages, [sink]);
  const taker = {
    record: pipeline.record.bind(pipeline),
    dead: pipeline.dead.bind(pipeline),
    room: () => context.out.room(),
  };
  try {
    const request = { paths, sources, zone: settings.zone, complete: options['complete'] === true };
    const summary = await readLogs(request, taker, noBookmarks, context);
    await context.out.end();
    if (context.signal.aborted && context.abortStatus() === 0) return 0;
    for (const line of describeReading(summary, pipeline.counts)) context.say(line);
    if (summary.interrupted) return context.abortStatus();
    const rejects =
      Object.keys(pipeline.counts.deadLetters).length > 0 || summary.files.some((file) => file.error !== undefined);
    return rejects || pipeline.counts.events === 0 ? 1 : 0;
  } finally {
    await stages.close();
  }
}
