"""The addresses of the console's own scheme. Apart from the document, which brings folium along."""

from typing import Final

CONSOLE_ORIGIN: Final = "porchlight://map"
CONSOLE_ASSETS: Final = f"{CONSOLE_ORIGIN}/assets"
CONSOLE_LAYERS: Final = f"{CONSOLE_ORIGIN}/layers"
