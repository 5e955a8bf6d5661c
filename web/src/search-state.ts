import type { TimeWindow } from './query/time-window.ts';

/** What the address of Hunt may say; everything has a default, and defaults are left out. */
export interface HuntSearch {
  readonly q?: string;
  readonly from?: string;
  readonly to?: string;
  readonly zone?: string;
  /** `label` or `label~width`, with commas. */
  readonly columns?: string;
  readonly sort?: string;
  readonly density?: 'comfortable';
  readonly by?: 'eventCategory';
  /** Event that is open at the right. */
  readonly event?: string;
  readonly live?: '1';
}

/** The address of an overview. */
export type WindowSearch = Partial<TimeWindow>;

const queryLengthMax = 65_536;
const wordLengthMax = 4_096;

function word(raw: unknown, lengthMax: number): string | undefined {
  const text = typeof raw === 'string' ? raw : typeof raw === 'number' ? String(raw) : undefined;
  return text === undefined || text.length > lengthMax ? undefined : text;
}

/** Leaves out what is undefined, so that the address stays short. */
function compact<T extends object>(parts: { readonly [K in keyof T]: T[K] | undefined }): Partial<T> {
  const kept: Partial<T> = {};
  for (const name in parts) {
    const value = parts[name];
    if (value !== undefined) kept[name] = value;
  }
  return kept;
}

/** Reads the address of Hunt, whatever stands there. */
export function readHuntSearch(raw: Readonly<Record<string, unknown>>): HuntSearch {
  return compact<HuntSearch>({
    q: word(raw['q'], queryLengthMax) || undefined,
    from: word(raw['from'], 64),
    to: word(raw['to'], 64),
    zone: word(raw['zone'], 64) || undefined,
    columns: word(raw['columns'], wordLengthMax) || undefined,
    sort: word(raw['sort'], 80) || undefined,
    density: raw['density'] === 'comfortable' ? 'comfortable' : undefined,
    by: raw['by'] === 'eventCategory' ? 'eventCategory' : undefined,
    event: word(raw['event'], 512) || undefined,
    live: raw['live'] === '1' ? '1' : undefined,
  });
}

/** Reads a window from an address. */
export function readWindowSearch(raw: Readonly<Record<string, unknown>>): WindowSearch {
  return compact<WindowSearch>({ from: word(raw['from'], 64), to: word(raw['to'], 64) });
}

/** The address of an entity. */
export interface EntitySearch extends WindowSearch {
  readonly value?: string;
}

/** Reads the address of an entity. */
export function readEntitySearch(raw: Readonly<Record<string, unknown>>): EntitySearch {
  return { ...readWindowSearch(raw), ...compact<EntitySearch>({ value: word(raw['value'], wordLengthMax) }) };
}

/** The address of a list of dead letters. */
export interface LettersSearch {
  readonly code?: string;
  readonly source?: string;
  readonly letter?: string;
}

/** Reads the address of a list of dead letters. */
export function readLettersSearch(raw: Readonly<Record<string, unknown>>): LettersSearch {
  return compact<LettersSearch>({
    code: word(raw['code'], 100) || undefined,
    source: word(raw['source'], 100) || undefined,
    letter: word(raw['letter'], 512) || undefined,
  });
}

/** The address of "try a log line". */
export interface TrySearch {
  readonly letter?: string;
}

/** Reads the address of "try a log line". */
export function readTrySearch(raw: Readonly<Record<string, unknown>>): TrySearch {
  return compact<TrySearch>({ letter: word(raw['letter'], 512) || undefined });
}

/** The address of a page that reads its words itself. */
export type WordsSearch = Readonly<Record<string, string>>;

/** Reads the texts in an address, as they are. */
export function readWords(raw: Readonly<Record<string, unknown>>): WordsSearch {
  return Object.fromEntries(
    Object.entries(raw).flatMap(([name, value]) => {
      const text = word(value, wordLengthMax);
      return text === undefined ? [] : [[name, text]];
    }),
  );
}
