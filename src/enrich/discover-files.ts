import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { filesMax } from './limits.ts';
import { type Notice, notice } from './notice.ts';
import type { EnrichFile, EnrichOptions, FileKind } from './options.ts';

/** What the folder may hold, by file name; `-anything` or `.anything` may stand behind the first word. */
const layout: readonly { readonly kind: FileKind; readonly folder: string; readonly name: RegExp }[] = [
  { kind: 'zones', folder: '', name: /^zones([-.].*)?\.(csv|tsv|json|ya?ml)$/i },
  { kind: 'assets', folder: '', name: /^assets([-.].*)?\.(csv|tsv|json|ya?ml)$/i },
  { kind: 'identities', folder: '', name: /^(identities|groups)([-.].*)?\.(csv|tsv|json|ya?ml)$/i },
  { kind: 'privileged-groups', folder: '', name: /^privileged-groups([-.].*)?\.txt$/i },
  { kind: 'replica-dns', folder: '', name: /^replica-dns([-.].*)?\.txt$/i },
  { kind: 'root-dns', folder: '', name: /^root-dns([-.].*)?\.txt$/i },
  { kind: 'geography', folder: '', name: /\.mmdb$/i },
  { kind: 'geography', folder: 'geography', name: /\.mmdb$/i },
  { kind: 'intelligence-lists', folder: 'intelligence', name: /^lists\.(json|ya?ml)$/i },
  { kind: 'intelligence-ignore', folder: 'intelligence', name: /^ignore([-.].*)?\.txt$/i },
  { kind: 'intelligence', folder: 'intelligence', name: /\.(txt|list|netset|ipset|csv|tsv|json|jsonl|ndjson|stix)$/i },
];

/** Names that are no data: hidden, half written, or for people. */
const ignored = /^\.|~$|\.(tmp|temp|part|partial|swp|bak|md|license)$|^(readme|license|copyright)\b/i;

/** What there is to read, in a fixed order, and what was found that nobody knows what to do with. */
export interface Discovery {
  readonly files: readonly EnrichFile[];
  readonly notices: readonly Notice[];
  /** Whether the folder could be looked through: else a file that was not found may be there all the same. */
  readonly complete: boolean;
}

/** Finds the files that options name, and those in the folder. A folder that is missing is a notice. */
export async function discoverFiles(options: EnrichOptions): Promise<Discovery> {
  const files: EnrichFile[] = named(options).flatMap(([kind, paths]) =>
    (paths ?? []).map((path) => ({ kind, path, found: false })),
  );
  const notices: Notice[] = [];
  let complete = true;
  for (const folder of options.folder === undefined ? [] : ['', 'geography', 'intelligence']) {
    complete = (await discoverIn(options.folder ?? '', folder, files, notices)) && complete;
  }
  return { files, notices, complete };
}

function named(options: EnrichOptions): readonly (readonly [FileKind, readonly string[] | undefined])[] {
  return [
    ['zones', options.zones],
    ['assets', options.assets],
    ['identities', options.identities],
    ['privileged-groups', options.privilegedGroups],
    ['replica-dns', options.replicaDns],
    ['root-dns', options.rootDns],
    ['geography', options.geography],
    ['intelligence-lists', options.intelligenceLists],
    ['intelligence-ignore', options.intelligenceIgnore],
    ['intelligence', options.intelligence],
  ];
}

/** Gives false when the folder cannot be looked through. */
async function discoverIn(root: string, folder: string, files: EnrichFile[], notices: Notice[]): Promise<boolean> {
  const path = join(root, folder);
  let names: string[];
  try {
    const entries = await readdir(path, { withFileTypes: true });
    names = entries.filter((entry) => !entry.isDirectory()).map((entry) => entry.name);
  } catch (thrown) {
    const code = codeOf(thrown);
    // The two folders within need not be there.
    if (folder !== '' && code === 'ENOENT') return true;
    const missing = code === 'ENOENT' || code === 'ENOTDIR';
    notices.push(
      missing
        ? notice('file-missing', path, `The enrichment folder ${path} does not exist.`)
        : notice('file-forbidden', path, `The enrichment folder ${path} cannot be listed (${code}).`),
    );
    return false;
  }
  for (const name of names.sort()) {
    if (ignored.test(name)) continue;
    const kind = fileKindOf(folder, name);
    if (kind === undefined) {
      notices.push(
        notice(
          'enrichment-file-unknown',
          join(path, name),
          `${basename(name)} is no name that says what is in the file.`,
        ),
      );
    } else if (files.length >= filesMax) {
      notices.push(
        notice('enrichment-rows-exceeded', path, `${path} holds more than ${filesMax} files; the rest is not used.`),
      );
      break;
    } else files.push({ kind, path: join(path, name), found: true });
  }
  return true;
}

/** What a file of a folder holds, by its name; undefined where the name does not say, or says that it is no data. */
export function fileKindOf(folder: string, name: string): FileKind | undefined {
  if (ignored.test(name)) return undefined;
  return layout.find((one) => one.folder === folder && one.name.test(name))?.kind;
}

/** The system's code of an error: ENOENT, EACCES. */
export function codeOf(thrown: unknown): string {
  return thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'unknown';
}
