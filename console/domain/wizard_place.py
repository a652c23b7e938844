"""A place as an officer types it: a street, a crossing, a house number, coordinates in the usual notations.

Promises: what it answers lies in the jurisdiction; what was only guessed (a swapped pair, a street's middle) is said in
a note. Nothing is looked up anywhere but in the atlas.
"""

from __future__ import annotations

import math
import re
import unicodedata
from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

from console.domain.places import Point
from console.domain.streets import street_name, without_number

if TYPE_CHECKING:
    from console.domain.ground import Ground

_APART = re.compile(r"\s*(?:&|/|@|\+|\band\b|\bat\b|\bnear\b)\s*", re.IGNORECASE)
_COORDINATE_LETTERS = re.compile(r"[^0-9.,;+\-\s\u00b0\u00ba'\u2019\u2032\"\u201d\u2033NSEWnsewdmoDMO\u2212]")
_ANGLE = re.compile(
    r"(?P<before>[NSEW])?\s*(?P<sign>[+-])?(?P<degrees>\d{1,3}(?:\.\d+)?)"
    r"(?:\s*[\u00b0\u00bad]\s*(?:(?P<minutes>\d{1,2}(?:\.\d+)?)\s*[\u2032'\u2019m]\s*)?"
    r"(?:(?P<seconds>\d{1,2}(?:\.\d+)?)\s*(?:\u2033|\u2032\u2032|\"|\u201d|''|s(?![a-z]))\s*)?)?"
    r"\s*(?P<after>[NSEW])?",
    re.IGNORECASE,
)
_SPACED = re.compile(
    r"(\d{1,3})\s+(\d{1,2})\s+(\d{1,2}(?:\.\d+)?)\s*([NSEW])[\s,;]+(\d{1,3})\s+(\d{1,2})\s+(\d{1,2}(?:\.\d+)?)\s*([NSEW])",
    re.IGNORECASE,
)


class PlaceKind(StrEnum):
    """What the text was."""

    STREET = "street"
    CROSSING = "crossing"
    NUMBER = "number"
    COORDINATES = "coordinates"


class PlaceFound(msgspec.Struct, frozen=True):
    """A place, what to call it, and what the officer should know about how it was found."""

    place: Point
    name: str
    kind: PlaceKind
    note: str = ""


class PlaceTrouble(msgspec.Struct, frozen=True):
    """Why no place was found: a code, and words that name the way out."""

    code: str
    words: str


WORDS: dict[str, str] = {
    "place_empty": "No place was typed. Type a street, a crossing or coordinates.",
    "place_unknown": "No street of your jurisdiction is called \u201c{given}\u201d. Check the spelling, or type a "
    "crossing such as \u201cHalsted & 18th\u201d.",
    "place_ambiguous": "\u201c{given}\u201d could be {names}. Type the whole name.",
    "place_no_crossing": "{names} do not cross in your jurisdiction. Check both names, or type one of them.",
    "place_unreadable": "These coordinates cannot be read. Type them as in \u201c41.8525, -87.6745\u201d.",
    "place_outside": "These coordinates lie outside your jurisdiction. Check the digits and the signs.",
}
NOTE_STREET = "The middle of the street. Move it on the map, or type a crossing."
NOTE_NUMBER = "House numbers are not on this map: this is the middle of {street}. Move it to the right place."
NOTE_SIDE = "Found only {name}. Check which side of the city is meant."
NOTE_SWAPPED = "Taken as latitude and longitude the other way round."
NOTE_SIGN = "Taken as west of Greenwich: the minus was missing."


def find_place(untrusted_text: str, ground: Ground) -> PlaceFound | PlaceTrouble:
    """The place that a text names, or why there is none."""
    text = _tidied(untrusted_text)
    if not text:
        return _trouble("place_empty")
    if _looks_like_coordinates(text):
        return _coordinates(text, ground)
    sides = [side for side in _APART.split(text) if side]
    if len(sides) == 2:  # noqa: PLR2004 - two streets cross
        return _crossing(sides[0], sides[1], ground)
    found = _street(text, ground)
    unnumbered = without_number(text)
    if isinstance(found, PlaceFound) or found.code == "place_ambiguous" or unnumbered == text:
        return found
    street = _street(unnumbered, ground)
    if isinstance(street, PlaceTrouble):
        return street
    note = NOTE_NUMBER.format(street=street.name.removeprefix("Near "))
    return PlaceFound(street.place, street.name, PlaceKind.NUMBER, note)


def read_coordinates(untrusted_text: str) -> tuple[float, float] | None:
    """Latitude and longitude as they are written, in any usual notation; None where a text is anything else."""
    text = _tidied(untrusted_text)
    return _read_pair(text) if _looks_like_coordinates(text) else None


