"""Making an atlas from a boundary and homes: blocks, open cells and a version that says what it was made of.

Promises: the same boundary and homes give the same atlas, byte for byte, and another version as soon as either
changes; the atlas holds counts of homes per block, never a home's position; every home outside the boundary is
counted and told. Has no streets and says so. Pure but for the time zone table it looks into.

With `previous`, homes that were asked together stay together, so that where an
old and a new request meet, no fewer than a block's homes stand apart where it can be helped.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import re
import unicodedata
import zoneinfo
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import h3
import h3.api.basic_int
import msgspec
import numpy as np
import shapely
import tzfpy

from console.domain.atlas import Atlas, District, nearest_block
from console.domain.blocks import CELL_RESOLUTION, MINIMUM_HOMES, Block, make_blocks
from console.service.atlas_problems import Problem, blocking, listed
from console.service.boundaries import BoundaryRead, Feature, area_m2, polygons

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from console.domain.places import Geometry
    from console.service.homes import HomesRead

# Counts up whenever the same homes would give other blocks or other cells.
BLOCKS_VERSION = 1
NO_STREETS = "No streets: the map shows outlines, and a place is known by its district."
# Holes smaller than this are slits between districts that were drawn apart, not enclaves.
_SLIT_M2 = 500.0
_TELL_OUTSIDE = 0.05
# In degrees: what boxes are widened by, so that rounding loses nothing on their edges.
_HAIR = 1e-6


class Words(msgspec.Struct, frozen=True):
    """What an atlas says about itself: the agency's name, credits, where homes come from, people by district.

    `time_zone` is an IANA name, or empty to be derived from where the jurisdiction lies.
    """

    name: str
    time_zone: str = ""
    attribution: str = ""
    homes_source: str = "a list of homes given by the agency"
    populations: dict[str, int] = {}


class Report(msgspec.Struct, frozen=True):
    """What was made of what was read, in numbers for IT."""

    homes_inside: int
    rows_outside: int
    homes_outside: int
    homes_left_over: int
    time_zone: str
    kept_blocks: int
    problems: tuple[Problem, ...]


def build_atlas(
    boundary: BoundaryRead, homes: HomesRead, words: Words, previous: Atlas | None = None
) -> tuple[Atlas | None, Report]:
    """Make an atlas; None, with a blocking problem in the report, when there is nothing to make one of.

    `previous` is the atlas in use now, whose blocks are kept together as far as they still hold homes.
    """
    told: list[Problem] = [p for p in (*boundary.problems, *homes.problems) if p.blocks]
    if told:
        return None, Report(0, 0, 0, 0, "", 0, tuple(told))
    inside, homes_of_feature = _inside(boundary.features, homes)
    outside = int((~inside).sum())
    homes_outside = round(float(homes.units[~inside].sum()))
    _tell_outside(boundary, homes, inside, homes_of_feature, told)
    counts = homes_by_cell(homes.lat[inside], homes.lon[inside], homes.units[inside])
    jurisdiction = _jurisdiction(boundary.features)
    time_zone = words.time_zone or ("UTC" if blocking(told) else _time_zone_at(jurisdiction, told))
    if time_zone not in zoneinfo.available_timezones():
        text = f"{time_zone!r} is no time zone. Give --time-zone as America/New_York."
        told.append(Problem("time_zone", "", text, blocks=True))
    together = _earlier_blocks(previous) if previous else ()
    blocks, left_over = make_blocks(counts, together=together)
    if not blocks and not blocking(told):
        text = (
            f"The boundary holds {sum(counts.values()):,} homes, nowhere {MINIMUM_HOMES} near each other, which a "
            "block needs. Check that the homes file is whole and has the right column of units."
        )
        told.append(Problem("no_blocks", "", text, blocks=True))
    elif left_over:
        text = (
            f"{sum(counts[cell] for cell in left_over):,} homes stand where fewer than {MINIMUM_HOMES} are near each "
            f"other: each belongs to the nearest block. Their cells: {listed(left_over)}."
        )
        told.append(Problem("left_over", "", text))
    report = Report(
        homes_inside=sum(counts.values()),
        rows_outside=outside,
        homes_outside=homes_outside,
        homes_left_over=sum(counts[cell] for cell in left_over),
        time_zone=time_zone,
        kept_blocks=_kept(blocks, previous),
        problems=tuple(told),
    )
    if blocking(told):
        return None, report
    settled = {cell: block.id for block in blocks for cell in block.cells}
    atlas = Atlas(
        version=f"{slug(words.name)}-{_content_hash(boundary.features, counts, words, time_zone, together)[:12]}",
        name=words.name,
        time_zone=time_zone,
        attribution=words.attribution,
        homes_note=f"Homes are counted from {words.homes_source}. {NO_STREETS}",
        jurisdiction=geojson(jurisdiction),
        districts=_districts(boundary.features, words.populations),
        blocks=blocks,
        open_cells=tuple(sorted(cells_within(jurisdiction) - counts.keys())),
        streets=(),
        stray_cells={cell: nearest_block(cell, settled) for cell in left_over},
    )
    return atlas, report


def homes_by_cell(lat: Any, lon: Any, units: Any) -> dict[str, int]:
    """How many whole homes stand in each H3 cell, at least one where any do; arrays of degrees and homes."""
    numbers = map(h3.api.basic_int.latlng_to_cell, lat.tolist(), lon.tolist(), itertools.repeat(CELL_RESOLUTION))
    cells, index = np.unique(np.fromiter(numbers, np.uint64, len(lat)), return_inverse=True)
    # Flats of one building may be fractions that add up to a whole, but for the last bit.
    sums = np.maximum(1, np.floor(np.bincount(index, weights=units, minlength=len(cells)) + 1e-6)).astype(int)
    return {str(h3.int_to_str(cell)): count for cell, count in zip(cells.tolist(), sums.tolist(), strict=True)}


def cells_within(shape: Any) -> set[str]:
    """The H3 cells whose centre lies in a valid (multi)polygon in WGS 84, its edge included."""
    found: set[str] = set()
    for part in shapely.get_parts(shape):
        west, south, east, north = part.bounds
        # Asking h3 for a box and shapely for the outline is far quicker than asking h3 for an outline of 80,000 points.
        south, north = max(south - _HAIR, -90.0), min(north + _HAIR, 90.0)
        corners = [(south, west - _HAIR), (south, east + _HAIR), (north, east + _HAIR), (north, west - _HAIR)]
        near = h3.api.basic_int.h3shape_to_cells(h3.LatLngPoly(corners), CELL_RESOLUTION)
        if not near:
            continue
        cells = np.array(near, dtype=np.uint64)
        centres = np.array([h3.api.basic_int.cell_to_latlng(cell) for cell in cells.tolist()])
        shapely.prepare(part)
        within = shapely.intersects_xy(part, centres[:, 1], centres[:, 0])
        found.update(str(h3.int_to_str(cell)) for cell in cells[within].tolist())
    return found


def geojson(shape: Any) -> Geometry:
    """A (multi)polygon as a GeoJSON MultiPolygon."""
    geometry: Geometry = json.loads(shapely.to_geojson(polygons(shape)))
    return geometry


def slug(name: str) -> str:
    """A name as lower-case words joined by hyphens: "Saint-Denis Police" is "saint-denis-police"."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].strip("-") or "atlas"


