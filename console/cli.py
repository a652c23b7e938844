"""The entry points `porchlight` and `porchlight-service`; the only place that wires everything.

Imports are made where they are used: the console must not pay for the service, nor the service for the screen.
"""
# ruff: noqa: PLC0415

from __future__ import annotations

import argparse
import asyncio
import getpass
import hashlib
import os
import secrets
import ssl
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from console.client.desk import Desk
    from console.client.gateway import Gateway
    from console.desktop.city import City

PASSWORD_MIN = 12


def resources_folder() -> Path:
    """Where our own files are: beside the package, or inside a bundle."""
    bundled = getattr(sys, "_MEIPASS", None)
    return Path(bundled or Path(__file__).parents[1]) / "resources"


def now_utc() -> datetime:
    """The wall clock, aware."""
    return datetime.now(UTC)


def _training_pack() -> Path:
    bundled = resources_folder() / "packs" / "chicago"
    return bundled if bundled.exists() else Path(__file__).parents[1] / "build" / "atlas" / "chicago"


def _own_command(*arguments: str) -> list[str]:
    if getattr(sys, "frozen", False):
        return [sys.executable, *arguments]
    return [sys.executable, "-m", "console", *arguments]


def _print_progress(text: str, share: float) -> None:
    filled = round(share * 24)
    print(
        f"\r[{'#' * filled}{'.' * (24 - filled)}] {text:<60}",
        end="\n" if share >= 1 else "",
        file=sys.stderr,
        flush=True,
    )


# -- porchlight ---------------------------------------------------------------------------------------------------


def main(arguments: Sequence[str] | None = None, ready: Callable[[Any], None] | None = None) -> int:
    """`porchlight`: the console, and a few commands beside it. `ready` is told the window (the tour watches it)."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] == ["training-service"]:
        from console.training.process import main as serve_training

        return serve_training()
    if given[:1] == ["verify"]:
        return _verify(given[1:])
    return _console(_console_options().parse_args(given), ready)


def _console_options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="porchlight",
        description="Asks a neighbourhood for help. Without --service it opens the training city on this machine.",
        epilog="`porchlight verify FOLDER` checks an export against its manifest.",
    )
    parser.add_argument("--service", metavar="URL", help="the service's address (https)")
    parser.add_argument("--agency", metavar="ORI", help="the agency's ORI, with --service")
    parser.add_argument(
        "--atlas",
        metavar="FOLDER",
        type=Path,
        action="append",
        default=[],
        help="the agency's atlas pack, with --service; repeated: further atlases to look at, such as the county's",
    )
    parser.add_argument("--ca", metavar="FILE", type=Path, help="a certificate authority to trust, with --service")
    parser.add_argument(
        "--tiles",
        metavar="FILE",
        type=Path,
        help="tile servers for atlases without a street map (JSON, see docs/operate.md)",
    )
    parser.add_argument("--folder", metavar="FOLDER", type=Path, help="where this console keeps its things")
    parser.add_argument("--as", dest="username", metavar="NAME", default="", help="training: sign in as this member")
    parser.add_argument("--theme", choices=("day", "night", "system"), default="system", help="how it looks")
    parser.add_argument(
        "--pace", metavar="SECONDS", type=float, default=45.0, help="training: how often a neighbour acts"
    )
    parser.add_argument("--smoke", action="store_true", help=argparse.SUPPRESS)
    return parser


def _verify(given: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="porchlight verify", description="Checks an export against its manifest.")
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args(given).folder
    from console.client.verify import verify_export

    found = verify_export(folder)
    for file in found:
        print(f"{'ok     ' if file.ok else 'NOT OK '} {file.file}{'' if file.ok else ': ' + file.why}")
    good = bool(found) and all(file.ok for file in found)
    print("Every file is as the service handed it over." if good else "This export is not as it was handed over.")
    return 0 if good else 1


def unsafe_engine_settings(environment: Mapping[str, str]) -> tuple[str, ...]:
    """The variables that would turn off the web engine's sandbox, or open it to a debugger or to flags of any kind."""
    names = ("QTWEBENGINE_DISABLE_SANDBOX", "QTWEBENGINE_REMOTE_DEBUGGING", "QTWEBENGINE_CHROMIUM_FLAGS")
    return tuple(name for name in names if environment.get(name))


