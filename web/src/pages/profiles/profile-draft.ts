import type {
  Blackout,
  ProfileCollector,
  ProfileContent,
  ProfileLimits,
  ProfileSource,
  Weekday,
} from '../../api/fleet-profile-content.ts';

/** Something in a list of the form; the number stays the same while it is moved, changed, or others go. */
interface Row {
  readonly row: number;
}

export interface DraftPath extends Row {
  readonly pattern: string;
}

export interface DraftSource extends Row, Omit<ProfileSource, 'paths' | 'encoding' | 'start'> {
  readonly paths: readonly DraftPath[];
  readonly start: 'beginning' | 'end' | 'date';
  /** Of records that are read first, where `start` is a date. */
  readonly startDate: string;
}

export interface DraftCollector extends Row, ProfileCollector {}
export interface DraftBlackout extends Row, Blackout {}

/** A profile while somebody writes it: it may be unfinished. Numbers that cannot be read are NaN. */
export interface ProfileDraft {
  readonly name: string;
  readonly description: string;
  readonly enabled: boolean;
  readonly isDefault: boolean;
  readonly priority: number;
  readonly tags: readonly string[];
  readonly excludeTags: readonly string[];
  readonly hosts: readonly string[];
  readonly excludeHosts: readonly string[];
  readonly sources: readonly DraftSource[];
  readonly collectors: readonly DraftCollector[];
  readonly limits: ProfileLimits;
  readonly blackouts: readonly DraftBlackout[];
}

/** What an agent can read, as the catalog of sources says. */
export interface ReadableSource {
  readonly id: string;
  readonly product: string;
  readonly logs: readonly {
    readonly name: string;
    readonly about: string;
    readonly usualPaths: readonly string[];
  }[];
}

