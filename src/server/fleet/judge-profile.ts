import { type AgentProfile, checkPathPattern, defaultAllowedPaths } from '#delivery';
import type { Source } from '#source';

/** Something about a profile that a person should know before it is saved. */
export interface ProfileNotice {
  /** `refused`: agents will refuse the profile unless their own configuration says otherwise; `note`: it is odd. */
  readonly weight: 'refused' | 'note';
  readonly code: string;
  /** Part of the profile, e.g. `sources.0.paths.1`. */
  readonly field: string;
  readonly sentence: string;
  readonly hint: string;
}

/** Judges a profile by what agents allow unless their configuration says otherwise, and by the sources there are. */
export function judgeProfile(profile: AgentProfile, sources: readonly Source[]): readonly ProfileNotice[] {
  const notices: ProfileNotice[] = [];
  const known = new Set(sources.filter((source) => source.own !== true).map(({ id }) => id));
  for (const [at, { source, paths }] of profile.sources.entries()) {
    if (!known.has(source)) notices.push(unknownSource(`sources.${at}.source`, source, known));
    for (const [index, pattern] of paths.entries()) {
      const refusal = checkPathPattern(pattern, defaultAllowedPaths);
      if (refusal !== undefined) notices.push({ weight: 'refused', field: `sources.${at}.paths.${index}`, ...refusal });
    }
  }
  for (const [at, { source }] of profile.collectors.entries()) {
    if (!known.has(source)) notices.push(unknownSource(`collectors.${at}.source`, source, known));
  }
  notices.push(...repeated(profile));
  if (profile.sources.length === 0 && profile.collectors.length === 0) {
    notices.push({
      weight: 'note',
      code: 'reads-nothing',
      field: 'sources',
      sentence: 'The profile names nothing to read.',
      hint: 'Add a log source.',
    });
  }
  return notices;
}

function unknownSource(field: string, source: string, known: ReadonlySet<string>): ProfileNotice {
  return {
    weight: 'refused',
    code: 'source-unknown',
    field,
    sentence: `There is no data source "${source}".`,
    hint: `The sources are: ${[...known].join(', ')}.`,
  };
}

/** Patterns that stand in two log sources: the files are read by the first. */
function repeated(profile: AgentProfile): ProfileNotice[] {
  const seen = new Set<string>();
  return profile.sources.flatMap(({ paths }, at) =>
    paths.flatMap((pattern, index): ProfileNotice[] => {
      if (!seen.has(pattern)) {
        seen.add(pattern);
        return [];
      }
      return [
        {
          weight: 'note',
          code: 'pattern-repeated',
          field: `sources.${at}.paths.${index}`,
          sentence: `"${pattern}" stands in another log source, too; its files are read once.`,
          hint: 'Remove it here or there.',
        },
      ];
    }),
  );
}