def _console(options: argparse.Namespace, ready: Callable[[Any], None] | None) -> int:
    opened = unsafe_engine_settings(os.environ) if getattr(sys, "frozen", False) and not options.smoke else ()
    if opened:
        print(f"Porchlight does not start with the web engine opened up: unset {', '.join(opened)}.", file=sys.stderr)
        return 2
    from platformdirs import user_data_path

    if options.service is not None and (options.agency is None or not options.atlas):
        print("porchlight: --service goes with --agency ORI and --atlas FOLDER.", file=sys.stderr)
        return 2
    folder = options.folder or user_data_path("porchlight", appauthor=False)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    pack = options.atlas[0] if options.atlas else _training_pack()
    if options.service is None and not pack.exists():
        from console.training.chicago import build

        build(pack.parent.parent / "downloads", pack, _print_progress)

    from console.desktop.loop import run_app
    from console.service.log import configure

    configure()

    async def run() -> int:
        return await _run_console(options, folder, pack, ready)

    return run_app(run, ["porchlight"])


async def _run_console(
    options: argparse.Namespace, folder: Path, pack: Path, ready: Callable[[Any], None] | None
) -> int:
    from console.desktop.app import ConsoleParts, run_console

    drawn: list[int] = []
    parts = ConsoleParts(
        connect=lambda progress: _connect(options, folder, pack, progress),
        make_engine=_engine,
        clock=now_utc,
        theme=options.theme,
        sign_in_as=options.username or ("officer" if options.smoke else ""),
        evidence_folder=folder / "exports",
        on_first_map=_smoke_end(drawn) if options.smoke else None,
        ready=ready,
    )
    return await run_console(parts)


async def _connect(
    options: argparse.Namespace, folder: Path, pack: Path, progress: Callable[[str, float], None]
) -> Any:
    """A desk on the service that was named, or on the training city of this machine."""
    from console.client.desk import Desk
    from console.client.gateway import Gateway
    from console.client.secret_store import find_secret_store
    from console.client.vault import open_vault
    from console.desktop.app import Connected
    from console.desktop.city import City
    from console.desktop.map.tile_servers import TileServers
    from console.domain.atlas import AtlasIndex
    from console.domain.ground import Ground
    from console.service.atlas import read_pack

    progress("Reading the city's streets", 0.05)
    packs = [await asyncio.to_thread(read_pack, folder) for folder in (pack, *options.atlas[1:])]
    trusted = ssl.create_default_context(cafile=options.ca) if options.ca else None
    servers = TileServers(options.tiles, folder / "tiles", trusted)
    cities = tuple(City(Ground(AtlasIndex(p.atlas)), servers.street_map(p.atlas.name, p.basemap)) for p in packs)
    ground = cities[0].ground
    store = await asyncio.to_thread(find_secret_store, "porchlight")

    def desk(base_url: str, vaults: Path) -> tuple[Desk, Gateway]:
        gateway = Gateway(base_url, ssl_context=trusted)
        return Desk(gateway, lambda name: open_vault(vaults, name, store), ground, now_utc, _mint), gateway

    if options.service is not None:
        vaults = folder / "vaults" / hashlib.sha256(options.service.encode()).hexdigest()[:16]
        made, gateway = desk(options.service, vaults)
        return Connected(made, ground, options.agency, end=_ending(gateway.aclose, servers.aclose), atlases=cities)
    return await _connect_training(options, folder / "training", pack, cities, desk, progress, servers.aclose)


def _ending(*ends: Callable[[], Any]) -> Callable[[], Any]:
    async def end() -> None:
        for one in ends:
            await one()

    return end


