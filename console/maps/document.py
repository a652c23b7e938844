"""The map as one HTML page: written by folium, drawn by our own script, fed with GeoJSON.

Promises: the page names no outside host, runs no script without its nonce or our assets' address, and carries
untrusted text only as JSON in a data block that cannot be closed from inside.
Never: a network call, a file, a clock. Source: the Content Security Policy, level 3; RFC 7946.
"""

from __future__ import annotations

import html
import re
from typing import Any, Final, get_args

import folium
import msgspec
from branca.element import Element, Figure, MacroElement
from folium.template import Template

from console.maps.messages import Bounds, FeatureCollection, FeaturesName, OutlinesName
from console.maps.origin import CONSOLE_ORIGIN
from console.maps.style import STREETS, TOKENS, Theme
from console.maps.tiles import Schema

WHOLE_LAYERS: Final = frozenset((*get_args(FeaturesName), *get_args(OutlinesName)))
"""The layers that a page may carry whole."""

_NOWHERE: Final = "'none'"
_CONFIG_ID: Final = "porchlight-map-config"
_SCRIPTS: Final = (
    ("porchlight_leaflet_js", "leaflet.js"),
    ("porchlight_geoman_js", "geoman.js"),
    ("porchlight_streets_js", "protomaps-leaflet.js"),
    ("porchlight_map_js", "map.js"),
)
_STYLES: Final = (
    ("porchlight_leaflet_css", "leaflet.css"),
    ("porchlight_geoman_css", "geoman.css"),
    ("porchlight_map_css", "map.css"),
)
_PATH: Final = re.compile(r"[A-Za-z0-9._~/{}%-]*")
_NONCE: Final = re.compile(r"[A-Za-z0-9+/_=-]{16,128}")


NO_STREETS: Final = "No street map is installed for this city: outlines only."


class MapView(msgspec.Struct, frozen=True, kw_only=True):
    """What one map page shows, and where its own parts come from.

    `asset_base`, `tile_url` and `layers_url` (where a console serves many places and long outlines) are paths of the
    same host (`/assets`) or of `porchlight://map`. `note` says what the map cannot show.
    Zooms are those of the tile data; the page draws them at any zoom.
    """

    title: str
    asset_base: str
    bounds: Bounds
    nonce: str
    tile_url: str | None = None
    schema: Schema | None = None
    layers_url: str = ""
    min_data_zoom: int = 13
    max_data_zoom: int = 13
    attribution: str = ""
    note: str = ""
    theme: Theme = "day"
    layers: dict[FeaturesName | OutlinesName, FeatureCollection] = {}
    interactive: bool = True
    bridge: bool = False


def map_document(view: MapView) -> str:
    """Write the page. Raises ValueError for an address of another host, an unknown layer or a weak nonce."""
    _check(view)
    south, west, north, east = view.bounds
    page = folium.Map(
        location=((south + north) / 2, (west + east) / 2),
        zoom_start=13,
        tiles=None,
        zoom_control=False,
        font_size="13px",
        attribution_control=False,
        keyboard=view.interactive,
        dragging=view.interactive,
        scroll_wheel_zoom=view.interactive,
        double_click_zoom=view.interactive,
        box_zoom=view.interactive,
        touch_zoom=view.interactive,
        pm_ignore=False,
    )
    scripts = [(name, f"{view.asset_base}/{file}") for name, file in _SCRIPTS]
    if view.bridge:
        scripts.insert(0, ("porchlight_channel_js", f"{CONSOLE_ORIGIN}/qwebchannel.js"))
    page.default_js = scripts
    page.default_css = [(name, f"{view.asset_base}/{file}") for name, file in _STYLES]

    figure = page.get_root()
    if not isinstance(figure, Figure):
        raise TypeError(figure)
    # First in the head, so that the policy holds for everything after it.
    figure.header.add_child(_raw(_policy_tag(view)), name="porchlight_policy", index=0)
    figure.header.add_child(_raw(f"<title>{html.escape(view.title)}</title>"), name="porchlight_title")
    figure.html.add_child(_raw(_config_block(view)), name="porchlight_config")
    page.add_child(_Start(), name="porchlight_start")
    return _with_nonce(figure.render(), view.nonce)


