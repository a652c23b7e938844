"""The atlas recipe of the training city: real Chicago streets and districts, synthetic homes.

Promises: built from packages pinned by hash, the same bytes on every run of one machine; no home's position
is kept, only how many homes a cell holds; a finished pack of this very recipe is left as it is. The agency
is invented.
Sources, with their licences, are listed in `SOURCES` and written into the pack's manifest.

`python -m console.training.chicago OUT [DOWNLOADS]` builds the pack in OUT.

RecipeError
  a pinned package cannot be fetched, or does not hold what the recipe expects
"""

from __future__ import annotations

import csv
import functools
import io
import json
import math
import shutil
import sys
import zipfile
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import h3
import mapbox_vector_tile
import msgspec
import numpy as np
import pmtiles.tile
import pmtiles.writer
import pyogrio.raw
import pyproj
import shapely

from console.domain import atlas as domain_atlas
from console.domain import blocks as domain_blocks
from console.domain.atlas import Atlas, District, Street, nearest_block
from console.domain.blocks import CELL_RESOLUTION, make_blocks
from console.domain.places import Geometry, Point
from console.service.atlas import Source, write_pack
from console.training import fetching
from console.training.fetching import RecipeError, call, fetch_wheel, hash_of, is_built, run_recipe
from console.training.npm import npm_command

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    Progress = Callable[[str, float], None]

AGENCY = "Lakeside Police"
TIME_ZONE = "America/Chicago"
ATTRIBUTION = "© OpenStreetMap contributors (ODbL)"
HOMES_NOTE = (
    "The homes are synthetic: placed at random along real streets, as many in each community area as match "
    "its census population of 2010 at 2.5 people a home. No home here is a real address."
)
PEOPLE_PER_HOME = 2.5
SEED = 20100401  # the day of the census the populations are from
CITY_POPULATION = 2_695_598

ZOOM = 13
TILES = tuple((x, y) for x in range(2098, 2103) for y in range(3042, 3048))
# A community area is in the jurisdiction when nearly all of it lies under the tiles (37 of 77, from Portage
# Park to Gage Park and the lake); what little sticks out of it is clipped, so that nothing lies off the map.
SHARE_UNDER_TILES = 0.97
OUTLINE_TOLERANCE_M = 2.0
CURB_TO_HOME_M = (12.0, 25.0)
STREET_POINT_EVERY_M = 150.0

# How many homes a metre of road has, relative to a residential street. Downtown has no other streets than the
# larger ones, and people live above its shops; nobody lives on a motorway.
HOMES_ALONG = {"street": 1.0, "street_limited": 1.0, "tertiary": 0.5, "secondary": 0.3, "primary": 0.2}
ALLEY_HOMES_ALONG = 0.3
NAMED_ROADS = frozenset(HOMES_ALONG) | {"trunk"}
NO_HOMES_NEAR = frozenset({"motorway", "trunk", "motorway_link", "major_rail"})
NO_HOMES_NEAR_M = 15.0
NO_HOMES_ON = frozenset(
    {"park", "pitch", "cemetery", "wood", "scrub", "sand", "rock", "agriculture", "industrial", "hospital"}
) | {"school", "parking", "national_park", "wetland", "wetland_noveg"}

RESOURCES = Path(__file__).resolve().parents[2] / "resources" / "atlas" / "chicago"
_NPM_PACKAGE = "@mapbox/mvt-fixtures"
_BOUNDARY_FOLDER = "libpysal/examples/chicago/Chicago77"

SOURCES = (
    Source(
        name="libpysal",
        version="4.14.1",
        licence="BSD-3-Clause",
        provides="boundaries of Chicago's community areas",
    ),
    Source(
        name="@mapbox/mvt-fixtures",
        version="4.0.0",
        licence="ODbL-1.0 (data), CC0-1.0 (package)",
        provides="street tiles, © OpenStreetMap contributors",
    ),
    Source(
        name="United States Census",
        version="2010",
        licence="public domain",
        provides="population of each community area",
    ),
)


class Area(msgspec.Struct, frozen=True):
    """A community area within the jurisdiction: its outline in metres (UTM 16N) and its people."""

    number: int
    name: str
    population: int
    shape: Any
    outline: Any

    @property
    def homes(self) -> int:
        """How many homes the recipe places here."""
        return round(self.population / PEOPLE_PER_HOME)


class Ground(msgspec.Struct, frozen=True):
    """What the tiles say, in metres (UTM 16N): roads with the homes they attract, and where nobody lives."""

    roads: Any
    homes_along: Any
    avoided: Any
    named_roads: dict[str, list[Any]]
    vector_layers: tuple[dict[str, Any], ...]


