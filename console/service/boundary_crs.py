"""Which reference system coordinates are in, and whether they agree with what the file says.

Promises: nothing is guessed. A system that is missing, unknown or contradicted by the coordinates is refused
with the numbers that show it; longitude always comes first, whatever an authority's axis order says.

Refused
  crs_missing, crs_unknown, crs_contradicts, axes_swapped, null_island
"""

from __future__ import annotations

import functools
import warnings
from typing import Any

import msgspec
import numpy as np
import pyproj
import pyproj.exceptions

from console.service.atlas_problems import Refused

WGS84 = "EPSG:4326"
# How far, in degrees, a city may lie outside the area its reference system is made for.
_MARGIN = 1.0
_SMALL = 15.0
# South of this and north of that nobody asks neighbours: a latitude there is a longitude in the wrong place.
_SOUTHMOST, _NORTHMOST = -60.0, 84.0
_LON, _LAT = 180.0, 90.0
_STATE_PLANE_NORTH_FT = 3_000_000
_FINISH = "Ask who made the file, or pass --crs with the right system"


class Settled(msgspec.Struct, frozen=True):
    """The reference system coordinates are in, its name as people write it ("EPSG:2263"), and who says so."""

    crs: Any
    name: str
    who: str


def settle(stated: str | None, assumed: str, override: str | None, points: Any) -> Settled:
    """Settle the reference system of (n, 2) positions, x first; Refused when there is none to be had.

    `override` is what IT says and wins; `assumed` is what the format's rules say where the file is silent.
    """
    if override:
        crs, who = parsed(override, "--crs"), "--crs says"
    elif stated:
        crs, who = parsed(stated, "The file"), "the file says"
    elif stated is None or not assumed:
        raise _missing(_finite(points))
    else:
        crs, who = parsed(assumed, "The format"), "the file says nothing, which means"
    return Settled(crs, named(crs), who)


def compare(settled: Settled, points: Any) -> None:
    """Refuse, with the evidence, (n, 2) positions, x first, that cannot be in this reference system."""
    points = _finite(points)
    if len(points):
        _compare(settled, points, f"{settled.who} {settled.name}")


def to_degrees(crs: Any, points: Any) -> Any:
    """(n, 2) positions in WGS 84, longitude first, of (n, 2) positions in `crs`, x first."""
    if crs == _wgs84():
        return points
    transformer = pyproj.Transformer.from_crs(crs, _wgs84(), always_xy=True)
    return np.column_stack(transformer.transform(points[:, 0], points[:, 1]))


def parsed(text: str, who: str) -> Any:
    """The reference system a text names; Refused `crs_unknown` when there is no such one on the ground."""
    shown = text if len(text) <= 60 else f"{text[:57]}..."  # noqa: PLR2004 - WKT would fill the screen
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            crs = pyproj.CRS.from_user_input(text.strip())
    except (pyproj.exceptions.CRSError, ValueError, TypeError) as error:
        raise Refused(
            "crs_unknown", f"{who} names the reference system {shown!r}, which does not exist. {_FINISH}, as EPSG:2263."
        ) from error
    if not (crs.is_geographic or crs.is_projected):
        raise Refused(
            "crs_unknown", f"{who} names {shown!r}, which is not a system of the ground. {_FINISH}, as EPSG:2263."
        )
    return crs


def named(crs: Any) -> str:
    """A reference system as people write it: "EPSG:2263", or its name where no authority lists it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        authority = crs.to_authority(min_confidence=70)
    if authority is None:
        return str(crs.name)
    return WGS84 if authority == ("OGC", "CRS84") else ":".join(authority)


def reach(points: Any) -> str:
    """Where positions lie, in words and in the file's own numbers: the evidence."""
    (west, south), (east, north) = points.min(axis=0), points.max(axis=0)
    return f"coordinates reach {_number(west)} to {_number(east)} east and {_number(south)} to {_number(north)} north"


def _finite(points: Any) -> Any:
    return points[np.isfinite(points).all(axis=1)]


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.5g}"  # noqa: PLR2004 - degrees need their decimals


