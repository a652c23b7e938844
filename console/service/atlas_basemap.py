"""Taking a street map into an atlas pack.

Promises: only a whole PMTiles file of version 3 with vector tiles is taken; one that covers another city, or only
a part of this one, is told. Reads one file, changes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import shapely

from console.maps.tiles import Basemap, BasemapDamaged, BasemapError, BasemapMissing, BasemapOtherSchema
from console.service.atlas_problems import MAX_BYTES, Problem, Refused

if TYPE_CHECKING:
    from pathlib import Path

_NEARLY_ALL = 0.99


class BasemapRead(msgspec.Struct, frozen=True):
    """A street map as it goes into a pack: its bytes, its makers' credit and what is amiss."""

    content: bytes
    attribution: str
    problems: tuple[Problem, ...]


def read_basemap(path: Path, bounds: tuple[float, float, float, float]) -> BasemapRead:
    """Read a PMTiles file for a jurisdiction with these bounds: west, south, east, north in degrees.

    Refused with code `basemap` when it is missing, damaged or of another kind.
    """
    try:
        with Basemap(path) as basemap:
            south, west, north, east = basemap.bounds
            attribution = basemap.attribution
        if path.stat().st_size > MAX_BYTES:
            raise Refused("too_large", f"{path.name} is larger than {MAX_BYTES:,} bytes. Cut it to the city first.")
        content = path.read_bytes()
    except BasemapMissing as error:
        raise Refused("no_file", f"There is no street map {path}. Check its name and folder.") from error
    except BasemapDamaged as error:
        text = f"{path.name} is a damaged or incomplete PMTiles file. Copy it again."
        raise Refused("basemap", text) from error
    except BasemapOtherSchema as error:
        text = f"{path.name} holds other layers than are drawn. Extract a map in the Protomaps schema."
        raise Refused("basemap", text) from error
    except BasemapError as error:
        text = (
            f"{path.name} is no PMTiles file of version 3 with vector tiles (MVT). Make it with a tool that writes one."
        )
        raise Refused("basemap", text) from error
    except OSError as error:
        raise Refused("not_readable", f"{path} cannot be read ({error.strerror or error}).") from error
    return BasemapRead(content, attribution, _coverage((west, south, east, north), bounds))


def _coverage(
    mapped: tuple[float, float, float, float], wanted: tuple[float, float, float, float]
) -> tuple[Problem, ...]:
    ground, city = shapely.box(*mapped), shapely.box(*wanted)
    share = shapely.intersection(ground, city).area / city.area
    extent = "longitude {0:.3f} to {2:.3f}, latitude {1:.3f} to {3:.3f}".format(*mapped)
    if share == 0:
        text = (
            f"The street map covers another place ({extent}): the atlas will show outlines only. Give the city's own."
        )
        return (Problem("basemap_elsewhere", "", text),)
    if share < _NEARLY_ALL:
        text = f"The street map covers {share:.0%} of the boundary's extent ({extent}): outside it outlines are shown."
        return (Problem("basemap_partial", "", text),)
    return ()
