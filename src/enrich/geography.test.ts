import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AppError } from '#error';
import { parseAddress } from '#event';
import { readGeography } from './geography.ts';
import { testContent } from './test-content.ts';
import { writeTestDatabase } from './test-database.ts';

const numRuns = Number(process.env['FUZZ_RUNS'] ?? 100);

function placeIn(database: Buffer, text: string): unknown {
  const address = parseAddress(text) ?? expect.fail(`no address: ${text}`);
  return readGeography(testContent('some.mmdb', database)).find(address);
}

const nested = writeTestDatabase({
  type: 'GeoLite2-City',
  records: {
    '81.2.69.0/24': {
      country: { iso_code: 'GB', names: { en: 'United Kingdom' } },
      subdivisions: [{ iso_code: 'ENG', names: { en: 'England' } }],
      city: { names: { en: 'London', de: 'London' } },
      location: { latitude: 51.5142, longitude: -0.0931, accuracy_radius: 10 },
    },
    '2a02:c7c::/32': { registered_country: { iso_code: 'ie' } },
  },
});
const flat = writeTestDatabase({
  type: 'ipinfo lite',
  records: { '1.1.1.0/24': { country: 'Australia', country_code: 'AU', asn: 'AS13335', as_name: 'Cloudflare, Inc.' } },
});
const flatCity = writeTestDatabase({
  type: 'DBIP-City',
  records: {
    '9.9.9.0/24': { country_code: 'US', state1: 'California', city: 'Berkeley', latitude: '37.8', longitude: '-122.2' },
  },
});
const owner = writeTestDatabase({
  type: 'GeoLite2-ASN',
  ipVersion: 4,
  records: { '1.128.0.0/11': { autonomous_system_number: 1221, autonomous_system_organization: 'Telstra' } },
});

describe('a database says where an address is, in any of the known shapes', () => {
  test.each([
    [
      'nested',
      nested,
      '81.2.69.160',
      { country: 'GB', region: 'England', city: 'London', latitude: 51.5142, longitude: -0.0931 },
    ],
    ['nested, country of registration', nested, '2a02:c7c::1', { country: 'IE' }],
    [
      'IPv4 written as IPv6',
      nested,
      '::ffff:81.2.69.160',
      { country: 'GB', region: 'England', city: 'London', latitude: 51.5142, longitude: -0.0931 },
    ],
    ['flat', flat, '1.1.1.1', { country: 'AU', asn: 13335, asOrg: 'Cloudflare, Inc.' }],
    [
      'flat, with a city and numbers as text',
      flatCity,
      '9.9.9.9',
      { country: 'US', region: 'California', city: 'Berkeley', latitude: 37.8, longitude: -122.2 },
    ],
    ['network owner', owner, '1.128.0.1', { asn: 1221, asOrg: 'Telstra' }],
    ['nothing known', nested, '8.8.8.8', undefined],
    ['an IPv6 address in a tree of IPv4', owner, '180::1', undefined],
  ])('%s', (_, database, text, place) => expect(placeIn(database, text)).toEqual(place));

  test('its type and day are its name', () => {
    const part = readGeography(testContent('anything.mmdb', nested));
    expect(part).toMatchObject({ source: 'GeoLite2-City@2026-11-20', builtAt: Date.parse('2026-11-20') });
    expect(part.staleAfter).toBe(Date.parse('2026-12-20'));
  });

  test('one of an unknown type is taken when its records are of a known shape', () => {
    const useful = writeTestDatabase({ type: 'mine', records: { '0.0.0.0/1': { country_code: 'NO' } } });
    expect(placeIn(useful, '8.8.8.8')).toEqual({ country: 'NO' });
    const useless = writeTestDatabase({ type: 'mine', records: { '0.0.0.0/1': { colour: 'red' } } });
    expect(() => readGeography(testContent('mine.mmdb', useless))).toThrow(/"mine" says nothing about countries/);
  });
});

test.each([
  ['empty', Buffer.alloc(0)],
  ['text', Buffer.from('<html>not found</html>')],
  ['cut off', nested.subarray(0, nested.length - 60)],
])('a file that is no database is refused: %s', (_, bytes) => {
  expect(() => readGeography(testContent('some.mmdb', bytes))).toThrow(
    expect.objectContaining({ code: 'enrichment-file-invalid' }),
  );
});

test('fuzz: a damaged database is refused, or fails when asked, and never hangs', () => {
  const address = parseAddress('81.2.69.160') ?? expect.fail();
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(nested.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 }),
      (changes) => {
        const bytes = Buffer.from(nested);
        for (const [at, value] of changes) bytes[at] = value;
        let part: ReturnType<typeof readGeography>;
        try {
          part = readGeography(testContent('some.mmdb', bytes));
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(AppError);
          return;
        }
        try {
          part.find(address);
        } catch {
          // The enricher counts it, and the event goes on.
        }
      },
    ),
    { numRuns },
  );
});