async def _connect_training(
    options: argparse.Namespace,
    folder: Path,
    pack: Path,
    cities: tuple[City, ...],
    desk: Callable[[str, Path], tuple[Desk, Gateway]],
    progress: Callable[[str, float], None],
    end: Callable[[], Any],
) -> Any:
    from console.desktop.app import Connected
    from console.desktop.signin import TrainingMember
    from console.training import process
    from console.training.keys import password_of, resident_link
    from console.training.members import MEMBERS, NEUTRAL_MEMBERS, ORI

    running = await process.find(folder)
    if running is None:
        secret = secrets.token_urlsafe(32)
        order = process.Order(str(folder), str(resources_folder()), str(pack), secret, (), process.Pace(options.pace))
        running = await process.start(order, _own_command("training-service"), progress)
    secret = running.secret
    made, gateway = desk(running.base_url, folder / "vaults")
    return Connected(
        desk=made,
        end=_ending(gateway.aclose, end),
        ground=cities[0].ground,
        agency=ORI,
        atlases=cities,
        training=tuple(
            TrainingMember(m.username, password_of(secret, m.username), m.member, m.says)
            for m in (*MEMBERS, *NEUTRAL_MEMBERS)
        ),
        neighbour_link=lambda block: resident_link(running.base_url, secret, block),
        keep=lambda: process.keep_alive(folder),
    )


def _mint() -> str:
    return secrets.token_hex(16)


def _engine(streets: Any) -> Any:
    from console.desktop.map.view import MapEngine

    return MapEngine(resources_folder() / "web" / "dist", streets)


def _smoke_end(drawn: list[int]) -> Callable[[int], None]:
    def end(paths: int) -> None:
        if drawn:
            return
        drawn.append(paths)
        print(f"map drawn: {paths} paths", flush=True)
        from PySide6.QtWidgets import QApplication

        for window in QApplication.topLevelWidgets():
            window.close()

    return end


# -- porchlight-service ---------------------------------------------------------------------------------------------


def service_main(arguments: Sequence[str] | None = None) -> int:
    """`porchlight-service`: what IT runs."""
    from console.service.atlas_arguments import add_commands

    parser = argparse.ArgumentParser(
        prog="porchlight-service", description="The service between agency and neighbours."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def add(name: str, words: str) -> argparse.ArgumentParser:
        return commands.add_parser(name, help=words, description=words)

    def with_store(command: argparse.ArgumentParser) -> argparse.ArgumentParser:
        command.add_argument("--folder", type=Path, required=True, help="where the service keeps its things")
        command.add_argument(
            "--database", default="", metavar="URL", help="postgresql://…; default: SQLite in the folder"
        )
        return command

    serve = with_store(add("serve", "Serve. On loopback, unless --host and TLS files are given."))
    serve.add_argument(
        "--atlas", type=Path, action="append", default=[], metavar="PACK", help="an atlas pack; repeatable"
    )
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=8443)
    serve.add_argument("--tls-certificate", type=Path)
    serve.add_argument("--tls-key", type=Path)
    serve.add_argument(
        "--hold",
        action="append",
        default=[],
        choices=("requests", "alerts"),
        help="have the neutral moderators look at these before they are published; repeatable",
    )
    serve.add_argument(
        "--public-url",
        default="",
        metavar="URL",
        help="how the public reaches the service (https://…), for the links in alerts' CAP messages and Atom feeds",
    )
    with_store(add("migrate", "Bring the store's tables to this version."))
    add("openapi", "Print the OpenAPI document.")
    enrol = with_store(add("enrol", "Enrol an agency from a JSON file (domain.policy.Agency)."))
    enrol.add_argument("file", type=Path)
    member = with_store(add("member", "Add a member; the password is asked for, or read from standard input."))
    for option in ("--agency", "--username", "--name", "--title", "--role"):
        member.add_argument(option, required=True)
    member.add_argument("--badge", default="")
    words = add("words", "Read one text a line; print a JSON list of findings for each.")
    words.add_argument("--json", action="store_true", required=True)
    checking = add(
        "check", "Judge a request in a JSON file as the wizard would; exit status 1 where it may not be sent."
    )
    checking.add_argument("file", type=Path, metavar="REQUEST.json")
    checking.add_argument("--atlas", type=Path, required=True, metavar="PACK", help="the atlas pack to judge on")
    checking.add_argument("--json", action="store_true", help="print a JSON list of code, severity, field and text")
    checking.add_argument("--agency", type=Path, metavar="FILE", help="the agency's JSON (domain.policy.Agency)")
    checking.add_argument("--earlier", type=Path, metavar="FILE", help="JSON list of case_number and submitted_at")
    checking.add_argument("--calendar", type=Path, metavar="FILE", help="assemblies: an iCalendar or CSV file")
    checking.add_argument("--now", metavar="TIME", help="judge as of this time (ISO 8601 with its offset)")
    add_commands(commands)
    options = parser.parse_args(arguments)
    commands_of = {
        "serve": _serve,
        "migrate": _migrate,
        "openapi": _openapi,
        "enrol": _enrol,
        "member": _member,
        "words": _words,
        "check": _check,
        "atlas": _atlas,
    }
    return commands_of[options.command](options)


