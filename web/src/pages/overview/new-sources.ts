import { type Asked, groupEvents } from '../../api/events.ts';
import { formatMinute } from '../../parts/format.ts';
import { anyOf } from '../../query/refine.ts';
import type { Newcomers } from './newcomers.ts';

/** Days before the window in which something that is new has not been seen: what a look costs stays bounded. */
const lookBackDays = 30;
const dayMs = 86_400_000;
/** Newcomers that are counted of each kind. */
const newcomersMax = 50;

/** What is new in a window; or that there is nothing before it to tell by. */
export type NewSources =
  | { readonly state: 'whole' }
  | { readonly state: 'nothing-before' }
  | {
      readonly state: 'known';
      /** Oldest event before the window, where that is less than {@link lookBackDays} before. */
      readonly since: number | undefined;
      readonly kinds: readonly Newcomers[];
    };

/** Kinds that are looked for. What Meridian says of itself and of its users is left out. */
const watched: readonly (Pick<Newcomers, 'kind' | 'one' | 'many'> & {
  readonly label: string;
  readonly query: string;
})[] = [
  {
    kind: 'address',
    one: 'address',
    many: 'addresses',
    label: 'sourceIp',
    query: 'sourceIp is not null and not source: [meridian-fleet, meridian-audit]',
  },
  {
    kind: 'identity',
    one: 'identity',
    many: 'identities',
    label: 'boundDnFolded',
    query: 'boundDnFolded is not null and not source: [meridian-fleet, meridian-audit]',
  },
  {
    kind: 'server',
    one: 'directory server',
    many: 'directory servers',
    label: 'deviceHostName',
    query: 'deviceHostName is not null and not source: [meridian-fleet, meridian-audit]',
  },
];

/** Looks for addresses, identities and servers that were not seen in the days before the window. */
export async function findNewSources(asked: Asked, signal?: AbortSignal): Promise<NewSources> {
  const { from } = asked;
  if (from === undefined) return { state: 'whole' };
  const since = from - lookBackDays * dayMs;
  const [before] = await groupEvents({ ...asked, from: since, to: from, by: [], limit: 1 }, signal);
  if (before === undefined || before.count === 0) return { state: 'nothing-before' };
  const kinds = await Promise.all(watched.map((watch) => look(watch, { ...asked, from: since }, from, signal)));
  return { state: 'known', since: before.first < since + dayMs ? undefined : before.first, kinds };
}

async function look(
  { label, query, ...kind }: (typeof watched)[number],
  asked: Asked,
  from: number,
  signal: AbortSignal | undefined,
): Promise<Newcomers> {
  const groups = await groupEvents(
    { ...asked, q: query, by: [label], limit: newcomersMax + 1, newcomers: true },
    signal,
  );
  const fresh = groups.flatMap(({ values: [value], first }) =>
    first >= from && typeof value === 'string' ? [{ value, first }] : [],
  );
  const found = fresh.slice(0, newcomersMax);
  const values = found.map(({ value }) => value);
  return { ...kind, found, isMore: fresh.length > newcomersMax, query: anyOf(label, values) };
}

/** "not seen in the 30 days before", or how far back that can be said. */
export function beforeWords(since: number | undefined, zone: string): string {
  if (since === undefined) return `in the ${lookBackDays} days before`;
  return `before; events begin ${formatMinute(since, zone)}`;
}
