import { readFileSync } from 'node:fs';
import type { Document } from 'yaml';
import { fileError } from '#delivery';
import { AppError } from '#error';

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
  if (text.length > fileBytesMax)
    throw new AppError('setting-invalid', `The settings file is larger than ${fileBytesMax} bytes.`, {
      place: { file: path },
    });
  // Loaded only here: most runs have no settings file.
  const { parseDocument } = await import('yaml');
  const document = parseDocument(text, { prettyErrors: true });
  const [problem] = document.errors;
  if (problem !== undefined) {
    const line = problem.linePos?.[0].line;
    throw new AppError('setting-invalid', `The settings file is not YAML: ${problem.message.split('\n')[0]}`, {
      place: { file: path, ...(line === undefined ? {} : { line }) },
    });
  }
  return contentOf(document, path);
}

/** The values of a document; aliases that multiply are refused. */
function contentOf(document: Document.Parsed, path: string): unknown {
  try {
    return document.toJS({ maxAliasCount: aliasesMax });
  } catch (cause) {
    throw new AppError(
      'setting-invalid',
      'The settings file is no YAML that can be used: its aliases multiply, or lead nowhere.',
      {
        place: { file: path },
        cause,
      },
    );
  }
}
