"""One map with many incidents: first paint, frames while it is dragged and zoomed, heap and memory. Prints one JSON line.

Usage: `python -m tests.bench.map_layers VARIANT COUNT`. Variants: `ours` (the console's map page), and as limits on a
page of their own: `empty` (Leaflet alone), `supercluster` (plain, on a canvas), `fast` and `cluster` (folium's
FastMarkerCluster and MarkerCluster). Incidents are real places (shared data) repeated with jitter.
"""

from __future__ import annotations

import csv
import json
import os
import random
import sys
import time
from pathlib import Path
from typing import Any

os.environ["QTWEBENGINE_CHROMIUM_FLAGS"] = "--enable-precise-memory-info"

import psutil
from PySide6.QtCore import QTimer, QUrl
from PySide6.QtWebEngineCore import QWebEnginePage, QWebEngineSettings
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QApplication

PROJECT = Path(__file__).parents[2]
INCIDENTS = PROJECT.parent / "shared" / "data" / "incidents" / "nypd_shootings_2021.csv"
DIST = PROJECT / "resources" / "web" / "dist"
MODULES = PROJECT / "resources" / "web" / "node_modules"
BOUNDS = (40.50, -74.26, 40.92, -73.70)
FRAMES = 90
SETTLE_MS = 900

# Drags by the events that a mouse makes, one step a frame; then zooms in and out. Tells the times between frames.
MEASURE = """
window.bench = {drag: [], zoom: [], done: false};
(async () => {
  const map = window[Object.keys(window).find((k) => /^map_[0-9a-f]+$/.test(k))] || window.plain;
  const box = map.getContainer();
  const frame = () => new Promise((r) => requestAnimationFrame(r));
  const rest = (ms) => new Promise((r) => setTimeout(r, ms));
  const fire = (kind, x, y, on) => on.dispatchEvent(new MouseEvent(kind, {bubbles: true, cancelable: true,
    clientX: x, clientY: y, button: 0, buttons: 1, view: window}));
  map.setView([40.72, -73.95], 12, {animate: false});
  await rest(700);
  for (let round = 0; round < 3; round += 1) {
    fire('mousedown', 900, 400, box);
    let before = await frame();
    for (let n = 0; n < FRAMES / 3; n += 1) {
      fire('mousemove', 900 - 6 * n, 400 + 2 * n, document);
      const now = await frame();
      bench.drag.push(now - before);
      before = now;
    }
    fire('mouseup', 300, 500, document);
    await rest(500);
  }
  for (const zoom of [13, 14, 12, 11]) {
    let ended = false;
    map.once('zoomend', () => { ended = true; });
    map.setZoom(zoom, {animate: true});
    let before = await frame();
    for (let n = 0; n < 200 && !ended; n += 1) {
      const now = await frame();
      bench.zoom.push(now - before);
      before = now;
    }
    for (let n = 0; n < 12; n += 1) {
      const now = await frame();
      bench.zoom.push(now - before);
      before = now;
    }
    await rest(400);
  }
  bench.marks = document.querySelectorAll('.leaflet-marker-icon, canvas').length;
  bench.heap = performance.memory.usedJSHeapSize;
  bench.done = true;
})();
""".replace("FRAMES", str(FRAMES))


def places(count: int) -> list[tuple[float, float]]:
    """Real incidents, then the same ones again with jitter of about 300 m."""
    with INCIDENTS.open(newline="") as file:
        rows = list(csv.DictReader(file))
    lat = next(name for name in rows[0] if "lat" in name.lower() and "lon" not in name.lower())
    lon = next(name for name in rows[0] if "lon" in name.lower() and "lat" not in name.lower())
    real = [(float(r[lat]), float(r[lon])) for r in rows if r[lat] and r[lon] and float(r[lat]) > 1]
    chance = random.Random(7)
    found = list(real[:count])
    while len(found) < count:
        a, b = chance.choice(real)
        found.append((a + chance.gauss(0, 0.003), b + chance.gauss(0, 0.004)))
    return found


