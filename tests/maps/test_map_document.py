"""The map page: no outside host, a policy, and text that cannot break out."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from typing import Any

import msgspec
import pytest

from console.maps.document import NO_STREETS, MapView, map_document
from console.maps.origin import CONSOLE_ASSETS, CONSOLE_LAYERS, CONSOLE_ORIGIN
from console.maps.style import STREETS, TOKENS

NONCE = "n0nceN0nceN0nceN0nce"
PUBLIC = MapView(
    title="Requests near you",
    asset_base="/assets",
    tile_url="/tiles/chicago/{z}/{x}/{y}.mvt",
    bounds=(41.7, -87.8, 41.9, -87.6),
    nonce=NONCE,
)
CONSOLE = MapView(
    title="Map",
    asset_base=CONSOLE_ASSETS,
    tile_url=f"{CONSOLE_ORIGIN}/tiles/0badcafe/{{z}}/{{x}}/{{y}}",
    layers_url=f"{CONSOLE_LAYERS}/0123456789abcdef",
    bounds=(41.7, -87.8, 41.9, -87.6),
    nonce=NONCE,
    bridge=True,
)
HOSTILE = (
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "<img src=x onerror=alert(1)>",
    "{{ 7 * 7 }}{% raw %}",
    "a\u2028b\u2029c",
    '"}]}</style><link rel=stylesheet href=//evil.example/x.css>',
)


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def _tags(page: str) -> list[tuple[str, dict[str, str | None]]]:
    reader = _Tags()
    reader.feed(page)
    return reader.tags


def _policy(page: str) -> dict[str, str]:
    for tag, attributes in _tags(page):
        if tag == "meta" and attributes.get("http-equiv") == "Content-Security-Policy":
            parts = (attributes["content"] or "").split("; ")
            return {part.split(" ")[0]: part.partition(" ")[2] for part in parts}
    pytest.fail("the page has no policy")


def _config(page: str) -> dict[str, Any]:
    found = re.search(r'id="porchlight-map-config">(.*?)</script>', page, re.DOTALL)
    assert found
    config: dict[str, Any] = json.loads(found[1])
    return config


@pytest.mark.parametrize("view", [PUBLIC, CONSOLE], ids=["public", "console"])
def test_no_outside_host_is_named(view: MapView) -> None:
    page = map_document(view)
    assert re.search(r"(https?|wss?|ftp):", page) is None
    for _, attributes in _tags(page):
        for name in ("src", "href"):
            address = attributes.get(name)
            assert address is None or address.startswith((f"{view.asset_base}/", "porchlight://map/qwebchannel.js"))


@pytest.mark.parametrize("view", [PUBLIC, CONSOLE], ids=["public", "console"])
def test_every_script_and_style_bears_the_nonce(view: MapView) -> None:
    tags = [attributes for tag, attributes in _tags(map_document(view)) if tag in {"script", "style", "link"}]
    assert len(tags) > 8
    assert {attributes.get("nonce") for attributes in tags} == {NONCE}


def test_the_policy_allows_our_parts_and_nothing_else() -> None:
    policy = _policy(map_document(CONSOLE))
    assert policy["default-src"] == "'none'"
    assert policy["connect-src"] == "porchlight://map/tiles/0badcafe/ porchlight://map/layers/0123456789abcdef/"
    assert policy["worker-src"] == "porchlight://map/assets/worker.js"
    assert policy["img-src"] == "data: porchlight://map/assets/"
    assert policy["base-uri"] == policy["form-action"] == "'none'"
    assert "unsafe" not in " ".join(policy.values())
    public = _policy(map_document(PUBLIC))
    assert public["script-src"] == f"'nonce-{NONCE}' 'self'"
    assert public["connect-src"] == "'self'"
    assert public["worker-src"] == "'none'"
    pictures = _policy(map_document(msgspec.structs.replace(CONSOLE, schema="raster")))
    assert pictures["img-src"].endswith(" porchlight://map/tiles/0badcafe/")
    assert pictures["connect-src"] == "porchlight://map/layers/0123456789abcdef/"


def test_the_policy_comes_before_everything_it_governs() -> None:
    names = [tag for tag, _ in _tags(map_document(PUBLIC))]
    assert names[:3] == ["html", "head", "meta"]
    assert "Policy" in str(_tags(map_document(PUBLIC))[2])


def test_without_tiles_nothing_may_be_fetched() -> None:
    page = map_document(msgspec.structs.replace(PUBLIC, tile_url=None))
    assert _policy(page)["connect-src"] == "'none'"
    assert _config(page)["note"] == NO_STREETS
    said = map_document(msgspec.structs.replace(PUBLIC, tile_url=None, note="The street map is damaged."))
    assert _config(said)["note"] == "The street map is damaged."


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_do_not_break_out(words: str) -> None:
    feature = {"type": "Feature", "id": words, "properties": {"title": words, words: words}, "geometry": None}
    plain = map_document(PUBLIC)
    page = map_document(
        msgspec.structs.replace(
            PUBLIC,
            title=words,
            attribution=words,
            layers={"requests": {"type": "FeatureCollection", "features": [feature]}},
        )
    )
    assert [tag for tag, _ in _tags(page)] == [tag for tag, _ in _tags(plain)]
    assert _config(page)["layers"]["requests"]["features"] == [feature]
    assert "\u2028" not in page.partition("porchlight-map-config")[2]


@pytest.mark.parametrize(
    "address",
    ["https://cdn.example/assets", "//cdn.example/assets", "porchlight://other/x", "/a b", "assets", "/a;b"],
)
def test_an_address_of_another_host_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="own host"):
        map_document(msgspec.structs.replace(PUBLIC, asset_base=address))
    with pytest.raises(ValueError, match="own host"):
        map_document(msgspec.structs.replace(PUBLIC, tile_url=address))
    with pytest.raises(ValueError, match="own host"):
        map_document(msgspec.structs.replace(PUBLIC, layers_url=address))


def test_a_weak_nonce_an_unknown_layer_and_wrong_bounds_are_refused() -> None:
    with pytest.raises(ValueError, match="nonce"):
        map_document(msgspec.structs.replace(PUBLIC, nonce='x" onload="'))
    with pytest.raises(ValueError, match="layers"):
        map_document(msgspec.structs.replace(PUBLIC, layers={"homes": {}}))
    with pytest.raises(ValueError, match="bounds"):
        map_document(msgspec.structs.replace(PUBLIC, bounds=(42.0, -87.8, 41.0, -87.6)))


def _luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(a: str, b: str) -> float:
    light, dark = sorted((_luminance(a), _luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", ["day", "night"])
def test_text_and_labels_can_be_read(theme: str) -> None:
    tokens = next(table for name, table in TOKENS.items() if name == theme)
    streets = next(table for name, table in STREETS.items() if name == theme)
    assert TOKENS["day"].keys() == TOKENS["night"].keys()
    for text, ground in (
        ("text", "raised"),
        ("muted", "raised"),
        ("on_accent", "accent"),
        ("waiting", "waiting_ground"),
        ("good", "good_ground"),
        ("stop", "stop_ground"),
    ):
        assert _contrast(tokens[text], tokens[ground]) >= 4.5, (text, ground)
    assert _contrast(streets["label"], streets["halo"]) >= 4.5
    assert _contrast(tokens["accent"], streets["ground"]) >= 3
