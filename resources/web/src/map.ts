// The map page: takes the map that folium made, fills it, and speaks with the console.
import * as L from "leaflet";
import { Legend, Readout, addCredit, addMenu, addNote, addScale, addZoom } from "./controls";
import { Drawing } from "./drawing";
import { FeatureLayers } from "./layers";
import {
  type Bounds,
  type Config,
  type ConsoleMessage,
  FEATURES,
  type FeaturesName,
  OUTLINES,
  type OutlinesName,
  POINTS,
  type Send,
  type SwitchName,
  type Theme,
  type Tool,
  openBridge,
} from "./messages";
import { type OutlineLook, OutlineLayers } from "./outlines";
import { PointLayers } from "./points";
import { streetLayer } from "./streets";

const STILL = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
const REST_MS = 20;
/** After this the page says it is drawn although streets are still coming. */
const PATIENCE_MS = 3000;

// Before folium's own line makes the map.
L.Map.mergeOptions({
  maxZoom: 19,
  minZoom: 3,
  zoomSnap: 0.25,
  zoomDelta: 0.5,
  wheelPxPerZoomLevel: 120,
  maxBoundsViscosity: 1,
  zoomAnimation: !STILL,
  fadeAnimation: !STILL,
  markerZoomAnimation: !STILL,
  inertia: !STILL,
  keyboardPanDelta: 120,
});

class MapPage {
  private readonly layers: FeatureLayers;
  private readonly points: PointLayers;
  private readonly outlines: OutlineLayers;
  private readonly legend: Legend;
  private readonly readout: Readout;
  private readonly drawing: Drawing;
  private streets: L.GridLayer | null = null;
  private send: Send = () => undefined;
  private opened = false;
  private tool: Tool = "none";
  private theme: Theme;
  private touched = false;
  /** Drawn once: from now on movement shows where something went. */
  private settled = false;
  private moving = false;
  private restTimer = 0;
  private changedAt = performance.now();
  private viewTimer = 0;

  constructor(
    private readonly map: L.Map,
    private readonly config: Config,
  ) {
    this.theme = config.theme;
    const container = map.getContainer();
    container.setAttribute("role", "application");
    container.setAttribute("aria-label", `Map: ${config.title}. Arrow keys move it, plus and minus zoom.`);
    addLandmarks(container, config.title);
    this.wear(config.theme);
    this.readout = new Readout(map);
    const changed = (): void => this.changed();
    const isShown = (what: SwitchName): boolean => this.layers.isShown(what);
    this.layers = new FeatureLayers(
      map,
      {
        pick: (layer, id) => this.send({ type: "picked", layer, feature_id: id }),
        changed,
        tool: () => this.tool,
        bridged: config.bridge,
      },
      this.tokens(),
    );
    this.outlines = new OutlineLayers(map, config.layersUrl, this.look(), {
      changed,
      isShown: (name) => name === "jurisdiction" || isShown(name),
      taken: () => this.points?.boxes() ?? [],
    });
    this.points = new PointLayers(
      map,
      {
        picked: (layer, version, rows, total) => this.send({ type: "points_picked", layer, version, rows, total }),
        changed,
        moved: () => this.outlines.paintLabels(),
        tool: () => this.tool,
        isShown,
      },
      config.workerUrl,
      config.layersUrl,
    );
    this.legend = new Legend(map, {
      count: (what) => this.count(what),
      isShown,
      isOffered: (what) => this.layers.isTold(what) || (isOneOf(POINTS, what) && this.points.has(what)),
      kinds: (what) => (isOneOf(POINTS, what) ? this.points.kinds(what) : []),
      switch: (what, visible) => {
        this.show(what, visible);
        this.send({ type: "switched", what, visible });
      },
    });
    this.drawing = new Drawing(map, (message) => this.send(message), this.tokens()["lamp"]!);
    addCredit(map, config.attribution);
    addScale(map);
    if (config.interactive) addZoom(map);
    if (config.note !== "") addNote(map, config.note);
    this.fit(config.bounds);
    this.addStreets();
    for (const name of [...OUTLINES, ...FEATURES]) {
      const collection = config.layers[name];
      if (collection) this.put(name, collection);
    }
    this.listen();
    if (config.bridge) {
      if (config.interactive) {
        addMenu(map, "Start a request here", ({ lat, lng }) => this.send({ type: "place_picked", lat, lon: lng }));
      }
      openBridge(
        (message) => this.hear(message),
        (send) => {
          this.send = send;
          this.opened = true;
          send({ type: "ready" });
          this.sayView();
          this.changed();
        },
      );
    }
    this.changed();
  }