# The ground -------------------------------------------------------------------------------------------------


def _inside(features: Sequence[Feature], homes: HomesRead) -> tuple[Any, list[float]]:
    inside = np.zeros(len(homes.lat), dtype=bool)
    counts = []
    for feature in features:
        west, south, east, north = feature.bounds
        in_width = (homes.lon >= west - _HAIR) & (homes.lon <= east + _HAIR)
        near = np.flatnonzero(in_width & (homes.lat >= south - _HAIR) & (homes.lat <= north + _HAIR))
        shapely.prepare(feature.geometry)
        within = near[shapely.intersects_xy(feature.geometry, homes.lon[near], homes.lat[near])]
        counts.append(float(homes.units[within].sum()))
        inside[within] = True
    return inside, counts


def _tell_outside(
    boundary: BoundaryRead, homes: HomesRead, inside: Any, homes_of_feature: Sequence[float], told: list[Problem]
) -> None:
    rows, outside = len(inside), int((~inside).sum())
    if outside == rows:
        west, south, east, north = _bounds(boundary.features)
        text = (
            f"None of the {rows:,} places with homes lies inside the boundary: it reaches from latitude {south:.3f} to "
            f"{north:.3f} and longitude {west:.3f} to {east:.3f}, the homes from latitude {homes.lat.min():.3f} to "
            f"{homes.lat.max():.3f} and longitude {homes.lon.min():.3f} to {homes.lon.max():.3f}. "
            "Check both reference systems (--crs, --homes-crs) and the columns of positions."
        )
        told.append(Problem("no_homes_inside", "", text, blocks=True))
        return
    if outside:
        share = outside / rows
        lost = float(homes.units[~inside].sum())
        advice = "Right where the list covers more than the agency" if share > _TELL_OUTSIDE else "Usual at the shore"
        text = (
            f"{outside:,} of {rows:,} places ({share:.1%}), with {lost:,.0f} homes, lie outside the boundary: left out."
        )
        told.append(Problem("outside", "", f"{text} {advice}; otherwise check both reference systems."))
    empty = [f.name for f, count in zip(boundary.features, homes_of_feature, strict=True) if not count]
    if empty:
        number = f"{len(empty)} of {len(boundary.features)} areas hold"
        text = f"{number} no homes at all: {listed(empty)}. Nobody there can be asked; check that the list is whole."
        told.append(Problem("feature_without_homes", empty[0], text))


