"""Outlines for a zoom: a boundary of a hundred thousand corners as the few lines that a screen can show.

Promises: at the zoom that was asked for, no line lies more than half a pixel from where the boundary is; holes and
islands stay; what is sent covers the asked box and little beyond it. An island or a hole of less than half a pixel is
left out. Never: a change of what is allowed, which is judged on the boundary itself (`domain.ground`).
Source: Web Mercator (EPSG:3857) pixels of 256-pixel tiles; Douglas-Peucker by GEOS.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import msgspec
import numpy as np
import shapely
from shapely.geometry import mapping, shape

if TYPE_CHECKING:
    from collections.abc import Mapping

ZOOM_MAX: Final = 20
TILES_MAX: Final = 32
TOLERANCE_PX: Final = 0.5
_TILE_PX: Final = 256
# A corner is told in millionths of a degree: 0.11 m, less than half a pixel at zoom 19.
_SCALE: Final = 1e6
_MERCATOR_MAX_LAT: Final = 85.0511
_LABEL_SHARE: Final = 100
# A name's middle need not be finer than what is seen of a district at this zoom.
_LABEL_ZOOM: Final = 12
# Lines are clipped this far outside the box that was asked, so that no clipped end is seen.
_MARGIN_PX: Final = 4


class TileBox(NamedTuple):
    """A box of tiles at a zoom: the first and the last column and row, both included."""

    zoom: int
    west: int
    north: int
    east: int
    south: int

    def is_possible(self) -> bool:
        """Whether such tiles exist, and not more of them than a screen needs."""
        last = (1 << self.zoom) - 1 if 0 <= self.zoom <= ZOOM_MAX else -1
        return (
            0 <= self.west <= self.east <= last
            and 0 <= self.north <= self.south <= last
            and self.east - self.west < TILES_MAX
            and self.south - self.north < TILES_MAX
        )


class OutlineLabel(msgspec.Struct, frozen=True):
    """Where an outline's name is read best: the middle of the largest circle inside it, and how wide that is."""

    id: str
    name: str
    lat: float
    lon: float
    radius_deg: float
    """In degrees of longitude."""


class _Part(NamedTuple):
    id: str
    shape: Any