  private tokens(): Record<string, string> {
    return this.config.tokens[this.theme];
  }

  private look(): OutlineLook {
    const streets = this.config.streets[this.theme];
    const dim = { color: streets["dim"]!, opacity: Number(streets["dim_opacity"]) };
    return { colour: this.tokens()["accent"]!, dim };
  }

  private put(name: FeaturesName | OutlinesName, collection: GeoJSON.FeatureCollection): void {
    if (isOneOf(OUTLINES, name)) this.outlines.put(name, collection);
    else this.layers.set(name, collection);
  }

  private count(what: SwitchName): number {
    if (isOneOf(POINTS, what)) return this.points.count(what);
    return what === "districts" ? this.outlines.count(what) : this.layers.count(what);
  }

  private show(what: FeaturesName | SwitchName, visible: boolean): void {
    this.layers.show(what, visible);
    if (isOneOf(POINTS, what)) this.points.switched(what);
    else if (what === "districts") this.outlines.switched(what);
    this.changed();
  }

  private wear(theme: Theme): void {
    this.theme = theme;
    const root = document.documentElement;
    root.dataset["theme"] = theme;
    for (const [name, value] of Object.entries(this.config.tokens[theme])) {
      root.style.setProperty(`--${name.replaceAll("_", "-")}`, value);
    }
    root.style.setProperty("--ground", this.config.streets[theme]["ground"]!);
    root.style.setProperty("color-scheme", theme === "night" ? "dark" : "light");
  }

  private addStreets(): void {
    const before = this.streets;
    this.streets = null;
    if (this.config.tileUrl !== null) {
      this.streets = streetLayer(this.config, this.theme);
      this.streets.on("loading load tileload", () => this.changed());
      this.streets.addTo(this.map);
    }
    before?.remove();
  }

  private listen(): void {
    const container = this.map.getContainer();
    // WORKAROUND(Leaflet 1.9): its keys work while the box itself has the focus, not while a mark in it has.
    container.addEventListener("focusin", () => this.map.fire("focus"));
    container.addEventListener("focusout", ({ relatedTarget }) => {
      if (!container.contains(relatedTarget as Node | null)) this.map.fire("blur");
    });
    this.map.on("moveend", () => {
      window.clearTimeout(this.viewTimer);
      this.viewTimer = window.setTimeout(() => this.sayView(), 80);
    });
    this.map.on("dragstart zoomstart", () => {
      if (!this.moving) this.touched = true;
    });
    this.map.on("resize", () => {
      if (!this.touched) this.fit(this.config.bounds);
    });
    this.map.on("click", ({ latlng }) => {
      if (this.tool !== "place") return;
      const { lat, lng } = latlng.wrap();
      this.send({ type: "place_picked", lat, lon: lng });
    });
  }

