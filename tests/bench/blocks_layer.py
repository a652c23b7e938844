"""The blocks of a New York view, from the console's list of blocks to pixels; or (`bare`) by plain Leaflet on a canvas.

Prints "MS number" a run.
"""

import json
import sys
import time
from pathlib import Path

from PySide6.QtCore import QTimer, QUrl
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QApplication

from console.desktop.geojson import collection
from console.desktop.map.scheme import register_scheme
from console.desktop.map.view import MapEngine
from console.desktop.overview.marks import blocks_in
from console.domain.atlas import AtlasIndex
from console.domain.ground import Ground
from console.service.atlas import read_pack

PROJECT = Path(__file__).parents[2]
DIST = PROJECT / "resources" / "web" / "dist"
BOUNDS = (40.715, -74.0, 40.738, -73.968)
RUNS = 8


def ours(app: QApplication, ground: Ground) -> None:
    """Through the bridge to the map page."""
    engine = MapEngine(DIST)
    pane = engine.pane(title="Blocks", bounds=BOUNDS)
    pane.resize(1366, 768)
    begun: list[float] = []

    def go() -> None:
        if len(begun) > RUNS:
            app.quit()
            return
        begun.append(time.perf_counter())
        pane.show_layer("blocks", True)
        pane.set_layer("blocks", collection(blocks_in(ground, BOUNDS)))

    def drawn(paths: int) -> None:
        if not begun:
            QTimer.singleShot(1_500, go)
            return
        if len(begun) > 1:  # the first one loads
            print("MS", (time.perf_counter() - begun[-1]) * 1_000, paths, flush=True)
        QTimer.singleShot(300, go)

    pane.drawn.connect(drawn)
    pane.show()
    pane.fit(BOUNDS)
    app.exec()


def bare(app: QApplication, ground: Ground) -> None:
    """The same features, parsed and painted by Leaflet."""
    page = f"""<!doctype html><link rel=stylesheet href="{(DIST / "leaflet.css").as_uri()}">
    <script src="{(DIST / "leaflet.js").as_uri()}"></script><style>html,body,#m{{height:100%;margin:0}}</style>
    <div id=m></div><script>const m=L.map('m',{{preferCanvas:true}});m.fitBounds([[{BOUNDS[0]},{BOUNDS[1]}],[{BOUNDS[2]},{BOUNDS[3]}]]);
    let layer=null;function put(text,n){{if(layer)layer.remove();layer=L.geoJSON(JSON.parse(text),{{smoothFactor:0}}).addTo(m);
    requestAnimationFrame(()=>requestAnimationFrame(()=>document.title='put '+n));}}document.title='ready'</script>"""
    file = PROJECT / "build" / "bare_blocks.html"
    file.write_text(page)
    view = QWebEngineView()
    view.resize(1366, 768)
    begun: list[float] = []

    def go() -> None:
        if len(begun) > RUNS:
            app.quit()
            return
        begun.append(time.perf_counter())
        text = json.dumps(collection(blocks_in(ground, BOUNDS)))
        view.page().runJavaScript(f"put({json.dumps(text)},{len(begun)})")

    def said(title: str) -> None:
        if title.startswith("put ") and len(begun) > 1:
            print("MS", (time.perf_counter() - begun[-1]) * 1_000, flush=True)
        if title == "ready" or title.startswith("put "):
            QTimer.singleShot(300, go)

    view.titleChanged.connect(said)
    view.load(QUrl.fromLocalFile(str(file)))
    view.show()
    app.exec()


if __name__ == "__main__":
    register_scheme()
    application = QApplication(sys.argv)
    city = Ground(AtlasIndex(read_pack(PROJECT / "build" / "atlas" / "new_york").atlas))
    blocks_in(city, BOUNDS)
    (bare if sys.argv[1:] == ["bare"] else ours)(application, city)
    sys.stdout.flush()
    # The figures are said; a measuring program needs no orderly end of the web engine.
    import os

    os._exit(0)
