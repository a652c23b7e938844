// What the map page and the console say to each other. The Python side is console/maps/messages.py.
import type { FeatureCollection } from "geojson";

/** Layers of few features, sent as GeoJSON. */
export const FEATURES = ["blocks", "area", "offer", "requests", "agencies", "incident"] as const;
export type FeaturesName = (typeof FEATURES)[number];
/** Layers of many places, clustered by the worker. */
export const POINTS = ["posts", "alerts"] as const;
export type PointsName = (typeof POINTS)[number];
/** Layers of long outlines, fetched for the zoom and the box that are looked at. */
export const OUTLINES = ["jurisdiction", "districts"] as const;
export type OutlinesName = (typeof OUTLINES)[number];
/** What the legend can switch. */
export const SWITCHES = [
  "posts",
  "alerts",
  "requests:pending",
  "requests:published",
  "requests:closed",
  "districts",
  "blocks",
  "agencies",
] as const;
export type SwitchName = (typeof SWITCHES)[number];
export type LayerName = FeaturesName | PointsName | OutlinesName;
export const PICKED_ROWS_MAX = 1000;
export interface KindWords {
  one: string;
  many: string;
  token: string;
}
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
  | { type: "picked"; layer: FeaturesName; feature_id: string }
  | { type: "points_picked"; layer: PointsName; version: number; rows: number[]; total: number }
  | { type: "switched"; what: SwitchName; visible: boolean }
  | { type: "place_picked"; lat: number; lon: number }
  | { type: "drawing"; geometry: Shape; final: boolean }
  | { type: "view_changed"; south: number; west: number; north: number; east: number; zoom: number };

export type ConsoleMessage =
  | { type: "set_layer"; name: FeaturesName | OutlinesName; geojson: FeatureCollection }
  | { type: "set_points"; name: PointsName; version: number; kinds: KindWords[]; rows: string | null }
  | { type: "select_points"; name: PointsName; version: number; rows: string | null }
  | { type: "set_outlines"; name: OutlinesName; version: number }
  | { type: "light"; lat: number | null; lon: number | null }
  | { type: "set_printing"; on: boolean }
  | { type: "clear_layer"; name: LayerName }
  | { type: "show_layer"; name: FeaturesName | SwitchName; visible: boolean }
  | { type: "set_theme"; theme: Theme }
  | { type: "fly_to"; lat: number; lon: number; zoom: number }
  | { type: "fit"; bounds: Bounds }
  | { type: "set_tool"; tool: Tool }
  | { type: "set_readout"; text: string }
  | { type: "highlight"; layer: FeaturesName | "districts"; feature_id: string | null }
  | { type: "set_drawing"; geometry: Shape }
  | { type: "clear_drawing" };

/** What console/maps/document.py embeds in the page. */
export interface Config {
  v: 1;
  title: string;
  theme: Theme;
  tokens: Record<Theme, Record<string, string>>;
  streets: Record<Theme, Record<string, string>>;
  /** Where the worker's script is; empty on a page without many places. */
  workerUrl: string;
  /** Where the console serves this page's layers; empty on a page without a console. */
  layersUrl: string;
  tileUrl: string | null;
  /** Of which kind the street map is; null without one. */
  schema: "streets" | "protomaps" | "raster" | null;
  minDataZoom: number;
  maxDataZoom: number;
  bounds: Bounds;
  attribution: string;
  /** What the map cannot show; empty where all is well. */
  note: string;
  interactive: boolean;
  bridge: boolean;
  layers: Partial<Record<FeaturesName | OutlinesName, FeatureCollection>>;
}

/** From the page to its worker. */
export type WorkerOrder =
  | { type: "load"; name: PointsName; version: number; url: string; kinds: number; rows: string | null }
  | { type: "select"; name: PointsName; version: number; rows: string | null }
  | { type: "view"; name: PointsName; version: number; box: [number, number, number, number]; zoom: number; asked: number }
  | { type: "rows"; name: PointsName; version: number; cluster: number; limit: number; asked: number }
  | { type: "drop"; name: PointsName };
/** A cluster (`row` null) or a single place (`cluster` null); `kinds` counts each kind. */
export interface Spot {
  lon: number;
  lat: number;
  count: number;
  row: number | null;
  cluster: number | null;
  nearer: number;
  kinds: number[];
}
/** From the worker to the page. */
export type WorkerAnswer =
  | { type: "loaded"; name: PointsName; version: number; placed: number; kinds: number[]; ok: boolean }
  | { type: "shown"; name: PointsName; version: number; spots: Spot[]; asked: number; selected: number; kinds: number[] }
  | { type: "rows"; name: PointsName; version: number; rows: number[]; asked: number };

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
