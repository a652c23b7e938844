// Many places on the map: the worker clusters them, this draws what is in view as markers that a keyboard can reach.
import * as L from "leaflet";
import { type KindWords, PICKED_ROWS_MAX, POINTS, type PointsName, type Spot, type WorkerAnswer, type WorkerOrder } from "./messages";
import type { Box } from "./lines";
import { onChosen } from "./choosing";
import { element, textOf } from "./text";
import { shareOf, spotWords } from "./words";

const PANES: Record<PointsName, number> = { posts: 620, alerts: 630 };
const LIGHT_PANE = 660;
/** As many titles as one question may ask for. */
const TITLES_MAX = 400;
const DOT_PX = 13;
/** How far an alert's foot reaches below it. */
const PIN_PX = 6;

export interface PointsHand {
  picked(layer: PointsName, version: number, rows: number[], total: number): void;
  changed(): void;
  /** Markers stand elsewhere now. */
  moved(): void;
  tool(): string;
  isShown(name: PointsName): boolean;
}

interface Layer {
  name: PointsName;
  version: number;
  kinds: KindWords[];
  group: L.LayerGroup;
  marks: Map<string, { marker: L.Marker; spot: Spot }>;
  titles: Map<number, string>;
  selected: number;
  selectedKinds: number[];
  /** The last question, and the last that was answered. */
  asked: number;
  answered: number;
  /** Its places could not be fetched: there is nothing to ask. */
  failed: boolean;
}

export class PointLayers {
  private readonly layers = new Map<PointsName, Layer>();
  private worker: Worker | null = null;
  private readonly light: L.Marker;
  private questions = 0;
  private readonly waitingRows = new Map<number, { layer: Layer; total: number }>();

  constructor(
    private readonly map: L.Map,
    private readonly hand: PointsHand,
    private readonly workerUrl: string,
    private readonly layersUrl: string,
  ) {
    for (const name of POINTS) map.createPane(`porchlight-${name}`).style.zIndex = String(PANES[name]);
    const pane = map.createPane("porchlight-light");
    pane.style.zIndex = String(LIGHT_PANE);
    pane.style.pointerEvents = "none";
    const icon = L.divIcon({ className: "pl-light", iconSize: [34, 34] });
    this.light = L.marker([0, 0], { pane: "porchlight-light", interactive: false, keyboard: false, icon });
    map.on("moveend", () => this.refresh());
  }

  set(name: PointsName, version: number, kinds: KindWords[], rows: string | null): void {
    // A mark that stays belongs to the same layer: what it says and does is of the newest version.
    const layer: Layer = this.layers.get(name) ?? {
      name,
      version,
      kinds,
      group: L.layerGroup().addTo(this.map),
      marks: new Map(),
      titles: new Map(),
      selected: 0,
      selectedKinds: [],
      asked: 0,
      answered: 0,
      failed: false,
    };
    Object.assign(layer, { version, kinds, failed: false });
    layer.titles.clear();
    this.layers.set(name, layer);
    this.order({ type: "load", name, version, url: `${this.layersUrl}/${name}/${version}/points`, kinds: kinds.length, rows });
    this.ask(layer);
  }

  select(name: PointsName, version: number, rows: string | null): void {
    const layer = this.layers.get(name);
    if (layer?.version !== version) return;
    this.order({ type: "select", name, version, rows });
    this.ask(layer);
  }

  clear(name: PointsName): void {
    const layer = this.layers.get(name);
    if (!layer) return;
    layer.group.clearLayers();
    this.layers.delete(name);
    this.order({ type: "drop", name });
    this.hand.changed();
  }

  /** Shown or hidden by the legend. */
  switched(name: PointsName): void {
    const layer = this.layers.get(name);
    if (!layer) return;
    if (this.hand.isShown(name)) this.ask(layer);
    else this.draw(layer, []);
  }

  /** How many places of a layer are selected. */
  count(name: PointsName): number {
    return this.layers.get(name)?.selected ?? 0;
  }

  /** What the colours mean, with how many are selected; nothing where there is one kind only. */
  kinds(name: PointsName): { words: string; token: string; count: number }[] {
    const layer = this.layers.get(name);
    if (!layer || layer.kinds.length < 2) return [];
    return layer.kinds.map(({ one, token }, n) => ({ words: one, token, count: layer.selectedKinds[n] ?? 0 }));
  }