def _settings(options: argparse.Namespace) -> Any:
    from console.service.app import Settings

    options.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    from console.service.holding import HOLDS

    holds = frozenset(HOLDS[name] for name in getattr(options, "hold", ()))
    packs = tuple(getattr(options, "atlas", ()))
    public_url = getattr(options, "public_url", "").rstrip("/")
    return Settings(options.folder, resources_folder(), packs, options.database, holds, public_url)


def _serve(options: argparse.Namespace) -> int:
    loopback = options.host in {"127.0.0.1", "::1", "localhost"}
    if not loopback and not (options.tls_certificate and options.tls_key):
        print("Beyond loopback the service speaks TLS only: give --tls-certificate and --tls-key.", file=sys.stderr)
        return 2
    import uvicorn

    from console.service.app import build
    from console.service.log import configure

    configure()
    _migrate(options)
    tls: dict[str, Any] = {}
    if options.tls_certificate:
        tls = {"ssl_certfile": str(options.tls_certificate), "ssl_keyfile": str(options.tls_key)}
    print(f"Porchlight service on {'https' if tls else 'http'}://{options.host}:{options.port}", file=sys.stderr)
    uvicorn.run(
        build(_settings(options)),
        host=options.host,
        port=options.port,
        access_log=False,
        server_header=False,
        log_level="warning",
        timeout_graceful_shutdown=5,
        **tls,
    )
    return 0


def _with_store(options: argparse.Namespace, work: Callable[[Any], Any]) -> int:
    from console.service.store import open_store

    async def go() -> None:
        store = open_store(_settings(options).database_url)
        try:
            await work(store)
        finally:
            await store.close()

    asyncio.run(go())
    return 0


def _migrate(options: argparse.Namespace) -> int:
    from console.service.migrate import migrate

    return _with_store(options, migrate)


def _openapi(_options: argparse.Namespace) -> int:
    import json

    from console.service.app import openapi

    print(json.dumps(json.loads(openapi()), indent=2, sort_keys=True))
    return 0


def _enrol(options: argparse.Namespace) -> int:
    import msgspec
    import sqlalchemy as sa

    from console.domain.members import NEUTRAL_DESK
    from console.domain.policy import Agency, loosened_limits
    from console.service import store as tables

    try:
        agency = msgspec.json.decode(options.file.read_bytes(), type=Agency)
    except (OSError, msgspec.MsgspecError) as error:
        print(f"{options.file} is not an agency: {error}", file=sys.stderr)
        return 1
    if agency.ori == NEUTRAL_DESK:
        print(f"{NEUTRAL_DESK} is where the service\u2019s own moderators sign in; it is no agency.", file=sys.stderr)
        return 1
    loose = loosened_limits(agency.limits)
    if loose:
        print(f"An agency may tighten a limit, never loosen it: {', '.join(loose)}", file=sys.stderr)
        return 1

    async def work(store: Any) -> None:
        body = msgspec.json.encode(agency).decode()
        async with store.writing() as connection:
            await connection.execute(sa.delete(tables.agencies).where(tables.agencies.c.ori == agency.ori))
            await connection.execute(sa.insert(tables.agencies).values(ori=agency.ori, body=body))

    return _with_store(options, work)


