import type { Kysely } from 'kysely';
import { readJson } from './json-columns.ts';
import { createKeptThings, type KeptContent, type KeptThing, type KeptThings } from './kept-things.ts';
import { catalogLimits } from './limits.ts';
import type { CatalogTables } from './tables.ts';

/** What a saved search is made of: words of an address, by name. */
export type SearchWords = Readonly<Record<string, string>>;

export interface SavedSearch extends KeptThing {
  readonly words: SearchWords;
}

export interface SearchContent extends KeptContent {
  readonly words: SearchWords;
}

/** Searches people keep. Errors are `saved-search-unknown`, `-foreign`, `-name-taken`, and `saved-searches-exceeded`. */
export type SavedSearches = KeptThings<SavedSearch, SavedSearch, SearchContent>;

/** See {@link SavedSearches}. */
export function createSavedSearches(database: Kysely<CatalogTables>, clock: () => number): SavedSearches {
  return createKeptThings(database, clock, {
    table: 'saved_searches',
    word: 'saved search',
    words: 'saved searches',
    idPrefix: 'search',
    most: catalogLimits.userSearches,
    errors: {
      unknown: 'saved-search-unknown',
      foreign: 'saved-search-foreign',
      taken: 'saved-search-name-taken',
      exceeded: 'saved-searches-exceeded',
    },
    listed: ['content'],
    columnsOf: ({ words }) => ({ content: JSON.stringify(words) }),
    thingOf: searchOf,
    summaryOf: searchOf,
  });
}

function searchOf(thing: KeptThing, { content }: { readonly content: string }): SavedSearch {
  return { ...thing, words: readWords(content) };
}

function readWords(text: string): SearchWords {
  const value = readJson(text);
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, word]) => (typeof word === 'string' ? [[name, word]] : [])),
  );
}