def place_words(code: str, **figures: str) -> str:
    """The words of a trouble's code."""
    return WORDS[code].format(**figures)


def _trouble(code: str, **figures: str) -> PlaceTrouble:
    return PlaceTrouble(code, place_words(code, **figures))


def _tidied(untrusted_text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", untrusted_text[:200].replace("\u2212", "-")).split()).strip(" ,;")


# Coordinates


def _looks_like_coordinates(text: str) -> bool:
    return (
        _COORDINATE_LETTERS.search(text) is None
        and len(re.findall(r"\d", text)) >= 4  # noqa: PLR2004 - two numbers of two digits
        and len(re.findall(r"\d+(?:\.\d+)?", text)) >= 2  # noqa: PLR2004
        and re.search(r"[.,;\u00b0\u00ba]|\d\s+[+-]?\d", text) is not None
    )


def _coordinates(text: str, ground: Ground) -> PlaceFound | PlaceTrouble:
    pair = _read_pair(text)
    if pair is None:
        return _trouble("place_unreadable")
    lat, lon = pair
    for one, other, note in (
        (lat, lon, ""),
        (lon, lat, NOTE_SWAPPED),
        (lat, -lon, NOTE_SIGN),
        (-lon, lat, NOTE_SWAPPED),
        (lon, -lat, NOTE_SWAPPED),
    ):
        if abs(one) <= 90 and abs(other) <= 180:  # noqa: PLR2004 - the globe
            place = Point(lat=one, lon=other)
            if ground.index.contains(place):
                street = ground.index.nearest_street(place)
                name = f"Near {street.name}" if street is not None else ""
                return PlaceFound(place, name, PlaceKind.COORDINATES, note)
    return _trouble("place_outside")


def _read_pair(text: str) -> tuple[float, float] | None:
    """Latitude and longitude as they were written; None where this is no pair."""
    spaced = _SPACED.fullmatch(text)
    if spaced is not None:
        parts = spaced.groups()
        angles = [
            _signed(float(degrees), float(minutes), float(seconds), letter)
            for degrees, minutes, seconds, letter in (parts[:4], parts[4:])
        ]
        letters = (parts[3] + parts[7]).upper()
    else:
        matches = list(_ANGLE.finditer(text))
        rest = _ANGLE.sub("", text).strip(" ,;")
        if len(matches) != 2 or rest:  # noqa: PLR2004 - a pair
            return None
        angles, letters = [], ""
        for match in matches:
            letter = (match["before"] or match["after"] or "").upper()
            angle = _signed(float(match["degrees"]), float(match["minutes"] or 0), float(match["seconds"] or 0), letter)
            angles.append(-angle if match["sign"] == "-" else angle)
            letters += letter
    if any(not math.isfinite(angle) for angle in angles):
        return None
    if letters and letters[0] in "EW":
        angles.reverse()
    return angles[0], angles[1]


def _signed(degrees: float, minutes: float, seconds: float, letter: str) -> float:
    if minutes >= 60 or seconds >= 60:  # noqa: PLR2004 - an hour's parts
        return math.nan
    angle = degrees + minutes / 60 + seconds / 3600
    return -angle if letter.upper() in {"S", "W"} else angle


# Streets


def _street(text: str, ground: Ground) -> PlaceFound | PlaceTrouble:
    streets = ground.streets.called(text)
    names = sorted({street.name for street in streets})
    if not names:
        return _trouble("place_unknown", given=text[:60])
    if len({street_name(name)[1:] for name in names}) > 1:  # the sides of one street are one
        return _trouble("place_ambiguous", given=text[:60], names=_either(names))
    street = max(streets, key=lambda s: len(s.points))
    return PlaceFound(street.points[len(street.points) // 2], f"Near {street.name}", PlaceKind.STREET, NOTE_STREET)


def _crossing(one: str, other: str, ground: Ground) -> PlaceFound | PlaceTrouble:
    streets = ground.streets
    if not streets.called(one):
        one = without_number(one)
    ones, others = streets.called(one), streets.called(other)
    for given, called in ((one, ones), (other, others)):
        if not called:
            return _trouble("place_unknown", given=given[:60])
    for crossing in streets.crossings(one, other):
        if ground.index.contains(crossing.place):
            name = f"{crossing.one.name} at {crossing.other.name}"
            note = "" if crossing.is_as_asked else NOTE_SIDE.format(name=name)
            return PlaceFound(crossing.place, name, PlaceKind.CROSSING, note)
    return _trouble("place_no_crossing", names=f"{ones[0].name} and {others[0].name}")


def _either(names: list[str]) -> str:
    shown = names[:4]
    return f"{', '.join(shown[:-1])} or {shown[-1]}" if len(shown) > 1 else shown[0]
