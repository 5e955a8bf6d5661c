import { keep, readKept } from '../../parts/preferences.tsx';

const recentMax = 30;

/** Gives the queries run in this browser, the newest first. */
export function readRecent(): readonly string[] {
  try {
    const kept: unknown = JSON.parse(readKept('recent-queries') ?? '[]');
    return Array.isArray(kept) ? kept.filter((one) => typeof one === 'string').slice(0, recentMax) : [];
  } catch {
    return [];
  }
}

/** Notes a query that was run. */
export function noteRecent(query: string): void {
  const text = query.trim();
  if (text === '') return;
  keep('recent-queries', JSON.stringify([text, ...readRecent().filter((one) => one !== text)].slice(0, recentMax)));
}
