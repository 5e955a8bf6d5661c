import { expect, test } from 'vitest';
import land from 'world-atlas/land-110m.json';
import { countryCodes, placeOfCountry } from './countries.ts';
import { pathOfLand, project, worldHeight, worldWidth } from './project.ts';

test('every country has a place on the map, and its code is one that has a name', () => {
  const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
  expect(countryCodes.length).toBeGreaterThanOrEqual(249);
  expect(countryCodes.filter((code) => names.of(code) === undefined)).toEqual([]);
  for (const code of countryCodes) {
    const place = placeOfCountry(code);
    if (place === undefined || code === 'AQ') continue;
    const [x, y] = project(place);
    expect([code, x > 0 && x < worldWidth && y > 0 && y < worldHeight]).toEqual([code, true]);
  }
  expect(placeOfCountry('ZZ')).toBeUndefined();
});

test('north is up, east is right', () => {
  const [oslo, rome] = [project([60, 10.7]), project([41.9, 12.5])];
  expect(oslo[1]).toBeLessThan(rome[1]);
  expect(project([0, 0])[0]).toBeCloseTo(worldWidth / 2, 6);
  expect(project([35, 139])[0]).toBeGreaterThan(project([40, -75])[0]);
});

test('the outline is one of closed rings of numbers', () => {
  const path = pathOfLand(land);
  expect(path).toMatch(/^(?:M-?[\d.]+ -?[\d.]+(?:L-?[\d.]+ -?[\d.]+)+Z)+$/);
  expect(path.length).toBeGreaterThan(30_000);
  // No line goes across the whole map: Antarctica alone, below what is shown, lies along its edge.
  for (const ring of path.split('Z').slice(0, -1)) {
    const points = ring
      .slice(1)
      .split('L')
      .map((point) => point.split(' ').map(Number));
    for (const [at, [x = 0, y = 0]] of points.entries()) {
      const [nextX = x, nextY = y] = points[at + 1] ?? [];
      if (Math.max(y, nextY) < worldHeight) expect(Math.abs(nextX - x)).toBeLessThan(worldWidth / 4);
    }
  }
});
