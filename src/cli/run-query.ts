import { AppError } from '#error';
import type { Label } from '#event';
import { check, parse, type QuestionWords, readLabels, readQuestion, readSort } from '#query';
import type { Sort } from '#store';
import { type Answers, serverAnswers, storeAnswers } from './answers.ts';
import { createApiClient } from './api-client.ts';
import { explain } from './explain.ts';
import { openStoreOf, storeExists } from './open-store.ts';
import { type OutputFormat, outputFormats, tableRows } from './output-formats.ts';
import { printError, wrongUse } from './print-error.ts';
import { formatCount } from './read-progress.ts';
import { createRowOutput, tableFields, writeGroups } from './row-output.ts';
import type { RunContext } from './run-context.ts';
import { servingInstead } from './serving-file.ts';
import { type OptionValues, settingFlags, textOption } from './setting-options.ts';
import type { Settings } from './settings.ts';
import { showTime } from './show-value.ts';

/** What one run asks. */
interface Asked {
  readonly words: QuestionWords;
  readonly fields: readonly Label[] | undefined;
  readonly groupBy: readonly Label[] | undefined;
  readonly sort: Sort | undefined;
  readonly limit: number | undefined;
  readonly format: OutputFormat;
}

/** Runs `meridian query`; gives the exit status. */
export async function runQuery(text: string, options: OptionValues, context: RunContext): Promise<number> {
  const settings = await context.settings(settingFlags(options), textOption(options, 'config'));
  const now = Date.now();
  try {
    const asked = readAsked(text, options, settings);
    // The query is checked here, before anything is opened or sent.
    const question = readQuestion(asked.words, now);
    adviseOn(text, settings, now, context);
    if (options['explain'] === true) {
      context.out.write(await explain(question, { ...asked, count: options['count'] === true }));
      return 0;
    }
    const answers = await openAnswers(settings, now, context);
    try {
      const found = await answer(asked, options['count'] === true, answers, context, settings);
      if (!found) await sayWhatThereIs(answers, asked, settings, context);
      return found ? 0 : 1;
    } finally {
      await answers.close();
    }
  } catch (thrown) {
    if (!(thrown instanceof AppError) || thrown.place?.offset === undefined) throw thrown;
    process.stderr.write(printError(thrown, text));
    return thrown.exit;
  }
}

function readAsked(text: string, options: OptionValues, settings: Settings): Asked {
  const fields = textOption(options, 'fields');
  const groupBy = textOption(options, 'groupBy');
  const sort = textOption(options, 'sort');
  const format = outputFormats.find((one) => one === options['format']) ?? 'table';
  const counting = options['count'] === true;
  if (counting && groupBy !== undefined)
    throw wrongUse('--count gives one number, --group-by one for each group: choose one.');
  if (sort !== undefined && (counting || groupBy !== undefined))
    throw wrongUse('--sort is for rows of events: groups come the most frequent first.');
  if (fields !== undefined && (counting || groupBy !== undefined)) throw wrongUse('--fields is for rows of events.');
  return {
    words: { q: text, from: textOption(options, 'from'), to: textOption(options, 'to'), zone: settings.zone },
    fields: fields === undefined ? undefined : readLabels([fields], '--fields'),
    groupBy: groupBy === undefined ? undefined : readLabels([groupBy], '--group-by'),
    sort: sort === undefined ? undefined : readSort(sort),
    limit: readLimit(textOption(options, 'limit'), format === 'table' && groupBy === undefined ? tableRows : undefined),
    format,
  };
}

function readLimit(text: string | undefined, fallback: number | undefined): number | undefined {
  if (text === undefined) return fallback;
  if (!/^[0-9]{1,12}$/.test(text)) throw wrongUse(`--limit: expected a whole number, found "${text.slice(0, 40)}".`);
  return Number(text) === 0 ? undefined : Number(text);
}

async function openAnswers(settings: Settings, now: number, context: RunContext): Promise<Answers> {
  if (settings.server !== undefined)
    return serverAnswers(createApiClient(settings.server, settings.token, context.signal));
  if (!storeExists(settings)) {
    throw new AppError('store-missing', `There is no store in "${settings.data}" yet.`, {
      place: { file: settings.data },
    });
  }
  try {
    return storeAnswers(await openStoreOf(settings, context.say), now, context.signal);
  } catch (thrown) {
    const { url, token } = servingInstead(thrown, settings.data);
    return serverAnswers(createApiClient(url, token, context.signal));
  }
}

/** Writes the answer; false when nothing was found. */
async function answer(
  asked: Asked,
  counting: boolean,
  answers: Answers,
  context: RunContext,
  { zone }: Settings,
): Promise<boolean> {
  if (counting) {
    const count = await answers.count(asked.words);
    context.out.write(`${count}\n`);
    return count > 0;
  }
  const width = context.isTerminal ? context.columns : undefined;
  if (asked.groupBy !== undefined) {
    const groups = await answers.groups(asked.words, asked.groupBy, asked.limit);
    await writeGroups(groups, asked.groupBy, { format: asked.format, zone, width }, context.out);
    return groups.length > 0;
  }
  return writeRows(asked, answers, context, { zone, width });
}

async function writeRows(
  asked: Asked,
  answers: Answers,
  context: RunContext,
  { zone, width }: { readonly zone: string; readonly width: number | undefined },
): Promise<boolean> {
  const { format, limit, sort } = asked;
  const output = await createRowOutput({ format, fields: asked.fields, zone, width }, context.out);
  // CSV writes times to the nanosecond, and the part below a millisecond is a label of its own.
  const wanted =
    format === 'csv' && asked.fields?.includes('eventTime') ? [...asked.fields, 'eventNanos' as const] : asked.fields;
  const fields = wanted ?? (format === 'table' ? tableFields : undefined);
  let rows = 0;
  for await (const page of answers.rows(asked.words, { fields, sort, limit })) {
    for (const row of page) output.row(row);
    rows += page.length;
    await context.out.room();
  }
  output.end();
  await context.out.end();
  if (limit !== undefined && rows === limit && format === 'table') {
    const count = await answers.count(asked.words);
    if (count > rows)
      context.say(`${formatCount(rows)} of ${formatCount(count)} events; --limit N shows more, --limit 0 all`);
  }
  return rows > 0;
}

/** Nothing was found: says what there is, so that a wrong window or an empty store is seen at once. */
async function sayWhatThereIs(answers: Answers, asked: Asked, { zone }: Settings, context: RunContext): Promise<void> {
  const { events, oldest, newest } = await answers.holdings();
  if (events === 0 || oldest === undefined || newest === undefined) {
    context.say('The store holds no events yet: meridian ingest FILE reads a log.');
    return;
  }
  const window = asked.words.from === undefined && asked.words.to === undefined ? '' : ' in this window';
  context.say(
    `No event matches${window}. There are ${formatCount(events)} events, from ${showTime(oldest, zone)} to ${showTime(newest, zone)} (${zone}).`,
  );
}

/** Says what a query may not have meant; only to a person. */
function adviseOn(text: string, { zone }: Settings, now: number, context: RunContext): void {
  if (process.stderr.isTTY !== true) return;
  for (const hint of check(parse(text), { now, zone }).hints) context.say(`hint: ${hint.text}`);
}
