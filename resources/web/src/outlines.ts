// Long outlines: fetched for the zoom and the box in view, already simplified, with the outside dimmed; and their names.
import type { Feature, FeatureCollection, MultiPolygon, Polygon, Position } from "geojson";
import * as L from "leaflet";
import { OUTLINES, type OutlinesName } from "./messages";
import { type Box, type Label, type LabelBox, chosenLabels, readRun } from "./lines";
import { element, textOf } from "./text";

const PANES: Record<OutlinesName, number> = { jurisdiction: 350, districts: 370 };
/** How much around the view is fetched, in views. */
const AROUND = 0.6;
const LABELS_FROM_ZOOM = 10.5;
const WORLD: L.LatLngTuple[] = [
  [-85, -400],
  [-85, 400],
  [85, 400],
  [85, -400],
];

interface Drawn {
  lines: [string, L.LatLngTuple[][]][];
  ground: L.LatLngTuple[][];
  /** What is dimmed where there is no ground. */
  frame: L.LatLngTuple[];
}
interface Layer {
  name: OutlinesName;
  version: number | null;
  group: L.LayerGroup;
  renderer: L.SVG;
  drawn: Drawn | null;
  /** What was fetched, or is being fetched. */
  zoom: number;
  box: L.LatLngBounds | null;
  asked: number;
  answered: number;
}

export interface OutlineLook {
  colour: string;
  dim: { color: string; opacity: number };
}

export class OutlineLayers {
  private readonly layers = new Map<OutlinesName, Layer>();
  private readonly labelGroup: L.LayerGroup;
  private labels: Label[] = [];
  private labelled = new Map<string, L.Marker>();
  private marked: string | null = null;

  constructor(
    private readonly map: L.Map,
    private readonly url: string,
    private look: OutlineLook,
    private readonly hand: {
      changed(): void;
      isShown(name: OutlinesName): boolean;
      /** What stands on the map already, in pixels: names keep clear of it. */
      taken(): Box[];
    },
  ) {
    for (const name of OUTLINES) {
      const pane = map.createPane(`porchlight-${name}`);
      pane.style.zIndex = String(PANES[name]);
      pane.style.pointerEvents = "none";
      const renderer = L.svg({ pane: `porchlight-${name}`, padding: AROUND });
      const group = L.layerGroup().addTo(map);
      this.layers.set(name, { name, version: null, group, renderer, drawn: null, zoom: -1, box: null, asked: 0, answered: 0 });
    }
    map.createPane("porchlight-names").style.zIndex = "605";
    this.labelGroup = L.layerGroup().addTo(map);
    map.on("moveend", () => this.refresh());
  }

  /** Outlines that the console serves. */
  set(name: OutlinesName, version: number): void {
    const layer = this.layers.get(name)!;
    layer.version = version;
    layer.box = null;
    void this.fetch(layer);
    if (name === "districts") void this.fetchLabels(layer);
  }

  /** Outlines that came whole, as GeoJSON. */
  put(name: OutlinesName, collection: FeatureCollection): void {
    const layer = this.layers.get(name)!;
    layer.version = null;
    const lines = collection.features.map((feature): [string, L.LatLngTuple[][]] => [
      textOf(feature.id ?? feature.properties?.["id"], 200),
      polygonsOf(feature).flat().map(latLngs),
    ]);
    layer.drawn = { lines, ground: lines.flatMap(([, rings]) => rings), frame: WORLD };
    if (collection.features.length === 0) layer.drawn = null;
    this.paint(layer);
  }

  setLook(look: OutlineLook): void {
    this.look = look;
    for (const layer of this.layers.values()) this.paint(layer);
  }

  switched(name: OutlinesName): void {
    this.paint(this.layers.get(name)!);
    if (name === "districts") this.paintLabels();
  }

  mark(id: string | null): void {
    this.marked = id;
    this.paint(this.layers.get("districts")!);
  }

  count(name: OutlinesName): number {
    const layer = this.layers.get(name)!;
    return layer.version === null ? (layer.drawn?.lines.length ?? 0) : 1;
  }

  paths(): number {
    let paths = 0;
    for (const { group } of this.layers.values()) paths += group.getLayers().length;
    return paths;
  }

  isWaiting(): boolean {
    return [...this.layers.values()].some((layer) => layer.answered < layer.asked);
  }

  private refresh(): void {
    for (const layer of this.layers.values()) void this.fetch(layer);
    this.paintLabels();
  }