def _bounds(features: Sequence[Feature]) -> tuple[float, float, float, float]:
    west, south, east, north = zip(*(feature.bounds for feature in features), strict=True)
    return min(west), min(south), max(east), max(north)


def _jurisdiction(features: Sequence[Feature]) -> Any:
    whole = shapely.get_parts(polygons(shapely.union_all([feature.geometry for feature in features])))
    return shapely.normalize(shapely.MultiPolygon([_without_slits(part) for part in whole]))


def _without_slits(part: Any) -> Any:
    holes = [hole for hole in part.interiors if area_m2(shapely.Polygon(hole)) >= _SLIT_M2]
    return part if len(holes) == len(part.interiors) else shapely.Polygon(part.exterior, holes)


def _districts(features: Sequence[Feature], populations: Mapping[str, int]) -> tuple[District, ...]:
    shapes: dict[str, list[Any]] = defaultdict(list)
    for feature in features:
        shapes[feature.name].append(feature.geometry)
    return tuple(
        District(name, populations.get(name, 0), geojson(found[0] if len(found) == 1 else shapely.union_all(found)))
        for name, found in sorted(shapes.items(), key=lambda entry: _natural(entry[0]))
    )


def _natural(name: str) -> list[tuple[int, int, str]]:
    """An order in which 9 comes before 10."""
    return [(0, int(p), "") if p.isdecimal() else (1, 0, p.lower()) for p in re.split(r"([0-9]+)", name) if p] + [
        (2, 0, name)
    ]


def _time_zone_at(jurisdiction: Any, told: list[Problem]) -> str:
    place = jurisdiction.representative_point()
    found = str(tzfpy.get_tz(place.x, place.y))
    text = f"The time zone is {found}, by where the boundary lies. Pass --time-zone if the agency keeps another."
    told.append(Problem("time_zone_derived", "", text))
    return found


# Blocks and version -----------------------------------------------------------------------------------------


def _earlier_blocks(previous: Atlas) -> tuple[tuple[str, ...], ...]:
    cells: dict[str, list[str]] = {block.id: list(block.cells) for block in previous.blocks}
    for cell, block in previous.stray_cells.items():
        cells[block].append(cell)
    return tuple(tuple(sorted(found)) for _, found in sorted(cells.items()))


def _kept(blocks: Sequence[Block], previous: Atlas | None) -> int:
    if previous is None:
        return 0
    return len({block.cells for block in blocks} & {block.cells for block in previous.blocks})


def _content_hash(
    features: Sequence[Feature],
    counts: Mapping[str, int],
    words: Words,
    time_zone: str,
    together: Sequence[Sequence[str]],
) -> str:
    shapes = sorted((feature.name, shapely.to_wkb(feature.geometry, byte_order=1).hex()) for feature in features)
    content = (
        (BLOCKS_VERSION, MINIMUM_HOMES, CELL_RESOLUTION, words, time_zone),
        shapes,
        sorted(counts.items()),
        together,
    )
    return hashlib.sha256(msgspec.json.encode(content, order="sorted")).hexdigest()
