import { type AgentProfile, checkPathPattern } from '#delivery';
import { AppError } from '#error';
import type { Source } from '#source';
import { checkListen } from '../collect/open-port.ts';
import type { AgentConfig } from '../config/agent-config.ts';
import type { FileSystem } from '../file-system.ts';

/**
 * Compares a profile with what the host's own configuration allows, before anything of it is applied: one part that is
 * not allowed, and none of it is. Throws `path-…`, `listen-forbidden`, `source-unknown`.
 */
export async function checkProfile(
  profile: AgentProfile,
  config: Pick<AgentConfig, 'allowedPaths' | 'collect'>,
  sources: readonly Source[],
  fileSystem: FileSystem,
): Promise<void> {
  const roots = await realRoots(config.allowedPaths, fileSystem);
  for (const { source, paths } of profile.sources) {
    checkSource(source, sources);
    for (const pattern of paths) {
      const refusal = checkPathPattern(pattern, config.allowedPaths);
      if (refusal !== undefined) {
        const { code, sentence, hint } = refusal;
        throw new AppError(code, sentence, { hint, place: { field: 'paths', found: pattern } });
      }
      await checkLinks(pattern, roots, fileSystem);
    }
  }
  for (const { source, listen } of profile.collectors) {
    checkSource(source, sources);
    checkListen(listen, config.collect.listen);
  }
}

/** The allowed folders without symbolic links, each with a slash at its end; one that does not exist stands as it is. */
export async function realRoots(allowed: readonly string[], fileSystem: FileSystem): Promise<readonly string[]> {
  return Promise.all(allowed.map(async (path) => slashed((await fileSystem.realPath(path)) ?? path)));
}

function checkSource(id: string, sources: readonly Source[]): void {
  if (sources.some((source) => source.id === id)) return;
  throw new AppError('source-unknown', `This agent has no data source "${id}".`, {
    place: { found: id },
    hint: 'Update the agent, or correct the profile.',
  });
}

/** Follows the links of the folders before the first wildcard: they must not lead out. Files are looked at when they are read. */
async function checkLinks(pattern: string, roots: readonly string[], fileSystem: FileSystem): Promise<void> {
  const steps = pattern.split('/').slice(1, -1);
  const wild = steps.findIndex((step) => /[*?[{]/.test(step));
  const fixed = wild === -1 ? steps : steps.slice(0, wild);
  const real = await fileSystem.realPath(`/${fixed.join('/')}`);
  if (real === undefined || roots.some((root) => slashed(real).startsWith(root))) return;
  throw new AppError(
    'path-outside-roots',
    `"${pattern}" leads to ${real} by a symbolic link, outside the allowed folders.`,
    {
      place: { field: 'paths', found: pattern },
    },
  );
}

function slashed(path: string): string {
  return path.endsWith('/') ? path : `${path}/`;
}
