"""S2's and S3's limit: a bare window with a web view, the same outlines drawn by Leaflet on a page of its own."""

import json
import sys
from pathlib import Path

from PySide6.QtCore import QTimer, QUrl
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QApplication, QMainWindow

PROJECT = Path(__file__).parents[2]
DIST = PROJECT / "resources" / "web" / "dist"
atlas = json.loads((PROJECT / "build" / "atlas" / "chicago" / "atlas.json").read_text())
shapes = [atlas["jurisdiction"], *(d["geometry"] for d in atlas["districts"])]
page = f"""<!doctype html><html><head><link rel=stylesheet href="{(DIST / "leaflet.css").as_uri()}">
<script src="{(DIST / "leaflet.js").as_uri()}"></script>
<style>html,body,#m{{height:100%;margin:0}}</style></head><body><div id=m></div><script>
const m=L.map('m');const g=L.geoJSON({json.dumps(shapes)}).addTo(m);m.fitBounds(g.getBounds());
requestAnimationFrame(()=>requestAnimationFrame(()=>document.title='drawn '+document.querySelectorAll('path').length));
</script></body></html>"""
out = PROJECT / "build" / "bare_map.html"
out.write_text(page)
app = QApplication(sys.argv)
window = QMainWindow()
view = QWebEngineView()
view.titleChanged.connect(lambda title: print("DRAWN", title, flush=True) if title.startswith("drawn ") else None)
window.setCentralWidget(view)
window.resize(1366, 768)
window.show()
QTimer.singleShot(0, lambda: view.load(QUrl.fromLocalFile(str(out))))
sys.exit(app.exec())
