import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createCategorizer } from '#categorize';
import { createEnricher, type Enricher } from '#enrich';
import { createNormalizer } from '#normalize';
import { keep, type Normalize, type Stage } from '#pipeline';
import type { Source } from '#source';
import type { Settings } from './settings.ts';

/** The stages of the pipeline, in the guide's order: normalize, then enrich and categorize. */
export interface OpenStages {
  readonly normalize: Normalize;
  readonly stages: readonly Stage[];
  /** Tells which context the enriching stage has. */
  readonly enricher: Enricher;
  /** Stops watching files. */
  close(): Promise<void>;
}

/** Where context files lie unless told otherwise: in the data directory, when there is such a folder. */
const folderName = 'enrichment';

/** Gives the folder of the context files; undefined when none is set and the data directory has none. */
export function enrichFolderOf(settings: Settings): string | undefined {
  const own = ownEnrichFolder(settings);
  return settings['enrich.folder'] ?? (existsSync(own) ? own : undefined);
}

/** Gives the folder a server uses when none is set: there people upload to. */
export function ownEnrichFolder(settings: Settings): string {
  return join(resolve(settings.data), folderName);
}

/** Makes the stages as the settings say. `say` is told of what a person should know. */
export async function openStages(
  sources: readonly Source[],
  settings: Settings,
  say: (sentence: string) => void,
): Promise<OpenStages> {
  const normalizer = createNormalizer(sources);
  const enricher = await createEnricher({ folder: enrichFolderOf(settings) });
  for (const notice of enricher.notices()) say(`enrichment: ${notice.sentence}`);
  return {
    normalize: (rec) => normalizer.normalize(rec),
    stages: [enrichStage(enricher), categorizeStage(sources)],
    enricher,
    close: () => Promise.resolve(enricher.close()),
  };
}

function enrichStage(enricher: Enricher): Stage {
  return {
    name: 'enrich',
    run: (event) => {
      enricher.enrich(event);
      return keep;
    },
  };
}

function categorizeStage(sources: readonly Source[]): Stage {
  const categorizers = new Map(sources.map((source) => [source.id, createCategorizer(source.categories)]));
  return {
    name: 'categorize',
    run: (event) => {
      categorizers.get(event.source ?? '')?.(event);
      return keep;
    },
  };
}
