import { AppError } from '#error';
import type { Address } from '#event';
import { CidrIndex, indexEntriesMax, readBlocks } from './cidr-index.ts';
import { cell, cells, dateOf, readTable, readText, type Row } from './table-file.ts';

/** One thing a list warns of. */
export interface Indicator {
  readonly list: string;
  /** Address, block or range, as the list has it. */
  readonly value: string;
  /** 0 to 100. */
  readonly confidence: number | undefined;
  readonly labels: readonly string[];
  readonly validFrom: number;
  readonly validUntil: number;
}

/** A list of indicators, ready to match addresses. */
export interface IntelligenceList {
  readonly name: string;
  readonly index: CidrIndex<Indicator>;
  /** Indicators of other kinds (domains, hashes, …): kept by the list, matched by nothing here. */
  readonly unmatchable: number;
}

/**
 * Reads a list: plain text (one address, block or range a line, `#` and `;` begin comments), CSV, or a STIX 2.1 bundle.
 * Throws `enrichment-file`.
 */
export function readList(path: string, name: string): IntelligenceList {
  const found = path.endsWith('.csv') ? fromTable(path, name) : path.endsWith('.json') ? fromJson(path, name) : fromText(path, name);
  const index = new CidrIndex<Indicator>();
  let unmatchable = found.unmatchable;
  for (const indicator of found.indicators) {
    const blocks = readBlocks(indicator.value);
    if (blocks.length === 0) unmatchable++;
    for (const block of blocks) index.add(block, indicator);
    if (index.size > indexEntriesMax) throw new AppError('enrichment-file', `The list holds more than ${indexEntriesMax} address blocks.`, { place: { file: path } });
  }
  if (index.size === 0 && unmatchable > 0 && !path.endsWith('.json')) {
    throw new AppError('enrichment-file', 'The list holds no address, block or range.', { place: { file: path } });
  }
  return { name, index, unmatchable };
}

/** Indicators that warn of an address at a moment, the most specific first. */
export function match(list: IntelligenceList, address: Address): readonly Indicator[] {
  return list.index.size === 0 ? [] : list.index.covering(address);
}

interface Found {
  readonly indicators: Indicator[];
  readonly unmatchable: number;
}

function fromText(path: string, list: string): Found {
  const indicators: Indicator[] = [];
  for (const line of readText(path).split('\n')) {
    const value = (line.split(/[#;]/, 1)[0] ?? '').trim().split(/[\s,]/, 1)[0] ?? '';
    if (value !== '') indicators.push(plain(list, value));
  }
  return { indicators, unmatchable: 0 };
}

function fromTable(path: string, list: string): Found {
  return { indicators: readTable(path).flatMap((row) => fromRow(row, list)), unmatchable: 0 };
}

function fromRow(row: Row, list: string): readonly Indicator[] {
  const value = cell(row, 'indicator', 'value', 'ip', 'ipaddress', 'address', 'cidr', 'range', 'dstip', 'srcip');
  if (value === undefined) return [];
  const confidence = Number(cell(row, 'confidence', 'score') ?? Number.NaN);
  return [
    {
      ...plain(list, value),
      confidence: Number.isFinite(confidence) ? Math.min(100, Math.max(0, Math.round(confidence))) : undefined,
      labels: cells(row, 'labels', 'label', 'tags', 'category', 'type'),
      validFrom: dateOf(cell(row, 'validfrom')) ?? Number.NEGATIVE_INFINITY,
      validUntil: dateOf(cell(row, 'validuntil', 'expires')) ?? Number.POSITIVE_INFINITY,
    },
  ];
}

function plain(list: string, value: string): Indicator {
  return { list, value, confidence: undefined, labels: [], validFrom: Number.NEGATIVE_INFINITY, validUntil: Number.POSITIVE_INFINITY };
}

type Json = Readonly<Record<string, unknown>>;

/** A STIX bundle, or a list of objects as a table has them. */
function fromJson(path: string, list: string): Found {
  let value: unknown;
  try {
    value = JSON.parse(readText(path));
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError('enrichment-file', 'The list is not JSON.', { place: { file: path }, cause });
  }
  if (Array.isArray(value)) return fromTable(path, list);
  const objects = typeof value === 'object' && value !== null ? (value as Json)['objects'] : undefined;
  if (!Array.isArray(objects)) throw new AppError('enrichment-file', 'The list is neither a STIX bundle nor a list of objects.', { place: { file: path } });
  const indicators: Indicator[] = [];
  let unmatchable = 0;
  for (const object of objects) {
    if (typeof object !== 'object' || object === null || (object as Json)['type'] !== 'indicator' || (object as Json)['revoked'] === true) continue;
    const values = readStixPattern(String((object as Json)['pattern'] ?? ''));
    if (values.length === 0) unmatchable++;
    for (const one of values) indicators.push(fromStix(object as Json, list, one));
  }
  return { indicators, unmatchable };
}

function fromStix(object: Json, list: string, value: string): Indicator {
  const confidence = object['confidence'];
  const labels = [object['labels'], object['indicator_types']].flatMap((one) => (Array.isArray(one) ? one.map(String) : []));
  const time = (key: string): number | undefined => dateOf(typeof object[key] === 'string' ? String(object[key]) : undefined);
  return {
    list,
    value,
    confidence: typeof confidence === 'number' ? confidence : undefined,
    labels,
    validFrom: time('valid_from') ?? Number.NEGATIVE_INFINITY,
    validUntil: time('valid_until') ?? Number.POSITIVE_INFINITY,
  };
}

/**
 * Reads the addresses of a STIX pattern: comparisons `=`, `IN` and `ISSUBSET` on ipv4-addr and ipv6-addr, joined by OR
 * (taxonomy §10). Anything else, AND and FOLLOWEDBY above all, is not matchable: empty.
 */
export function readStixPattern(pattern: string): readonly string[] {
  const inner = /^\s*\[([^[\]]{1,65536})\]\s*$/.exec(pattern)?.[1];
  if (inner === undefined) return [];
  const values: string[] = [];
  for (const part of inner.split(/\s+OR\s+/)) {
    const comparison = /^\s*ipv[46]-addr:value\s+(?:=|IN|ISSUBSET)\s+(.+?)\s*$/.exec(part) ?? /^\s*ipv[46]-addr:value\s*=\s*(.+?)\s*$/.exec(part);
    if (comparison?.[1] === undefined) return [];
    const literals = comparison[1].match(/'[^']*'/g);
    if (literals === null) return [];
    values.push(...literals.map((literal) => literal.slice(1, -1)));
  }
  return values;
}
