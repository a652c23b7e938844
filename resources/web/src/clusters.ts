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

type Index = Supercluster<One, Counts>;

/**
 * The first look needs one zoom only, and an index of one zoom is made in a third of the time: it answers until another
 * zoom is asked for. Its clusters have even numbers, those of the index of all zooms odd ones.
 */
export class Clusters {
  private quick: { index: Index; zoom: number } | null = null;
  private whole: Index | null = null;
  private points: Feature<Point, One>[] = [];
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
    this.select(rows);
  }

  /** Shows only the rows of a mask; null shows all. */
  select(rows: string | null): void {
    const { lon, lat, kind } = this.columns;
    const shown = readMask(rows);
    this.points = [];
    this.placedKinds = Array.from({ length: this.kinds }, () => 0);
    for (let row = 0; row < kind.length; row += 1) {
      if (Number.isNaN(lon[row]!) || !shown(row)) continue;
      this.placedKinds[kind[row]!]! += 1;
      this.points.push({ type: "Feature", properties: { row }, geometry: { type: "Point", coordinates: [lon[row]!, lat[row]!] } });
    }
    this.placed = this.points.length;
    this.quick = null;
    this.whole = null;
  }

  /** What is seen in a box (west, south, east, north) at a zoom. */
  view(box: [number, number, number, number], zoom: number): Spot[] {
    const at = Math.max(0, Math.min(MAX_ZOOM, Math.round(zoom)));
    const index = this.indexFor(at);
    const odd = index === this.whole ? 1 : 0;
    return index.getClusters(box, at).map((found) => {
      const [lon, lat] = found.geometry.coordinates as [number, number];
      const properties = found.properties as unknown as Record<string, unknown>;
      if (properties["cluster"] === true) {
        const id = Number(properties["cluster_id"]);
        const nearer = odd ? Math.min(index.getClusterExpansionZoom(id), MAX_ZOOM) : Math.min(at + 2, MAX_ZOOM);
        const kinds = this.listed(properties as unknown as Counts);
        return { lon, lat, count: Number(properties["point_count"]), row: null, cluster: id * 2 + odd, nearer, kinds };
      }
      const row = Number(properties["row"]);
      return { lon, lat, count: 1, row, cluster: null, nearer: MAX_ZOOM, kinds: this.listed(this.ones[this.columns.kind[row]!]!) };
    });
  }

  /** The rows of a cluster, at most `limit`; none for a cluster that is no more. */
  rows(cluster: number, limit: number): number[] {
    const index = cluster % 2 === 1 ? this.whole : this.quick?.index;
    try {
      return index?.getLeaves(Math.floor(cluster / 2), limit, 0).map((leaf) => leaf.properties.row) ?? [];
    } catch {
      return [];
    }
  }

  /** Makes the index of all zooms, if it is not made yet. */
  finish(): void {
    this.whole ??= this.indexed(0, MAX_ZOOM);
  }

  private indexFor(zoom: number): Index {
    if (this.quick?.zoom === zoom) return this.quick.index;
    if (this.quick === null && this.whole === null) {
      this.quick = { index: this.indexed(zoom, zoom), zoom };
      return this.quick.index;
    }
    this.finish();
    return this.whole!;
  }

  private listed(counts: Counts): number[] {
    return Array.from({ length: this.kinds }, (_, k) => counts[k] ?? 0);
  }

  private indexed(minZoom: number, maxZoom: number): Index {
    const { kind } = this.columns;
    return new Supercluster<One, Counts>({
      radius: RADIUS_PX,
      // The page's pixels are of 256-pixel tiles.
      extent: 256,
      minZoom,
      maxZoom,
      minPoints: 2,
      // A copy each: supercluster adds into what it is given.
      map: ({ row }) => ({ ...this.ones[kind[row]!]! }),
      reduce: (sum, one) => {
        for (let k = 0; k < this.kinds; k += 1) sum[k] = sum[k]! + one[k]!;
      },
    }).load(this.points);
  }
}
