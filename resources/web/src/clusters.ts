// Clusters of many places, with the count of each kind. Runs in the worker; knows nothing of the page.
import type { Feature, Point } from "geojson";
import Supercluster from "supercluster";
import { type Columns, readMask } from "./columns";
import type { Spot } from "./messages";

const RADIUS_PX = 56;
/** As near as the map goes: posts of one block stand at one spot, and are never a pile of which only the top is seen. */
const MAX_ZOOM = 19;

/** Counts by kind, as an object that supercluster can copy: { 0: 12, 1: 3 }. */
type Counts = Record<number, number>;
interface One {
  row: number;
}

export class Clusters {
  private index: Supercluster<One, Counts>;
  private readonly ones: Counts[];
  /** How many of the rows that were asked for could be placed. */
  placed = 0;
  /** The same of each kind. */
  placedKinds: number[] = [];

  constructor(
    private readonly columns: Columns,
    private readonly kinds: number,
    rows: string | null = null,
  ) {
    this.ones = Array.from({ length: kinds }, (_, kind) =>
      Object.fromEntries(Array.from({ length: kinds }, (_v, k) => [k, k === kind ? 1 : 0])),
    );
    this.index = this.built(rows);
  }

  /** Shows only the rows of a mask; null shows all. */
  select(rows: string | null): void {
    this.index = this.built(rows);
  }

  /** What is seen in a box (west, south, east, north) at a zoom. */
  view(box: [number, number, number, number], zoom: number): Spot[] {
    return this.index.getClusters(box, Math.max(0, Math.round(zoom))).map((found) => {
      const [lon, lat] = found.geometry.coordinates as [number, number];
      const properties = found.properties as unknown as Record<string, unknown>;
      if (properties["cluster"] === true) {
        const cluster = Number(properties["cluster_id"]);
        const nearer = Math.min(this.index.getClusterExpansionZoom(cluster), 19);
        const kinds = this.listed(properties as unknown as Counts);
        return { lon, lat, count: Number(properties["point_count"]), row: null, cluster, nearer, kinds };
      }
      const row = Number(properties["row"]);
      return { lon, lat, count: 1, row, cluster: null, nearer: 19, kinds: this.listed(this.ones[this.columns.kind[row]!]!) };
    });
  }

  /** The rows of a cluster, at most `limit`; none for a cluster that is no more. */
  rows(cluster: number, limit: number): number[] {
    try {
      return this.index.getLeaves(cluster, limit, 0).map((leaf) => leaf.properties.row);
    } catch {
      return [];
    }
  }

  private listed(counts: Counts): number[] {
    return Array.from({ length: this.kinds }, (_, k) => counts[k] ?? 0);
  }

  private built(rows: string | null): Supercluster<One, Counts> {
    const { lon, lat, kind } = this.columns;
    const shown = readMask(rows);
    const points: Feature<Point, One>[] = [];
    this.placedKinds = Array.from({ length: this.kinds }, () => 0);
    for (let row = 0; row < kind.length; row += 1) {
      if (Number.isNaN(lon[row]!) || !shown(row)) continue;
      this.placedKinds[kind[row]!]! += 1;
      points.push({ type: "Feature", properties: { row }, geometry: { type: "Point", coordinates: [lon[row]!, lat[row]!] } });
    }
    this.placed = points.length;
    const index = new Supercluster<One, Counts>({
      radius: RADIUS_PX,
      // The page's pixels are of 256-pixel tiles.
      extent: 256,
      maxZoom: MAX_ZOOM,
      minPoints: 2,
      // A copy each: supercluster adds into what it is given.
      map: ({ row }) => ({ ...this.ones[kind[row]!]! }),
      reduce: (sum, one) => {
        for (let k = 0; k < this.kinds; k += 1) sum[k] = sum[k]! + one[k]!;
      },
    });
    index.load(points);
    return index;
  }
}
