import { parseDocument, stringify } from 'yaml';
import { type ProfileContent, parseProfileContent } from '#catalog';
import { AppError } from '#error';
import { isNestedTooDeep } from '#yaml-nesting';

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
  if (text.length > importLengthMax) throw invalid(`it is longer than ${importLengthMax} characters`);
  if (isNestedTooDeep(text)) throw invalid('it is nested too deep');
  const document = parseDocument(text, { prettyErrors: false, schema: 'core', uniqueKeys: true });
  const [problem] = document.errors;
  if (problem !== undefined) throw invalid('it is no YAML', document.errors.length);
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: aliasesMax });
  } catch {
    throw invalid('its aliases multiply, or lead nowhere');
  }
  if (typeof value !== 'object' || value === null || !('meridianProfile' in value) || value.meridianProfile !== 1) {
    throw invalid('it does not begin with "meridianProfile: 1"');
  }
  const { meridianProfile: _, ...content } = value;
  return parseProfileContent(content);
}

function invalid(why: string, problems = 0): AppError {
  const many = problems > 1 ? ` (${problems} problems)` : '';
  return new AppError('profile-import-invalid', `The text cannot be imported: ${why}${many}.`);
}
