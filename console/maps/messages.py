"""What the map page and the console say to each other.

Promises: what comes from the page is untrusted text until `decode_page_message` has parsed it; a message that
is too long, of an unknown type or version, or off the globe comes back as a `BridgeProblem`, never as an
exception. Never: a message that can name a file, an address or a script.
The TypeScript side is resources/web/src/messages.ts; a test compares the tags of both.
"""

from __future__ import annotations

import enum
from typing import Annotated, Any, Final, Literal

import msgspec

from console.domain.places import Latitude, Longitude
from console.maps.style import Theme

MAX_PAGE_MESSAGE_BYTES: Final = 64 * 1024

FeaturesName = Literal["blocks", "area", "offer", "requests", "agencies", "incident"]
"""Layers of few features, sent as GeoJSON."""
PointsName = Literal["posts", "alerts"]
"""Layers of many places, clustered by the page's worker."""
OutlinesName = Literal["jurisdiction", "districts"]
"""Layers of long outlines, sent for the zoom and the box that are looked at."""
SwitchName = Literal[
    "posts",
    "alerts",
    "requests:pending",
    "requests:published",
    "requests:closed",
    "districts",
    "blocks",
    "agencies",
]
"""What the legend can switch."""
LayerName = FeaturesName | PointsName | OutlinesName
Tool = Literal["none", "place", "circle", "rectangle", "polygon", "blocks"]
Zoom = Annotated[float, msgspec.Meta(ge=0.0, le=24.0)]
Count = Annotated[int, msgspec.Meta(ge=0, le=10_000_000)]
FeatureId = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Version = Annotated[int, msgspec.Meta(ge=0, le=2**31)]
Row = Annotated[int, msgspec.Meta(ge=0, lt=2_000_000)]
PICKED_ROWS_MAX: Final = 1_000
Bounds = tuple[Latitude, Longitude, Latitude, Longitude]
"""South, west, north, east, in degrees."""
FeatureCollection = dict[str, Any]
"""A GeoJSON FeatureCollection (RFC 7946): positions are [longitude, latitude]."""


