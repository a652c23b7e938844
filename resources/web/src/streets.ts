// The quiet street map: vector tiles of one of two schemas, painted by protomaps-leaflet, or an agency's own pictures.
import * as L from "leaflet";
import {
  type Feature,
  LineLabelPlacement,
  LineLabelSymbolizer,
  LineSymbolizer,
  type LabelRule,
  type PaintRule,
  PolygonSymbolizer,
  type PreparedTile,
  type TileCache,
  type Zxy,
  exp,
  leafletLayer,
} from "protomaps-leaflet";
import type { Config, Theme } from "./messages";

type Colours = Record<string, string>;

/** What a schema calls what we paint: layers, the property that tells the class, and the classes. */
interface Schema {
  property: string;
  roads: string;
  roadNames: string;
  waterLines: string;
  motorway: string[];
  major: string[];
  middle: string[];
  minor: string[];
  lanes: string[];
  rail: string[];
  built: string[];
  parks: string[];
  /** Layers of open green that stand beside land use. */
  green: string[];
}
const SCHEMAS: Record<"streets" | "protomaps", Schema> = {
  // Source: Mapbox Streets v7, as the training city's tiles are.
  streets: {
    property: "class",
    roads: "road",
    roadNames: "road_label",
    waterLines: "waterway",
    motorway: ["motorway", "trunk"],
    major: ["primary", "motorway_link", "secondary"],
    middle: ["tertiary", "link"],
    minor: ["street", "street_limited", "main"],
    lanes: ["service", "pedestrian", "track", "path"],
    rail: ["major_rail", "minor_rail"],
    built: ["industrial", "hospital", "school", "parking", "aboriginal_lands"],
    parks: ["park", "grass", "wood", "scrub", "cemetery", "pitch", "golf", "agriculture"],
    green: [],
  },
  // Source: the Protomaps basemap layers, versions 3 and 4 (docs.protomaps.com/basemaps/layers).
  protomaps: {
    property: "kind",
    roads: "roads",
    roadNames: "roads",
    waterLines: "water",
    motorway: ["highway"],
    major: ["major_road"],
    middle: ["medium_road"],
    minor: ["minor_road"],
    lanes: ["path", "other", "pier"],
    rail: ["rail"],
    built: ["industrial", "hospital", "school", "university", "college", "commercial", "railway", "aerodrome", "military"],
    parks: [
      "park", "grass", "wood", "forest", "scrub", "cemetery", "pitch", "golf_course", "meadow", "nature_reserve", "garden",
      "playground", "recreation_ground", "village_green", "farmland", "orchard", "wetland", "grassland",
    ],
    green: ["landcover"],
  },
};
/** How many levels the streets may be drawn below their data. */
const UNDERZOOM = 3;

const isLine = (feature: Feature): boolean => feature.geomType === 2;

function paintRules(schema: Schema, colour: Colours): PaintRule[] {
  const inClass = (classes: string[]) => (feature: Feature) => classes.includes(String(feature.props[schema.property]));
  const area = (dataLayer: string, fill: string, classes?: string[]): PaintRule => ({
    dataLayer,
    symbolizer: new PolygonSymbolizer({ fill }),
    filter: (_zoom, feature) => feature.geomType === 3 && (!classes || inClass(classes)(feature)),
  });
  const road = (classes: string[], color: string, stops: number[][], minzoom: number): PaintRule => ({
    dataLayer: schema.roads,
    minzoom,
    symbolizer: new LineSymbolizer({ color, width: exp(1.6, stops), lineCap: "round", lineJoin: "round" }),
    filter: (_zoom, feature) => isLine(feature) && inClass(classes)(feature),
  });
  const minor = [[12, 0.35], [14, 0.8], [15, 1.2], [16, 4], [18, 13]];
  const middle = [[11, 0.4], [13, 0.9], [15, 1.7], [16, 5], [18, 16]];
  const major = [[10, 0.5], [13, 1.2], [15, 2.2], [16, 6.5], [18, 20]];
  const motorway = [[10, 0.8], [13, 1.6], [15, 3], [16, 7], [18, 21]];
  // From zoom 16 a street is a pale band between two thin kerbs.
  const inside = (stops: number[][]): number[][] =>
    stops.filter(([zoom]) => zoom! >= 16).map(([zoom, width]) => [zoom!, width! - 1.6]);
  return [
    ...schema.green.map((layer) => area(layer, colour["park"]!, schema.parks)),
    area("landuse", colour["built"]!, schema.built),
    area("landuse", colour["park"]!, schema.parks),
    area("water", colour["water"]!),
    {
      dataLayer: schema.waterLines,
      symbolizer: new LineSymbolizer({ color: colour["water"]!, width: exp(1.6, [[11, 0.6], [15, 2.5]]) }),
      filter: (_zoom, feature) => isLine(feature),
    },
    road(schema.rail, colour["rail"]!, [[11, 0.5], [16, 1.4]], 12),
    road(schema.lanes, colour["road_minor"]!, [[14, 0.35], [16, 0.9], [18, 2]], 14),
    road(schema.minor, colour["road_minor"]!, minor, 12),
    road(schema.middle, colour["road_middle"]!, middle, 11),
    road(schema.major, colour["road_major"]!, major, 10),
    road(schema.motorway, colour["motorway"]!, motorway, 10),
    road(schema.minor, colour["road_fill"]!, inside(minor), 16),
    road(schema.middle, colour["road_fill"]!, inside(middle), 16),
    road(schema.major, colour["road_fill"]!, inside(major), 16),
  ];
}