def head(*scripts: Path, styles: tuple[Path, ...] = ()) -> str:
    """The head of a bare page."""
    parts = [f'<link rel=stylesheet href="{s.as_uri()}">' for s in (DIST / "leaflet.css", *styles)]
    parts += [f'<script src="{s.as_uri()}"></script>' for s in (DIST / "leaflet.js", *scripts)]
    return f"<!doctype html><meta charset=utf-8>{''.join(parts)}<style>html,body,#m{{height:100%;margin:0}}</style>"


MAP = (
    "const plain=L.map('m',{maxZoom:19});window.plain=plain;"
    f"plain.fitBounds([[{BOUNDS[0]},{BOUNDS[1]}],[{BOUNDS[2]},{BOUNDS[3]}]]);"
)
SAID = "requestAnimationFrame(()=>requestAnimationFrame(()=>{document.title='drawn '+performance.now()}));"


def bare_page(variant: str, count: int) -> str:
    """A page of its own for one of the limits."""
    if variant == "empty":
        return f"{head()}<div id=m></div><script>{MAP}{SAID}</script>"
    found = places(count)
    if variant == "supercluster":
        features = [
            {"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [lon, lat]}}
            for lat, lon in found
        ]
        draw = """
        const renderer=L.canvas();const group=L.layerGroup().addTo(plain);
        const index=new Supercluster({radius:56,extent:256,maxZoom:17}).load(DATA);
        const paint=()=>{group.clearLayers();const b=plain.getBounds();
          for(const f of index.getClusters([b.getWest(),b.getSouth(),b.getEast(),b.getNorth()],Math.round(plain.getZoom())))
            L.circleMarker([f.geometry.coordinates[1],f.geometry.coordinates[0]],
              {renderer,radius:f.properties.cluster?14:5}).addTo(group);};
        plain.on('moveend',paint);paint();""".replace("DATA", json.dumps(features))
        return (
            f"{head(MODULES / 'supercluster/dist/supercluster.js')}<div id=m></div><script>{MAP}{draw}{SAID}</script>"
        )
    return folium_page(variant, found)


# folium's own callback wants an icon library from a network host.
PLAIN = "function (row) { return L.marker(new L.LatLng(row[0], row[1])); };"


def folium_page(variant: str, found: list[tuple[float, float]]) -> str:
    """What folium itself writes, with its scripts from this machine."""
    import folium
    from folium.plugins import FastMarkerCluster, MarkerCluster

    page = folium.Map(location=(40.71, -73.98), zoom_start=11, tiles=None)
    marks = MODULES / "leaflet.markercluster/dist"
    page.default_js = [("leaflet", (DIST / "leaflet.js").as_uri())]
    page.default_css = [("leaflet_css", (DIST / "leaflet.css").as_uri())]
    layer: Any = FastMarkerCluster(found, callback=PLAIN) if variant == "fast" else MarkerCluster(found)
    layer.default_js = [("markercluster", (marks / "leaflet.markercluster.js").as_uri())]
    layer.default_css = [
        ("markercluster_css", (marks / "MarkerCluster.css").as_uri()),
        ("markercluster_default", (marks / "MarkerCluster.Default.css").as_uri()),
    ]
    layer.add_to(page)
    text = page.get_root().render()
    # Without a tile layer nobody tells the plugin how near one may come.
    text = text.replace("</head>", "<script>L.Map.mergeOptions({maxZoom: 19});</script></head>")
    return text.replace("</html>", f"<script>{SAID}</script></html>")


class Run:
    """One measurement, told as a JSON line at its end."""

    def __init__(self, app: QApplication, variant: str, count: int) -> None:
        self.app, self.variant, self.count = app, variant, count
        self.found: dict[str, Any] = {"variant": variant, "count": count}
        self.page: QWebEnginePage
        QTimer.singleShot(240_000, app.quit)

    def bare(self) -> None:
        """Load the page from a file."""
        file = PROJECT / "build" / f"bench_{self.variant}_{self.count}.html"
        file.write_text(bare_page(self.variant, self.count))
        self.view = QWebEngineView()
        self.page = self.view.page()
        self.page.settings().setAttribute(QWebEngineSettings.WebAttribute.LocalContentCanAccessFileUrls, True)
        self.view.resize(1366, 768)
        self.view.titleChanged.connect(self._said)
        self.view.show()
        # The engine is warm before it counts.
        self.view.loadFinished.connect(lambda _ok: None)
        self.view.setHtml("<p>warm")
        QTimer.singleShot(600, lambda: self._go(lambda: self.view.load(QUrl.fromLocalFile(str(file)))))

    def _go(self, load: Any) -> None:
        self.begun = time.perf_counter()
        load()

    def _said(self, title: str) -> None:
        if title.startswith("drawn "):
            self._painted()

    def ours(self) -> None:
        """The console's pane, shown once empty so that the engine is warm, then loaded anew with the places."""
        from console.desktop.map.view import MapEngine
        from console.maps.messages import KindWords
        from console.maps.points import PointRow, Points

        kinds = tuple(KindWords(w, w, t) for w, t in (("crime", "stop"), ("safety", "waiting"), ("lost", "muted")))
        rows = (PointRow(f"p{n}", lat, lon, n % 3, f"Title {n}") for n, (lat, lon) in enumerate(places(self.count)))
        self.points = Points(rows, kinds)
        self.engine = MapEngine(DIST)
        self.pane = self.engine.pane(title="Bench", bounds=BOUNDS)
        self.pane.resize(1366, 768)
        self.stage = 0
        self.pane.drawn.connect(self._ours_drawn)
        self.pane.show()

    def _ours_drawn(self, _paths: int) -> None:
        self.stage += 1
        if self.stage == 1:
            QTimer.singleShot(600, self._ours_again)
        elif self.stage == 2:
            self.page = self.pane._page  # type: ignore[assignment]
            self._painted()
        elif self.stage == 3 and hasattr(self, "filter_begun"):
            self.found["filter_ms"] = (time.perf_counter() - self.filter_begun) * 1_000
            QTimer.singleShot(500, self._live)
        elif self.stage == 4 and hasattr(self, "live_begun"):
            self.found["live_ms"] = (time.perf_counter() - self.live_begun) * 1_000
            self._end()

    def _ours_again(self) -> None:
        if self.count:
            self.pane.set_points("posts", self.points)
            self.pane._is_ready = False
        self._go(self.pane._load)
        self.stage = 1

    def _painted(self) -> None:
        self.found["paint_ms"] = (time.perf_counter() - self.begun) * 1_000
        QTimer.singleShot(SETTLE_MS, lambda: self.page.runJavaScript(MEASURE))
        self.asking = QTimer()
        self.asking.setInterval(300)
        self.asking.timeout.connect(lambda: self.page.runJavaScript("JSON.stringify(window.bench||{})", 0, self._heard))
        QTimer.singleShot(SETTLE_MS + 1_000, self.asking.start)
        self.stage = 99

    def _heard(self, text: str) -> None:
        told = json.loads(text or "{}")
        if not told.get("done") or "drag" in self.found:
            return
        self.asking.stop()
        if self.count and not told["marks"]:
            print(f"{self.variant} drew nothing: no limit", flush=True)
            os._exit(3)
        self.found |= {"drag": told["drag"], "zoom": told["zoom"], "heap_mib": told["heap"] / 2**20}
        self.found["pss_mib"] = (
            sum(one.memory_full_info().pss for one in [psutil.Process(), *psutil.Process().children(recursive=True)])
            / 2**20
        )
        if self.variant == "ours" and self.count:
            self._filter()
        else:
            self._end()

    def _filter(self) -> None:
        """Another selection of every fifth place, to all repainted."""
        self.stage = 2
        self.filter_begun = time.perf_counter()
        self.pane.select_points("posts", range(0, self.count, 5))

    def _live(self) -> None:
        """One more post, to its pixel: all rows are sent again."""
        from console.maps.points import PointRow, Points

        self.stage = 3
        self.live_begun = time.perf_counter()
        self.pane.set_points(
            "posts", Points((PointRow("new", 40.7, -73.9, 0, "New"), *self.points.rows), self.points.kinds)
        )

    def _end(self) -> None:
        print("BENCH " + json.dumps(self.found), flush=True)
        os._exit(0)  # the figures are said; a measuring program needs no orderly end of the web engine


if __name__ == "__main__":
    from console.desktop.map.scheme import register_scheme

    register_scheme()
    application = QApplication(sys.argv)
    run = Run(application, sys.argv[1], int(sys.argv[2]))
    (run.ours if run.variant == "ours" else run.bare)()
    application.exec()
    sys.exit("nothing was measured")
