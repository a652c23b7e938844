// What the map page and the console say to each other. The Python side is console/maps/messages.py.
import type { FeatureCollection } from "geojson";

export const LAYERS = [
  "jurisdiction",
  "districts",
  "blocks",
  "posts",
  "requests",
  "alerts",
  "area",
  "offer",
  "incident",
  "agencies",
  "clusters",
] as const;
export type LayerName = (typeof LAYERS)[number];
export type Theme = "day" | "night";
export type Tool = "none" | "place" | "circle" | "rectangle" | "polygon" | "blocks";
/** South, west, north, east. */
export type Bounds = [number, number, number, number];

export interface Circle {
  shape: "circle";
  lat: number;
  lon: number;
  radius_m: number;
}
export interface Polygon {
  shape: "polygon";
  /** Positions are [longitude, latitude]. */
  ring: [number, number][];
}
export type Shape = Circle | Polygon;

export type PageMessage =
  | { type: "ready" }
  | { type: "drawn"; paths: number; tiles: number }
  | { type: "picked"; layer: LayerName; feature_id: string }
  | { type: "place_picked"; lat: number; lon: number }
  | { type: "drawing"; geometry: Shape; final: boolean }
  | { type: "view_changed"; south: number; west: number; north: number; east: number; zoom: number };

export type ConsoleMessage =
  | { type: "set_layer"; name: LayerName; geojson: FeatureCollection }
  | { type: "clear_layer"; name: LayerName }
  | { type: "show_layer"; name: LayerName; visible: boolean }
  | { type: "set_theme"; theme: Theme }
  | { type: "fly_to"; lat: number; lon: number; zoom: number }
  | { type: "fit"; bounds: Bounds }
  | { type: "set_tool"; tool: Tool }
  | { type: "set_readout"; text: string }
  | { type: "highlight"; layer: LayerName; feature_id: string | null }
  | { type: "set_drawing"; geometry: Shape }
  | { type: "clear_drawing" };

/** What console/maps/document.py embeds in the page. */
export interface Config {
  v: 1;
  title: string;
  theme: Theme;
  tokens: Record<Theme, Record<string, string>>;
  streets: Record<Theme, Record<string, string>>;
  tileUrl: string | null;
  minDataZoom: number;
  maxDataZoom: number;
  bounds: Bounds;
  attribution: string;
  interactive: boolean;
  bridge: boolean;
  layers: Partial<Record<LayerName, FeatureCollection>>;
}

interface BridgeObject {
  receive(text: string): void;
  sent: { connect(listener: (text: string) => void): void };
}
declare global {
  interface Window {
    qt?: { webChannelTransport: unknown };
    QWebChannel?: new (
      transport: unknown,
      ready: (channel: { objects: { bridge: BridgeObject } }) => void,
    ) => unknown;
  }
}

export type Send = (message: PageMessage) => void;

/** Opens the way to the console; on a public page there is none and nothing is sent. */
export function openBridge(hear: (message: ConsoleMessage) => void, opened: (send: Send) => void): void {
  if (!window.qt || !window.QWebChannel) return;
  new window.QWebChannel(window.qt.webChannelTransport, ({ objects }) => {
    objects.bridge.sent.connect((text) => hear(JSON.parse(text) as ConsoleMessage));
    opened((message) => objects.bridge.receive(JSON.stringify({ v: 1, ...message })));
  });
}
