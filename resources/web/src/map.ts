// The map page: takes the map that folium made, fills it, and speaks with the console.
import * as L from "leaflet";
import { Legend, Readout, addCredit, addMenu, addNote, addScale, addZoom } from "./controls";
import { Drawing } from "./drawing";
import { FeatureLayers } from "./layers";
import { type Bounds, type Config, type ConsoleMessage, LAYERS, type Send, type Theme, type Tool, openBridge } from "./messages";
import { streetLayer } from "./streets";

const STILL = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
const REST_MS = 40;
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
    this.wear(config.theme);
    this.readout = new Readout(map);
    this.layers = new FeatureLayers(
      map,
      {
        pick: (layer, id) => this.send({ type: "picked", layer, feature_id: id }),
        changed: () => this.changed(),
        tool: () => this.tool,
        bridged: config.bridge,
      },
      this.tokens(),
      this.dim(),
    );
    this.legend = new Legend(map, this.layers);
    this.drawing = new Drawing(map, (message) => this.send(message), this.tokens()["lamp"]!);
    addCredit(map, config.attribution);
    addScale(map);
    if (config.interactive) addZoom(map);
    if (config.tileUrl === null) addNote(map, "No street map is installed for this city: outlines only.");
    this.fit(config.bounds);
    this.addStreets();
    for (const name of LAYERS) {
      const collection = config.layers[name];
      if (collection) this.layers.set(name, collection);
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

  private dim(): { color: string; opacity: number } {
    const streets = this.config.streets[this.theme];
    return { color: streets["dim"]!, opacity: Number(streets["dim_opacity"]) };
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
        this.layers.set(message.name, message.geojson);
        this.drawing.hearAnswer();
        break;
      case "clear_layer":
        this.layers.clear(message.name);
        this.drawing.hearAnswer();
        break;
      case "show_layer":
        this.layers.show(message.name, message.visible);
        break;
      case "set_theme":
        if (message.theme === this.theme) break;
        this.wear(message.theme);
        this.layers.setTheme(message.theme, this.tokens(), this.dim());
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
        this.layers.highlight(message.layer, message.feature_id);
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
    const loading = this.streets?.isLoading() ?? false;
    if (loading && performance.now() - this.changedAt < PATIENCE_MS) {
      this.restTimer = window.setTimeout(() => this.sayDrawn(), REST_MS);
      return;
    }
    if (!this.opened) return;
    this.settled = true;
    const tiles = this.map.getContainer().querySelectorAll("canvas.leaflet-tile-loaded").length;
    const say = (): void => this.send({ type: "drawn", paths: this.layers.paths(), tiles });
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

function assertNever(message: never): never {
  throw new Error(`unknown message ${JSON.stringify(message)}`);
}

/** Called by the page that console/maps/document.py writes. */
export function start(map: L.Map, configId: string): void {
  const text = document.getElementById(configId)?.textContent;
  if (!text) throw new Error("the page has no map in it");
  new MapPage(map, JSON.parse(text) as Config);
}
