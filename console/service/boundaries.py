"""Reading a boundary: what IT hands in, as named areas in WGS 84, with everything that was amiss.

Promises: islands and holes are kept; rings that cross themselves are mended and told; nothing is left out
without a word; areas are measured on the ellipsoid. A file that cannot be trusted answers a problem that
blocks, never an exception. Reads one file, and never reaches the network.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
import pyproj
import shapely

from console.service.atlas_problems import Problem, Refused, blocking
from console.service.boundary_crs import compare, named, parsed, settle, to_degrees
from console.service.boundary_files import read_layer
from console.service.boundary_names import name_features

if TYPE_CHECKING:
    from pathlib import Path

    from console.service.boundary_json import Layer

# About 1 mm: the same boundary gives the same bytes whatever the last bits of a projection were.
_DECIMALS = 8
# About the largest county of the contiguous states. Beyond it a list of all cells would not fit a pack.
MOST_KM2 = 60_000.0
_MOST_FEATURES = 20_000
# Neighbours that were drawn apart overlap by slivers; more than this, as a share of the smaller one, is told.
_OVERLAP, _SLIVER, _SLIVER_M2 = 0.01, 0.001, 10_000.0
_MOST_OVERLAPS = 30
_HALF_GLOBE = 180.0
_GEOD = pyproj.Geod(ellps="WGS84")


class Feature(msgspec.Struct, frozen=True):
    """A named area: its valid (multi)polygon in WGS 84, its size in square metres and its bounds.

    `bounds` are west, south, east and north, in degrees.
    """

    name: str
    geometry: Any
    parts: int
    holes: int
    area_m2: float
    bounds: tuple[float, float, float, float]


class BoundaryRead(msgspec.Struct, frozen=True):
    """What was read: the reference system the file is in ("EPSG:2263"), its areas and what was amiss."""

    crs: str
    features: tuple[Feature, ...]
    problems: tuple[Problem, ...]

    @property
    def usable(self) -> bool:
        """Whether an atlas can be made from it."""
        return not blocking(self.problems)


def read_boundary(
    path: Path, crs: str | None = None, name_column: str | None = None, layer: str | None = None
) -> BoundaryRead:
    """Read a boundary file in any format and reference system that can be named.

    `crs` overrides what the file says, `name_column` chooses the column of names, `layer` one of several layers.
    What cannot be used answers a problem that blocks.
    """
    told: list[Problem] = []
    found_crs = ""
    try:
        read = read_layer(path, layer or "")
        read = _only_areas(read, told)
        points = shapely.get_coordinates(np.array(read.shapes, dtype=object))
        settled = settle(read.crs, read.assumed, crs, points)
        found_crs = settled.name
        compare(settled, points)
        _tell_override(read, crs, settled.crs, told)
        names, about_names = name_features(read.columns, len(read.shapes), name_column)
        told += about_names
        features = tuple(
            feature
            for name, shape in zip(names, read.shapes, strict=True)
            if (feature := _feature(name, shape, settled.crs, told)) is not None
        )
        _refuse_extent(features)
    except Refused as refused:
        return BoundaryRead(found_crs, (), (refused.problem, *told))
    return BoundaryRead(found_crs, features, (*told, *_overlaps(features)))


def area_m2(shape: Any) -> float:
    """The area of a (multi)polygon in WGS 84 on the ellipsoid, in square metres, without its holes."""
    whole = 0.0
    for part in shapely.get_parts(shape):
        if part.geom_type == "Polygon":
            whole += _ring_m2(part.exterior) - sum(_ring_m2(hole) for hole in part.interiors)
    return max(whole, 0.0)


def polygons(shape: Any) -> Any:
    """The polygons of a shape as one MultiPolygon, in a fixed order; empty when it has none."""
    parts = [part for part in shapely.get_parts(shapely.get_parts(shape)) if part.geom_type == "Polygon"]
    return shapely.normalize(shapely.MultiPolygon([part for part in parts if not part.is_empty]))


def _ring_m2(ring: Any) -> float:
    points = shapely.get_coordinates(ring)
    return abs(float(_GEOD.polygon_area_perimeter(points[:, 0], points[:, 1])[0]))


def _only_areas(read: Layer, told: list[Problem]) -> Layer:
    if len(read.shapes) > _MOST_FEATURES:
        text = f"The file has {len(read.shapes):,} features: too many for districts. Give the boundary layer."
        raise Refused("too_large", text)
    kept = []
    for index, shape in enumerate(read.shapes):
        feature = f"row {index + 1}"
        if shape is None:
            told.append(Problem("no_geometry", feature, f"Feature {index + 1} has no geometry: it is left out."))
        elif shape.geom_type in {"Polygon", "MultiPolygon"}:
            kept.append(index)
        elif any(part.geom_type.endswith("Polygon") for part in shapely.get_parts(shape)):
            text = f"Feature {index + 1} also holds points or lines: only its areas are used."
            told.append(Problem("not_area", feature, text))
            kept.append(index)
        else:
            text = f"Feature {index + 1} is no area (a point, a line or unreadable): it is left out."
            told.append(Problem("not_area", feature, text))
    if not kept:
        raise Refused("no_area", f"None of the {len(read.shapes):,} features is an area. Give a layer of polygons.")
    columns = {name: [values[index] for index in kept] for name, values in read.columns.items()}
    shapes = [shapely.force_2d(read.shapes[index]) for index in kept]
    return msgspec.structs.replace(read, columns=columns, shapes=shapes)


def _tell_override(read: Layer, override: str | None, used: Any, told: list[Problem]) -> None:
    if not override:
        return
    try:
        said = parsed(read.crs, "The file") if read.crs else None
        same, words = said is not None and named(said) == named(used), named(said) if said is not None else "nothing"
    except Refused:
        same, words = False, "a system that does not exist"
    if not same:
        text = f"--crs {override} is used; the file itself says {words}. Check on a map that it fits."
        told.append(Problem("crs_overridden", "", text))


# One feature ------------------------------------------------------------------------------------------------


def _feature(name: str, shape: Any, crs: Any, told: list[Problem]) -> Feature | None:
    parts = [part for part in shapely.get_parts(shapely.get_parts(shape)) if part.geom_type == "Polygon"]
    sound = [kept for part in parts if (kept := _without_flat_rings(part)) is not None]
    rings = sum(1 + len(part.interiors) for part in parts)
    dropped = rings - sum(1 + len(part.interiors) for part in sound)
    if dropped:
        what = "1 ring has" if dropped == 1 else f"{dropped} rings have"
        text = f"{name}: {what} too few points or no area and {'is' if dropped == 1 else 'are'} left out. "
        told.append(Problem("ring_dropped", name, f"{text}Nothing to do, unless a part is missing on the map."))
    whole = shapely.MultiPolygon(sound)
    if not whole.is_empty and not whole.is_valid:
        why = shapely.is_valid_reason(whole)
        before = abs(whole.area)
        whole = polygons(_mended(whole))
        share = abs(whole.area - before) / whole.area if before and whole.area else 0.0
        text = f"{name}: its outline was not valid ({why}) and is mended"
        change = f", which changes its area by {share:.1%}" if share >= 0.0005 else ""  # noqa: PLR2004 - shown as 0.1 %
        told.append(Problem("ring_mended", name, f"{text}{change}. Look at it on the map."))
    outline = _in_degrees(whole, crs)
    if outline.is_empty:
        told.append(Problem("feature_empty", name, f"{name} has no area left: it is left out. Correct the source."))
        return None
    parts = shapely.get_parts(outline)
    return Feature(
        name=name,
        geometry=outline,
        parts=len(parts),
        holes=int(shapely.get_num_interior_rings(parts).sum()),
        area_m2=round(area_m2(outline), 1),
        bounds=tuple(round(float(value), 7) for value in outline.bounds),  # type: ignore[arg-type] # four of them
    )


def _without_flat_rings(part: Any) -> Any:
    def flat(ring: Any) -> bool:
        points = shapely.get_coordinates(ring)
        # A bow-tie's signed area is nothing too: what is flat has no hull either.
        return not np.isfinite(points).all() or len(np.unique(points, axis=0)) < 3 or ring.convex_hull.area == 0  # noqa: PLR2004

    if part.is_empty or flat(part.exterior):
        return None
    holes = [hole for hole in part.interiors if not flat(hole)]
    return part if len(holes) == len(part.interiors) else shapely.Polygon(part.exterior, holes)


def _mended(shape: Any) -> Any:
    return shapely.make_valid(shape, method="structure", keep_collapsed=False)


def _in_degrees(shape: Any, crs: Any) -> Any:
    outline = shapely.transform(shape, lambda points: to_degrees(crs, points).round(_DECIMALS))
    return polygons(outline if outline.is_valid else _mended(outline))


# All features -----------------------------------------------------------------------------------------------


def _refuse_extent(features: tuple[Feature, ...]) -> None:
    if not features:
        raise Refused("no_area", "No feature has an area left. Correct the boundary in its source and export it again.")
    for feature in features:
        for part in shapely.get_parts(feature.geometry):
            west, _, east, _ = part.bounds
            if east - west > _HALF_GLOBE:
                raise Refused(
                    "too_wide",
                    f"{feature.name} reaches from longitude {west:.3f} to {east:.3f}, around the globe. An outline "
                    "that crosses the 180th meridian must be split there: export it as GeoJSON by RFC 7946.",
                    feature.name,
                )
    whole = sum(feature.area_m2 for feature in features) / 1e6
    if whole > MOST_KM2:
        raise Refused(
            "area_too_large",
            f"The areas measure {whole:,.0f} km² in all, more than {MOST_KM2:,.0f}: larger than any county. "
            "Check the reference system, or give only the agency's own districts.",
        )


def _overlaps(features: tuple[Feature, ...]) -> list[Problem]:
    shapes = [feature.geometry for feature in features]
    left, right = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    found = []
    for a, b in sorted(zip(left.tolist(), right.tolist(), strict=True)):
        if a >= b:
            continue
        shared = area_m2(polygons(shapely.intersection(shapes[a], shapes[b])))
        smaller = min(features[a].area_m2, features[b].area_m2)
        if shared > _OVERLAP * smaller or (shared > _SLIVER_M2 and shared > _SLIVER * smaller):
            found.append((shared, a, b))
    found.sort(key=lambda entry: (-entry[0], entry[1:]))
    told = [
        Problem(
            "overlap",
            features[a].name,
            f"{features[a].name} and {features[b].name} overlap by {shared:,.0f} m². "
            "Both keep it; correct the source if only one should.",
        )
        for shared, a, b in found[:_MOST_OVERLAPS]
    ]
    if len(found) > _MOST_OVERLAPS:
        rest = len(found) - _MOST_OVERLAPS
        told.append(Problem("overlap", "", f"{rest:,} more pairs of areas overlap. Correct the source."))
    return told
