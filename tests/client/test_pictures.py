"""Pictures of a tile server: a real https server; only what is allowed, only pictures, kept within a limit."""

from __future__ import annotations

import asyncio
import datetime as dt
import gzip
import os
import ssl
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import msgspec
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from console.client import pictures as module
from console.client.pictures import PICTURE_BYTES_MAX, Pictures, kind_of
from console.maps.pictures import PictureServer, TilesFileUnusable, is_allowed, read_tiles_file

PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 500
HOST = "tiles.example.org"
OTHER = "mirror.example.org"
EVIL = "elsewhere.example.net"


class Tiles(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        self.server.asked.append((self.headers["Host"], self.path, dict(self.headers)))
        answer = self.server.answers.get(self.path.split("/")[1])
        status, headers, body = answer(self.path) if answer else (200, {}, PNG)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(n) for n in (HOST, OTHER, EVIL)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder = tmp_path_factory.mktemp("tls")
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return folder


@pytest.fixture
def server(certificate):
    made = ThreadingHTTPServer(("127.0.0.1", 0), Tiles)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")
    made.socket = context.wrap_socket(made.socket, server_side=True)
    made.asked, made.answers = [], {}
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    yield made
    made.shutdown()
    made.server_close()
    thread.join()


class ToLoopback(httpx.AsyncHTTPTransport):
    """Real TLS to the test's own server, whatever the host is called; the name is still verified."""

    def __init__(self, port, context):
        super().__init__(verify=context)
        self._port = port

    async def handle_async_request(self, request):
        request.extensions["sni_hostname"] = request.url.host
        request.url = request.url.copy_with(host="127.0.0.1", port=self._port)
        return await super().handle_async_request(request)


@pytest.fixture
def made(server, certificate, tmp_path):
    def build(path="a", allowed=(HOST,), **fields):
        context = ssl.create_default_context(cafile=certificate / "cert.pem")
        tiles = PictureServer(f"https://{HOST}/{path}/{{z}}/{{x}}/{{y}}.png", "Example City GIS", 0, 19)
        return Pictures(
            tiles, allowed, tmp_path / "tiles", transport=ToLoopback(server.server_address[1], context), **fields
        )

    return build


def run(pictures, *places):
    async def go():
        try:
            return [await pictures.picture(*place) for place in places]
        finally:
            await pictures.aclose()

    return asyncio.run(go())


def test_a_picture_comes_once_and_then_from_the_disk(made, server):
    assert run(made(), (3, 1, 2)) == [(PNG, "image/png")]
    assert run(made(), (3, 1, 2)) == [(PNG, "image/png")]
    assert [path for _, path, _ in server.asked] == ["/a/3/1/2.png"]


def test_with_the_line_cut_what_was_seen_is_still_there(made, server, tmp_path):
    run(made(), (3, 1, 2))
    server.answers["a"] = lambda _path: (503, {}, b"")
    assert run(made(), (3, 1, 2), (3, 1, 3)) == [(PNG, "image/png"), None]


def test_nothing_tells_who_looks(made, server):
    run(made(), (3, 1, 2))
    headers = {name.lower() for name in server.asked[0][2]}
    assert headers <= {"host", "accept", "accept-encoding", "connection", "user-agent"}
    assert server.asked[0][2]["User-Agent"] == "Porchlight"


@pytest.mark.parametrize(
    "target",
    [
        f"https://{EVIL}/x.png",
        f"http://{HOST}/x.png",
        f"https://{HOST}:8443/x.png",
        f"https://u:p@{HOST}/x.png",
        "file:///etc/passwd",
        "//" + EVIL,
    ],
)
def test_a_redirect_off_the_list_is_not_followed(made, server, target):
    server.answers["a"] = lambda _path: (302, {"Location": target}, b"")
    assert run(made(), (3, 1, 2)) == [None]
    assert len(server.asked) == 1


def test_a_redirect_to_no_host_at_all_is_no_exception(made, server):
    for target in ("https://xn--/", "https://", "https://[", "\x7f", "https://" + "a" * 5000):
        server.answers["a"] = lambda _path, target=target: (302, {"Location": target}, b"")
        assert run(made(), (3, 1, 2)) == [None]


def test_a_packed_answer_is_not_unpacked(made, server):
    server.answers["a"] = lambda _path: (200, {"Content-Encoding": "gzip"}, gzip.compress(PNG))
    assert run(made(), (3, 1, 2)) == [None]


def test_an_old_picture_is_asked_for_again_and_kept_while_nobody_answers(made, server, tmp_path):
    run(made(), (3, 1, 2))
    (kept,) = [f for f in (tmp_path / "tiles").rglob("*") if f.is_file()]
    old = time.time() - module.KEPT_S - 60
    os.utime(kept, (old, old))
    server.answers["a"] = lambda _path: (503, {}, b"")
    assert run(made(), (3, 1, 2)) == [(PNG, "image/png")]
    assert len(server.asked) == 2


def test_a_former_servers_pictures_count_towards_the_limit(made, server, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_SWEEP_EVERY", 1)
    run(made("a", folder_bytes_max=100_000), *[(8, n, 0) for n in range(10)])
    run(made("b", folder_bytes_max=2_000), *[(8, n, 0) for n in range(3)])
    left = [f for f in (tmp_path / "tiles").rglob("*") if f.is_file()]
    assert sum(f.stat().st_size for f in left) <= 2_000


def test_a_redirect_on_the_list_is_followed_and_never_in_a_circle(made, server):
    server.answers["a"] = lambda _path: (302, {"Location": f"https://{OTHER}/b/x.png"}, b"")
    assert run(made(allowed=(HOST, OTHER)), (3, 1, 2)) == [(PNG, "image/png")]
    server.answers["c"] = lambda path: (302, {"Location": f"https://{HOST}{path}"}, b"")
    assert run(made("c"), (3, 1, 2)) == [None]
    assert len([path for _, path, _ in server.asked if path.startswith("/c/")]) == 3


@pytest.mark.parametrize(
    "body", [b"<html>sign in to the Wi-Fi", b"", b"<svg onload=alert(1)>", PNG[:4], PNG + b"x" * PICTURE_BYTES_MAX]
)
def test_what_is_no_picture_or_too_large_is_not_taken(made, server, tmp_path, body):
    server.answers["a"] = lambda _path: (200, {"Content-Type": "image/png"}, body)
    assert run(made(), (3, 1, 2)) == [None]
    assert [f for f in (tmp_path / "tiles").rglob("*") if f.is_file()] == []


@pytest.mark.parametrize("place", [(20, 0, 0), (3, 8, 0), (3, 0, -1), (-1, 0, 0)])
def test_a_place_that_is_not_there_is_not_asked_for(made, server, place):
    assert run(made(), place) == [None]
    assert server.asked == []


def test_an_unknown_certificate_is_not_trusted(server, tmp_path):
    tiles = PictureServer(f"https://{HOST}/a/{{z}}/{{x}}/{{y}}.png", "Example City GIS")
    transport = ToLoopback(server.server_address[1], ssl.create_default_context())
    assert run(Pictures(tiles, (HOST,), tmp_path, transport=transport), (3, 1, 2)) == [None]
    assert server.asked == []


def test_the_folder_keeps_within_its_limit_and_the_longest_unseen_go_first(made, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_SWEEP_EVERY", 1)
    pictures = made(folder_bytes_max=5_200)
    run(pictures, *[(8, n, 0) for n in range(30)])
    files = [f.name for f in (tmp_path / "tiles").rglob("*") if f.is_file()]
    assert sum(f.stat().st_size for f in (tmp_path / "tiles").rglob("*") if f.is_file()) <= 5_200
    assert "8-29-0" in files
    assert "8-0-0" not in files


def test_a_file_in_the_cache_that_was_damaged_is_fetched_again(made, server, tmp_path):
    run(made(), (3, 1, 2))
    (kept,) = [f for f in (tmp_path / "tiles").rglob("*") if f.is_file()]
    kept.write_bytes(b"<html>")
    assert run(made(), (3, 1, 2)) == [(PNG, "image/png")]


def test_kinds_are_told_by_their_bytes():
    assert kind_of(b"\xff\xd8\xff\xe0rest") == "image/jpeg"
    assert kind_of(b"RIFF\x00\x00\x00\x00WEBPVP8 ") == "image/webp"
    assert kind_of(b"RIFF\x00\x00\x00\x00WAVE") is None
    assert kind_of(b"GIF89a") is None


GOOD = {
    "allowed_hosts": [HOST],
    "atlases": {"Lakeside": {"url": f"https://{HOST}/{{z}}/{{x}}/{{y}}.png", "attribution": "City GIS"}},
}


def test_a_tiles_file_is_read():
    file = read_tiles_file(msgspec.json.encode(GOOD))
    assert file.atlases["Lakeside"].address(3, 1, 2) == f"https://{HOST}/3/1/2.png"


@pytest.mark.parametrize(
    ("url", "why"),
    [
        (f"http://{HOST}/{{z}}/{{x}}/{{y}}.png", "https"),
        (f"https://{EVIL}/{{z}}/{{x}}/{{y}}.png", "allowed_hosts"),
        (f"https://{HOST}/{{z}}/{{x}}.png", "once each"),
        (f"https://{HOST}/{{z}}/{{x}}/{{y}}/{{k}}", "once each"),
        ("https://{x}.example.org/{z}/{y}.png", "host"),
        (f"https://u:p@{HOST}/{{z}}/{{x}}/{{y}}.png", "https"),
        (f"https://{HOST}:99999/{{z}}/{{x}}/{{y}}.png", "https"),
    ],
)
def test_a_wrong_address_is_refused_in_words(url, why):
    wrong = {**GOOD, "atlases": {"Lakeside": {"url": url, "attribution": "City GIS"}}}
    with pytest.raises(TilesFileUnusable, match=why):
        read_tiles_file(msgspec.json.encode(wrong))


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"\xff", b'{"allowed_hosts": [], "atlases": {}}', b'{"allowed_hosts": ["*"], "atlases": {}}',
     b'{"allowed_hosts": ["a.b"], "atlases": {}, "more": 1}'],
)  # fmt: skip
def test_a_file_of_another_kind_is_refused(content):
    with pytest.raises(TilesFileUnusable, match="Correct it"):
        read_tiles_file(content)


def test_an_address_is_allowed_by_its_host_exactly():
    assert is_allowed(f"https://{HOST}/x", (HOST,))
    for address in (
        f"https://{HOST}.evil.example/x",
        f"https://evil{HOST}/x",
        f"https://{HOST}@evil.example/x",
        "https://[",
        "",
    ):
        assert not is_allowed(address, (HOST,))
