import { Reader, type Response } from 'maxmind';
import { type Address, parseAddress } from '#event';
import { dayMs, type Part } from './part.ts';
import type { FileContent } from './read-file.ts';
import { asInvalid, invalid } from './read-table.ts';

/** What databases say about an address (taxonomy §9). */
export interface Place {
  readonly country?: string;
  readonly region?: string;
  readonly city?: string;
  readonly latitude?: number;
  readonly longitude?: number;
  readonly asn?: number;
  readonly asOrg?: string;
}

/** One database: country, place, network owner, or several of these. */
export interface GeographyPart extends Part {
  readonly kind: 'geography';
  readonly path: string;
  /** Type and day of the database. */
  readonly builtAt: number;
  /** Gives what the database says; undefined when it knows nothing. Throws where the file is damaged. */
  find(address: Address): Place | undefined;
}

/** A database older than this warns. */
const staleAfterMs = 30 * dayMs;

/** Types that are taken without proof; others must hold a record of a known shape. */
const knownType = /country|city|location|asn|isp|enterprise|geo/i;

/** Addresses all over the world, to see what a database holds. */
export const probeAddresses: readonly Address[] = [
  ...Array.from({ length: 223 }, (_, index) => `${index + 1}.1.1.1`),
  ...['2001:4860::1', '2a00:1450::1', '2400:cb00::1', '2800:3f0::1', '2c0f:fb50::1'],
].flatMap((text) => parseAddress(text) ?? []);

/**
 * Reads an mmdb file. Three shapes are known: nested (`country.iso_code`), flat (`country_code`), and network owner
 * (`autonomous_system_number` or `asn`). Which it is shows in the records, not in the name of the file.
 * Throws `enrichment-file-invalid`.
 */
export function readGeography(content: FileContent): GeographyPart {
  const reader = open(content);
  const { databaseType, buildEpoch, ipVersion } = reader.metadata;
  const builtAt = buildEpoch.getTime();
  if (typeof databaseType !== 'string' || Number.isNaN(builtAt)) throw invalid(content, 'its metadata is damaged');
  // A tree of IPv4 addresses would answer for IPv6 as well, but with nonsense.
  const find = (address: Address): Place | undefined =>
    address.family === 6 && ipVersion === 4 ? undefined : placeOf(reader.get(address.text));
  if (!knownType.test(databaseType) && !knowsAny(content, find)) {
    throw invalid(
      content,
      `a database of type "${databaseType}" says nothing about countries, places or network owners`,
    );
  }
  return {
    kind: 'geography',
    path: content.path,
    source: `${databaseType}@${buildEpoch.toISOString().slice(0, 10)}`,
    entries: 0,
    notices: [],
    builtAt,
    staleAfter: builtAt + staleAfterMs,
    find,
  };
}

function knowsAny(content: FileContent, find: (address: Address) => Place | undefined): boolean {
  try {
    return probeAddresses.some((address) => find(address) !== undefined);
  } catch (thrown) {
    throw asInvalid(content, thrown);
  }
}

function open(content: FileContent): Reader<Response> {
  try {
    return new Reader<Response>(content.bytes);
  } catch (thrown) {
    throw asInvalid(content, thrown);
  }
}

/** Reads a record of any of the three shapes. */
function placeOf(record: unknown): Place | undefined {
  if (!isObject(record)) return undefined;
  const location = isObject(record['location']) ? record['location'] : record;
  const place = {
    country: countryOf(record),
    region: firstOf(nameOf(listOf(record['subdivisions'])), text(record['region']), text(record['state1'])),
    city: firstOf(nameOf(record['city']), text(record['city'])),
    latitude: degrees(location['latitude'] ?? location['lat'], 90),
    longitude: degrees(location['longitude'] ?? location['lng'] ?? location['lon'], 180),
    asn: asNumber(record['autonomous_system_number'] ?? record['asn']),
    asOrg: firstOf(
      text(record['autonomous_system_organization']),
      text(record['as_name']),
      text(record['as_organization']),
      text(record['organization']),
      text(record['isp']),
    ),
  };
  const known = Object.entries(place).filter(([, value]) => value !== undefined);
  return known.length === 0 ? undefined : Object.fromEntries(known);
}

type Json = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Code of the country; where the address is only registered somewhere, that country. */
function countryOf(record: Json): string | undefined {
  for (const key of ['country', 'registered_country']) {
    const country = record[key];
    const code = isObject(country) ? countryCode(country['iso_code']) : undefined;
    if (code !== undefined) return code;
  }
  return countryCode(record['country_code']) ?? countryCode(record['country']);
}

function countryCode(value: unknown): string | undefined {
  return typeof value === 'string' && /^[A-Za-z]{2}$/.test(value) ? value.toUpperCase() : undefined;
}

function listOf(value: unknown): unknown {
  return Array.isArray(value) ? value[0] : undefined;
}

/** English name of a nested place, else its code. */
function nameOf(value: unknown): string | undefined {
  if (!isObject(value)) return undefined;
  const names = value['names'];
  return (isObject(names) ? text(names['en']) : undefined) ?? text(value['iso_code']);
}

function firstOf(...values: readonly (string | undefined)[]): string | undefined {
  return values.find((value) => value !== undefined);
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' && value !== '-' ? value : undefined;
}

/** Some databases write numbers as texts. */
function degrees(value: unknown, most: number): number | undefined {
  const read = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof read === 'number' && Math.abs(read) <= most ? read : undefined;
}

/** `AS64500`, or the number. */
function asNumber(value: unknown): number | undefined {
  const read =
    typeof value === 'string' ? Number(value.replace(/^AS/i, '') || Number.NaN) : Number(value ?? Number.NaN);
  return Number.isSafeInteger(read) && read > 0 ? read : undefined;
}
