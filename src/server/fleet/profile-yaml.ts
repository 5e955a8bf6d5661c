import { type ProfileContent, parseProfileContent } from '#catalog';
import { AppError } from '#error';
import { readYaml, stringify, type YamlRefusal } from '#yaml';

/** Characters of a text to import. */
export const importLengthMax: number = 512 * 1024;
/** Times an alias may be followed: more is a bomb. */
const aliasesMax = 100;

/** Writes a profile as YAML. */
export function printProfileYaml(content: ProfileContent): string {
  return stringify({ meridianProfile: 1, ...content }, { lineWidth: 0 });
}

/** Reads a profile from YAML. Throws `profile-import-invalid` where it is no YAML, `profile-invalid` where it is no profile. */
export function readProfileYaml(text: string): ProfileContent {
  const limits = { lengthMax: importLengthMax, aliasesMax };
  const { value, refusal } = readYaml(text, { ...limits, schema: 'core' });
  if (refusal !== undefined) throw invalid(wordsOf[refusal.why], 'errors' in refusal ? refusal.errors.length : 0);
  if (typeof value !== 'object' || value === null || !('meridianProfile' in value) || value.meridianProfile !== 1) {
    throw invalid('it does not begin with "meridianProfile: 1"');
  }
  const { meridianProfile: _, ...content } = value;
  return parseProfileContent(content);
}

const wordsOf: Readonly<Record<YamlRefusal['why'], string>> = {
  'too-long': `it is longer than ${importLengthMax} characters`,
  'too-deep': 'it is nested too deep',
  syntax: 'it is no YAML',
  aliases: 'its aliases multiply, or lead nowhere',
};

function invalid(why: string, problems = 0): AppError {
  const many = problems > 1 ? ` (${problems} problems)` : '';
  return new AppError('profile-import-invalid', `The text cannot be imported: ${why}${many}.`);
}
