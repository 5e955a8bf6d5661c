import { createRec, type Instant, parseTime, type Rec, type RecKey } from '#event';
import type { Source } from '#source';
import { ExtraKeys } from './extra-keys.ts';
import { extractRecord, readNative } from './extract-record.ts';
import { type KeyTable, keyTableOf } from './key-table.ts';
import { readValue, splitWords, tooLong, wrongType } from './read-value.ts';
import { Rejection } from './rejection.ts';

/** Most keys of a record that are looked at. */
export const recordKeysMax = 1024;

/** Choices for a record reader. */
export interface RecordReaderOptions {
  /** IANA zone or offset of times that carry none. Default UTC. */
  readonly zone?: string;
}

/** What the receiver knows of a record; the record's own word stands. */
export interface RecordOrigin {
  readonly stream: string;
  readonly generation: number;
  readonly position: number;
  /** The text of the record as it came, for `raw`. */
  readonly raw?: string;
  readonly agent?: string;
}

/** Reads a record that came as parsed JSON; gives it, or why it is none. Never throws. */
export type ReadRecord = (value: unknown, origin: RecordOrigin) => Rec | Rejection;

/** Keys whose text is a list written in one piece. */
const listKeys: ReadonlySet<RecKey> = new Set<RecKey>(['attrs', 'notes', 'controls', 'tags', 'changed', 'classes']);

/**
 * Makes a reader of records in the guide's form (design §4), liberal in what it takes: the case of keys does not count,
 * numbers may be strings, `EventTime` may have any form, and unknown keys are kept in `extra`.
 *
 * What is said twice is taken from the most explicit place: the record's own key, then another writer's name for it,
 * then a label of the data model used as a key, then the text of the record in `raw` or `message`.
 */
export function createRecordReader(sources: readonly Source[], options: RecordReaderOptions = {}): ReadRecord {
  const tables = new Map(sources.map((source) => [source, keyTableOf(source)]));
  const general = keyTableOf(undefined);
  const zone = options.zone ?? 'UTC';

  return (value, origin) => {
    if (!isObject(value)) return new Rejection('not-a-record');
    const given = Object.keys(value);
    if (given.length > recordKeysMax) return new Rejection('too-many-keys');
    const source = sourceOf(value, given, sources);
    const table = (source === undefined ? undefined : tables.get(source)) ?? general;
    const rec = nativeOf(value, given, origin, source, zone) ?? readOwnForm(value, given, table, source, zone);
    if (rec instanceof Rejection) return rec;
    if (source !== undefined) rec.source = source.id;
    rec.stream ??= origin.stream;
    rec.generation ??= origin.generation;
    rec.position ??= origin.position;
    rec.raw ??= origin.raw;
    rec.agent ??= origin.agent;
    return rec;
  };
}

type JsonObject = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Reads a record in the guide's form: by its keys, then by its text. */
function readOwnForm(
  value: JsonObject,
  given: readonly string[],
  table: KeyTable,
  source: Source | undefined,
  zone: string,
): Rec | Rejection {
  const rec = createRec();
  const rejection = readKeys(value, given, table, rec, zone);
  if (rejection !== undefined) return rejection;
  if (source !== undefined) extractRecord(rec, source, zone);
  return rec;
}

/** Keys of which the guide's form has at least one, and the product's own JSON none; in lower case. */
const ownFormKeys: ReadonlySet<string> = new Set(['eventtime', 'verb', 'eventsubtype', 'raw', 'message']);

/** Reads a record in the product's own JSON; undefined for one in the guide's form. */
function nativeOf(
  value: JsonObject,
  given: readonly string[],
  origin: RecordOrigin,
  source: Source | undefined,
  zone: string,
): Rec | undefined {
  if (source === undefined || Object.hasOwn(value, 'EventTime') || Object.hasOwn(value, 'verb')) return undefined;
  if (given.some((key) => ownFormKeys.has(key.toLowerCase()))) return undefined;
  const rec = readNative(origin.raw ?? write(value), source, zone);
  if (rec === undefined) return undefined;
  // Where it stood is for the receiver to say.
  rec.stream = undefined;
  rec.position = undefined;
  rec.generation = undefined;
  return rec;
}

/** JSON text of a value; empty for one nested deeper than the runtime goes. */
function write(value: object): string {
  try {
    return JSON.stringify(value);
  } catch {
    return '';
  }
}

