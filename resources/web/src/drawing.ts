// Drawing by hand with Geoman: the console hears of the shape while it is drawn, and decides what it means.
import type {} from "@geoman-io/leaflet-geoman-free";
import * as L from "leaflet";
import type { PageMessage, Shape, Tool } from "./messages";

const SHAPES = { circle: "Circle", rectangle: "Rectangle", polygon: "Polygon" } as const;
type DrawingTool = keyof typeof SHAPES;
/** A press that moves less than this is a click. */
const DRAG_PX = 6;
const ANSWER_MS = 50;

/** WORKAROUND(Geoman 2.20): it knows click, move, click only; to draw by dragging we call these. */
interface DrawInside {
  _placeCenterMarker?(event: { latlng: L.LatLng }): void;
  _placeStartingMarkers?(event: { latlng: L.LatLng }): void;
  _finishShape(event: { latlng: L.LatLng }): void;
  _hintMarker: L.Marker;
}

function isDrawingTool(tool: Tool): tool is DrawingTool {
  return tool in SHAPES;
}

export class Drawing {
  private tool: Tool = "none";
  private drawn: L.Path | null = null;
  private waiting: PageMessage | null = null;
  private sentAt = 0;
  private answered = true;
  private scheduled = false;
  private restarting = false;
  private settledShape = "";

  constructor(
    private readonly map: L.Map,
    private readonly send: (message: PageMessage) => void,
    private lamp: string,
  ) {
    L.PM.setOptIn(true);
    map.createPane("porchlight-drawing").style.zIndex = "400";
    map.pm.setGlobalOptions({
      snappable: false,
      tooltips: false,
      continueDrawing: false,
      allowSelfIntersection: false,
      finishOn: "dblclick",
      panes: { layerPane: "porchlight-drawing", vertexPane: "markerPane", markerPane: "markerPane" },
    } as never);
    this.setColour(lamp);
    map.on("pm:drawstart", ({ workingLayer }) => {
      workingLayer.on("pm:change", () => this.say(workingLayer as L.Layer, false));
    });
    map.on("mousemove", (event) => {
      // A polygon's last edge follows the pointer and is not part of the working layer yet.
      if (this.tool === "polygon" && this.isDrawing()) this.sayPolygonWith(event.latlng);
    });
    map.on("pm:create", ({ layer }) => this.keep(layer as L.Path));
    this.drawByDragging();
    map.getContainer().addEventListener("keydown", (event) => {
      if (event.key === "Escape" && isDrawingTool(this.tool)) this.restart();
    });
  }

  setColour(lamp: string): void {
    this.lamp = lamp;
    const dashed = { color: lamp, weight: 2.5, dashArray: "7 6", opacity: 1 };
    this.map.pm.setPathOptions({ ...dashed, fill: true, fillColor: lamp, fillOpacity: 0.06 });
    this.map.pm.setGlobalOptions({
      templineStyle: { ...dashed, fillColor: lamp, fillOpacity: 0.06 },
      hintlineStyle: { ...dashed, weight: 1.5 },
    } as never);
    this.drawn?.setStyle({ color: lamp, fillColor: lamp });
  }

  setTool(tool: Tool): void {
    this.tool = tool;
    this.restart();
  }

  clear(): void {
    this.settledShape = "";
    this.drawn?.pm.disable();
    this.drawn?.remove();
    this.drawn = null;
    this.waiting = null;
    this.restart();
  }

  /** A shape that was made without the pointer, put on the map to be taken hold of. The console knows it: it is not told. */
  put(shape: Shape): void {
    const style = { color: this.lamp, weight: 2.5, dashArray: "7 6", fillColor: this.lamp, fillOpacity: 0.06 };
    const options = { ...style, pane: "porchlight-drawing", pmIgnore: false };
    this.clear();
    const layer =
      shape.shape === "circle"
        ? L.circle([shape.lat, shape.lon], { ...options, radius: shape.radius_m })
        : L.polygon(shape.ring.map(([lon, lat]) => L.latLng(lat, lon)), options);
    layer.addTo(this.map);
    const known = shapeOf(layer);
    this.settledShape = known ? JSON.stringify(known) : "";
    this.takeHold(layer);
    this.restart();
  }

  /** The console has answered the last shape: the next may go. */
  hearAnswer(): void {
    this.answered = true;
  }

  isDrawing(): boolean {
    return this.map.pm.globalDrawModeEnabled();
  }

  private restart(): void {
    this.restarting = true;
    this.map.pm.disableDraw();
    this.restarting = false;
    const drawing = isDrawingTool(this.tool);
    if (drawing && !this.drawn) this.map.pm.enableDraw(SHAPES[this.tool as DrawingTool]);
    this.map.getContainer().classList.toggle("pl-cross", this.tool !== "none" && !this.drawn);
    const dragsShape = drawing && !this.drawn && this.tool !== "polygon";
    if (this.map.options.dragging !== false) {
      if (dragsShape) this.map.dragging.disable();
      else this.map.dragging.enable();
    }
  }

  private keep(layer: L.Path): void {
    const shape = shapeOf(layer);
    this.drawn?.remove();
    this.drawn = null;
    if (!shape) {
      layer.remove();
      // After Geoman has left its own handler.
      setTimeout(() => this.restart());
      return;
    }
    this.say(layer, true);
    this.takeHold(layer);
    setTimeout(() => this.restart());
  }

  private takeHold(layer: L.Path): void {
    this.drawn = layer;
    if (!layer.pm) {
      layer.options.pmIgnore = false;
      L.PM.reInitLayer(layer);
    }
    this.showHandles(layer);
    this.moveByDragging(layer);
    layer.on("pm:change", () => this.say(layer, false));
    layer.on("pm:edit pm:markerdragend pm:dragend", () => this.say(layer, true));
  }