def _tag(name: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")


class _Message(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="type", tag=_tag):
    v: Literal[1] = 1


class _Shape(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="shape", tag=_tag):
    """What was drawn by hand, before it is snapped to blocks."""


class Circle(_Shape, frozen=True):
    """A drawn circle: its centre in degrees and its radius on the ground."""

    lat: Latitude
    lon: Longitude
    radius_m: Annotated[float, msgspec.Meta(gt=0.0, le=100_000.0)]


class Polygon(_Shape, frozen=True):
    """A drawn ring of [longitude, latitude], at least three positions; closed or not, as it was drawn."""

    ring: Annotated[tuple[tuple[Longitude, Latitude], ...], msgspec.Meta(min_length=3, max_length=1_000)]


# -- page to console -------------------------------------------------------------------------------------


class Ready(_Message, frozen=True):
    """The page's script runs and listens."""


class Drawn(_Message, frozen=True):
    """The layers are painted and at rest: how many shapes and how many street tiles."""

    paths: Count
    tiles: Count


class Picked(_Message, frozen=True):
    """A feature was clicked, or chosen with Enter."""

    layer: FeaturesName
    feature_id: FeatureId


class PointsPicked(_Message, frozen=True):
    """A place or a cluster of places was chosen: its rows, the first `PICKED_ROWS_MAX` of `total`."""

    layer: PointsName
    version: Version
    rows: Annotated[tuple[Row, ...], msgspec.Meta(min_length=1, max_length=PICKED_ROWS_MAX)]
    total: Count


class Switched(_Message, frozen=True):
    """The legend was used: a layer is shown or hidden from now on."""

    what: SwitchName
    visible: bool


class PlacePicked(_Message, frozen=True):
    """A place was clicked with the tool `place`, or chosen from the map's menu."""

    lat: Latitude
    lon: Longitude


class Drawing(_Message, frozen=True):
    """The shape under the pointer; `final` when the hand let go."""

    geometry: Circle | Polygon
    final: bool


class ViewChanged(_Message, frozen=True):
    """The part of the world in view."""

    south: Latitude
    west: Longitude
    north: Latitude
    east: Longitude
    zoom: Zoom


PageMessage = Ready | Drawn | Picked | PointsPicked | Switched | PlacePicked | Drawing | ViewChanged


# -- console to page -------------------------------------------------------------------------------------


class SetLayer(_Message, frozen=True):
    """Replace what a layer shows. Outlines may come whole where they are short."""

    name: FeaturesName | OutlinesName
    geojson: FeatureCollection


class KindWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A kind of place: its words in the singular and the plural, and the colour token it is drawn in."""

    one: Annotated[str, msgspec.Meta(max_length=60)]
    many: Annotated[str, msgspec.Meta(max_length=60)]
    token: Annotated[str, msgspec.Meta(max_length=30)]


class SetPoints(_Message, frozen=True):
    """Places are there to be fetched by their layer and version; kinds by their number."""

    name: PointsName
    version: Version
    kinds: tuple[KindWords, ...]
    rows: str | None = None
    """Which rows are shown, as `points.mask` writes them; None: all."""


class SelectPoints(_Message, frozen=True):
    """Show only some rows of a layer's places."""

    name: PointsName
    version: Version
    rows: str | None


class SetOutlines(_Message, frozen=True):
    """Outlines are there to be fetched by their layer and version."""

    name: OutlinesName
    version: Version


class Light(_Message, frozen=True):
    """Light a place, whatever lies there; None puts the light out."""

    lat: Latitude | None
    lon: Longitude | None


class SetPrinting(_Message, frozen=True):
    """Hide what is for the hand only, so that a picture can be taken."""

    on: bool


class ClearLayer(_Message, frozen=True):
    """Empty a layer."""

    name: LayerName


class ShowLayer(_Message, frozen=True):
    """Show or hide a layer; the legend follows."""

    name: FeaturesName | SwitchName
    visible: bool


class SetTheme(_Message, frozen=True):
    """Day or night."""

    theme: Theme


class FlyTo(_Message, frozen=True):
    """Bring a place to the middle."""

    lat: Latitude
    lon: Longitude
    zoom: Zoom


class Fit(_Message, frozen=True):
    """Bring a box into view."""

    bounds: Bounds


class SetTool(_Message, frozen=True):
    """What a click does from now on."""

    tool: Tool


class SetReadout(_Message, frozen=True):
    """The words in the box at the top left; empty hides it."""

    text: Annotated[str, msgspec.Meta(max_length=400)]


class Highlight(_Message, frozen=True):
    """Mark one feature of a layer, or none."""

    layer: FeaturesName | Literal["districts"]
    feature_id: FeatureId | None


class SetDrawing(_Message, frozen=True):
    """Put a shape on the map that was made without the pointer; from here on it can be moved and resized there."""

    geometry: Circle | Polygon


class ClearDrawing(_Message, frozen=True):
    """Take away the drawn shape; a drawing tool starts afresh."""


ConsoleMessage = (
    SetLayer
    | SetPoints
    | SelectPoints
    | SetOutlines
    | Light
    | SetPrinting
    | ClearLayer
    | ShowLayer
    | SetTheme
    | FlyTo
    | Fit
    | SetTool
    | SetReadout
    | Highlight
    | SetDrawing
    | ClearDrawing
)


class BridgeCode(enum.StrEnum):
    """Why a message from the page was refused."""

    TOO_LONG = "map_message_too_long"
    NOT_UNDERSTOOD = "map_message_not_understood"
    UPSIDE_DOWN = "map_message_upside_down"


class BridgeProblem(msgspec.Struct, frozen=True):
    """A message that was refused. It carries a code and a size, never what was said."""

    code: BridgeCode
    size_bytes: int


_PAGE_DECODER: Final[msgspec.json.Decoder[PageMessage]] = msgspec.json.Decoder(PageMessage)
_ENCODER: Final = msgspec.json.Encoder()


def decode_page_message(untrusted_text: str | bytes) -> PageMessage | BridgeProblem:
    """Parse one message of the page; what cannot be trusted comes back as a problem."""
    # A surrogate alone cannot be encoded: it becomes three bytes that the decoder refuses.
    untrusted_bytes = (
        untrusted_text.encode("utf-8", "surrogatepass") if isinstance(untrusted_text, str) else untrusted_text
    )
    size_bytes = len(untrusted_bytes)
    if size_bytes > MAX_PAGE_MESSAGE_BYTES:
        return BridgeProblem(BridgeCode.TOO_LONG, size_bytes)
    try:
        message = _PAGE_DECODER.decode(untrusted_bytes)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return BridgeProblem(BridgeCode.NOT_UNDERSTOOD, size_bytes)
    if isinstance(message, ViewChanged) and (message.south > message.north or message.west > message.east):
        return BridgeProblem(BridgeCode.UPSIDE_DOWN, size_bytes)
    return message


def encode_console_message(message: ConsoleMessage) -> str:
    """Write one message for the page, as JSON text."""
    return _ENCODER.encode(message).decode()