/** Finds the source a record names, by id, product or vendor; the only one there is needs no name. */
function sourceOf(value: JsonObject, given: readonly string[], sources: readonly Source[]): Source | undefined {
  const name = textOf(value, given, 'source') ?? textOf(value, given, 'DeviceModel');
  if (name === undefined) return onlyOf(sources);
  const byId = sources.find((source) => source.id === name);
  if (byId !== undefined) return byId;
  const lower = name.toLowerCase();
  return sources.find((source) =>
    [source.id, source.product, source.vendor].some((one) => one.toLowerCase() === lower),
  );
}

/** The source of records that name none: the only one there is, besides those the product makes itself. */
export function onlyOf(sources: readonly Source[]): Source | undefined {
  const others = sources.filter((source) => source.own !== true);
  return others.length === 1 ? others[0] : undefined;
}

/** The text under a key, in whatever case the key is. */
function textOf(value: JsonObject, given: readonly string[], key: string): string | undefined {
  const lower = key.toLowerCase();
  const found = Object.hasOwn(value, key)
    ? key
    : given.find((one) => one.length === key.length && one.toLowerCase() === lower);
  const text = found === undefined ? undefined : value[found];
  return typeof text === 'string' ? text : undefined;
}

/** A key under another name than the record's own. */
interface LaterKey {
  readonly rank: number;
  readonly key: string;
  readonly value: unknown;
  readonly targets: readonly RecKey[];
}

/** Fills a record from its keys, the most explicit first. */
function readKeys(
  value: JsonObject,
  given: readonly string[],
  table: KeyTable,
  rec: Rec,
  zone: string,
): Rejection | undefined {
  const extra = new ExtraKeys();
  const later: LaterKey[] = [];
  for (const key of given) {
    const exact = table.exact.get(key);
    if (exact === undefined) {
      const other = table.others.get(key.toLowerCase());
      if (other === undefined) extra.add(key, value[key]);
      else later.push({ ...other, key, value: value[key] });
      continue;
    }
    const rejection = setExplicit(rec, exact, value[key], table, zone);
    if (rejection !== undefined) return rejection;
  }
  const rejection = later.length === 0 ? undefined : readLater(later, table, rec, zone, extra);
  extra.writeTo(rec);
  return rejection;
}

function readLater(
  later: LaterKey[],
  table: KeyTable,
  rec: Rec,
  zone: string,
  extra: ExtraKeys,
): Rejection | undefined {
  later.sort((one, other) => one.rank - other.rank);
  for (const { key, value, targets, rank } of later) {
    const [target] = targets;
    if (rank > 0 || target === undefined) {
      if (!setFirstFree(rec, targets, value, table, zone)) extra.add(key, value);
    } else if (rec[target] === undefined) {
      const rejection = setExplicit(rec, target, value, table, zone);
      if (rejection !== undefined) return rejection;
    }
  }
  return undefined;
}

function setExplicit(rec: Rec, key: RecKey, value: unknown, table: KeyTable, zone: string): Rejection | undefined {
  const read = readKey(key, value, table, zone);
  if (read === wrongType) return new Rejection('wrong-type', key);
  if (read === tooLong) return new Rejection('value-too-long', key);
  set(rec, key, read);
  return undefined;
}

/** Under another writer's name a value that does not fit is another thing of that name; it is kept in `extra`. */
function setFirstFree(rec: Rec, targets: readonly RecKey[], value: unknown, table: KeyTable, zone: string): boolean {
  const key = targets.find((target) => rec[target] === undefined);
  if (key === undefined) return false;
  const read = readKey(key, value, table, zone);
  if (read === wrongType || read === tooLong) return false;
  set(rec, key, read);
  return true;
}

type Read = ReturnType<typeof readValue> | Instant;

function readKey(key: RecKey, value: unknown, table: KeyTable, zone: string): Read {
  if (key === 'EventTime') return readTime(value, zone);
  const read = readValue(value, table.kinds[key]);
  return Array.isArray(read) && listKeys.has(key) ? splitWords(read) : read;
}

function readTime(value: unknown, zone: string): Instant | undefined | typeof wrongType {
  if (value === null || value === undefined || value === '') return undefined;
  if (typeof value !== 'string' && typeof value !== 'number') return wrongType;
  return parseTime(value, zone) ?? wrongType;
}

function set(rec: Rec, key: RecKey, value: Exclude<Read, symbol>): void {
  if (typeof value === 'object' && 'ms' in value) {
    rec.EventTime = value.ms;
    if (rec.nanos === undefined && value.nanos !== 0) rec.nanos = value.nanos;
    return;
  }
  // The value was read by the kind of this very key.
  (rec as Record<RecKey, typeof value>)[key] = value;
}
