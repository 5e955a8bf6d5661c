import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { instantMax, isZone, parseTime } from './time.ts';
import { toEpoch, zoneOffset } from './zone.ts';

const runs = { numRuns: Number(process.env['FUZZ_RUNS'] ?? 100) };
const noon = Date.UTC(2025, 2, 7, 8, 15, 2);

describe('forms', () => {
  test.each<[string | number, number, number]>([
    [1569865553705, 1569865553705, 0],
    ['1569865553705', 1569865553705, 0],
    [1569865553, 1569865553000, 0],
    ['1569865553', 1569865553000, 0],
    ['1741335302.004512345', noon + 4, 512345],
    [1741335302.5, noon + 500, 0],
    ['1741335302004.512345', noon + 4, 512345],
    ['1741335302004512', noon + 4, 512000],
    ['1741335302004512345', noon + 4, 512345],
    [0, 0, 0],
    ['2025-03-07T08:15:02Z', noon, 0],
    ['2025-03-07T09:15:02+01:00', noon, 0],
    ['2025-03-07T09:15:02.004512345 +0100', noon + 4, 512345],
    ['2025-03-07T08:15:02,5Z', noon + 500, 0],
    ['2025-03-07T08:15:02.0045123459Z', noon + 4, 512345],
    ['2025-03-07 08:15:02', noon, 0],
    ['2025-03-07 08:15:02.5', noon + 500, 0],
    ['2025-03-07T08:15Z', noon - 2000, 0],
    ['2025-03-07', Date.UTC(2025, 2, 7), 0],
    ['20250307T081502Z', noon, 0],
    ['20250307081502Z', noon, 0],
    ['20250307081502', noon, 0],
    ['[07/Mar/2025:09:15:02.004512345 +0100] ', noon + 4, 512345],
    ['[07/Mar/2025:09:15:02 +0100]', noon, 0],
    ['07/mar/2025:03:15:02 -0500', noon, 0],
    ['[07/Mar/2025:08:15:02.004512345]', noon + 4, 512345],
    ['2016-12-31T23:59:60Z', Date.UTC(2017, 0, 1), 0],
    ['2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29), 0],
  ])('%s', (value, ms, nanos) => {
    expect(parseTime(value)).toEqual({ ms, nanos });
  });

  test.each<string | number>([
    '',
    ' ',
    'now',
    'yesterday',
    '2025-13-01',
    '2025-02-30',
    '2025-02-29',
    '2025-00-10',
    '2025-01-00',
    '2025-01-01T24:00:00Z',
    '2025-01-01T10:60:00Z',
    '2025-01-01T10:00:61Z',
    '1969-12-31T23:59:59Z',
    '9999-01-01',
    '[07/Foo/2025:09:15:02 +0100]',
    '[32/Jan/2025:00:00:00 +0000]',
    '[07/Mar/2025L09:15:02 +0100]',
    '2025-01-01T00:00:00+25:00',
    '-5',
    -5,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    1e300,
    '99999999999999999999',
    '1e12',
    '0x10',
    `1.${'1'.repeat(100)}`,
    instantMax + 1,
  ])('%s is no time', (value) => {
    expect(parseTime(value)).toBeUndefined();
  });
});

describe('zones', () => {
  test.each([
    ['2025-03-07 09:15:02', '+01:00', '2025-03-07T08:15:02.000Z'],
    ['20250307091502', '+0100', '2025-03-07T08:15:02.000Z'],
    ['2025-03-07 09:15:02', 'Europe/Berlin', '2025-03-07T08:15:02.000Z'],
    ['2025-07-07 09:15:02', 'Europe/Berlin', '2025-07-07T07:15:02.000Z'],
    ['2025-07-07 09:15:02', 'Asia/Kolkata', '2025-07-07T03:45:02.000Z'],
    ['2025-07-07 09:15:02', 'Australia/Lord_Howe', '2025-07-06T22:45:02.000Z'],
    // A zone in the text wins.
    ['2025-03-07T09:15:02Z', 'Europe/Berlin', '2025-03-07T09:15:02.000Z'],
    // An hour that comes twice is its first occurrence; one that is skipped moves forward.
    ['2025-10-26 02:30:00', 'Europe/Berlin', '2025-10-26T00:30:00.000Z'],
    ['2025-11-02 01:30:00', 'America/New_York', '2025-11-02T05:30:00.000Z'],
    ['2025-03-30 02:30:00', 'Europe/Berlin', '2025-03-30T01:30:00.000Z'],
    ['2025-03-30 01:59:59', 'Europe/Berlin', '2025-03-30T00:59:59.000Z'],
    ['2025-03-30 03:00:00', 'Europe/Berlin', '2025-03-30T01:00:00.000Z'],
  ])('%s in %s is %s', (text, zone, expected) => {
    expect(new Date(parseTime(text, zone)?.ms ?? Number.NaN).toISOString()).toBe(expected);
  });

  test.each([
    ['UTC', true],
    ['Z', true],
    ['+05:30', true],
    ['Europe/Berlin', true],
    ['Mars/Olympus', false],
    ['', false],
    ['+99:00', false],
    ["UTC'; --", false],
  ])('%s is a zone: %s', (zone, expected) => {
    expect(isZone(zone)).toBe(expected);
    expect(parseTime('2025-01-01 00:00:00', zone) !== undefined).toBe(expected);
  });
});

describe('properties (fuzz)', () => {
  test('any instant survives each form, to the nanosecond', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1e8, max: Math.floor(instantMax / 1000) - 1 }),
        fc.nat(999_999_999),
        (seconds, fraction) => {
          const expected = { ms: seconds * 1000 + Math.floor(fraction / 1e6), nanos: fraction % 1e6 };
          const digits = String(fraction).padStart(9, '0');
          const iso = new Date(seconds * 1000).toISOString().slice(0, 19);
          expect(parseTime(`${seconds}.${digits}`)).toEqual(expected);
          expect(parseTime(`${iso}.${digits}Z`)).toEqual(expected);
          expect(parseTime(`${iso.replace('T', ' ')}.${digits}`)).toEqual(expected);
        },
      ),
      runs,
    );
  });

  test('any moment: its local time in a zone is that moment again, unless the hour comes twice', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 4_000_000_000 }),
        fc.constantFrom('Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Pacific/Apia', '-03:30'),
        (seconds, zone) => {
          const epoch = seconds * 1000;
          const back = toEpoch(epoch + (zoneOffset(epoch, zone) ?? 0), zone) ?? Number.NaN;
          if (back !== epoch) expect(zoneOffset(back, zone)).not.toBe(zoneOffset(epoch, zone));
        },
      ),
      { numRuns: Math.min(runs.numRuns, 2000) },
    );
  });

  test('any text: never throws, and is answered at once', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...'0123456789-+:.,TZ []/ ', 'Mar', '2025'), { maxLength: 80 }), (units) => {
        const instant = parseTime(units.join(''));
        if (instant !== undefined)
          expect(Number.isSafeInteger(instant.ms) && instant.nanos >= 0 && instant.nanos < 1e6).toBe(true);
      }),
      runs,
    );
  });
});
