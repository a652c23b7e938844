"""`porchlight-service atlas`: what IT types to make an atlas, to check a boundary and to look at a pack.

Promises: answers go to standard output, progress and reasons to standard error; the exit status is 0 when the
work is done, 1 when it is refused, with reasons, and argparse's 2 for a wrong command line. A folder that is no
pack is never replaced, and a pack that is replaced by another version is kept beside it.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import statistics
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import h3
import msgspec
import shapely

from console.domain.atlas import Atlas
from console.domain.places import M2_PER_SQ_MI
from console.service.atlas import MANIFEST_FILE, PackError, Source, read_manifest, read_pack, write_pack
from console.service.atlas_basemap import read_basemap
from console.service.atlas_build import Report, Words, build_atlas
from console.service.atlas_problems import Problem, Refused, blocking
from console.service.boundaries import BoundaryRead, area_m2, read_boundary
from console.service.homes import Columns, read_homes

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

_LISTED = 10  # left-over cells that a person is shown; --json lists all
_DONE, _REFUSED = 0, 1
_KEPT_ALIKE = 6
_BANDS = ((50, "20 to 49"), (100, "50 to 99"), (250, "100 to 249"))
_TOP_BAND = "250 or more"


def run(options: argparse.Namespace) -> int:
    """Do what was typed; answers the exit status."""
    try:
        status = {"build": _build, "check": _check, "show": _show}[options.atlas_command](options)
        sys.stdout.flush()
    except BrokenPipeError:  # `| head` has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _DONE
    return status


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def _print(text: str) -> None:
    sys.stdout.write(f"{text}\n")


def _print_json(answer: Any) -> None:
    _print(json.dumps(answer, ensure_ascii=False, indent=2))


def _rows(pairs: Sequence[tuple[str, object]]) -> None:
    for name, value in pairs:
        _print(f"{name + ':' if name else '':<14}{value}")


def _told(problems: Sequence[Problem]) -> None:
    """Problems for people: those that block first, and many alike shortened."""
    seen: Counter[str] = Counter()
    for problem in sorted(problems, key=lambda problem: not problem.blocks):
        seen[problem.code] += 1
        if seen[problem.code] <= _KEPT_ALIKE:
            _say(f"{'refused' if problem.blocks else 'note'} ({problem.code}): {problem.text}")
    for code, times in seen.items():
        if times > _KEPT_ALIKE:
            _say(f"note ({code}): and {times - _KEPT_ALIKE:,} more of this kind; --json lists them all.")


def _problems_json(problems: Sequence[Problem]) -> list[dict[str, str]]:
    ordered = sorted(problems, key=lambda problem: not problem.blocks)
    return [{"code": problem.code, "feature": problem.feature, "text": problem.text} for problem in ordered]


# check ------------------------------------------------------------------------------------------------------


def _check(options: argparse.Namespace) -> int:
    read = read_boundary(options.file, options.crs, options.name_column, options.layer)
    if options.json:
        features = [
            {"name": f.name, "parts": f.parts, "holes": f.holes, "area_m2": f.area_m2, "bounds": list(f.bounds)}
            for f in read.features
        ]
        _print_json({"crs": read.crs, "features": features, "problems": _problems_json(read.problems)})
        return _DONE if read.usable else _REFUSED
    _told(read.problems)
    if not read.usable:
        _say(f"{options.file.name} cannot be used.")
        return _REFUSED
    _rows([("file", options.file), ("system", read.crs), ("areas", f"{len(read.features):,}")])
    _print("")
    width = max(4, *(len(feature.name) for feature in read.features))
    _print(f"{'name':<{width}}  parts  holes       sq mi       km²  west, south, east, north")
    for f in read.features:
        bounds = ", ".join(f"{value:.4f}" for value in f.bounds)
        square = f"{f.area_m2 / M2_PER_SQ_MI:>10.3f}  {f.area_m2 / 1e6:>8.3f}"
        _print(f"{f.name:<{width}}  {f.parts:>5}  {f.holes:>5}  {square}  {bounds}")
    whole = sum(feature.area_m2 for feature in read.features)
    _print(
        f"\nIt can be used: {len(read.features):,} areas, {whole / M2_PER_SQ_MI:,.1f} sq mi ({whole / 1e6:,.1f} km²)."
    )
    return _DONE


# build ------------------------------------------------------------------------------------------------------


class _Made(msgspec.Struct, frozen=True):
    atlas: Atlas
    report: Report
    basemap: bytes | None


def _build(options: argparse.Namespace) -> int:
    told: list[Problem] = []
    made: _Made | None = None
    out = options.out.resolve()
    try:
        standing = _standing(out)
        if (made := _made(options, out, told)) is not None:
            _keep(out, standing, made.atlas, told)
            _say(f"writing {out}")
            write_pack(out, made.atlas, made.basemap, _sources(options))
    except Refused as refused:
        told.append(refused.problem)
    except PackError as error:
        told.append(Problem("pack", "", str(error), blocks=True))
    except OSError as error:
        text = f"{error.filename or out} cannot be used ({error.strerror or error})."
        told.append(Problem("not_written", "", f"{text} Check the disk and who may write there.", blocks=True))
    _told(told)
    if made is None or blocking(told):
        if options.json:
            _print_json({"problems": _problems_json(told)})
        _say("No atlas was made.")
        return _REFUSED
    facts = _facts(made.atlas)
    facts["places_outside"] = made.report.rows_outside
    facts["homes_outside"] = made.report.homes_outside
    facts["homes_left_over"] = made.report.homes_left_over
    facts["basemap"] = made.basemap is not None
    if options.previous:
        facts["blocks_as_before"] = made.report.kept_blocks
    if options.json:
        _print_json({"folder": str(out), **facts, "problems": _problems_json(told)})
    else:
        _rows([("pack", out), *_lines(facts)])
    return _DONE


def _made(options: argparse.Namespace, out: Path, told: list[Problem]) -> _Made | None:
    previous = read_pack(options.previous).atlas if options.previous else None
    _say(f"reading the boundary {options.boundary.name}")
    boundary = read_boundary(options.boundary, options.crs, options.name_column, options.layer)
    told += boundary.problems
    _say(f"reading the homes {options.homes.name}")
    lat, lon, units = options.lat_column, options.lon_column, options.units_column
    homes = read_homes(options.homes, Columns(lat, lon, units, options.homes_crs, options.homes_layer))
    told += homes.problems
    if not (boundary.usable and homes.usable):
        return None
    basemap = read_basemap(options.basemap, _bounds(boundary)) if options.basemap else None
    told += basemap.problems if basemap else ()
    _say(f"merging {homes.homes:,} homes at {len(homes.lat):,} places into blocks")
    credit_lines = (options.attribution, basemap.attribution if basemap else "")
    words = Words(
        name=options.name or out.name,
        time_zone=options.time_zone,
        attribution="; ".join(dict.fromkeys(credit for credit in credit_lines if credit)),
        homes_source=f"{options.homes.name} ({len(homes.lat):,} of {homes.rows:,} rows; columns {homes.columns})",
    )
    atlas, report = build_atlas(boundary, homes, words, previous)
    told += report.problems
    return None if atlas is None else _Made(atlas, report, basemap.content if basemap else None)


def _bounds(boundary: BoundaryRead) -> tuple[float, float, float, float]:
    west, south, east, north = shapely.total_bounds([feature.geometry for feature in boundary.features]).tolist()
    return west, south, east, north


def _standing(out: Path) -> str:
    """The version of the pack that stands in OUT, empty when nothing does; Refused when something else does."""
    if not out.exists():
        return ""
    if out.is_dir() and not any(out.iterdir()):
        return ""
    if not (out / MANIFEST_FILE).is_file():
        raise Refused("out_taken", f"{out} holds other things and no atlas pack. Name a new folder.")
    return read_manifest(out).version


def _keep(out: Path, standing: str, atlas: Atlas, told: list[Problem]) -> None:
    """Copy the pack of another version aside: open requests were asked under it, and keep it."""
    if standing in {"", atlas.version}:
        return
    aside = out.with_name(f"{out.name}-{standing}".replace("/", "-"))
    if not aside.exists():
        with tempfile.TemporaryDirectory(prefix=f".{out.name}-", dir=out.parent) as folder:
            copy = Path(folder) / "kept"
            shutil.copytree(out, copy)
            copy.rename(aside)
    text = f"{out.name} was version {standing}: kept in {aside}. Serve both packs while its requests are open."
    told.append(Problem("replaced", "", text))


def _sources(options: argparse.Namespace) -> list[Source]:
    given = (
        (options.boundary, "boundary of the districts"),
        (options.homes, "how many homes stand where"),
        (options.basemap, "street map"),
    )
    return [Source(path.name, _fingerprint(path), options.licence, provides) for path, provides in given if path]


def _fingerprint(path: Path) -> str:
    if path.is_dir():
        return "a folder"
    with path.open("rb") as file:
        return f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"


# show -------------------------------------------------------------------------------------------------------


def _show(options: argparse.Namespace) -> int:
    try:
        pack, manifest = read_pack(options.pack), read_manifest(options.pack)
        if options.geojson:
            _write_blocks(options.geojson, pack.atlas)
    except PackError as error:
        return _show_refused(options, Problem("pack", "", str(error), blocks=True))
    except OSError as error:
        text = f"{error.filename or options.pack} cannot be written or read ({error.strerror or error})."
        return _show_refused(options, Problem("not_written", "", text, blocks=True))
    facts = {**_facts(pack.atlas), "basemap": pack.basemap is not None}
    if options.json:
        _print_json({**facts, "sources": msgspec.to_builtins(manifest.sources)})
        return _DONE
    _rows(_lines(facts))
    for source in manifest.sources:
        _rows([("source", f"{source.provides}: {source.name} {source.version} ({source.licence})")])
    if options.geojson:
        _say(f"wrote {len(pack.atlas.blocks):,} blocks to {options.geojson}")
    return _DONE


def _show_refused(options: argparse.Namespace, problem: Problem) -> int:
    if options.json:
        _print_json({"problems": _problems_json([problem])})
    _told([problem])
    return _REFUSED


def _facts(atlas: Atlas) -> dict[str, Any]:
    homes = [block.homes for block in atlas.blocks] or [0]
    shape = shapely.from_geojson(msgspec.json.encode(atlas.jurisdiction))
    return {
        "version": atlas.version,
        "name": atlas.name,
        "time_zone": atlas.time_zone,
        "districts": len(atlas.districts),
        "area_m2": round(area_m2(shape), 1),
        "bounds": [round(value, 6) for value in shape.bounds],
        "blocks": len(atlas.blocks),
        "homes": sum(homes),
        "homes_per_block": {"min": min(homes), "median": statistics.median(homes), "max": max(homes)},
        "open_cells": len(atlas.open_cells),
        "stray_cells": len(atlas.stray_cells),
        "left_over": [{"cell": cell, "block": block} for cell, block in sorted(atlas.stray_cells.items())],
        "streets": len(atlas.streets),
        "homes_note": atlas.homes_note,
        "attribution": atlas.attribution,
    }


def _lines(facts: dict[str, Any]) -> list[tuple[str, object]]:
    per_block, streets = facts["homes_per_block"], facts["streets"]
    spread = f"{per_block['min']:,} / {per_block['median']:,.0f} / {per_block['max']:,} homes (least, median, most)"
    lines: list[tuple[str, object]] = [
        ("version", facts["version"]),
        ("name", facts["name"]),
        ("time zone", facts["time_zone"]),
        ("districts", f"{facts['districts']:,}"),
        ("area", f"{facts['area_m2'] / M2_PER_SQ_MI:,.1f} sq mi ({facts['area_m2'] / 1e6:,.1f} km²)"),
        ("blocks", f"{facts['blocks']:,}, {spread}"),
        ("homes", f"{facts['homes']:,} in blocks"),
        ("open cells", f"{facts['open_cells']:,} without homes"),
        ("stray cells", f"{facts['stray_cells']:,} with too few homes, each with its nearest block"),
        *(("", f"{one['cell']} with {one['block']}") for one in facts["left_over"][:_LISTED]),
        ("streets", f"{streets:,}" if streets else "0: no streets, outlines only"),
        ("basemap", "yes" if facts["basemap"] else "none: outlines only"),
        ("homes note", facts["homes_note"]),
        ("credit", facts["attribution"] or "none"),
    ]
    if "homes_left_over" in facts:
        lines.insert(7, ("left over", f"homes in the stray cells: {facts['homes_left_over']:,}"))
    if "blocks_as_before" in facts:
        lines.insert(6, ("as before", f"{facts['blocks_as_before']:,} blocks are the same as in the previous pack"))
    return lines


def _write_blocks(path: Path, atlas: Atlas) -> None:
    features = [
        {
            "type": "Feature",
            "properties": {"id": block.id, "homes": _band(block.homes), "cells": len(block.cells)},
            "geometry": h3.cells_to_geo(block.cells),
        }
        for block in atlas.blocks
    ]
    unfinished = path.with_name(f".{path.name}.unfinished")
    unfinished.write_bytes(msgspec.json.encode({"type": "FeatureCollection", "features": features}))
    unfinished.replace(path)


def _band(homes: int) -> str:
    return next((band for below, band in _BANDS if homes < below), _TOP_BAND)
