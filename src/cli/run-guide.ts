import { guideFormat, loadSources, renderGuide } from '#source';
import { chooseSources } from './choose-sources.ts';
import { wrongUse } from './print-error.ts';
import type { RunContext } from './run-context.ts';

/** Runs `meridian guide`. Without a name it is the guide of the one source that is not Meridian's own. */
export async function printGuide(id: string | undefined, format: string, context: RunContext): Promise<void> {
  const [source, ...more] =
    id === undefined ? (await loadSources()).filter(({ own }) => own !== true) : await chooseSources(id);
  if (source === undefined) throw wrongUse('There is no data source.');
  if (more.length > 0) {
    const ids = [source, ...more].map((one) => one.id).join(', ');
    throw wrongUse('Which data source?', `Name one of: ${ids}.`);
  }
  context.out.write(renderGuide(source, guideFormat(format)));
}