class _Start(MacroElement):
    """The line after folium's own, which hands the map to our script."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # folium

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "porchlight.start({{ this._parent.get_name() }}, {{ this.config_id|tojson }});"
        "{% endmacro %}"
    )
    config_id = _CONFIG_ID


def _check(view: MapView) -> None:
    for address in (view.asset_base, view.tile_url, view.layers_url or None):
        if address is not None and not _is_own(address):
            raise ValueError("a map loads its parts from its own host only")
    if not _NONCE.fullmatch(view.nonce):
        raise ValueError("a nonce is 16 to 128 characters of base64")
    if unknown := set(view.layers) - WHOLE_LAYERS:
        raise ValueError(f"unknown map layers: {sorted(unknown)}")
    south, west, north, east = view.bounds
    if not (-90 <= south <= north <= 90 and -180 <= west <= east <= 180):  # noqa: PLR2004 - the globe
        raise ValueError("bounds are south, west, north, east")


def _is_own(address: str) -> bool:
    path = address.removeprefix(CONSOLE_ORIGIN)
    return path.startswith("/") and not path.startswith("//") and _PATH.fullmatch(path) is not None


def _policy_tag(view: MapView) -> str:
    nonce = f"'nonce-{view.nonce}'"
    assets = _source(view.asset_base)
    scripts = f"{nonce} {assets}"
    if view.bridge:
        scripts += f" {CONSOLE_ORIGIN}/qwebchannel.js"
    tiles = [] if view.tile_url is None else [_source(view.tile_url.partition("{")[0].rstrip("/"))]
    layers = [_source(view.layers_url)] if view.layers_url else []
    pictures = ["data:", assets, *(tiles if view.schema == "raster" else [])]
    reached = ([] if view.schema == "raster" else tiles) + layers
    policy = "; ".join(
        (
            "default-src 'none'",
            f"script-src {scripts}",
            f"style-src {nonce} {assets}",
            f"img-src {' '.join(pictures)}",
            f"font-src {assets}",
            f"connect-src {' '.join(dict.fromkeys(reached)) or _NOWHERE}",
            f"worker-src {f'{view.asset_base}/worker.js' if view.layers_url else _NOWHERE}",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )
    return f'<meta http-equiv="Content-Security-Policy" content="{html.escape(policy)}" />'


def _source(base: str) -> str:
    """Write a policy source: a path of the own host can only be said as 'self'."""
    return "'self'" if base.startswith("/") else f"{base}/"


def _config_block(view: MapView) -> str:
    config: dict[str, Any] = {
        "v": 1,
        "title": view.title,
        "theme": view.theme,
        "tokens": {theme: dict(table) for theme, table in TOKENS.items()},
        "streets": {theme: dict(table) for theme, table in STREETS.items()},
        "workerUrl": f"{view.asset_base}/worker.js" if view.layers_url else "",
        "layersUrl": view.layers_url,
        "tileUrl": view.tile_url,
        "schema": view.schema or ("streets" if view.tile_url else None),
        "minDataZoom": view.min_data_zoom,
        "maxDataZoom": view.max_data_zoom,
        "bounds": view.bounds,
        "attribution": view.attribution,
        "note": view.note or (NO_STREETS if view.tile_url is None else ""),
        "interactive": view.interactive,
        "bridge": view.bridge,
        "layers": view.layers,
    }
    text = msgspec.json.encode(config).decode()
    for character, escaped in (
        ("<", "\\u003c"),
        (">", "\\u003e"),
        ("&", "\\u0026"),
        ("\u2028", "\\u2028"),
        ("\u2029", "\\u2029"),
    ):
        text = text.replace(character, escaped)
    return f'<script type="application/json" id="{_CONFIG_ID}">{text}</script>'


def _raw(text: str) -> Element:
    """Make an element of this very text: what looks like a template in it stays text."""
    return _Raw(text)


class _Raw(Element):
    _template = Template("{{ this.written }}")

    def __init__(self, written: str) -> None:
        super().__init__()
        self.written = written


def _with_nonce(page: str, nonce: str) -> str:
    # Untrusted text holds no "<" at this point: it was escaped as HTML or as JSON.
    page = re.sub(r"<(script|style|link)(?=[\s>])", rf'<\1 nonce="{nonce}"', page)
    page = page.replace("<html>", '<html lang="en">', 1)
    # folium forbids zooming the page, which people with weak sight need.
    return re.sub(
        r'<meta name="viewport"[^>]*>',
        '<meta name="viewport" content="width=device-width, initial-scale=1" />',
        page,
    )
