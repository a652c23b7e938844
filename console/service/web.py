"""Public pages, maps, styles and street tiles, with the headers that keep a page to itself."""

from __future__ import annotations

import mimetypes
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Any

from litestar import Response
from litestar.params import FromPath
from shapely.geometry import shape

from console.contract import endpoints as e
from console.maps.document import MapView, map_document
from console.maps.tiles import Basemap, BasemapError
from console.service.agencies import card, cards, published
from console.service.alert_publishing import public_form, published_alerts
from console.service.moderation_public import count
from console.service.pages import content_security_policy
from console.service.parts import Parts, refuse
from console.service.requests import Call, parts_of
from console.service.routing import serves

if TYPE_CHECKING:
    from collections.abc import Callable

    from console.contract.payloads import AgencyCard, PublishedRequest
    from console.domain.policy import Agency
    from console.maps.messages import Bounds, FeatureCollection

ASSETS = "/assets"
TILES = "/tiles/{atlas}/{{z}}/{{x}}/{{y}}"
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
PAGE_HEADERS = {**HEADERS, "Cache-Control": "no-store"}
DEGREES_AROUND = 0.004
DEEPEST_ZOOM = 22


def page(render: Callable[[str], str], *, frames: bool, status: int = 200) -> Response[str]:
    """A page under its own nonce and policy; never stored by a browser."""
    nonce = secrets.token_urlsafe(18)
    policy = content_security_policy(nonce, frames=frames)
    return Response(
        render(nonce),
        media_type="text/html",
        status_code=status,
        headers={**PAGE_HEADERS, "Content-Security-Policy": policy},
    )


def _map_page(view: MapView) -> Response[str]:
    # The document carries its own policy; only who may frame it cannot be said there.
    headers = {**PAGE_HEADERS, "Content-Security-Policy": "frame-ancestors 'self'"}
    return Response(map_document(view), media_type="text/html", headers=headers)


def _streets(parts: Parts, *versions: str) -> dict[str, Any]:
    """What a map needs to know of the first street map that there is among some atlases; nothing where none is."""
    for version in versions:
        path = parts.basemaps.get(version)
        if path is None:
            continue
        try:
            with Basemap(path) as basemap:
                return {
                    "tile_url": TILES.format(atlas=version),
                    "schema": basemap.schema,
                    "min_data_zoom": basemap.min_zoom,
                    "max_data_zoom": basemap.max_zoom,
                }
        except BasemapError as error:
            return {"note": error.advice}
    return {}


def _around(geometry: dict[str, Any]) -> Bounds:
    west, south, east, north = shape(geometry).bounds
    pad = DEGREES_AROUND
    return (south - pad, west - pad, north + pad, east + pad)


def _collection(*features: dict[str, Any]) -> FeatureCollection:
    return {"type": "FeatureCollection", "features": list(features)}


def request_map(parts: Parts, agency: Agency, request: PublishedRequest) -> Response[str]:
    """The small map of a published request: its blocks' outline on the streets, and nothing of any home."""
    ground = parts.ground(agency.atlas_version)
    outline = {
        "type": "Feature",
        "id": request.id,
        "properties": {"id": request.id, "state": "published"},
        "geometry": request.outline,
    }
    return _map_page(
        MapView(
            title=f"Area of {request.number}",
            asset_base=ASSETS,
            bounds=_around(request.outline),
            attribution=ground.index.atlas.attribution,
            layers={"requests": _collection(outline)},
            nonce=secrets.token_urlsafe(18),
            **_streets(parts, agency.atlas_version),
        )
    )


@serves(e.FRONT_PAGE)
async def front_page(request: Call) -> Response[str]:
    """The Active Agency Map, with search by name and place."""
    parts = parts_of(request)
    found = await cards(parts)
    async with parts.store.reading() as connection:
        counts = await count(connection)
    return page(lambda nonce: parts.pages.front(found, nonce, counts), frames=False)


