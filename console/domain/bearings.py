"""Where one place lies from another, in words: distance and bearing. For lists that are read aloud.

Source: initial great-circle bearing; sixteen winds would be too fine for a block, eight are used.
"""

from __future__ import annotations

import math

from console.domain.places import Point, distance_m

METRES_A_MILE = 1609.344
_HERE_M = 30.0
_FEET_UNTIL_M = 160.0
_FEET_A_METRE = 3.280839895
WINDS = ("north", "northeast", "east", "southeast", "south", "southwest", "west", "northwest")


def bearing_deg(start: Point, end: Point) -> float:
    """The direction from one place to another, in degrees from north, clockwise, 0 to 360."""
    lat_a, lat_b = math.radians(start.lat), math.radians(end.lat)
    turn = math.radians(end.lon - start.lon)
    east = math.sin(turn) * math.cos(lat_b)
    north = math.cos(lat_a) * math.sin(lat_b) - math.sin(lat_a) * math.cos(lat_b) * math.cos(turn)
    return math.degrees(math.atan2(east, north)) % 360.0


def wind(start: Point, end: Point) -> str:
    """The nearest of the eight winds."""
    return WINDS[round(bearing_deg(start, end) / 45.0) % 8]


def distance_words(metres: float) -> str:
    """A distance in miles (feet where it is short) and metres or kilometres: "0.8 mi (1.3 km)"."""
    metric = f"{round(metres, -1):.0f} m" if metres < 1000 else f"{metres / 1000:.1f} km"  # noqa: PLR2004 - a kilometre
    if metres < _FEET_UNTIL_M:
        return f"{round(metres * _FEET_A_METRE, -1):.0f} ft ({metric})"
    return f"{metres / METRES_A_MILE:.1f} mi ({metric})"


def from_station(station: Point, place: Point) -> str:
    """Where a place lies from the station: "0.8 mi (1.3 km) northwest of the station"."""
    away_m = distance_m(station, place)
    if away_m < _HERE_M:
        return "at the station"
    return f"{distance_words(away_m)} {wind(station, place)} of the station"
