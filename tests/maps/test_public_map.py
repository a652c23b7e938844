"""The public maps, in a browser: the same document and script as the console's, without a console."""

from __future__ import annotations

import mimetypes
import shutil
from pathlib import Path
from typing import Any

import pytest

from console.maps.document import MapView, map_document

WEB = Path(__file__).parents[2] / "resources" / "web"
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome") or shutil.which("chromium-browser")
HOST = "http://maps.test"
SQUARE = {
    "type": "Polygon",
    "coordinates": [[[-87.7, 41.82], [-87.62, 41.82], [-87.62, 41.89], [-87.7, 41.89], [-87.7, 41.82]]],
}


def feature(ident: str, geometry: dict[str, Any], **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "id": ident, "properties": {"id": ident, **properties}, "geometry": geometry}


def collection(*features: dict[str, Any]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features)}


VIEW = MapView(
    title="Active agencies",
    asset_base="/assets",
    bounds=(41.80, -87.72, 41.91, -87.60),
    nonce="n0nceN0nceN0nceN0nce",
    attribution="Example City",
    layers={
        "jurisdiction": collection(feature("j", SQUARE)),
        "requests": collection(feature("r", SQUARE, state="published", title="Burglary")),
        "agencies": collection(
            feature("a", {"type": "Point", "coordinates": [-87.66, 41.85]}, name="Lakeside Police", href="/agencies/a"),
            feature(
                "b", {"type": "Point", "coordinates": [-87.65, 41.86]}, name="<b>x</b>", href="javascript:alert(1)"
            ),
        ),
    },
)


@pytest.fixture
def browser():
    sync = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    with sync.sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-quic"])
        yield made
        made.close()


def opened(browser: Any, view: MapView, asked: list[str], *, bypass: bool = False, scheme: str = "light") -> Any:
    context = browser.new_context(viewport={"width": 900, "height": 600}, bypass_csp=bypass, color_scheme=scheme)
    page = context.new_page()
    page.complaints = []
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on("console", lambda said: page.complaints.append(said.text) if said.type == "error" else None)

    def answer(route: Any) -> None:
        url = route.request.url
        asked.append(url)
        path = url.removeprefix(HOST)
        if path == "/map":
            route.fulfill(body=map_document(view), content_type="text/html")
        elif url.startswith(f"{HOST}/assets/") and (file := WEB / "dist" / path.removeprefix("/assets/")).is_file():
            route.fulfill(body=file.read_bytes(), content_type=mimetypes.guess_type(file.name)[0] or "font/woff2")
        else:
            route.abort()

    page.route("**/*", answer)
    page.goto(f"{HOST}/map")
    page.wait_for_selector(".leaflet-interactive")
    return page


def test_a_public_map_is_drawn_and_asks_nobody_else(browser: Any) -> None:
    from playwright.sync_api import expect as sync_expect

    asked: list[str] = []
    page = opened(browser, VIEW, asked)
    assert page.locator("path").count() >= 3
    page.locator(".pl-agencies").first.press("Enter")
    assert page.locator(".pl-popup a").get_attribute("href") == "/agencies/a"
    page.keyboard.press("Escape")
    page.locator(".pl-popup").wait_for(state="detached")
    before = page.locator(".leaflet-map-pane").get_attribute("style")
    page.keyboard.press("ArrowRight")
    moved = page.locator(".leaflet-map-pane")
    sync_expect(moved).not_to_have_attribute("style", before)  # keys move the map from a mark, too
    page.locator(".pl-agencies").nth(1).click()
    page.get_by_text("<b>x</b>").first.wait_for()
    assert page.locator(".pl-popup a").count() == 0
    assert page.evaluate("typeof porchlight") == "object"
    assert all(url.startswith(f"{HOST}/") for url in asked)
    assert not any("worker.js" in url for url in asked), "a page without many places starts no worker"
    assert page.complaints == []


@pytest.mark.parametrize("theme", ["day", "night"])
def test_a_public_map_passes_axe(browser: Any, theme: Any) -> None:
    import msgspec

    page = opened(browser, msgspec.structs.replace(VIEW, theme=theme), [], bypass=True)
    page.add_script_tag(path=str(WEB / "node_modules" / "axe-core" / "axe.min.js"))
    found = page.evaluate("axe.run()")
    broken = [f"{v['id']}: {n['html'][:160]}" for v in found["violations"] for n in v["nodes"]]
    assert not broken, "\n".join(broken)
    assert len(found["passes"]) > 10
