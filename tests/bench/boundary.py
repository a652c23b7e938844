"""A boundary of 99,369 corners at city and at street zoom: bytes sent and time to pixels. Prints one JSON line.

Usage: `python -m tests.bench.boundary VARIANT`: `ours` (the console's outlines), `bare` (Leaflet given all of it).
"""

from __future__ import annotations

import gzip
import json
import os
import sys
import time
from typing import Any

from PySide6.QtCore import QTimer, QUrl
from PySide6.QtWebEngineCore import QWebEngineSettings
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QApplication

from tests.bench.map_layers import BOUNDS, DIST, PROJECT, head

PRECINCTS = PROJECT.parent / "shared" / "data" / "boundaries" / "nypd_precincts_77_wgs84_derived.geojson.gz"
STREET = (40.7135, -73.9965)
ROUNDS = 6


def told(found: dict[str, Any]) -> None:
    """Say the figures and end."""
    print("BENCH " + json.dumps(found), flush=True)
    os._exit(0)


def ours(app: QApplication) -> None:
    """Back and forth between the whole city and one street."""
    from console.desktop.map.view import MapEngine
    from console.maps.outlines import Outlines, TileBox

    sent: list[int] = []

    class Watched(Outlines):
        def lines(self, box: TileBox, zoom: int) -> bytes:
            answer = super().lines(box, zoom)
            sent.append(len(answer))
            return answer

    features = json.loads(gzip.decompress(PRECINCTS.read_bytes()))["features"]
    outlines = Watched({str(f["properties"]["precinct"]): f["geometry"] for f in features})
    pane = MapEngine(DIST).pane(title="Boundary", bounds=BOUNDS)
    pane.resize(1366, 768)
    found: dict[str, Any] = {"city_ms": [], "street_ms": []}
    step = [-2]
    begun = [0.0]

    def drawn(_paths: int) -> None:
        if step[0] >= 0:
            kind = "city" if step[0] % 2 else "street"
            found[f"{kind}_ms"].append((time.perf_counter() - begun[0]) * 1_000)
            found[f"{kind}_bytes"] = sent[-1]
        step[0] += 1
        QTimer.singleShot(400, go)

    def go() -> None:
        if step[0] == -1:
            pane.set_outlines("districts", outlines)
        elif step[0] >= 2 * ROUNDS:
            told(found)
        else:
            begun[0] = time.perf_counter()
            if step[0] % 2:
                pane.fit(BOUNDS)
            else:
                pane.fly_to(*STREET, 17)

    pane.drawn.connect(drawn)
    pane.show()
    app.exec()


def bare(app: QApplication) -> None:
    """The same with all corners in the page."""
    text = gzip.decompress(PRECINCTS.read_bytes()).decode()
    page = f"""{head()}<div id=m></div><script>
    const m=L.map('m',{{maxZoom:19,zoomAnimation:false,preferCanvas:false}});
    const all=[[{BOUNDS[0]},{BOUNDS[1]}],[{BOUNDS[2]},{BOUNDS[3]}]];m.fitBounds(all);
    L.geoJSON({text},{{style:{{weight:1,fill:false}}}}).addTo(m);
    const two=()=>new Promise(r=>requestAnimationFrame(()=>requestAnimationFrame(r)));
    window.bench={{city_ms:[],street_ms:[],done:false}};
    (async()=>{{await two();for(let n=0;n<{ROUNDS};n+=1){{
      await new Promise(r=>setTimeout(r,400));let b=performance.now();m.setView({list(STREET)},17,{{animate:false}});await two();
      bench.street_ms.push(performance.now()-b);
      await new Promise(r=>setTimeout(r,400));b=performance.now();m.fitBounds(all,{{animate:false}});await two();
      bench.city_ms.push(performance.now()-b);}}
      bench.done=true;}})();</script>"""
    file = PROJECT / "build" / "bench_boundary.html"
    file.write_text(page)
    view = QWebEngineView()
    view.resize(1366, 768)
    view.page().settings().setAttribute(QWebEngineSettings.WebAttribute.LocalContentCanAccessFileUrls, True)

    def heard(answer: str) -> None:
        found = json.loads(answer or "{}")
        if found.pop("done", False):
            told({**found, "city_bytes": len(text), "street_bytes": len(text)})

    asking = QTimer()
    asking.timeout.connect(lambda: view.page().runJavaScript("JSON.stringify(window.bench||{})", 0, heard))
    asking.start(500)
    view.load(QUrl.fromLocalFile(str(file)))
    view.show()
    app.exec()


if __name__ == "__main__":
    from console.desktop.map.scheme import register_scheme

    register_scheme()
    application = QApplication(sys.argv)
    QTimer.singleShot(120_000, application.quit)
    (ours if sys.argv[1] == "ours" else bare)(application)
    sys.exit("nothing was measured")