def build(downloads: Path, out: Path, progress: Progress) -> None:
    """Build the training city's pack in `out`, unless this very recipe has built it before.

    `progress` is told what is being done and how much of the whole is behind, 0 to 1. RecipeError when a
    package cannot be fetched or is not what was pinned; PackError when the result breaks a promise.
    """
    recipe = recipe_hash()
    if is_built(out, recipe):
        progress("the atlas pack is up to date", 1.0)
        return
    progress("fetching the boundaries of the community areas", 0.0)
    wheel = fetch_boundaries(downloads)
    progress("fetching the street tiles", 0.1)
    tiles = fetch_tiles(downloads)
    progress("drawing the districts", 0.25)
    areas = read_areas(wheel)
    progress("reading the street tiles", 0.3)
    ground = read_ground(tiles)
    homes_by_cell: Counter[str] = Counter()
    for index, area in enumerate(areas):
        progress(f"placing homes: district {index + 1} of {len(areas)}", 0.35 + 0.4 * index / len(areas))
        homes_by_cell.update(place_homes(area, ground))
    progress("merging sparse cells into blocks", 0.75)
    jurisdiction = _jurisdiction(areas)
    blocks, left_over = make_blocks(homes_by_cell)
    settled = {cell: block.id for block in blocks for cell in block.cells}
    progress("naming the streets", 0.85)
    atlas = Atlas(
        version=f"chicago-{recipe[:12]}",
        name=AGENCY,
        time_zone=TIME_ZONE,
        attribution=ATTRIBUTION,
        homes_note=HOMES_NOTE,
        jurisdiction=_multipolygon(jurisdiction),
        districts=tuple(
            District(name=area.name, population=area.population, geometry=_multipolygon(area.outline)) for area in areas
        ),
        blocks=blocks,
        open_cells=tuple(sorted(set(_cells_within(jurisdiction)) - set(homes_by_cell))),
        streets=name_streets(ground, areas),
        stray_cells={cell: nearest_block(cell, settled) for cell in left_over},
    )
    progress("writing the atlas pack", 0.95)
    write_pack(out, atlas, archive_tiles(tiles, ground.vector_layers), SOURCES, recipe=recipe)
    progress("the atlas pack is ready", 1.0)


def recipe_hash() -> str:
    """SHA-256, in hex, of everything that decides what the pack holds: pins, populations and the code."""
    code = [Path(__file__), Path(fetching.__file__), Path(domain_atlas.__file__), Path(domain_blocks.__file__)]
    pins = [RESOURCES / name for name in ("requirements.lock", "package.json", "package-lock.json", "populations.csv")]
    return hash_of(code + pins)


# Fetching ---------------------------------------------------------------------------------------------------


def fetch_boundaries(downloads: Path) -> Path:
    """Fetch the pinned wheel with the boundaries, unless it is there already; answers where it lies."""
    return fetch_wheel(RESOURCES / "requirements.lock", "libpysal", downloads)


def fetch_tiles(downloads: Path) -> dict[tuple[int, int], bytes]:
    """Fetch the pinned npm package, unless it is there already; answers its Chicago tiles by (x, y)."""
    project = downloads / "npm"
    package = project / "node_modules" / _NPM_PACKAGE
    lock = (RESOURCES / "package-lock.json").read_bytes()
    stamp = project / "fetched.lock"  # written last: a broken fetch is never taken for a whole one
    if not stamp.is_file() or stamp.read_bytes() != lock:
        project.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copyfile(RESOURCES / name, project / name)
        quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        call([*npm_command(), "ci", *quiet, "--omit-lockfile-registry-resolved"], project)
        stamp.write_bytes(lock)
    tiles: dict[tuple[int, int], bytes] = {}
    for x, y in TILES:
        path = package / "real-world" / "chicago" / f"{ZOOM}-{x}-{y}.mvt"
        if not path.is_file():
            raise RecipeError(f"{_NPM_PACKAGE} has no tile {path.name}. Delete {project} and build again.")
        tiles[x, y] = path.read_bytes()
    return tiles


# Districts --------------------------------------------------------------------------------------------------


