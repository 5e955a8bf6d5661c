import { readAssets } from './assets.ts';
import type { FirstRows } from './first-rows.ts';
import { readGeography } from './geography.ts';
import { readIdentities } from './identities.ts';
import { readIgnored } from './ignore-list.ts';
import { readIntelligence } from './intelligence.ts';
import { type ListTerms, readListTerms } from './intelligence-lists.ts';
import type { KnownPart } from './knowledge.ts';
import { readNames } from './name-list.ts';
import type { FileKind } from './options.ts';
import type { FileContent } from './read-file.ts';
import { readZones } from './zones.ts';

/**
 * Reads a file of any kind; `terms` are what is said about it as an intelligence list, `first` keeps what a preview shows of a
 * table or list. Throws `enrichment-file-invalid`.
 */
export async function readPart(
  kind: FileKind,
  content: FileContent,
  terms: ListTerms,
  first?: FirstRows,
): Promise<KnownPart> {
  switch (kind) {
    case 'zones':
      return await readZones(content, first);
    case 'assets':
      return await readAssets(content, first);
    case 'identities':
      return await readIdentities(content, first);
    case 'geography':
      return readGeography(content);
    case 'intelligence-lists':
      return await readListTerms(content, first);
    case 'intelligence-ignore':
      return readIgnored(content);
    case 'intelligence':
      return await readIntelligence(content, terms, first);
    default:
      return readNames(content, kind);
  }
}
