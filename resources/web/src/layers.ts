// The layers that carry features: outlines, areas and points. Feature text is never trusted: textContent only.
import type { Feature, FeatureCollection, GeoJsonProperties, Point, Polygon, MultiPolygon, Position } from "geojson";
import * as L from "leaflet";
import Supercluster from "supercluster";
import { LAYERS, type LayerName, type Theme } from "./messages";

type Colours = Record<string, string>;
type Properties = NonNullable<GeoJsonProperties>;

export interface Hand {
  /** A feature was chosen by click or Enter. */
  pick(layer: LayerName, id: string): void;
  /** Something on the map changed and will have to be painted. */
  changed(): void;
  tool(): string;
  bridged: boolean;
}

/** What the legend can switch: a layer, or one state of the requests. */
export type Switch = LayerName | `requests:${RequestState}`;
export type RequestState = "pending" | "published" | "closed";
const STATES: RequestState[] = ["pending", "published", "closed"];

const POINTS: LayerName[] = ["posts", "alerts"];
const BLOCKS_FROM_ZOOM = 13;
// From the ground up. Panes of SVG let clicks through where nothing is drawn.
const PANES: Record<LayerName, number> = {
  jurisdiction: 350,
  blocks: 360,
  districts: 370,
  area: 380,
  offer: 385,
  requests: 390,
  clusters: 610,
  posts: 620,
  alerts: 630,
  agencies: 640,
  incident: 650,
};

export function textOf(value: unknown, limit = 300): string {
  if (typeof value !== "string" && typeof value !== "number") return "";
  const text = String(value);
  return text.length > limit ? `${text.slice(0, limit - 1)}…` : text;
}

export function idOf(feature: Feature): string | null {
  const id = feature.id ?? feature.properties?.["id"];
  const text = textOf(id, 200);
  return text === "" ? null : text;
}