  has(name: PointsName): boolean {
    return this.layers.has(name);
  }

  marks(): number {
    let marks = 0;
    for (const layer of this.layers.values()) marks += layer.marks.size;
    return marks;
  }

  /** Where markers stand, in pixels of the map's frame. */
  boxes(): Box[] {
    const boxes: Box[] = [];
    for (const layer of this.layers.values()) {
      for (const { marker, spot } of layer.marks.values()) {
        const at = this.map.latLngToContainerPoint([spot.lat, spot.lon]);
        const half = Number((marker.options.icon!.options.iconSize as L.PointTuple)[0]) / 2;
        boxes.push({ left: at.x - half, right: at.x + half, top: at.y - half, bottom: at.y + half });
      }
    }
    return boxes;
  }

  isWaiting(): boolean {
    return [...this.layers.values()].some((layer) => layer.answered < layer.asked);
  }

  /** Lights a place, whatever lies there; null puts the light out. */
  setLight(at: L.LatLngTuple | null): void {
    this.light.remove();
    if (at) this.light.setLatLng(at).addTo(this.map);
  }

  private refresh(): void {
    for (const layer of this.layers.values()) this.ask(layer);
  }

  private order(order: WorkerOrder): void {
    if (!this.worker) {
      this.worker = new Worker(this.workerUrl);
      this.worker.onerror = () => this.layers.forEach((layer) => this.fail(layer));
      this.worker.onmessage = (event: MessageEvent<WorkerAnswer>) => this.hear(event.data);
    }
    this.worker.postMessage(order);
  }

  /** Nothing of a layer can be drawn; the console offers it again when the page is made anew. */
  private fail(layer: Layer): void {
    layer.failed = true;
    layer.answered = layer.asked;
    this.draw(layer, []);
    this.hand.changed();
  }

  private ask(layer: Layer): void {
    if (!this.hand.isShown(layer.name) || layer.failed) return;
    const bounds = this.map.getBounds().pad(0.2);
    this.questions += 1;
    layer.asked = this.questions;
    this.order({
      type: "view",
      name: layer.name,
      version: layer.version,
      box: [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()],
      zoom: this.map.getZoom(),
      asked: layer.asked,
    });
    this.hand.changed();
  }

  private hear(message: WorkerAnswer): void {
    const layer = this.layers.get(message.name);
    if (!layer || layer.version !== message.version) return;
    switch (message.type) {
      case "loaded":
        if (!message.ok) this.fail(layer);
        layer.selected = message.placed;
        layer.selectedKinds = message.kinds;
        break;
      case "shown":
        layer.selected = message.selected;
        layer.selectedKinds = message.kinds;
        if (message.asked === layer.asked) {
          layer.answered = message.asked;
          this.draw(layer, this.hand.isShown(layer.name) ? message.spots : []);
        }
        break;
      case "rows": {
        const waiting = this.waitingRows.get(message.asked);
        this.waitingRows.delete(message.asked);
        if (waiting && message.rows.length > 0) {
          this.hand.picked(layer.name, layer.version, message.rows, Math.max(waiting.total, message.rows.length));
        }
        break;
      }
    }
    this.hand.changed();
  }

  /** Only what differs is touched: a marker that stays keeps its focus. */
  private draw(layer: Layer, spots: Spot[]): void {
    const wanted = new Map(spots.map((spot) => [keyOf(spot), spot]));
    for (const [key, { marker }] of layer.marks) {
      if (wanted.has(key)) continue;
      layer.group.removeLayer(marker);
      layer.marks.delete(key);
    }
    // Tab goes from north to south.
    const fresh = [...wanted].filter(([key]) => !layer.marks.has(key)).sort(([, a], [, b]) => b.lat - a.lat);
    for (const [key, spot] of fresh) {
      const marker = spot.row === null ? this.bubble(layer, spot) : this.dot(layer, spot);
      layer.marks.set(key, { marker, spot });
      layer.group.addLayer(marker);
    }
    // A cluster's number and a place's row belong to the version that told them.
    for (const [key, spot] of wanted) {
      const mark = layer.marks.get(key)!;
      mark.spot = spot;
      this.name(layer, mark.marker, spot);
    }
    this.hand.moved();
    void this.fetchTitles(layer);
  }