def _unit(points: Any) -> str:
    most = np.abs(points).max(axis=0)
    if _fits_degrees(points):
        return "degrees?"
    metres = most[1] > _STATE_PLANE_NORTH_FT and (most[0] <= 1_000_000 or points[:, 0].max() < 0)  # noqa: PLR2004
    return "metres?" if metres else "feet?"


def _fits_degrees(points: Any) -> bool:
    most = np.abs(points).max(axis=0)
    return bool(most[0] <= _LON and most[1] <= _LON)


def _missing(points: Any) -> Refused:
    if not len(points):
        return Refused("crs_missing", f"The file names no reference system. {_FINISH}, as EPSG:4326.")
    evidence = f"The file names no reference system (a shapefile's .prj is missing?); {reach(points)}: {_unit(points)}"
    if _fits_degrees(points):
        return Refused("crs_missing", f"{evidence} If so, pass --crs EPSG:4326.")
    return Refused(
        "crs_missing", f"{evidence} {_FINISH}: in the United States a state plane, for example EPSG:2263 in New York."
    )


def _compare(settled: Settled, points: Any, said: str) -> None:
    if bool((np.abs(points) < 1e-6).all(axis=1).any()):  # noqa: PLR2004 - 10 cm
        raise Refused(
            "null_island",
            f"{int((np.abs(points) < 1e-6).all(axis=1).sum())} points lie at 0, 0, where missing positions end up; "  # noqa: PLR2004
            f"{reach(points)}. Correct or remove them in the source.",
        )
    most = np.abs(points).max(axis=0)
    if settled.crs.is_geographic:
        if most[0] <= _LAT < most[1] <= _LON or (
            most[0] <= _LAT and (points[:, 1].max() < _SOUTHMOST or points[:, 1].min() > _NORTHMOST)
        ):
            raise Refused(
                "axes_swapped",
                f"Latitude and longitude are swapped: {reach(points)}, and {points[0, 1]:.6g} is no latitude of a "
                "city. Export the file with longitude first.",
            )
        if most[0] > _LON or most[1] > _LAT:
            raise _contradiction(f"{said}, but {reach(points)}: {_unit(points)}")
        return
    if _fits_degrees(points):
        raise _contradiction(f"{said}, but {reach(points)}: degrees?")
    _compare_use(settled, points, said)


def _compare_use(settled: Settled, points: Any, said: str) -> None:
    lonlat = to_degrees(settled.crs, points)
    if _within_use(settled.crs, lonlat):
        return
    area = settled.crs.area_of_use
    # Half a hemisphere takes nearly any number: only a small area says that the other way round is right.
    small = area is not None and area.north - area.south < _SMALL
    if small and _within_use(settled.crs, to_degrees(settled.crs, points[:, ::-1])):
        raise Refused(
            "axes_swapped",
            f"East and north are swapped: {said}, {reach(points)}, and only the other way round do they lie in "
            f"{area.name.split(' - ')[0]}. Export the file with east first.",
        )
    where = "nowhere on the ground"
    if np.isfinite(lonlat).all():
        lon, lat = lonlat.mean(axis=0)
        where = f"near latitude {lat:.2f}, longitude {lon:.2f}"
        if area is not None:
            where += f", far from the area it is made for ({area.name.split(' - ')[0].rstrip('.')})"
    raise _contradiction(f"{said}, but {reach(points)}: that is {where}")


def _within_use(crs: Any, lonlat: Any) -> bool:
    if not np.isfinite(lonlat).all():
        return False
    area = crs.area_of_use
    if area is None:
        return True
    (west, south), (east, north) = lonlat.min(axis=0), lonlat.max(axis=0)
    if south < area.south - _MARGIN or north > area.north + _MARGIN:
        return False
    if area.west > area.east:  # it crosses the 180th meridian
        return bool(((lonlat[:, 0] >= area.west - _MARGIN) | (lonlat[:, 0] <= area.east + _MARGIN)).all())
    return bool(west >= area.west - _MARGIN and east <= area.east + _MARGIN)


def _contradiction(evidence: str) -> Refused:
    text = evidence[0].upper() + evidence[1:]
    return Refused("crs_contradicts", f"{text} {_FINISH}." if text.endswith("?") else f"{text}. {_FINISH}.")


@functools.cache
def _wgs84() -> Any:
    return pyproj.CRS.from_user_input(WGS84)
