import { parseMarks } from '#delivery';
import type { FileSystem } from '../file-system.ts';
import { CheckedFile } from '../state/checked-file.ts';
import { countOf, fieldsOf, listOf, optional, textOf } from '../state/fields.ts';
import type { SpoolFile } from './spool.ts';

/** What the spool knows beside its segments. */
export interface LedgerContent {
  /** Number of the next entry. */
  readonly next: number;
  /** Entries that the server has, of those that may still lie in a segment. */
  readonly acknowledged: readonly number[];
  /** Files that have a generation, or batches without one. */
  readonly files: readonly SpoolFile[];
}

/** How the ledger was found. */
export interface LedgerLoaded {
  readonly content: LedgerContent;
  readonly damaged: boolean;
}

const version = 1;
const nothing: LedgerContent = { next: 1, acknowledged: [], files: [] };

/**
 * Keeps what was acknowledged, and the generations of files. Losing it loses no record: batches are sent again, which
 * adds nothing, and generations are asked for again.
 */
export class Ledger {
  readonly #file: CheckedFile;

  constructor(fileSystem: FileSystem, folder: string) {
    this.#file = new CheckedFile(fileSystem, folder, 'ledger', 'spool-ledger', version);
  }

  async save(content: LedgerContent): Promise<void> {
    await this.#file.save(JSON.stringify(content));
  }

  async load(): Promise<LedgerLoaded> {
    const loaded = await this.#file.load();
    if (loaded.found !== 'text') return { content: nothing, damaged: loaded.found === 'damaged' };
    try {
      return { content: parseLedger(JSON.parse(loaded.text)), damaged: false };
    } catch {
      await this.#file.setAside();
      return { content: nothing, damaged: true };
    }
  }
}

function parseLedger(value: unknown): LedgerContent {
  const { next, acknowledged, files } = fieldsOf(value);
  return {
    next: countOf(next),
    acknowledged: listOf(acknowledged).map(countOf),
    files: listOf(files).map(parseFile),
  };
}

function parseFile(value: unknown): SpoolFile {
  const { id, place, source, log, stream, marks, generation } = fieldsOf(value);
  return {
    id: textOf(id),
    place: textOf(place),
    source: textOf(source),
    log: textOf(log),
    stream: textOf(stream),
    marks: parseMarks(marks),
    generation: optional(generation, countOf),
  };
}
