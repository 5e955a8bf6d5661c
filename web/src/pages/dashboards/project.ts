/** A point on the earth, in degrees. */
export type Place = readonly [latitude: number, longitude: number];

/** Shapes as arcs that are shared and kept as differences of whole numbers (TopoJSON). */
interface Topology {
  readonly transform: { readonly scale: readonly number[]; readonly translate: readonly number[] };
  readonly arcs: readonly (readonly (readonly number[])[])[];
  readonly objects: {
    readonly land: { readonly geometries: readonly { readonly arcs: readonly (readonly (readonly number[])[])[] }[] };
  };
}

export const worldWidth = 720;
export const worldHeight = 320;

/** Ends of what is shown, in degrees: nobody signs in from the poles. */
const north = 80;
const south = -56;

// Equal Earth (Šavrič, Patterson, Jenny 2018): areas stay what they are, and countries look as people know them.
const [a1, a2, a3, a4] = [1.340264, -0.081106, 0.000893, 0.003796];
const half = Math.sqrt(3) / 2;

function raw([latitude, longitude]: Place): readonly [number, number] {
  const theta = Math.asin(half * Math.sin((latitude * Math.PI) / 180));
  const square = theta * theta;
  const six = square * square * square;
  const x =
    ((longitude * Math.PI) / 180) *
    (Math.cos(theta) / (half * (a1 + 3 * a2 * square + six * (7 * a3 + 9 * a4 * square))));
  return [x, theta * (a1 + a2 * square + six * (a3 + a4 * square))];
}

const [xMost] = raw([0, 180]);
const [, yNorth] = raw([north, 0]);
const [, ySouth] = raw([south, 0]);
const scale = Math.min(worldWidth / (2 * xMost), worldHeight / (yNorth - ySouth));

/** Gives where a point stands on the map, in its own units. */
export function project(place: Place): readonly [x: number, y: number] {
  const [x, y] = raw(place);
  return [worldWidth / 2 + x * scale, (yNorth - y) * scale];
}

/** Gives the outline of the land as the data of a path. */
export function pathOfLand({ transform, arcs, objects }: Topology): string {
  const [scaleX = 1, scaleY = 1] = transform.scale;
  const [left = 0, bottom = 0] = transform.translate;
  const lines = arcs.map((arc) => {
    let [x, y] = [0, 0];
    return arc.map(([dx = 0, dy = 0]): Place => {
      x += dx;
      y += dy;
      return [y * scaleY + bottom, x * scaleX + left];
    });
  });
  const ring = (numbers: readonly number[]): string => {
    const points = numbers.flatMap((number, at) => {
      const line = number < 0 ? (lines[~number] ?? []).toReversed() : (lines[number] ?? []);
      // Where two arcs meet the point is in both.
      return at === 0 ? line : line.slice(1);
    });
    return `${unwrap(points)
      .map((point, at) => `${at === 0 ? 'M' : 'L'}${project(point).map(round).join(' ')}`)
      .join('')}Z`;
  };
  return objects.land.geometries.flatMap((geometry) => geometry.arcs.flatMap((polygon) => polygon.map(ring))).join('');
}

/** What crosses the edge of the map goes on beyond it, rather than all the way back across. */
function unwrap(points: readonly Place[]): readonly Place[] {
  let turns = 0;
  return points.map(([latitude, longitude], at): Place => {
    const step = longitude - (points[at - 1]?.[1] ?? longitude);
    if (step > 180) turns -= 360;
    else if (step < -180) turns += 360;
    return [latitude, longitude + turns];
  });
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
