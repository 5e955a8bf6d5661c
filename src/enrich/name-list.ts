import { foldName } from './identities.ts';
import type { Part } from './part.ts';
import type { FileContent } from './read-file.ts';
import { decode } from './read-table.ts';

/** A list of names: privileged groups, DNs of replicas, root DNs. */
export interface NamePart extends Part {
  readonly kind: 'privileged-groups' | 'replica-dns' | 'root-dns';
  readonly names: readonly string[];
}

/** Reads a list of one DN, RDN or name a line; `#` begins a comment. */
export function readNames(content: FileContent, kind: NamePart['kind']): NamePart {
  const names = decode(content)
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map(foldName);
  return { kind, source: `${content.name}@${content.version}`, names, entries: names.length, notices: [] };
}