  private hear(message: ConsoleMessage): void {
    switch (message.type) {
      case "set_layer":
        this.put(message.name, message.geojson);
        this.drawing.hearAnswer();
        break;
      case "set_points":
        this.points.set(message.name, message.version, message.kinds, message.rows);
        break;
      case "select_points":
        this.points.select(message.name, message.version, message.rows);
        break;
      case "set_outlines":
        this.outlines.set(message.name, message.version);
        break;
      case "light":
        this.points.setLight(message.lat === null || message.lon === null ? null : [message.lat, message.lon]);
        break;
      case "set_printing":
        document.documentElement.classList.toggle("pl-printing", message.on);
        this.changed();
        break;
      case "clear_layer":
        if (isOneOf(POINTS, message.name)) this.points.clear(message.name);
        else this.put(message.name, { type: "FeatureCollection", features: [] });
        this.drawing.hearAnswer();
        break;
      case "show_layer":
        this.show(message.name, message.visible);
        break;
      case "set_theme":
        if (message.theme === this.theme) break;
        this.wear(message.theme);
        this.layers.setTheme(this.tokens());
        this.outlines.setLook(this.look());
        this.drawing.setColour(this.tokens()["lamp"]!);
        this.addStreets();
        break;
      case "fly_to":
        this.touched = true;
        this.map.setView([message.lat, message.lon], message.zoom, { animate: this.settled && !STILL ? undefined : false });
        break;
      case "fit":
        this.touched = true;
        this.fit(message.bounds);
        break;
      case "set_tool":
        this.setTool(message.tool);
        break;
      case "set_readout":
        this.readout.set(message.text);
        this.drawing.hearAnswer();
        break;
      case "highlight":
        if (message.layer === "districts") this.outlines.mark(message.feature_id);
        else this.layers.highlight(message.layer, message.feature_id);
        break;
      case "set_drawing":
        this.drawing.put(message.geometry);
        break;
      case "clear_drawing":
        this.drawing.clear();
        break;
      default:
        return assertNever(message);
    }
  }

  private setTool(tool: Tool): void {
    this.tool = tool;
    this.drawing.setTool(tool);
    this.layers.toolChanged();
  }

  private fit([south, west, north, east]: Bounds): void {
    this.moving = true;
    this.map.fitBounds(
      [
        [south, west],
        [north, east],
      ],
      { animate: false, padding: [12, 12], maxZoom: 17 },
    );
    this.moving = false;
  }

  private sayView(): void {
    if (!this.opened || this.map.getSize().x === 0) return;
    const bounds = this.map.getBounds();
    const clamp = (value: number, limit: number): number => Math.max(-limit, Math.min(limit, value));
    this.send({
      type: "view_changed",
      south: clamp(bounds.getSouth(), 90),
      west: clamp(bounds.getWest(), 180),
      north: clamp(bounds.getNorth(), 90),
      east: clamp(bounds.getEast(), 180),
      zoom: this.map.getZoom(),
    });
  }

  /** Something will be painted: when all is at rest, say what is on the map. */
  private changed(): void {
    // Called while the page is still being built.
    this.legend?.refresh();
    this.changedAt = performance.now();
    window.clearTimeout(this.restTimer);
    this.restTimer = window.setTimeout(() => this.sayDrawn(), REST_MS);
  }

  private sayDrawn(): void {
    const isLoading = (this.streets?.isLoading() ?? false) || this.points.isWaiting() || this.outlines.isWaiting();
    if (isLoading && performance.now() - this.changedAt < PATIENCE_MS) {
      this.restTimer = window.setTimeout(() => this.sayDrawn(), REST_MS);
      return;
    }
    if (!this.opened) return;
    this.settled = true;
    const tiles = this.map.getContainer().querySelectorAll("canvas.leaflet-tile-loaded").length;
    const paths = this.layers.paths() + this.points.marks() + this.outlines.paths();
    const say = (): void => this.send({ type: "drawn", paths, tiles });
    // The next frame shows it; a window out of sight draws no frames and answers all the same.
    let said = false;
    const once = (): void => {
      if (!said) say();
      said = true;
    };
    requestAnimationFrame(() => requestAnimationFrame(once));
    window.setTimeout(once, 250);
  }
}

/** folium writes a bare box: who listens to the page is told what it is. */
function addLandmarks(container: HTMLElement, title: string): void {
  const main = document.createElement("main");
  const heading = document.createElement("h1");
  heading.className = "pl-unseen";
  heading.textContent = title;
  container.replaceWith(main);
  main.append(heading, container);
}

function isOneOf<T extends string>(names: readonly T[], name: string): name is T {
  return (names as readonly string[]).includes(name);
}

function assertNever(message: never): never {
  throw new Error(`unknown message ${JSON.stringify(message)}`);
}

/** Called by the page that console/maps/document.py writes. */
export function start(map: L.Map, configId: string): void {
  const text = document.getElementById(configId)?.textContent;
  if (!text) throw new Error("the page has no map in it");
  new MapPage(map, JSON.parse(text) as Config);
}
