"""What can be typed after `porchlight-service atlas`.

Promises: only words and options, so that the commands beside it start without what an atlas needs.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import argparse


def add_commands(subparsers: Any) -> None:
    """Add `atlas build`, `atlas check` and `atlas show` to the sub-commands of an argparse parser."""
    words = "Make, check and look at atlas packs: a city's boundary, its blocks and its map."
    atlas = subparsers.add_parser("atlas", help=words, description=words)
    commands = atlas.add_subparsers(dest="atlas_command", required=True, metavar="COMMAND")

    def add(name: str, words: str) -> argparse.ArgumentParser:
        command: argparse.ArgumentParser = commands.add_parser(name, help=words, description=words)
        command.add_argument("--json", action="store_true", help="print the answer as JSON")
        return command

    def with_boundary(command: argparse.ArgumentParser) -> None:
        option = command.add_argument
        option("--crs", metavar="CRS", help="the boundary's reference system, as EPSG:2263; overrides the file")
        option("--layer", metavar="NAME", help="which layer, where the boundary file has several")
        option("--name-column", metavar="NAME", help="the column that names the districts")

    build = add("build", "Make an atlas pack in OUT from a boundary and a list of homes.")
    build.add_argument("out", type=Path, metavar="OUT", help="the folder of the pack")
    build.add_argument("--boundary", type=Path, required=True, metavar="FILE", help="districts, in any usual format")
    build.add_argument("--homes", type=Path, required=True, metavar="FILE", help="CSV (also .gz) or GeoPackage")
    build.add_argument("--basemap", type=Path, metavar="FILE", help="a street map, as PMTiles")
    build.add_argument("--name", help="the agency's name; default: the name of OUT")
    build.add_argument("--time-zone", default="", metavar="ZONE", help="as America/New_York; default: by position")
    build.add_argument("--previous", type=Path, metavar="PACK", help="the pack in use now: its blocks stay together")
    build.add_argument("--attribution", default="", metavar="TEXT", help="the credit shown with the map")
    build.add_argument("--licence", default="not stated", metavar="TEXT", help="the licence of the given files")
    with_boundary(build)
    build.add_argument("--lat-column", default="", metavar="NAME", help="homes: latitude, or north in --homes-crs")
    build.add_argument("--lon-column", default="", metavar="NAME", help="homes: longitude, or east in --homes-crs")
    build.add_argument("--units-column", default="", metavar="NAME", help="homes: how many homes a row has")
    build.add_argument("--homes-crs", default="", metavar="CRS", help="homes: their reference system, if not degrees")
    build.add_argument("--homes-layer", default="", metavar="NAME", help="homes: which layer of a GeoPackage")
    check = add("check", "Say what a boundary file holds, and whether an atlas can be made from it.")
    check.add_argument("file", type=Path, metavar="FILE")
    with_boundary(check)
    show = add("show", "Say what an atlas pack holds.")
    show.add_argument("pack", type=Path, metavar="PACK")
    show.add_argument("--geojson", type=Path, metavar="FILE", help="also write its blocks, for a look on a map")