def read_areas(wheel: Path) -> tuple[Area, ...]:
    """Read the community areas of the jurisdiction from the wheel: those under the tiles, clipped to them."""
    populations = read_populations()
    numbers, outlines = _read_boundaries(wheel)
    # Shared edges are simplified once, so that neighbours still meet.
    shapes = shapely.transform(outlines, metres)
    shapes = shapely.coverage_simplify(shapes, OUTLINE_TOLERANCE_M)
    # In short pieces, because a parallel is not straight in UTM.
    tiled = shapely.transform(shapely.segmentize(shapely.box(*tiled_bounds()), 0.001), metres)
    clipped = shapely.intersection(shapes, tiled)
    shares = shapely.area(clipped) / shapely.area(shapes)
    inside = [index for index in range(len(shapes)) if shares[index] >= SHARE_UNDER_TILES]
    connected = max(
        shapely.get_parts(shapely.union_all(shapely.buffer(clipped[inside], 1.0))), key=lambda part: part.area
    )
    areas = []
    for index in inside:
        if not connected.covers(clipped[index]):
            continue
        number, share = numbers[index], float(shares[index])
        name, population = populations[number]
        outline = shapely.make_valid(shapely.transform(clipped[index], degrees))
        shape = shapely.transform(outline, metres)  # what is placed inside is inside the rounded outline
        areas.append(Area(number, name, round(population * share), shape, outline))
    return tuple(sorted(areas, key=lambda area: area.number))


def _read_boundaries(wheel: Path) -> tuple[list[int], Any]:
    with zipfile.ZipFile(wheel) as archive:
        parts = {suffix: archive.read(f"{_BOUNDARY_FOLDER}{suffix}") for suffix in (".shp", ".shx", ".dbf")}
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        for suffix, content in parts.items():
            archive.writestr(f"areas{suffix}", content)
    meta, _, geometries, columns = pyogrio.raw.read(whole.getvalue(), columns=["AREANO"])
    if list(meta["fields"]) != ["AREANO"]:
        raise RecipeError("The boundaries have no column AREANO: is this the pinned libpysal?")
    outlines = shapely.transform(shapely.from_wkb(geometries), _from_state_plane)
    return [int(number) for number in columns[0]], outlines


def read_populations() -> dict[int, tuple[str, int]]:
    """Name and census population of each community area, by its number; RecipeError when the sum is off."""
    lines = (RESOURCES / "populations.csv").read_text("utf-8").splitlines()
    rows = csv.DictReader(line for line in lines if not line.startswith("#"))
    populations = {int(row["area"]): (row["name"], int(row["population"])) for row in rows}
    if sum(people for _, people in populations.values()) != CITY_POPULATION:
        raise RecipeError("populations.csv does not add up to the city's census population.")
    return populations


def _jurisdiction(areas: Sequence[Area]) -> Any:
    # Half a metre out and in again: rounding must leave no slit between two districts.
    joined = shapely.union_all([area.shape for area in areas])
    return shapely.make_valid(shapely.transform(joined.buffer(0.5).buffer(-0.5, join_style="mitre"), degrees))


def _cells_within(shape: Any) -> list[str]:
    return [str(cell) for cell in h3.geo_to_cells(_multipolygon(shape), CELL_RESOLUTION)]


# Streets and homes ------------------------------------------------------------------------------------------


def read_ground(tiles: Mapping[tuple[int, int], bytes]) -> Ground:
    """Decode the tiles into roads, places without homes and named roads."""
    roads: list[Any] = []
    homes_along: list[float] = []
    avoided: list[Any] = []
    named_roads: dict[str, list[Any]] = defaultdict(list)
    fields: dict[str, dict[str, str]] = {}
    for (x, y), content in sorted(tiles.items()):
        for layer, properties, shape in _features(x, y, content, fields):
            kind = properties.get("class", "")
            lines = shape.geom_type.endswith("LineString")
            match layer:
                case "road" if lines and (weight := _homes_along(properties)):
                    roads.append(shape)
                    homes_along.append(weight)
                case "road" if lines and kind in NO_HOMES_NEAR and properties.get("type") != "subway":
                    avoided.append(shape.buffer(NO_HOMES_NEAR_M, quad_segs=2))
                case "road_label" if lines and kind in NAMED_ROADS and properties.get("name"):
                    named_roads[str(properties["name"])].append(shape)
                case "water" | "aeroway" if not lines:
                    avoided.append(shape)
                case "landuse" | "landuse_overlay" if kind in NO_HOMES_ON and not lines:
                    avoided.append(shape)
    return Ground(
        roads=np.array(roads, dtype=object),
        homes_along=np.array(homes_along),
        avoided=np.array(avoided, dtype=object),
        named_roads=dict(named_roads),
        vector_layers=tuple(
            {"id": layer, "fields": dict(sorted(fields[layer].items())), "minzoom": ZOOM, "maxzoom": ZOOM}
            for layer in sorted(fields)
        ),
    )