/** Days of the week, as profiles name them. */
export const weekdays: readonly Weekday[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

const mebibyte = 1024 * 1024;
const usualLimits: ProfileLimits = {
  batchRecords: 10_000,
  batchBytes: 4 * mebibyte,
  intervalMs: 1_000,
  linesPerSecond: null,
  spoolBytes: 1024 * mebibyte,
  spoolAgeHours: 168,
};

let rows = 0;

/** A number for a new row. */
export function nextRow(): number {
  rows += 1;
  return rows;
}

/** A profile to begin with: all logs of the first source there is, where its packages put them. */
export function emptyDraft(sources: readonly ReadableSource[]): ProfileDraft {
  const [first] = sources;
  return {
    name: '',
    description: '',
    enabled: true,
    isDefault: false,
    priority: 100,
    tags: [],
    excludeTags: [],
    hosts: [],
    excludeHosts: [],
    sources: first === undefined ? [] : [newSource(first)],
    collectors: [],
    limits: usualLimits,
    blackouts: [],
  };
}

/** A log source with all its logs, where its packages put them. */
export function newSource({ id, logs }: ReadableSource): DraftSource {
  const paths = logs.flatMap(({ usualPaths }) => usualPaths).map(newPath);
  return {
    row: nextRow(),
    source: id,
    logs: logs.map(({ name }) => name),
    paths: paths.length === 0 ? [newPath('')] : paths,
    format: 'auto',
    start: 'beginning',
    startDate: '',
    zone: 'UTC',
  };
}

export function newPath(pattern: string): DraftPath {
  return { row: nextRow(), pattern };
}

export function newCollector(source: ReadableSource | undefined): DraftCollector {
  return {
    row: nextRow(),
    kind: 'syslog-tcp',
    listen: '0.0.0.0:5514',
    source: source?.id ?? '',
    log: source?.logs[0]?.name ?? '',
    zone: 'UTC',
    senders: [],
  };
}

export function newBlackout(): DraftBlackout {
  return { row: nextRow(), days: [...weekdays], from: '22:00', to: '23:00', zone: 'UTC' };
}

/**
 * Takes a kind of log in or out. Where the paths are the usual ones they follow: those of a log that goes are removed, those
 * of one that comes are added.
 */
export function toggleLog(draft: DraftSource, log: string, known: ReadableSource | undefined): DraftSource {
  const usual = known?.logs.find(({ name }) => name === log)?.usualPaths ?? [];
  if (draft.logs.includes(log)) {
    const paths = draft.paths.filter(({ pattern }) => !usual.includes(pattern));
    return {
      ...draft,
      logs: draft.logs.filter((one) => one !== log),
      paths: paths.length === 0 ? [newPath('')] : paths,
    };
  }
  const written = draft.paths.filter(({ pattern }) => pattern.trim() !== '');
  const missing = usual.filter((pattern) => written.every((one) => one.pattern !== pattern));
  const paths = [...written, ...missing.map(newPath)];
  const order = known?.logs.map(({ name }) => name) ?? [];
  return {
    ...draft,
    logs: [...draft.logs, log].sort((one, other) => order.indexOf(one) - order.indexOf(other)),
    paths: paths.length === 0 ? draft.paths : paths,
  };
}

/** Opens a profile for writing. */
export function draftOf({ profile, assets, platform: _, ...general }: ProfileContent): ProfileDraft {
  return {
    ...general,
    ...assets,
    sources: profile.sources.map(({ paths, encoding: __, start, ...source }) => {
      const isDate = start !== 'beginning' && start !== 'end';
      return {
        ...source,
        row: nextRow(),
        paths: paths.map(newPath),
        start: isDate ? 'date' : start === 'end' ? 'end' : 'beginning',
        startDate: isDate ? start : '',
      };
    }),
    collectors: profile.collectors.map((collector) => ({ ...collector, row: nextRow() })),
    limits: profile.limits,
    blackouts: profile.blackouts.map((blackout) => ({ ...blackout, row: nextRow() })),
  };
}

/** A draft as it would be saved, and which row of the form each part of it comes from. */
export interface WrittenDraft {
  readonly content: ProfileContent;
  /** Rows by part of the profile, as the server names it: `sources.0.paths.1`, `sources.0`. */
  readonly rows: ReadonlyMap<string, number>;
}

/** Writes a draft down. Rows of paths in which nothing stands are left out. */
export function writeDraft(draft: ProfileDraft): WrittenDraft {
  const { tags, excludeTags, hosts, excludeHosts, sources, collectors, limits, blackouts } = draft;
  const { name, description, enabled, isDefault, priority } = draft;
  const rowOf = new Map<string, number>();
  const written = sources.map(({ row, paths, start, startDate, ...source }, at) => {
    rowOf.set(`sources.${at}`, row);
    const patterns = paths.filter(({ pattern }) => pattern.trim() !== '');
    for (const [index, one] of patterns.entries()) rowOf.set(`sources.${at}.paths.${index}`, one.row);
    return {
      source: source.source,
      logs: [...source.logs],
      paths: patterns.map(({ pattern }) => pattern.trim()),
      format: source.format,
      start: start === 'date' ? startDate.trim() : start,
      zone: source.zone,
      encoding: 'utf-8' as const,
    };
  });
  for (const [at, { row }] of collectors.entries()) rowOf.set(`collectors.${at}`, row);
  for (const [at, { row }] of blackouts.entries()) rowOf.set(`blackouts.${at}`, row);
  return {
    content: {
      name: name.trim(),
      description,
      platform: 'linux',
      enabled,
      isDefault,
      priority,
      assets: {
        tags: [...tags],
        excludeTags: [...excludeTags],
        hosts: [...hosts],
        excludeHosts: [...excludeHosts],
      },
      profile: {
        sources: written,
        collectors: collectors.map(({ row: _, ...collector }) => collector),
        limits,
        blackouts: blackouts.map(({ row: _, ...blackout }) => blackout),
      },
    },
    rows: rowOf,
  };
}

/** The row of the form that a part of a profile is in: its own, or that of what it is a part of. */
export function rowOfField(rowOf: ReadonlyMap<string, number>, field: string): number | undefined {
  const steps = field.replace(/^profile\./, '').split('.');
  for (let length = steps.length; length > 0; length--) {
    const row = rowOf.get(steps.slice(0, length).join('.'));
    if (row !== undefined) return row;
  }
  return undefined;
}