  private bubble(layer: Layer, spot: Spot): L.Marker {
    const size = Math.round(Math.min(26 + 9 * Math.log10(Math.max(1, spot.count)), 52));
    const words = spot.count >= 10_000 ? `${Math.round(spot.count / 1000)}k` : String(spot.count);
    const ring = element("div", "pl-ring");
    ring.style.background = shareOf(spot.kinds, layer.kinds);
    ring.append(element("span", "pl-count", words));
    const icon = L.divIcon({ className: `pl-bubble pl-${layer.name}`, html: ring, iconSize: [size, size] });
    return this.marker(layer, spot, icon, size);
  }

  private dot(layer: Layer, spot: Spot): L.Marker {
    const kind = layer.kinds[spot.kinds.findIndex((count) => count > 0)];
    const mark = element("div", "pl-mark");
    mark.style.background = `var(--${kind?.token ?? "accent"})`;
    const icon = L.divIcon({ className: `pl-dot pl-${layer.name}`, html: mark, iconSize: [DOT_PX, DOT_PX] });
    return this.marker(layer, spot, icon, DOT_PX);
  }

  private marker(layer: Layer, spot: Spot, icon: L.DivIcon, size: number): L.Marker {
    icon.options.iconAnchor = layer.name === "alerts" ? [size / 2, size + PIN_PX] : [size / 2, size / 2];
    const marker = L.marker([spot.lat, spot.lon], {
      pane: `porchlight-${layer.name}`,
      // With a tool in hand, a click on a marker is a click on the map.
      bubblingMouseEvents: true,
      icon,
    });
    const key = keyOf(spot);
    const now = (): Spot => layer.marks.get(key)?.spot ?? spot;
    marker.bindTooltip(() => element("span", "", this.words(layer, now())), { direction: "top", offset: [0, layer.name === "alerts" ? -size - PIN_PX : -size / 2] });
    onChosen(marker, () => {
      if (this.hand.tool() === "none") this.pick(layer, now());
    });
    marker.on("dblclick", (event) => {
      L.DomEvent.stop(event.originalEvent);
      if (this.hand.tool() === "none") this.map.setView([spot.lat, spot.lon], Math.max(now().nearer, this.map.getZoom()));
    });
    return marker;
  }

  private pick(layer: Layer, spot: Spot): void {
    if (spot.row !== null) {
      this.hand.picked(layer.name, layer.version, [spot.row], 1);
      return;
    }
    this.questions += 1;
    this.waitingRows.set(this.questions, { layer, total: spot.count });
    const { name, version } = layer;
    this.order({ type: "rows", name, version, cluster: spot.cluster!, limit: PICKED_ROWS_MAX, asked: this.questions });
  }

  private words(layer: Layer, spot: Spot): string {
    return spotWords(spot, layer.kinds, spot.row === null ? "" : (layer.titles.get(spot.row) ?? ""));
  }

  private name(layer: Layer, marker: L.Marker, spot: Spot): void {
    const act = spot.row === null ? ". Enter lists them." : "";
    marker.getElement()?.setAttribute("aria-label", this.words(layer, spot) + act);
  }

  /** The titles of the single places in view: the page holds no others. */
  private async fetchTitles(layer: Layer): Promise<void> {
    const rows = [...layer.marks.values()]
      .map(({ spot }) => spot.row)
      .filter((row): row is number => row !== null && !layer.titles.has(row))
      .slice(0, TITLES_MAX);
    if (rows.length === 0) return;
    rows.forEach((row) => layer.titles.set(row, ""));
    try {
      const response = await fetch(`${this.layersUrl}/${layer.name}/${layer.version}/words/${rows.join(",")}`);
      const titles = (await response.json()) as unknown[];
      rows.forEach((row, n) => layer.titles.set(row, textOf(titles[n], 120)));
    } catch {
      return;
    }
    for (const { marker, spot } of layer.marks.values()) if (spot.row !== null) this.name(layer, marker, spot);
  }
}

/** What makes a mark the same one: where it stands and how it looks. */
function keyOf(spot: Spot): string {
  return `${spot.lon},${spot.lat},${spot.kinds.join()}`;
}