def _features(
    x: int, y: int, content: bytes, fields: dict[str, dict[str, str]]
) -> Iterator[tuple[str, dict[str, Any], Any]]:
    kinds = {bool: "Boolean", int: "Number", float: "Number"}
    wanted = {"road", "road_label", "water", "landuse", "landuse_overlay", "aeroway"}
    decoded = mapbox_vector_tile.decode(content, default_options={"y_coord_down": True})
    for layer, tile in decoded.items():
        known = fields.setdefault(layer, {})
        extent = tile["extent"]
        # Tiles repeat a margin of their neighbours: without it no road is counted twice.
        frame = shapely.box(0, 0, extent, extent)

        def to_metres(points: Any, extent: int = extent) -> Any:
            return metres(_unproject(x + points[:, 0] / extent, y + points[:, 1] / extent))

        for feature in tile["features"]:
            properties = feature["properties"]
            known.update((name, kinds.get(type(value), "String")) for name, value in properties.items())
            if layer in wanted:
                shape = shapely.make_valid(shapely.geometry.shape(feature["geometry"])).intersection(frame)
                if not shape.is_empty:
                    yield layer, properties, shapely.transform(shape, to_metres)


def _homes_along(properties: Mapping[str, Any]) -> float:
    if properties.get("type") == "service:alley":
        return ALLEY_HOMES_ALONG
    return HOMES_ALONG.get(properties.get("class", ""), 0.0)


def place_homes(area: Area, ground: Ground, seed: int = SEED) -> dict[str, int]:
    """Place an area's homes along its streets and count them per H3 cell; a seed gives the same counts again.

    Each home stands 12 to 25 m to a side of a road, inside the area and not on water, park or railway.
    Streets differ in how densely they are built. RecipeError when there are no streets to place homes along.
    """
    random = np.random.default_rng([seed, area.number])
    starts, ends, homes_along = _road_pieces(area, ground, random)
    along = ends - starts
    lengths = np.hypot(along[:, 0], along[:, 1])
    starts, along, homes_along, lengths = (values[lengths > 0] for values in (starts, along, homes_along, lengths))
    if not len(lengths):
        raise RecipeError(f"{area.name} has no streets to place homes along.")
    left_of = np.column_stack([-along[:, 1], along[:, 0]]) / lengths[:, None]
    chances = np.cumsum(lengths * homes_along)
    shape, avoided = area.shape, shapely.union_all(_touching(ground.avoided, area.shape))
    shapely.prepare([shape, avoided])
    places = np.empty((0, 2))
    while len(places) < area.homes:
        tries = area.homes - len(places) + 1000
        piece = np.searchsorted(chances, random.random(tries) * chances[-1], side="right")
        side = random.choice([-1.0, 1.0], tries) * random.uniform(*CURB_TO_HOME_M, tries)
        tried = starts[piece] + along[piece] * random.random(tries)[:, None] + left_of[piece] * side[:, None]
        fits = shapely.contains_xy(shape, tried) & ~shapely.contains_xy(avoided, tried)
        if not fits.any():
            raise RecipeError(f"{area.name} has no place for homes along its streets.")
        places = np.concatenate([places, tried[fits]])
    counted = Counter(
        str(h3.latlng_to_cell(lat, lon, CELL_RESOLUTION))
        for lon, lat in degrees(places[: area.homes], places=9).tolist()
    )
    return dict(sorted(counted.items()))


def _road_pieces(area: Area, ground: Ground, random: np.random.Generator) -> tuple[Any, Any, Any]:
    near = np.sort(shapely.STRtree(ground.roads).query(area.shape, predicate="intersects"))
    lines, road_of_line = shapely.get_parts(ground.roads[near], return_index=True)
    density = ground.homes_along[near][road_of_line] * random.lognormal(0.0, 0.5, len(lines))
    points, line_of_point = shapely.get_coordinates(lines, return_index=True)
    joined = line_of_point[:-1] == line_of_point[1:]
    return points[:-1][joined], points[1:][joined], density[line_of_point[:-1][joined]]


def _touching(shapes: Any, shape: Any) -> Any:
    return shapes[np.sort(shapely.STRtree(shapes).query(shape, predicate="intersects"))]