  private showHandles(layer: L.Path): void {
    layer.pm.enable({
      allowSelfIntersection: false,
      snappable: false,
      draggable: true,
      hintlineStyle: { color: this.lamp, weight: 1.5, dashArray: "3 5" },
    } as never);
  }

  /** WORKAROUND(Geoman 2.20): a shape has either handles or can be dragged by its inside; here it is both. */
  private moveByDragging(layer: L.Path): void {
    layer.on("mousedown", (pressed: L.LeafletMouseEvent) => {
      if (pressed.originalEvent.button !== 0 || this.isDrawing()) return;
      L.DomEvent.stop(pressed.originalEvent);
      this.map.dragging.disable();
      let last = pressed.latlng;
      let moved = false;
      const move = ({ latlng }: L.LeafletMouseEvent): void => {
        if (!moved) layer.pm.disable();
        moved = true;
        shift(layer, latlng.lat - last.lat, latlng.lng - last.lng);
        last = latlng;
        this.say(layer, false);
      };
      const drop = (): void => {
        this.map.off("mousemove", move);
        document.removeEventListener("mouseup", drop);
        this.map.dragging.enable();
        if (!moved || layer !== this.drawn) return;
        this.showHandles(layer);
        this.say(layer, true);
      };
      this.map.on("mousemove", move);
      document.addEventListener("mouseup", drop);
    });
  }

  private say(layer: L.Layer, final: boolean): void {
    if (this.restarting) return;
    const geometry = shapeOf(layer);
    if (geometry) this.queue({ type: "drawing", geometry, final });
  }

  private sayPolygonWith(last: L.LatLng): void {
    const inside = (this.map.pm as unknown as { Draw: { Polygon: { _layer?: L.Polyline } } }).Draw.Polygon;
    const placed = (inside._layer?.getLatLngs() ?? []) as L.LatLng[];
    if (placed.length >= 2) {
      this.queue({ type: "drawing", geometry: { shape: "polygon", ring: [...placed, last].map(position) }, final: false });
    }
  }

  private queue(message: PageMessage & { type: "drawing" }): void {
    // Geoman tells of a change once more after the hand let go: the console's last word is the final one.
    const shape = JSON.stringify(message.geometry);
    if (shape === this.settledShape) {
      this.waiting = null;
      return;
    }
    this.settledShape = message.final ? shape : "";
    if (message.final) {
      this.waiting = null;
      this.answered = false;
      this.sentAt = performance.now();
      this.send(message);
      return;
    }
    this.waiting = message;
    if (this.scheduled) return;
    this.scheduled = true;
    requestAnimationFrame(() => this.sendWaiting());
  }

  private sendWaiting(): void {
    this.scheduled = false;
    if (!this.waiting) return;
    if (!this.answered && performance.now() - this.sentAt < ANSWER_MS) {
      this.scheduled = true;
      requestAnimationFrame(() => this.sendWaiting());
      return;
    }
    const message = this.waiting;
    this.waiting = null;
    this.answered = false;
    this.sentAt = performance.now();
    this.send(message);
  }

  private drawByDragging(): void {
    let pressed: L.LeafletMouseEvent | null = null;
    let dragged = false;
    const inside = (): DrawInside | null => {
      if (this.tool !== "circle" && this.tool !== "rectangle") return null;
      if (!this.isDrawing()) return null;
      return (this.map.pm.Draw as unknown as Record<string, DrawInside>)[SHAPES[this.tool]] ?? null;
    };
    this.map.on("mousedown", (event) => {
      pressed = event.originalEvent.button === 0 && inside() ? event : null;
      dragged = false;
    });
    this.map.on("mousemove", (event) => {
      if (!pressed || dragged) return;
      if (pressed.containerPoint.distanceTo(event.containerPoint) < DRAG_PX) return;
      const draw = inside();
      if (!draw) return;
      dragged = true;
      draw._hintMarker.setLatLng(pressed.latlng);
      (draw._placeCenterMarker ?? draw._placeStartingMarkers)?.call(draw, { latlng: pressed.latlng });
    });
    this.map.on("mouseup", (event) => {
      const draw = inside();
      if (pressed && dragged && draw) draw._finishShape({ latlng: event.latlng });
      pressed = null;
      dragged = false;
    });
  }
}

function position(at: L.LatLng): [number, number] {
  const wrapped = at.wrap();
  return [wrapped.lng, Math.max(-90, Math.min(90, wrapped.lat))];
}

function shift(layer: L.Path, north: number, east: number): void {
  const there = (at: L.LatLng): L.LatLng => L.latLng(at.lat + north, at.lng + east);
  if (layer instanceof L.Circle) layer.setLatLng(there(layer.getLatLng()));
  else if (layer instanceof L.Polygon) {
    const rings = layer.getLatLngs() as L.LatLng[][];
    layer.setLatLngs(rings.map((ring) => ring.map(there)));
  }
}

function shapeOf(layer: L.Layer): Shape | null {
  if (layer instanceof L.Circle) {
    const [lon, lat] = position(layer.getLatLng());
    const radius_m = layer.getRadius();
    return radius_m >= 1 && radius_m <= 100_000 ? { shape: "circle", lat, lon, radius_m } : null;
  }
  if (layer instanceof L.Polyline) {
    const rings = layer.getLatLngs() as L.LatLng[] | L.LatLng[][];
    const first = (Array.isArray(rings[0]) ? rings[0] : rings) as L.LatLng[];
    const ring = first.map(position);
    const apart = new Set(ring.map((p) => p.join()));
    return apart.size >= 3 && ring.length <= 1000 ? { shape: "polygon", ring } : null;
  }
  return null;
}
