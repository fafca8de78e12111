import { geoNaturalEarth1, geoPath } from 'd3-geo';
import { feature } from 'topojson-client';
import type { GeometryCollection, Topology } from 'topojson-specification';
import land from 'world-atlas/land-110m.json';
import { PLACES } from './places.ts';

export const WIDTH = 960;
export const HEIGHT = 440;
/** Nobody probes from Antarctica: the map ends above it. */
const SOUTH = -57;
const NORTH = 78;

const projection = geoNaturalEarth1().fitExtent(
  [
    [4, 4],
    [WIDTH - 4, HEIGHT - 4],
  ],
  {
    type: 'MultiPoint',
    coordinates: [
      [-180, 0],
      [180, 0],
      [0, SOUTH],
      [0, NORTH],
    ],
  },
);

// The file is TopoJSON of this shape, which TypeScript cannot read out of JSON.
const topology = land as unknown as Topology<{ readonly land: GeometryCollection }>;

/** The land, as a path of an SVG of WIDTH × HEIGHT. */
export const LAND = geoPath(projection)(feature(topology, topology.objects.land)) ?? '';

/** Where a region is drawn, in px; null: not on the map. */
export function placeOf(region: string): { readonly x: number; readonly y: number } | null {
  const place = PLACES[region];
  const point = place ? projection([place[0], place[1]]) : null;
  return point ? { x: point[0], y: point[1] } : null;
}