class Outlines:
    """Named (multi)polygons in degrees, made ready to be drawn at any zoom. Derived shapes are kept."""

    def __init__(self, geometries: Mapping[str, Any], *, names: Mapping[str, str] | None = None) -> None:
        """Geometries are GeoJSON; one that is empty or not a polygon is left out."""
        self._names = dict(names or {})
        self._given = dict(geometries)
        self._parts: list[_Part] | None = None
        self._simple: dict[int, list[_Part]] = {}
        self._labels: bytes | None = None

    def ids(self) -> tuple[str, ...]:
        """The outlines that can be drawn."""
        return tuple(part.id for part in self._flat())

    def lines(self, box: TileBox, zoom: int) -> bytes:
        """The outlines in a box, fit for a zoom, as JSON: `{"lines": [[id, [run, ...]], ...], "ground": [ring, ...]}`.

        A run or ring is a flat list of millionths of a degree, longitude and latitude in turn, each after the first
        pair told as the difference to the one before. `ground` is the inside, cut to the box, to be left undimmed.
        """
        frame = _frame(box)
        lines: list[tuple[str, list[list[int]]]] = []
        ground: list[list[int]] = []
        for part in self._at(zoom):
            # Boxes only: a simplified ring may cross itself, which clipping takes and a test of shapes does not.
            if not shapely.box(*part.shape.bounds).intersects(frame):
                continue
            edge = shapely.clip_by_rect(part.shape.boundary, *frame.bounds)
            # Pieces that a clip leaves of one ring are put together again: fewer, longer lines.
            joined = shapely.line_merge(edge) if edge.geom_type == "MultiLineString" else edge
            runs = [_told(line) for line in shapely.get_parts(joined) if line.geom_type == "LineString"]
            if runs:
                lines.append((part.id, runs))
            inside = shapely.clip_by_rect(part.shape, *frame.bounds)
            for polygon in shapely.get_parts(inside):
                if polygon.geom_type == "Polygon" and not polygon.is_empty:
                    ground.append(_told(polygon.exterior))
                    ground.extend(_told(hole) for hole in polygon.interiors)
        return msgspec.json.encode({"lines": lines, "ground": ground})

    def labels(self) -> bytes:
        """A JSON list of `OutlineLabel`, the widest first."""
        if self._labels is None:
            found = []
            for part in self._at(_LABEL_ZOOM):
                largest = max(shapely.get_parts(part.shape), key=lambda p: p.area, default=None)
                if largest is None or largest.is_empty:
                    continue
                across = math.sqrt(largest.area)
                circle = shapely.maximum_inscribed_circle(largest, tolerance=across / _LABEL_SHARE)
                (x, y), radius = circle.coords[0], circle.length
                name = self._names.get(part.id, part.id)
                lat, lon = (round(float(v), 6) for v in (_latitude(np.array([y]))[0], x))
                found.append(OutlineLabel(part.id, name[:60], lat, lon, round(radius, 6)))
            self._labels = msgspec.json.encode(sorted(found, key=lambda one: (-one.radius_deg, one.name)))
        return self._labels

    def _flat(self) -> list[_Part]:
        """The shapes in Mercator degrees: longitude as it is, latitude stretched as the map stretches it."""
        if self._parts is None:
            self._parts = []
            for key, geometry in self._given.items():
                made = shape(geometry) if geometry else shapely.Polygon()
                if made.is_empty or made.geom_type not in {"Polygon", "MultiPolygon"}:
                    continue
                self._parts.append(_Part(key, shapely.transform(made, _stretched)))
        return self._parts

    def _at(self, zoom: int) -> list[_Part]:
        known = self._simple.get(zoom)
        if known is None:
            tolerance = TOLERANCE_PX * _degrees_a_pixel(zoom)
            parts = self._flat()
            simple = shapely.simplify([part.shape for part in parts], tolerance, preserve_topology=False)
            known = [_Part(part.id, found) for part, found in zip(parts, simple, strict=True) if not found.is_empty]
            self._simple[zoom] = known
        return known


def simplified(geometry: Any, zoom: int) -> Any:
    """A GeoJSON (multi)polygon to be drawn up to a zoom, moved by no more than half a pixel of it; rings may cross."""
    made = shapely.transform(shape(geometry), _stretched)
    simple = shapely.simplify(made, TOLERANCE_PX * _degrees_a_pixel(zoom), preserve_topology=False)
    return mapping(shapely.transform(made if simple.is_empty else simple, _unstretched))


def _frame(box: TileBox) -> Any:
    """The box in Mercator degrees, a few pixels wider."""
    tile = 360.0 / (1 << box.zoom)
    margin = _MARGIN_PX * _degrees_a_pixel(box.zoom)
    west, east = box.west * tile - 180.0, (box.east + 1) * tile - 180.0
    north, south = 180.0 - box.north * tile, 180.0 - (box.south + 1) * tile
    return shapely.box(west - margin, south - margin, east + margin, north + margin)


def _degrees_a_pixel(zoom: int) -> float:
    return 360.0 / (_TILE_PX * (1 << zoom))


def _stretched(xy: Any) -> Any:
    lat = np.clip(xy[:, 1], -_MERCATOR_MAX_LAT, _MERCATOR_MAX_LAT)
    y = np.degrees(np.arcsinh(np.tan(np.radians(lat))))
    return np.column_stack([xy[:, 0], y])


def _latitude(y: Any) -> Any:
    return np.degrees(np.arctan(np.sinh(np.radians(y))))


def _unstretched(xy: Any) -> Any:
    return np.column_stack([xy[:, 0], _latitude(xy[:, 1])])


def _told(line: Any) -> list[int]:
    xy = shapely.get_coordinates(line)
    whole = np.rint(_unstretched(xy) * _SCALE).astype(np.int64)
    steps = np.diff(whole, axis=0, prepend=np.zeros((1, 2), dtype=np.int64))
    flat: list[int] = steps.ravel().tolist()
    return flat
