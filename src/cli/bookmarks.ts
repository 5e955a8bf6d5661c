import { type ByteSource, type ContentMark, matchesMarks, parseCheckpointState, printCheckpointState } from '#delivery';
import { asAppError } from '#error';
import type { ReaderState } from '#source';
import type { CoveredRange, EventWriter, Store, StoredCheckpoint } from '#store';

/** What is counted of a stream over all readings. */
export interface BookmarkTotals {
  readonly lines: number;
  readonly events: number;
  readonly deadLetters: number;
  readonly continuations: number;
}

/** How far a file has been read, and what is needed to go on. */
export interface Bookmark {
  readonly stream: string;
  readonly generation: number;
  readonly position: number;
  readonly marks: readonly ContentMark[];
  /** The reader's state at the position; undefined at the start of a file. */
  readonly state: ReaderState | undefined;
  readonly totals: BookmarkTotals;
}

/** What a bookmark is filed under. */
export interface BookmarkLabel {
  readonly source: string;
  readonly log: string;
  readonly file: string;
}

/** Remembers how far files were read, so that the same log, grown, renamed or compressed, adds only what is new. */
export interface Bookmarks {
  /**
   * Finds the bookmark of a file, by the stream it belongs to and the content it has; a log that begins with the same
   * record and goes on otherwise is a generation of its own. For a new file: its start, saved at once.
   */
  find(stream: string, bytes: ByteSource, start: readonly ContentMark[], label: BookmarkLabel): Promise<Bookmark>;
  /** Notes how far a file was read; it counts once everything before it is in the store. */
  note(bookmark: Bookmark, label: BookmarkLabel): void;
}

/** Totals of a file nothing was read of. */
export const noTotals: BookmarkTotals = { lines: 0, events: 0, deadLetters: 0, continuations: 0 };

/** Keeps bookmarks as the store's checkpoints. `notice` is told of damaged ones. */
export function storeBookmarks(store: Store, writer: EventWriter, notice: (sentence: string) => void): Bookmarks {
  /** How far each file was noted, by stream and generation. */
  const noted = new Map<string, Bookmark>();
  const keyOf = ({ stream, generation }: Bookmark): string => `${generation} ${stream}`;

  async function find(
    stream: string,
    bytes: ByteSource,
    start: readonly ContentMark[],
    label: BookmarkLabel,
  ): Promise<Bookmark> {
    const known = await store.streams.list({ stream });
    let next = 0;
    for (const { generation } of known.toSorted((one, other) => other.generation - one.generation)) {
      next = Math.max(next, generation + 1);
      const checkpoint = await store.streams.get(stream, generation);
      if (checkpoint === undefined) continue;
      const bookmark = readBookmark(checkpoint, notice);
      if (await matchesMarks(bookmark.marks, (ranges) => bytes.readRanges(ranges))) return bookmark;
    }
    const fresh: Bookmark = {
      stream,
      generation: next,
      position: 0,
      marks: start,
      state: undefined,
      totals: noTotals,
    };
    // Before any event: so that a crash cannot leave events of a content that nobody knows.
    await store.streams.save(checkpointOf(fresh, label));
    return fresh;
  }

  return {
    async find(stream, bytes, start, label) {
      const bookmark = await find(stream, bytes, start, label);
      noted.set(keyOf(bookmark), bookmark);
      return bookmark;
    },
    note(bookmark, label) {
      const before = noted.get(keyOf(bookmark));
      const range = before === undefined ? undefined : rangeBetween(before, bookmark, label);
      // What is read a second time is covered already, as far as it was.
      if (range !== undefined) {
        writer.covered(range);
        noted.set(keyOf(bookmark), bookmark);
      }
      writer.checkpoint(checkpointOf(bookmark, label));
    },
  };
}

/** Remembers nothing: every file is read from its start. */
export const noBookmarks: Bookmarks = {
  find: (stream, _, marks) =>
    Promise.resolve({ stream, generation: 0, position: 0, marks, state: undefined, totals: noTotals }),
  note: () => {},
};

/** The stretch between two bookmarks of a file; undefined when the second is not behind the first. */
function rangeBetween(before: Bookmark, now: Bookmark, { source, log, file }: BookmarkLabel): CoveredRange | undefined {
  if (now.position <= before.position) return undefined;
  const grown = (name: keyof BookmarkTotals): number => Math.max(0, now.totals[name] - before.totals[name]);
  const deadLetters = grown('deadLetters');
  return {
    stream: now.stream,
    generation: now.generation,
    source,
    log,
    place: file,
    agent: '',
    from: before.position,
    to: now.position,
    lines: grown('lines'),
    records: grown('events') + deadLetters,
    deadLetters,
    kinds: {},
  };
}

function checkpointOf(bookmark: Bookmark, label: BookmarkLabel): Omit<StoredCheckpoint, 'updated'> {
  const { stream, generation, position, marks, state, totals } = bookmark;
  return {
    stream,
    generation,
    ...label,
    position,
    ...totals,
    state: printCheckpointState({ marks, reader: state ?? null }),
  };
}

/** A damaged bookmark sends reading back to the start; what is stored is not stored twice. */
function readBookmark(checkpoint: StoredCheckpoint, notice: (sentence: string) => void): Bookmark {
  const { stream, generation, position, lines, events, deadLetters, continuations } = checkpoint;
  try {
    const { marks, reader } = parseState(checkpoint.state);
    const totals = { lines, events, deadLetters, continuations };
    return { stream, generation, position, marks, state: reader, totals };
  } catch (thrown) {
    notice(
      `The bookmark of ${checkpoint.file} cannot be used (${asAppError(thrown).message}); reading it from its start.`,
    );
    return { stream, generation, position: 0, marks: [], state: undefined, totals: noTotals };
  }
}

function parseState(text: string): { marks: readonly ContentMark[]; reader: ReaderState | undefined } {
  const { marks, reader } = parseCheckpointState(text);
  if (reader === null) return { marks, reader: undefined };
  if (!isReaderState(reader)) throw new TypeError('it holds no reading state');
  return { marks, reader };
}

function isReaderState(value: unknown): value is ReaderState {
  return typeof value === 'object' && value !== null && 'version' in value && typeof value.version === 'number';
}