@serves(e.AGENCY_MAP)
async def agency_map(request: Call) -> Response[str]:
    """Where the active agencies are, with their jurisdictions."""
    parts = parts_of(request)
    found = await cards(parts)
    jurisdictions = [
        {
            "type": "Feature",
            "id": version,
            "properties": {"id": version},
            "geometry": await parts.public_outline(version),
        }
        for version in parts.grounds
    ]
    bounds = (
        _around(next(iter(parts.grounds.values())).index.atlas.jurisdiction)
        if parts.grounds
        else (24.5, -125.0, 49.5, -66.9)
    )
    return _map_page(
        MapView(
            title="Active agencies",
            asset_base=ASSETS,
            bounds=bounds,
            attribution="; ".join(sorted({g.index.atlas.attribution for g in parts.grounds.values()})),
            layers={
                "jurisdiction": _collection(*jurisdictions),
                "agencies": _collection(*(_agency_feature(c) for c in found)),
            },
            nonce=secrets.token_urlsafe(18),
            **_streets(parts, *parts.basemaps),
        )
    )


def _agency_feature(agency: AgencyCard) -> dict[str, Any]:
    return {
        "type": "Feature",
        "id": agency.ori,
        "properties": {"id": agency.ori, "name": agency.name, "href": f"/agencies/{agency.ori}"},
        "geometry": {"type": "Point", "coordinates": [agency.station.lon, agency.station.lat]},
    }


@serves(e.AGENCY_PAGE)
async def agency_page(request: Call, ori: FromPath[str]) -> Response[str]:
    """An agency's public page with its published requests in full."""
    parts = parts_of(request)
    agency, found = await published(parts, ori)
    async with parts.store.reading() as connection:
        counted = next(iter(await count(connection, ori)), None)
        alerts = tuple(public_form(alert) for alert in await published_alerts(connection, ori))
    now = parts.clock()

    def render(nonce: str) -> str:
        return parts.pages.agency(card(agency), found, agency.time_zone, nonce, counted, alerts=alerts, now=now)

    return page(render, frames=False)


def _asset_folders(resources: Path) -> dict[str, Path]:
    return {"pages": resources / "pages" / "assets", "": resources / "web" / "dist"}


@serves(e.ASSET)
async def asset(request: Call, path: FromPath[Path]) -> Response[bytes]:
    """Styles and scripts from our own folders; a path that leaves them is unknown."""
    parts = parts_of(request)
    name = path.as_posix().lstrip("/")
    if name == "pages/tokens.css":
        return _file(parts.pages.tokens_css().encode(), "text/css")
    first, _, rest = name.partition("/")
    folders = _asset_folders(parts.resources)
    folder, inner = (folders[first], rest) if first in folders and rest else (folders[""], name)
    found = (folder / inner).resolve()
    if not inner or not found.is_relative_to(folder.resolve()) or not found.is_file():
        raise refuse("not_found")
    return _file(found.read_bytes(), mimetypes.guess_type(found.name)[0] or "application/octet-stream")


def _file(content: bytes, media_type: str) -> Response[bytes]:
    return Response(content, media_type=media_type, headers={**HEADERS, "Cache-Control": "max-age=300"})


@serves(e.TILE)
async def tile(
    request: Call, atlas: FromPath[str], z: FromPath[int], x: FromPath[int], y: FromPath[int]
) -> Response[bytes]:
    """A street tile of an atlas's basemap; empty where it has none there, since a map joins tiles when zoomed out."""
    path = parts_of(request).basemaps.get(atlas)
    if path is None or not (0 <= z <= DEEPEST_ZOOM and 0 <= x < 2**z and 0 <= y < 2**z):
        raise refuse("not_found")
    try:
        with Basemap(path) as basemap:
            content = basemap.tile(z, x, y) or b""
    except BasemapError:
        content = b""
    headers = {**HEADERS, "Cache-Control": "max-age=86400"}
    return Response(content, media_type="application/x-protobuf", headers=headers)


HANDLERS = (front_page, agency_map, agency_page, asset, tile)
