import type { ReactNode } from 'react';
import land from 'world-atlas/land-110m.json';
import { formatCount } from '../../parts/format.ts';
import { placeOfCountry } from './countries.ts';
import { nameCountry } from './name-country.ts';
import { pathOfLand, project, worldHeight, worldWidth } from './project.ts';

const radiusMin = 3;
const radiusMax = 22;
const path = pathOfLand(land);

/** A circle for each country, as large as its number of events, over the outline of the land. */
export function WorldMap({
  countries,
}: {
  readonly countries: readonly { readonly code: string; readonly count: number }[];
}): ReactNode {
  const most = Math.max(1, ...countries.map(({ count }) => count));
  const words = countries
    .slice(0, 5)
    .map(({ code, count }) => `${nameCountry(code)}: ${formatCount(count)}`)
    .join(', ');
  return (
    <svg
      className="world"
      viewBox={`0 0 ${worldWidth} ${worldHeight}`}
      role="img"
      aria-label={`Events by country. Most: ${words}`}
    >
      <path className="world-land" d={path} />
      {countries.map(({ code, count }) => {
        const place = placeOfCountry(code);
        if (place === undefined) return null;
        const [x, y] = project(place);
        return (
          <circle
            key={code}
            className="world-country"
            cx={x}
            cy={y}
            r={Math.max(radiusMin, radiusMax * Math.sqrt(count / most))}
          >
            <title>{`${nameCountry(code)}: ${formatCount(count)}`}</title>
          </circle>
        );
      })}
    </svg>
  );
}
