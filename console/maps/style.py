"""The colours of Porchlight: interface tokens and the quiet palette of the street map, by day and by night.

Promises: one place for every colour; the map page, the console's theme and the service's pages read it.
Source: the token table of the look (text 4.5:1, controls and large text 3:1, in both themes).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal

Theme = Literal["day", "night"]

_DAY: Final = {
    "background": "#F3F5F8",
    "surface": "#FFFFFF",
    "raised": "#FFFFFF",
    "line": "#DDE2E9",
    "text": "#17202C",
    "muted": "#5A6676",
    "accent": "#1B5FC4",
    "on_accent": "#FFFFFF",
    "waiting": "#9A5B00",
    "waiting_ground": "#FFF1D9",
    "good": "#1B7A4B",
    "good_ground": "#E3F4EA",
    "stop": "#B3261E",
    "stop_ground": "#FBE7E5",
    "rail": "#14233B",
    "lamp": "#F2A33A",
}
_NIGHT: Final = {
    "background": "#0F141B",
    "surface": "#171E27",
    "raised": "#1E2732",
    "line": "#2C3744",
    "text": "#E7ECF3",
    "muted": "#9BA8B8",
    "accent": "#78ADFF",
    "on_accent": "#0B1520",
    "waiting": "#F3BC62",
    "waiting_ground": "#3A2C12",
    "good": "#6CD19B",
    "good_ground": "#12301F",
    "stop": "#FF9A92",
    "stop_ground": "#3D1916",
    "rail": "#0A1018",
    "lamp": "#F2A33A",
}

TOKENS: Final[Mapping[Theme, Mapping[str, str]]] = MappingProxyType(
    {"day": MappingProxyType(_DAY), "night": MappingProxyType(_NIGHT)}
)

# What only the street map needs. `dim` is laid over everything outside the jurisdiction.
_STREETS_DAY: Final = {
    "ground": "#F5F4F0",
    "park": "#DFE9D6",
    "built": "#ECEAE5",
    "water": "#B3D3E6",
    "road_minor": "#B4B2AC",
    "road_middle": "#9C9A95",
    "road_major": "#858380",
    "motorway": "#C08C6C",
    "road_fill": "#FFFFFF",
    "rail": "#C3C1BC",
    "label": "#3F4650",
    "halo": "#F5F4F0",
    "dim": "#3A4858",
    "dim_opacity": "0.30",
}
_STREETS_NIGHT: Final = {
    "ground": "#262E37",
    "park": "#2A3832",
    "built": "#2A323B",
    "water": "#1B3750",
    "road_minor": "#424D5A",
    "road_middle": "#4E5B6A",
    "road_major": "#5F6D7E",
    "motorway": "#75604E",
    "road_fill": "#323B46",
    "rail": "#3C4651",
    "label": "#AEB9C6",
    "halo": "#1C2229",
    "dim": "#05080C",
    "dim_opacity": "0.52",
}

STREETS: Final[Mapping[Theme, Mapping[str, str]]] = MappingProxyType(
    {"day": MappingProxyType(_STREETS_DAY), "night": MappingProxyType(_STREETS_NIGHT)}
)
