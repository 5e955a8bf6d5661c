import { readFileSync, statSync } from 'node:fs';
import { Reader, type Response } from 'maxmind';
import { AppError } from '#error';

/** What a database says of an address: all parts may be absent. */
export interface Place {
  country?: string | undefined;
  region?: string | undefined;
  city?: string | undefined;
  latitude?: number | undefined;
  longitude?: number | undefined;
  asn?: number | undefined;
  asOrg?: string | undefined;
}

/** Largest database read. */
const fileBytesMax = 1024 * 1024 * 1024;
/** Older databases are worth a notice. */
const staleAfterMs = 30 * 86_400_000;

/** One mmdb database, of any of the usual shapes: nested (GeoIP2), flat (DB-IP, IPinfo), or of networks (ASN). */
export class GeoDatabase {
  /** Type and day of the build, for `enrichedBy`. */
  readonly label: string;
  readonly builtAt: number;
  readonly #reader: Reader<Response>;

  /** Throws `enrichment-file` when the file is no database. */
  constructor(path: string) {
    try {
      if (statSync(path).size > fileBytesMax) throw new Error(`it is larger than ${fileBytesMax} bytes`);
      this.#reader = new Reader<Response>(readFileSync(path));
      const { databaseType, buildEpoch } = this.#reader.metadata;
      this.builtAt = new Date(buildEpoch).getTime();
      this.label = `${databaseType}@${new Date(this.builtAt).toISOString().slice(0, 10)}`;
    } catch (cause) {
      throw new AppError('enrichment-file', `The file is no mmdb database: ${cause instanceof Error ? cause.message : String(cause)}.`, { place: { file: path }, cause });
    }
  }

  /** Whether the database is older than 30 days. */
  isStale(now: number): boolean {
    return now - this.builtAt > staleAfterMs;
  }

  /** Adds what the database knows to a place. Gives false when it knows nothing. */
  find(address: string, place: Place): boolean {
    const found: unknown = this.#reader.get(address);
    if (typeof found !== 'object' || found === null) return false;
    const record = found as Readonly<Record<string, unknown>>;
    const country = pick(record['country'], 'iso_code') ?? text(record['country_code']) ?? shortCode(record['country']) ?? pick(record['registered_country'], 'iso_code');
    const subdivisions = record['subdivisions'];
    const first: unknown = Array.isArray(subdivisions) ? subdivisions[0] : undefined;
    place.country ??= country;
    place.region ??= pick(first, 'iso_code') ?? english(first) ?? text(record['region']) ?? text(record['state1']) ?? text(record['state']);
    place.city ??= english(record['city']) ?? text(record['city']);
    place.latitude ??= number(pickAny(record['location'], 'latitude')) ?? number(record['latitude']);
    place.longitude ??= number(pickAny(record['location'], 'longitude')) ?? number(record['longitude']);
    place.asn ??= number(record['autonomous_system_number']) ?? asNumber(record['asn']);
    place.asOrg ??= text(record['autonomous_system_organization']) ?? text(record['as_name']) ?? text(record['as_organization']) ?? text(record['organization']);
    return true;
  }
}

function pickAny(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[key] : undefined;
}

function pick(value: unknown, key: string): string | undefined {
  return text(pickAny(value, key));
}

function english(value: unknown): string | undefined {
  return pick(pickAny(value, 'names'), 'en');
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** IPinfo writes the code under `country`. */
function shortCode(value: unknown): string | undefined {
  const code = text(value);
  return code !== undefined && /^[A-Z]{2}$/.test(code) ? code : undefined;
}

function number(value: unknown): number | undefined {
  const read = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof read === 'number' && Number.isFinite(read) ? read : undefined;
}

/** `AS15169` or the number. */
function asNumber(value: unknown): number | undefined {
  return typeof value === 'string' && value.startsWith('AS') ? number(value.slice(2)) : number(value);
}