  private async fetch(layer: Layer): Promise<void> {
    if (layer.version === null) return;
    const zoom = Math.min(19, Math.ceil(this.map.getZoom()));
    const view = this.map.getBounds();
    if (layer.zoom === zoom && layer.box?.contains(view)) return;
    // Tiles of about two screens' worth each way, so that a little movement asks for nothing.
    const grid = Math.max(0, Math.floor(this.map.getZoom()) - 1);
    const last = 2 ** grid - 1;
    const tile = (at: L.LatLng): L.Point => this.map.project(at, grid).divideBy(256);
    const wide = view.pad(AROUND);
    const first = tile(wide.getNorthWest());
    const end = tile(wide.getSouthEast());
    const within = (value: number): number => Math.max(0, Math.min(last, Math.floor(value)));
    const [west, north, east, south] = [within(first.x), within(first.y), within(end.x), within(end.y)];
    const corner = (x: number, y: number): L.LatLng => this.map.unproject(L.point(x * 256, y * 256), grid);
    layer.zoom = zoom;
    layer.box = L.latLngBounds(corner(west, south + 1), corner(east + 1, north));
    layer.asked += 1;
    const asked = layer.asked;
    const box = layer.box;
    try {
      const path = [layer.name, layer.version, "lines", zoom, grid, west, north, east, south].join("/");
      const response = await fetch(`${this.url}/${path}`);
      const told = (await response.json()) as { lines: [string, number[][]][]; ground: number[][] };
      if (asked !== layer.asked) return;
      layer.drawn = {
        lines: told.lines.map(([id, runs]) => [id, runs.map(readRun)]),
        ground: told.ground.map(readRun),
        frame: [box.getSouthWest(), box.getNorthWest(), box.getNorthEast(), box.getSouthEast()].map((at) => [at.lat, at.lng]),
      };
    } catch {
      // The page goes down, or the console has newer ones; what is drawn stays.
      if (asked !== layer.asked) return;
    }
    layer.answered = asked;
    this.paint(layer);
  }

  private async fetchLabels(layer: Layer): Promise<void> {
    const version = layer.version;
    try {
      const response = await fetch(`${this.url}/${layer.name}/${version}/labels`);
      const labels = (await response.json()) as Label[];
      if (layer.version === version) this.labels = labels;
    } catch {
      return;
    }
    this.paintLabels();
  }

  private paint(layer: Layer): void {
    layer.group.clearLayers();
    if (layer.drawn && this.hand.isShown(layer.name)) {
      const common = { pane: `porchlight-${layer.name}`, renderer: layer.renderer, interactive: false, smoothFactor: 0 };
      if (layer.name === "jurisdiction") {
        // One shape with the even-odd rule: all less the jurisdiction, and enclaves dimmed again.
        layer.group.addLayer(
          L.polygon([layer.drawn.frame, ...layer.drawn.ground], {
            ...common,
            stroke: false,
            fillRule: "evenodd",
            fillColor: this.look.dim.color,
            fillOpacity: this.look.dim.opacity,
          }),
        );
      }
      for (const [id, runs] of layer.drawn.lines) {
        const marked = layer.name === "districts" && id === this.marked;
        const style = layer.name === "jurisdiction" ? { weight: 2, opacity: 1 } : { weight: marked ? 3.5 : 1, opacity: marked ? 1 : 0.5 };
        layer.group.addLayer(L.polyline(runs, { ...common, ...style, color: this.look.colour, fill: false }));
      }
    }
    this.hand.changed();
  }

  /** Names that keep clear of each other and of what else stands there. */
  paintLabels(): void {
    const shown = this.hand.isShown("districts") && this.map.getZoom() >= LABELS_FROM_ZOOM ? this.labelBoxes() : [];
    const wanted = new Map(chosenLabels(shown, this.hand.taken()).map((box) => [`${box.label.id} ${Math.round(box.y)}`, box]));
    for (const [key, marker] of this.labelled) {
      if (wanted.has(key)) continue;
      this.labelGroup.removeLayer(marker);
      this.labelled.delete(key);
    }
    for (const [key, { label, x, y }] of wanted) {
      if (this.labelled.has(key)) continue;
      const icon = L.divIcon({ className: "pl-district", html: element("span", "", textOf(label.name, 60)), iconSize: [0, 0] });
      const at = this.map.containerPointToLatLng([x, y]);
      const marker = L.marker(at, { pane: "porchlight-names", interactive: false, keyboard: false, icon });
      this.labelled.set(key, marker);
      this.labelGroup.addLayer(marker);
    }
  }

  private labelBoxes(): LabelBox[] {
    const view = this.map.getBounds();
    const pixel = (360 / 256) * 2 ** -this.map.getZoom();
    return this.labels
      .filter((label) => view.contains([label.lat, label.lon]))
      .map((label) => {
        const at = this.map.latLngToContainerPoint([label.lat, label.lon]);
        return { label, x: at.x, y: at.y, radius: label.radius_deg / pixel };
      });
  }
}

export function polygonsOf(feature: Feature): Position[][][] {
  const geometry = feature.geometry as Polygon | MultiPolygon | { type: string } | null;
  if (geometry?.type === "Polygon") return [(geometry as Polygon).coordinates];
  if (geometry?.type === "MultiPolygon") return [...(geometry as MultiPolygon).coordinates];
  return [];
}

export function latLngs(ring: Position[]): L.LatLngTuple[] {
  return ring.map(([lon, lat]) => [lat!, lon!]);
}
