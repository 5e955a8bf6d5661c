import { findSource, loadSources, type Source } from '#source';

/** The sources a command looks at: all, or the one that `--source` names. */
export async function chooseSources(id: string | undefined): Promise<readonly Source[]> {
  return id === undefined ? loadSources() : [await findSource(id)];
}
