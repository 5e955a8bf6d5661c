import { readFileSync } from 'node:fs';
import { fileError } from '#delivery';
import { AppError } from '#error';
import type { YamlRefusal } from '#yaml';

/** Bytes of a settings file. */
const fileBytesMax = 1024 * 1024;
/** Times an alias may be used; more is a document made to multiply. */
const aliasesMax = 100;

/** Reads a YAML file with settings as plain values. Throws `file-…` and `setting-invalid`, with the line where there is one. */
export async function readSettingsFile(path: string): Promise<unknown> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (thrown) {
    throw fileError(path, thrown);
  }
  // Loaded only here: most runs have no settings file.
  const { readYaml } = await import('#yaml');
  const { value, refusal } = readYaml(text, { lengthMax: fileBytesMax, aliasesMax });
  if (refusal === undefined) return value;
  throw errorOf(path, refusal);
}

function errorOf(path: string, refusal: YamlRefusal): AppError {
  const place = { file: path };
  switch (refusal.why) {
    case 'too-long':
      return new AppError('setting-invalid', `The settings file is larger than ${fileBytesMax} bytes.`, { place });
    case 'too-deep':
      return new AppError('setting-invalid', 'The settings file is nested too deep.', { place });
    case 'syntax':
      return new AppError('setting-invalid', `The settings file is not YAML: ${refusal.message}.`, {
        place: { ...place, line: refusal.line },
      });
    case 'aliases': {
      const message = 'The settings file is no YAML that can be used: its aliases multiply, or lead nowhere.';
      return new AppError('setting-invalid', message, { place, cause: refusal.cause });
    }
  }
}
