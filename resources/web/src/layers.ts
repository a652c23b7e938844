// The layers of few features: areas, requests, single places. Feature text is never trusted: textContent only.
import type { Feature, FeatureCollection, GeoJsonProperties } from "geojson";
import * as L from "leaflet";
import { onChosen } from "./choosing";
import { FEATURES, type FeaturesName, type SwitchName } from "./messages";
import { latLngs, polygonsOf } from "./outlines";
import { element, textOf } from "./text";

type Colours = Record<string, string>;
type Properties = NonNullable<GeoJsonProperties>;

export interface Hand {
  /** A feature was chosen by click or Enter. */
  pick(layer: FeaturesName, id: string): void;
  /** Something on the map changed and will have to be painted. */
  changed(): void;
  tool(): string;
  bridged: boolean;
}

export type RequestState = "pending" | "published" | "closed";
const STATES: RequestState[] = ["pending", "published", "closed"];
/** What can be shown or hidden: a layer, or one state of the requests. */
export type Shown = FeaturesName | SwitchName;

const BLOCKS_FROM_ZOOM = 13;
// From the ground up. Panes of SVG let clicks through where nothing is drawn.
const PANES: Record<FeaturesName, number> = {
  blocks: 360,
  area: 380,
  offer: 385,
  requests: 390,
  agencies: 640,
  incident: 650,
};

export function idOf(feature: Feature): string | null {
  const id = feature.id ?? feature.properties?.["id"];
  const text = textOf(id, 200);
  return text === "" ? null : text;
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
  private readonly data = new Map<FeaturesName, FeatureCollection>();
  private readonly groups = new Map<FeaturesName, L.LayerGroup>();
  private readonly hidden = new Set<Shown>(["blocks"]);
  private readonly told = new Set<Shown>();
  private readonly blocksRenderer: L.Canvas;
  private readonly renderers = new Map<FeaturesName, L.SVG>();
  private blockBoxes: { feature: Feature; box: L.LatLngBounds }[] | null = null;
  private highlighted: { layer: FeaturesName; id: string } | null = null;

  constructor(
    private readonly map: L.Map,
    private readonly hand: Hand,
    private colours: Colours,
  ) {
    for (const name of FEATURES) {
      const pane = map.createPane(`porchlight-${name}`);
      pane.style.zIndex = String(PANES[name]);
      this.groups.set(name, L.layerGroup().addTo(map));
      if (name !== "blocks") {
        this.renderers.set(name, L.svg({ pane: `porchlight-${name}`, padding: 0.5 }));
      }
    }
    this.blocksRenderer = L.canvas({ pane: "porchlight-blocks", padding: 0.3, tolerance: 0 });
    map.on("moveend", () => {
      if (this.data.has("blocks") && this.isShown("blocks")) this.paint("blocks");
    });
  }

  set(name: FeaturesName, collection: FeatureCollection): void {
    this.data.set(name, collection);
    if (name === "blocks") this.blockBoxes = null;
    this.paint(name);
  }

  clear(name: FeaturesName): void {
    this.set(name, { type: "FeatureCollection", features: [] });
  }

  show(what: Shown, visible: boolean): void {
    this.told.add(what);
    if (visible) this.hidden.delete(what);
    else this.hidden.add(what);
    if (what === "requests") STATES.forEach((state) => this.show(`requests:${state}`, visible));
    const name = what.split(":")[0] as FeaturesName;
    if (FEATURES.includes(name)) this.paint(name);
  }

  /** Whether somebody has said whether it is shown. */
  isTold(what: Shown): boolean {
    return this.told.has(what);
  }

  isShown(what: Shown): boolean {
    return !this.hidden.has(what);
  }

  /** How many features there are to switch. */
  count(what: Shown): number {
    const [name, state] = what.split(":") as [FeaturesName, RequestState | undefined];
    const features = this.data.get(name)?.features ?? [];
    return state === undefined ? features.length : features.filter((f) => stateOf(f.properties ?? {}) === state).length;
  }

  setTheme(colours: Colours): void {
    this.colours = colours;
    this.repaint();
  }

  /** The tool in hand decides what can be clicked. */
  toolChanged(): void {
    this.paint("blocks");
    this.paint("requests");
  }

  private repaint(): void {
    for (const name of FEATURES) this.paint(name);
  }

  highlight(layer: FeaturesName, id: string | null): void {
    const before = this.highlighted;
    this.highlighted = id === null ? null : { layer, id };
    if (before && before.layer !== layer) this.paint(before.layer);
    this.paint(layer);
  }

  /** How many shapes and markers are on the map now. */
  paths(): number {
    let paths = 0;
    for (const group of this.groups.values()) paths += group.getLayers().length;
    return paths;
  }

  private colour(token: string): string {
    return this.colours[token]!;
  }

  private isHighlighted(layer: FeaturesName, feature: Feature): boolean {
    return this.highlighted?.layer === layer && this.highlighted.id === idOf(feature);
  }

  private paint(name: FeaturesName): void {
    const group = this.groups.get(name)!;
    group.clearLayers();
    if (this.isShown(name)) {
      const features = name === "blocks" ? this.blocksInView() : (this.data.get(name)?.features ?? []);
      const isPoint = name === "incident" || name === "agencies";
      for (const feature of features) {
        if (isPoint) this.paintPoint(name, group, feature);
        else this.paintArea(name, group, feature);
      }
    }
    this.hand.changed();
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

  private areaStyle(name: FeaturesName, feature: Feature): L.PathOptions {
    const marked = this.isHighlighted(name, feature);
    const accent = this.colour("accent");
    switch (name) {
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

  private paintArea(name: FeaturesName, group: L.LayerGroup, feature: Feature): void {
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

  private paintPoint(name: FeaturesName, group: L.LayerGroup, feature: Feature): void {
    if (feature.geometry?.type !== "Point") return;
    const [lon, lat] = feature.geometry.coordinates as [number, number];
    if (!Number.isFinite(lat) || !Number.isFinite(lon)) return;
    const isIncident = name === "incident";
    const size = isIncident ? 16 : 18;
    const marker = L.marker([lat, lon], {
      pane: `porchlight-${name}`,
      // With a tool in hand, a click on a marker is a click on the map.
      bubblingMouseEvents: true,
      interactive: !isIncident,
      keyboard: !isIncident,
      icon: L.divIcon({ className: `pl-dot pl-${name}`, html: element("div", "pl-mark", isIncident ? "" : "★"), iconSize: [size, size] }),
    });
    const id = idOf(feature);
    const title = textOf(feature.properties?.["title"] ?? feature.properties?.["name"], 120);
    if (title !== "") marker.bindTooltip(element("span", "", title), { direction: "top", offset: [0, -size / 2] });
    marker.on("add", () => {
      if (isIncident) marker.getElement()?.setAttribute("role", "img");
      marker.getElement()?.setAttribute("aria-label", `${isIncident ? "Incident" : "Agency"}: ${title || "no name"}`);
    });
    onChosen(marker, () => {
      if (this.hand.tool() !== "none") return;
      if (id !== null) this.hand.pick(name, id);
      this.openPopup(feature, L.latLng(lat, lon));
    });
    group.addLayer(marker);
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