function labelRules(schema: Schema, colour: Colours): LabelRule[] {
  const names = (classes: string[], minzoom: number, font: string, repeatDistance: number): LabelRule => ({
    dataLayer: schema.roadNames,
    minzoom,
    symbolizer: new LineLabelSymbolizer({
      labelProps: ["name", "name_en"],
      fill: colour["label"]!,
      stroke: colour["halo"]!,
      width: 2.5,
      font,
      repeatDistance,
      // Letters sit on the street, not beside it.
      position: LineLabelPlacement.Center,
    }),
    filter: (_zoom, feature) => classes.includes(String(feature.props[schema.property])),
  });
  return [
    names([...schema.motorway, ...schema.major], 14, "500 11px 'Inter Variable', Inter, sans-serif", 420),
    names(schema.middle, 15, "500 11px 'Inter Variable', Inter, sans-serif", 360),
    names(schema.minor, 16, "400 11px 'Inter Variable', Inter, sans-serif", 320),
  ];
}

interface View {
  tileCache: TileCache;
  maxDataLevel: number;
  levelDiff: number;
  getDisplayTile(tile: Zxy): Promise<PreparedTile>;
}

/**
 * WORKAROUND(protomaps-leaflet 5.1): it asks for data of a lower zoom than the archive holds and then draws
 * nothing. Below the data's zoom we join the tiles that lie under one display tile.
 */
function drawBelowData(view: View, minDataZoom: number): void {
  const usual = view.getDisplayTile.bind(view);
  view.getDisplayTile = async (tile) => {
    const levels = minDataZoom - (tile.z - view.levelDiff);
    if (levels <= 0) return usual(tile);
    // `levels` counts from the size of a data tile, which spans several display tiles.
    const down = minDataZoom - tile.z;
    if (down <= 0) {
      const f = 1 << -down;
      const parent = { z: minDataZoom, x: Math.floor(tile.x / f), y: Math.floor(tile.y / f) };
      const scale = (256 * f) / view.tileCache.tileSize;
      return prepared(tile.z, parent, await view.tileCache.get(parent), scale, 256 * f);
    }
    const side = 1 << down;
    const size = view.tileCache.tileSize;
    const parts: Promise<[number, number, Map<string, Feature[]>]>[] = [];
    for (let dx = 0; dx < side; dx += 1) {
      for (let dy = 0; dy < side; dy += 1) {
        const part = { z: minDataZoom, x: tile.x * side + dx, y: tile.y * side + dy };
        parts.push(view.tileCache.get(part).then((data) => [dx * size, dy * size, data]));
      }
    }
    const joined = new Map<string, Feature[]>();
    for (const [dx, dy, data] of await Promise.all(parts)) {
      for (const [name, features] of data) {
        const into = joined.get(name) ?? [];
        for (const feature of features) into.push(moved(feature, dx, dy));
        joined.set(name, into);
      }
    }
    return prepared(tile.z, tile, joined, 256 / (side * size), 256);
  };
}

function prepared(z: number, at: Zxy, data: Map<string, Feature[]>, scale: number, dim: number): PreparedTile {
  type Origin = PreparedTile["origin"];
  const origin = { x: at.x * dim, y: at.y * dim } as Origin;
  return { z, origin, data, scale, dim, dataTile: at };
}

function moved(feature: Feature, dx: number, dy: number): Feature {
  return {
    ...feature,
    geom: feature.geom.map((line) =>
      line.map((point) => {
        const copy = point.clone();
        copy.x += dx;
        copy.y += dy;
        return copy;
      }),
    ),
    bbox: {
      minX: feature.bbox.minX + dx,
      minY: feature.bbox.minY + dy,
      maxX: feature.bbox.maxX + dx,
      maxY: feature.bbox.maxY + dy,
    },
  };
}

export function streetLayer(config: Config, theme: Theme): L.GridLayer {
  if (config.schema === "raster") {
    return L.tileLayer(config.tileUrl!, {
      minNativeZoom: config.minDataZoom,
      maxNativeZoom: config.maxDataZoom,
      // Pictures have one look only: the night dims them.
      className: theme === "night" ? "pl-raster pl-raster-night" : "pl-raster",
    });
  }
  const colour = config.streets[theme];
  const schema = SCHEMAS[config.schema ?? "streets"];
  const layer = leafletLayer({
    url: config.tileUrl!,
    maxDataZoom: config.maxDataZoom,
    minZoom: Math.max(0, config.minDataZoom - UNDERZOOM),
    paintRules: paintRules(schema, colour),
    labelRules: labelRules(schema, colour),
    backgroundColor: colour["ground"]!,
    attribution: "",
    tasks: [document.fonts.load("500 11px 'Inter Variable'") as unknown as Promise<never>],
  }) as unknown as L.GridLayer & { views: Map<string, View> };
  for (const view of layer.views.values()) drawBelowData(view, config.minDataZoom);
  return layer;
}