def _member(options: argparse.Namespace) -> int:
    import msgspec
    import sqlalchemy as sa

    from console.domain.members import NEUTRAL_DESK, Member, MemberId, Ori, Role
    from console.service import store as tables
    from console.service.access import hash_password

    try:
        role = Role(options.role)
    except ValueError:
        print(f"--role is one of {', '.join(Role)}", file=sys.stderr)
        return 1
    if (role is Role.NEUTRAL_MODERATOR) != (options.agency == NEUTRAL_DESK):
        print(
            f"A neutral moderator is of no agency: --role {Role.NEUTRAL_MODERATOR} goes with --agency {NEUTRAL_DESK},"
            " and no other role does.",
            file=sys.stderr,
        )
        return 1
    password = getpass.getpass("Password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    if len(password) < PASSWORD_MIN:
        print(f"A password has at least {PASSWORD_MIN} characters.", file=sys.stderr)
        return 1
    member = Member(
        MemberId(secrets.token_hex(8)), Ori(options.agency), options.name, options.title, options.badge, role
    )

    async def work(store: Any) -> None:
        async with store.writing() as connection:
            await connection.execute(
                sa.insert(tables.members).values(
                    id=member.id,
                    agency=member.agency,
                    username=options.username,
                    password_hash=await hash_password(password),
                    body=msgspec.json.encode(member).decode(),
                )
            )

    return _with_store(options, work)


def _atlas(options: argparse.Namespace) -> int:
    from console.service.atlas_command import run

    return run(options)


def _check(options: argparse.Namespace) -> int:
    import msgspec

    from console.domain import times
    from console.domain.atlas import AtlasIndex
    from console.domain.ground import Ground
    from console.domain.policy import Agency
    from console.service import check_command
    from console.service.atlas import PackError, read_pack

    try:
        untrusted = msgspec.json.decode(options.file.read_bytes(), type=dict[str, Any])
        ground = Ground(AtlasIndex(read_pack(options.atlas).atlas))
        contact = untrusted.get("contact")
        agency = check_command.agency_for(ground, contact if isinstance(contact, str) else "")
        if options.agency:
            given = msgspec.json.decode(options.agency.read_bytes(), type=Agency)
            agency = msgspec.structs.replace(given, atlas_version=ground.version)
        zone = times.zone_of(agency.time_zone)
        now = datetime.fromisoformat(options.now) if options.now else now_utc()
        now = now if now.tzinfo is not None else times.to_utc(now, zone)
        earlier = msgspec.json.decode(options.earlier.read_bytes(), type=list[Any]) if options.earlier else []
        known = check_command.read_earlier(earlier, zone)
        gatherings: Any = ()
        if options.calendar:
            from console.client.calendars import read_calendar

            read = read_calendar(options.calendar.name, options.calendar.read_bytes(), ground, zone, now)
            for trouble in read.problems:
                print(f"{options.calendar}: {trouble.text}", file=sys.stderr)
            gatherings = read.gatherings
    except (OSError, ValueError, PackError, check_command.Unreadable) as error:
        print(f"porchlight-service check: {error}", file=sys.stderr)
        return 2
    answer = check_command.judge(untrusted, agency, ground, now.astimezone(UTC), known, gatherings)
    print(check_command.print_answer(answer, as_json=options.json))
    return 0 if answer.may_be_sent else 1


def _words(_options: argparse.Namespace) -> int:
    import json

    from console.domain.wording import words_for
    from console.domain.words import lint

    for text in sys.stdin:
        line = text.rstrip("\n")
        found = []
        for finding in lint(line):
            said = words_for(finding.code, {"words": line[finding.start : finding.end]})
            span = [finding.start, finding.end]
            found.append({"code": finding.code, "span": span, "reason": said.reason, "suggestion": said.next_step})
        print(json.dumps(found))
    return 0