function element(tag: string, className: string, text = ""): HTMLElement {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

/** A path of this very host, or nothing: "/agencies/x" is, "//host" and "/\host" are not. */
export function ownPath(href: unknown): string | null {
  if (typeof href !== "string" || !/^\/(?![/\\])[\x21-\x7e]*$/.test(href)) return null;
  try {
    const url = new URL(href, location.href);
    return url.host === location.host && url.protocol === location.protocol ? href : null;
  } catch {
    return null;
  }
}

function stateOf(properties: Properties): RequestState {
  const state = properties["state"];
  return STATES.includes(state as RequestState) ? (state as RequestState) : "closed";
}

export class FeatureLayers {
  private readonly data = new Map<LayerName, FeatureCollection>();
  private readonly groups = new Map<LayerName, L.LayerGroup>();
  private readonly indexes = new Map<LayerName, Supercluster<Properties, Properties>>();
  private readonly hidden = new Set<Switch>(["blocks"]);
  private readonly blocksRenderer: L.Canvas;
  private readonly renderers = new Map<LayerName, L.SVG>();
  private blockBoxes: { feature: Feature; box: L.LatLngBounds }[] | null = null;
  private highlighted: { layer: LayerName; id: string } | null = null;

  constructor(
    private readonly map: L.Map,
    private readonly hand: Hand,
    private colours: Colours,
    private dim: { color: string; opacity: number },
  ) {
    for (const name of LAYERS) {
      const pane = map.createPane(`porchlight-${name}`);
      pane.style.zIndex = String(PANES[name]);
      this.groups.set(name, L.layerGroup().addTo(map));
      if (name !== "blocks") {
        this.renderers.set(name, L.svg({ pane: `porchlight-${name}`, padding: name === "jurisdiction" ? 1 : 0.5 }));
      }
    }
    this.blocksRenderer = L.canvas({ pane: "porchlight-blocks", padding: 0.3, tolerance: 0 });
    map.on("moveend", () => {
      for (const name of POINTS) if (this.data.has(name)) this.paint(name);
      if (this.data.has("blocks") && this.isShown("blocks")) this.paint("blocks");
      this.paintDistrictLabels();
    });
  }

  set(name: LayerName, collection: FeatureCollection): void {
    this.data.set(name, collection);
    this.indexes.delete(name);
    if (name === "blocks") this.blockBoxes = null;
    this.paint(name);
  }

  clear(name: LayerName): void {
    this.data.delete(name);
    this.indexes.delete(name);
    if (name === "blocks") this.blockBoxes = null;
    this.paint(name);
  }

  show(what: Switch, visible: boolean): void {
    if (visible) this.hidden.delete(what);
    else this.hidden.add(what);
    if (what === "requests") {
      for (const state of STATES) {
        if (visible) this.hidden.delete(`requests:${state}`);
        else this.hidden.add(`requests:${state}`);
      }
    } else if (visible && what.startsWith("requests:")) this.hidden.delete("requests");
    this.paint(what.split(":")[0] as LayerName);
  }

  isShown(what: Switch): boolean {
    return !this.hidden.has(what);
  }

  /** What there is to switch, with the number of features. */
  counts(): Map<Switch, number> {
    const counts = new Map<Switch, number>();
    for (const name of LAYERS) {
      const features = this.data.get(name)?.features ?? [];
      if (name !== "requests") counts.set(name, features.length);
      else {
        for (const state of STATES) {
          counts.set(`requests:${state}`, features.filter((f) => stateOf(f.properties ?? {}) === state).length);
        }
      }
    }
    return counts;
  }

  setTheme(_theme: Theme, colours: Colours, dim: { color: string; opacity: number }): void {
    this.colours = colours;
    this.dim = dim;
    this.repaint();
  }

  /** The tool in hand decides what can be clicked. */
  toolChanged(): void {
    this.paint("blocks");
    this.paint("requests");
  }

  private repaint(): void {
    for (const name of LAYERS) this.paint(name);
  }

  highlight(layer: LayerName, id: string | null): void {
    const before = this.highlighted;
    this.highlighted = id === null ? null : { layer, id };
    if (before && before.layer !== layer) this.paint(before.layer);
    this.paint(layer);
  }

  /** How many shapes and markers are on the map now. */
  paths(): number {
    let paths = 0;
    for (const group of this.groups.values()) {
      group.eachLayer((layer) => {
        if (layer instanceof L.Path || layer instanceof L.Marker) paths += 1;
      });
    }
    return paths;
  }

  private colour(token: string): string {
    return this.colours[token]!;
  }

  private isHighlighted(layer: LayerName, feature: Feature): boolean {
    return this.highlighted?.layer === layer && this.highlighted.id === idOf(feature);
  }

  private paint(name: LayerName): void {
    const group = this.groups.get(name)!;
    const focusedId = name === "posts" || name === "alerts" ? focusedFeature(group) : null;
    group.clearLayers();
    const features = this.data.get(name)?.features ?? [];
    if (features.length > 0 && this.isShown(name)) {
      switch (name) {
        case "jurisdiction":
          this.paintJurisdiction(group, features);
          break;
        case "posts":
        case "alerts":
          this.paintClustered(name, group, features);
          break;
        case "incident":
        case "agencies":
        case "clusters":
          for (const feature of features) this.paintPoint(name, group, feature);
          break;
        case "blocks":
          for (const feature of this.blocksInView()) this.paintArea(name, group, feature);
          break;
        default:
          for (const feature of features) this.paintArea(name, group, feature);
      }
    }
    if (name === "districts") this.paintDistrictLabels();
    if (focusedId !== null) focusFeature(group, focusedId);
    this.hand.changed();
  }

  private paintJurisdiction(group: L.LayerGroup, features: Feature[]): void {
    const rings: L.LatLngExpression[][] = [
      [
        [-85, -400],
        [-85, 400],
        [85, 400],
        [85, -400],
      ],
    ];
    for (const feature of features) {
      for (const polygon of polygonsOf(feature)) rings.push(...polygon.map(latLngs));
    }
    const common = { pane: "porchlight-jurisdiction", renderer: this.renderers.get("jurisdiction")!, interactive: false };
    // One shape with the even-odd rule: the world less the jurisdiction, and enclaves dimmed again.
    group.addLayer(
      L.polygon(rings, {
        ...common,
        stroke: false,
        fillRule: "evenodd",
        fillColor: this.dim.color,
        fillOpacity: this.dim.opacity,
      }),
    );
    for (const feature of features) {
      for (const polygon of polygonsOf(feature)) {
        group.addLayer(
          L.polygon(polygon.map(latLngs), { ...common, color: this.colour("accent"), weight: 2, fill: false }),
        );
      }
    }
  }

  /** A city has many thousands of blocks: only those in view are drawn, and none where they would be a grey haze. */
  private blocksInView(): Feature[] {
    if (this.map.getZoom() < BLOCKS_FROM_ZOOM) return [];
    if (!this.blockBoxes) {
      const features = this.data.get("blocks")?.features ?? [];
      this.blockBoxes = features.map((feature) => ({
        feature,
        box: L.latLngBounds(polygonsOf(feature).flatMap((polygon) => latLngs(polygon[0] ?? []))),
      }));
    }
    const view = this.map.getBounds().pad(0.25);
    return this.blockBoxes.filter(({ box }) => box.isValid() && view.intersects(box)).map(({ feature }) => feature);
  }

  private areaStyle(name: LayerName, feature: Feature): L.PathOptions {
    const marked = this.isHighlighted(name, feature);
    const accent = this.colour("accent");
    switch (name) {
      case "districts":
        return { color: accent, weight: marked ? 2.5 : 1, opacity: marked ? 1 : 0.5, fill: marked, fillColor: accent, fillOpacity: 0.08 };
      case "blocks":
        return { color: this.colour("muted"), weight: marked ? 2 : 0.7, opacity: marked ? 1 : 0.75, fill: true, fillColor: accent, fillOpacity: marked ? 0.3 : 0.02 };
      case "area":
        return { color: accent, weight: 1.3, opacity: 0.9, fill: true, fillColor: accent, fillOpacity: 0.32 };
      case "offer":
        // What could be taken: an outline only, so that it is not read as what is asked.
        return { color: this.colour("lamp"), weight: 2.5, dashArray: "3 6", fill: true, fillColor: this.colour("lamp"), fillOpacity: 0.1 };
      case "requests": {
        const state = stateOf(feature.properties ?? {});
        const colour = { pending: this.colour("waiting"), published: this.colour("good"), closed: this.colour("muted") }[state];
        const fill = state === "pending" ? this.colour("lamp") : colour;
        // State is also said by the line: waiting is dashed, closed is thin.
        return {
          color: colour,
          weight: marked ? 3.5 : state === "closed" ? 1 : 1.8,
          dashArray: state === "pending" ? "5 4" : undefined,
          fill: true,
          fillColor: fill,
          fillOpacity: marked ? 0.5 : state === "closed" ? 0.16 : 0.32,
        };
      }
      default:
        return { color: accent, weight: 1 };
    }
  }

  private paintArea(name: LayerName, group: L.LayerGroup, feature: Feature): void {
    if (name === "requests" && !this.isShown(`requests:${stateOf(feature.properties ?? {})}`)) return;
    const id = idOf(feature);
    const clickable = (name === "blocks" && this.hand.tool() === "blocks") || (name === "requests" && id !== null && this.hand.tool() === "none");
    const polygons = polygonsOf(feature);
    if (polygons.length > 0) {
      const shape = L.polygon(polygons.map((polygon) => polygon.map(latLngs)), {
        ...this.areaStyle(name, feature),
        pane: `porchlight-${name}`,
        renderer: name === "blocks" ? this.blocksRenderer : this.renderers.get(name)!,
        interactive: clickable,
        // Leaflet must not simplify: blocks share their edges.
        smoothFactor: name === "area" || name === "blocks" ? 0 : 1,
      });
      if (clickable && id !== null) {
        shape.on("click", (event) => {
          L.DomEvent.stop(event);
          this.hand.pick(name, id);
          if (name === "requests") this.openPopup(feature, shape.getBounds().getCenter());
        });
      }
      if (name === "requests" && clickable) bindName(shape, feature, stateOf(feature.properties ?? {}));
      group.addLayer(shape);
    }
  }

  private paintDistrictLabels(): void {
    const group = this.groups.get("districts")!;
    group.eachLayer((layer) => {
      if (layer instanceof L.Marker) group.removeLayer(layer);
    });
    if (!this.isShown("districts") || this.map.getZoom() < 11) return;
    for (const feature of this.data.get("districts")?.features ?? []) {
      const name = textOf(feature.properties?.["name"], 60);
      const largest = polygonsOf(feature).sort((a, b) => (b[0]?.length ?? 0) - (a[0]?.length ?? 0))[0];
      if (name === "" || !largest) continue;
      const bounds = L.latLngBounds(latLngs(largest[0]!));
      const size = this.map.latLngToLayerPoint(bounds.getSouthEast()).subtract(this.map.latLngToLayerPoint(bounds.getNorthWest()));
      if (size.x < name.length * 7) continue;
      group.addLayer(
        L.marker(labelPlace(largest[0]!), {
          pane: "porchlight-districts",
          interactive: false,
          keyboard: false,
          icon: L.divIcon({ className: "pl-district", html: element("span", "", name), iconSize: [0, 0] }),
        }),
      );
    }
  }

  private paintClustered(name: LayerName, group: L.LayerGroup, features: Feature[]): void {
    let index = this.indexes.get(name);
    if (!index) {
      index = new Supercluster<Properties, Properties>({ radius: 56, maxZoom: 17, minPoints: 2 });
      const points = features.filter((f): f is Feature<Point, Properties> => f.geometry?.type === "Point");
      index.load(points.map((f) => ({ ...f, properties: { ...f.properties, "pl:id": idOf(f) } })));
      this.indexes.set(name, index);
    }
    const bounds = this.map.getBounds().pad(0.2);
    const box: [number, number, number, number] = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
    for (const found of index.getClusters(box, Math.round(this.map.getZoom()))) {
      const [lon, lat] = found.geometry.coordinates as [number, number];
      const properties = found.properties as Properties;
      if (properties["cluster"] === true) {
        const clusterId = Number(properties["cluster_id"]);
        const marker = this.bubble(name, [lat, lon], Number(properties["point_count"]));
        const open = index;
        marker.on("click", () => {
          if (this.hand.tool() !== "none") return;
          this.map.setView([lat, lon], Math.min(open.getClusterExpansionZoom(clusterId), this.map.getMaxZoom()));
        });
        group.addLayer(marker);
      } else {
        group.addLayer(this.dot(name, [lat, lon], found as Feature, textOf(properties["pl:id"], 200) || null));
      }
    }
  }

  private paintPoint(name: LayerName, group: L.LayerGroup, feature: Feature): void {
    if (feature.geometry?.type !== "Point") return;
    const [lon, lat] = feature.geometry.coordinates as [number, number];
    if (!Number.isFinite(lat) || !Number.isFinite(lon)) return;
    const properties = feature.properties ?? {};
    if (name === "clusters") {
      const count = Number(properties["count"] ?? properties["point_count"]);
      const marker = this.bubble("clusters", [lat, lon], Number.isFinite(count) ? Math.max(0, count) : 0);
      marker.on("click", () => {
        if (this.hand.tool() !== "none") return;
        const id = idOf(feature);
        if (id !== null) this.hand.pick(name, id);
        this.map.setView([lat, lon], Math.min(this.map.getZoom() + 2, this.map.getMaxZoom()));
      });
      group.addLayer(marker);
      return;
    }
    group.addLayer(this.dot(name, [lat, lon], feature, idOf(feature)));
  }

  private bubble(name: LayerName, at: L.LatLngTuple, count: number): L.Marker {
    const size = Math.round(Math.min(22 + 6 * Math.log10(Math.max(1, count)) * 1.6, 48));
    const words = count >= 10_000 ? `${Math.round(count / 1000)}k` : String(count);
    const marker = L.marker(at, {
      pane: `porchlight-${name}`,
      bubblingMouseEvents: true,
      icon: L.divIcon({ className: `pl-bubble pl-${name}`, html: element("span", "", words), iconSize: [size, size] }),
    });
    const noun = name === "alerts" ? "alerts" : "posts";
    return named(marker, `${count} ${noun} here. Enter brings them nearer.`, null);
  }

  private dot(name: LayerName, at: L.LatLngTuple, feature: Feature, id: string | null): L.Marker {
    const properties = feature.properties ?? {};
    const title = textOf(properties["title"] ?? properties["name"], 120);
    const category = textOf(properties["category"], 60);
    const marked = this.highlighted?.layer === name && this.highlighted.id === id;
    const size = { incident: 16, agencies: 18 }[name as string] ?? 13;
    const marker = L.marker(at, {
      pane: `porchlight-${name}`,
      // With a tool in hand, a click on a marker is a click on the map.
      bubblingMouseEvents: true,
      interactive: name !== "incident",
      keyboard: name !== "incident",
      zIndexOffset: marked ? 1000 : 0,
      icon: L.divIcon({
        className: `pl-dot pl-${name}${marked ? " pl-marked" : ""}`,
        html: element("span", "", name === "agencies" ? "★" : ""),
        iconSize: [size, size],
      }),
    });
    const words = [title, category].filter((part) => part !== "").join(" · ");
    const kind = { posts: "Post", alerts: "Alert", agencies: "Agency", incident: "Incident" }[name as string] ?? "";
    if (words !== "") marker.bindTooltip(element("span", "", words), { direction: "top", offset: [0, -size / 2] });
    marker.on("click", () => {
      const tool = this.hand.tool();
      if (tool !== "none") return;
      if (id !== null) this.hand.pick(name, id);
      if (name === "agencies" || !this.hand.bridged) this.openPopup(feature, L.latLng(at));
    });
    return named(marker, `${kind}: ${words || "no title"}`, id);
  }

  /** Words about a feature; a link only to a path of this host, and only on a page without a console. */
  private openPopup(feature: Feature, at: L.LatLng): void {
    const properties = feature.properties ?? {};
    const box = element("div", "pl-popup");
    const title = textOf(properties["name"] ?? properties["title"], 120);
    const body = textOf(properties["text"] ?? properties["summary"], 600);
    if (title !== "") box.append(element("strong", "", title));
    if (body !== "") box.append(element("p", "", body));
    const href = this.hand.bridged ? null : ownPath(properties["href"]);
    if (href !== null) {
      const link = element("a", "", "Open") as HTMLAnchorElement;
      link.setAttribute("href", href);
      box.append(link);
    }
    if (box.childElementCount === 0) return;
    L.popup({ className: "pl-box", maxWidth: 280 }).setLatLng(at).setContent(box).openOn(this.map);
  }
}

function bindName(shape: L.Path, feature: Feature, state: string): void {
  const title = textOf(feature.properties?.["title"] ?? feature.properties?.["name"], 120);
  const words = { pending: "waiting", published: "published", closed: "closed" }[state] ?? "";
  const text = title === "" ? `Request, ${words}` : `${title} · ${words}`;
  shape.bindTooltip(element("span", "", text), { sticky: true, direction: "top" });
}

/** Gives a marker its name for screen readers once it is on the map. */
function named(marker: L.Marker, label: string, id: string | null): L.Marker {
  marker.on("add", () => {
    const icon = marker.getElement();
    if (!icon) return;
    icon.setAttribute("aria-label", label);
    if (id !== null) icon.dataset["plId"] = id;
  });
  return marker;
}

function focusedFeature(group: L.LayerGroup): string | null {
  let focused: string | null = null;
  group.eachLayer((layer) => {
    const icon = layer instanceof L.Marker ? layer.getElement() : undefined;
    if (icon && icon === document.activeElement) focused = icon.dataset["plId"] ?? null;
  });
  return focused;
}

function focusFeature(group: L.LayerGroup, id: string): void {
  group.eachLayer((layer) => {
    const icon = layer instanceof L.Marker ? layer.getElement() : undefined;
    if (icon?.dataset["plId"] === id) icon.focus({ preventScroll: true });
  });
}

function polygonsOf(feature: Feature): Position[][][] {
  const geometry = feature.geometry as Polygon | MultiPolygon | { type: string } | null;
  if (geometry?.type === "Polygon") return [(geometry as Polygon).coordinates];
  if (geometry?.type === "MultiPolygon") return [...(geometry as MultiPolygon).coordinates];
  return [];
}

function latLngs(ring: Position[]): L.LatLngTuple[] {
  return ring.map(([lon, lat]) => [lat!, lon!]);
}

/** The middle of the ring's area (the centroid), where a name is read best. */
function labelPlace(ring: Position[]): L.LatLngTuple {
  const [x0, y0] = ring[0] as [number, number];
  let twice = 0;
  let x = 0;
  let y = 0;
  for (let i = 0; i + 1 < ring.length; i += 1) {
    const ax = ring[i]![0]! - x0;
    const ay = ring[i]![1]! - y0;
    const bx = ring[i + 1]![0]! - x0;
    const by = ring[i + 1]![1]! - y0;
    const cross = ax * by - bx * ay;
    twice += cross;
    x += (ax + bx) * cross;
    y += (ay + by) * cross;
  }
  return twice === 0 ? [y0, x0] : [y0 + y / (3 * twice), x0 + x / (3 * twice)];
}