def name_streets(ground: Ground, areas: Sequence[Area]) -> tuple[Street, ...]:
    """The named streets, merged over tiles, as points every 150 m along what lies inside the areas."""
    inside = shapely.union_all([area.shape for area in areas])
    shapely.prepare(inside)
    streets = []
    for name in sorted(ground.named_roads):
        merged = shapely.line_merge(shapely.union_all(ground.named_roads[name]))
        found: set[tuple[float, float]] = set()
        for line in shapely.get_parts(merged):
            steps = max(1, round(line.length / STREET_POINT_EVERY_M))
            along = shapely.line_interpolate_point(line, (np.arange(steps) + 0.5) / steps, normalized=True)
            kept = along[shapely.contains(inside, along)]
            found.update(map(tuple, degrees(shapely.get_coordinates(kept), places=5).tolist()))
        if found:
            streets.append(Street(name=name, points=tuple(Point(lat=lat, lon=lon) for lon, lat in sorted(found))))
    return tuple(streets)


# The basemap ------------------------------------------------------------------------------------------------


def archive_tiles(tiles: Mapping[tuple[int, int], bytes], vector_layers: Sequence[Mapping[str, Any]]) -> bytes:
    """Put the tiles, uncompressed, into one PMTiles archive (spec version 3)."""
    west, south, east, north = tiled_bounds()
    archive = io.BytesIO()
    writer: Any = pmtiles.writer.Writer(archive)  # type: ignore[no-untyped-call] # pmtiles types its reader only
    ids = {pmtiles.tile.zxy_to_tileid(ZOOM, x, y): content for (x, y), content in tiles.items()}
    for tile_id, content in sorted(ids.items()):
        writer.write_tile(tile_id, content)
    header = {
        "tile_type": pmtiles.tile.TileType.MVT,
        "tile_compression": pmtiles.tile.Compression.NONE,
        "min_lon_e7": round(west * 1e7),
        "min_lat_e7": round(south * 1e7),
        "max_lon_e7": round(east * 1e7),
        "max_lat_e7": round(north * 1e7),
        "center_zoom": ZOOM,
        "center_lon_e7": round((west + east) / 2 * 1e7),
        "center_lat_e7": round((south + north) / 2 * 1e7),
    }
    described = {"name": "Chicago", "attribution": ATTRIBUTION, "type": "baselayer", "format": "pbf"}
    writer.finalize(header, {**described, "vector_layers": list(vector_layers)})
    return archive.getvalue()


def tiled_bounds() -> tuple[float, float, float, float]:
    """West, south, east and north of the ground under the tiles, in degrees."""
    columns, rows = zip(*TILES, strict=True)
    corners = np.array([[min(columns), max(rows) + 1], [max(columns) + 1, min(rows)]], dtype=float)
    (west, south), (east, north) = _unproject(corners[:, 0], corners[:, 1]).tolist()
    return west, south, east, north


# Projections ------------------------------------------------------------------------------------------------


def _unproject(x: Any, y: Any) -> Any:
    """Degrees (longitude, latitude) of positions counted in tiles at `ZOOM` (spherical Mercator)."""
    across = 2**ZOOM
    return np.column_stack([x / across * 360 - 180, np.degrees(np.arctan(np.sinh(math.pi * (1 - 2 * y / across))))])


def _from_state_plane(points: Any) -> Any:
    # The boundaries carry no .prj: they are in Illinois East state-plane feet.
    return np.column_stack(_projection("EPSG:3435", "EPSG:4326").transform(points[:, 0], points[:, 1]))


def metres(points: Any) -> Any:
    """UTM 16N positions, in metres, of (n, 2) positions in degrees, longitude first."""
    return np.column_stack(_projection("EPSG:4326", "EPSG:26916").transform(points[:, 0], points[:, 1]))


def degrees(points: Any, places: int = 6) -> Any:
    """Positions in degrees, longitude first and rounded, of (n, 2) UTM 16N positions in metres."""
    lonlat = _projection("EPSG:26916", "EPSG:4326").transform(points[:, 0], points[:, 1])
    return np.column_stack(lonlat).round(places)


@functools.cache
def _projection(source: str, target: str) -> pyproj.Transformer:
    return pyproj.Transformer.from_crs(source, target, always_xy=True)


def _multipolygon(shape: Any) -> Geometry:
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    geometry: Geometry = json.loads(shapely.to_geojson(shapely.MultiPolygon(parts)))
    return geometry


def main(arguments: Sequence[str]) -> int:
    """Build the pack in the folder named first, keeping downloads in the second (or beside it)."""
    return run_recipe(build, "console.training.chicago", arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
