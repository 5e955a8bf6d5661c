import { createCategorizer } from '#categorize';
import { createNormalizer } from '#normalize';
import { keep, type Normalize, type Stage } from '#pipeline';
import type { Source } from '#source';
import type { Settings } from './settings.ts';

/** The stages of the pipeline, in the guide's order: normalize, then enrich and categorize. */
export interface OpenStages {
  readonly normalize: Normalize;
  readonly stages: readonly Stage[];
  /** Stops watching files. */
  close(): Promise<void>;
}

/** Makes the stages as the settings say. `say` is told of what a person should know. */
export async function openStages(
  sources: readonly Source[],
  _settings: Settings,
  _say: (sentence: string) => void,
): Promise<OpenStages> {
  const normalizer = createNormalizer(sources);
  return {
    normalize: (rec) => normalizer.normalize(rec),
    stages: [categorizeStage(sources)],
    close: () => Promise.resolve(),
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
