import { createPipeline, type PipelineCounts } from '#pipeline';
import type { EventWriter, Store } from '#store';
import { storeBookmarks } from './bookmarks.ts';
import { openStages } from './open-stages.ts';
import { type ReadRequest, type ReadSummary, readLogs } from './read-logs.ts';
import type { RunContext } from './run-context.ts';
import type { Settings } from './settings.ts';

/** What came of an ingest. */
export interface IngestResult {
  readonly summary: ReadSummary;
  readonly passed: PipelineCounts;
  /** Events that were in the store before. */
  readonly known: number;
  /** Where they are now. */
  readonly place: string;
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
