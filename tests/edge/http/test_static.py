"""The browser client's files."""

import base64
import gzip
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from nvserver.edge.http.headers import inline_script_hashes
from tests.edge.http.running import Api, ApiOptions, open_api

BOOT = "\n\t{ start('</p> &amp; é') }\n"
FRAME = f"<!doctype html><script src='/x.js'></script><script type='module'>{BOOT}</script><body></body>"


@pytest.fixture
async def web(tmp_path: Path) -> AsyncIterator[Api]:
    files = {
        "200.html": FRAME.encode(),
        "login.html": b"<title>Sign in</title>",
        "icon.svg": b"<svg/>",
        "manifest.webmanifest": b"{}",
        "_app/immutable/a.1.js": b"run()" * 100,
        "_app/version.json": b"{}",
    }
    for name, body in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
    (tmp_path / "_app/immutable/a.1.js.gz").write_bytes(gzip.compress(b"run()" * 100))
    (tmp_path / "_app/immutable/a.1.js.br").write_bytes(b"brotli")
    async with open_api(ApiOptions(web=tmp_path)) as api:
        yield api


HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.mark.parametrize(
    ("path", "start"),
    [
        ("/", b"<!doctype"),
        ("/workspaces/1/notes/2", b"<!doctype"),
        ("/login", b"<title>"),
        ("/login?next=%2F", b"<title>"),
        ("/icon.svg", b"<svg"),
    ],
)
async def test_pages_and_files(web: Api, path: str, start: bytes) -> None:
    reply = await web.nobody("GET", path, headers=HTML)
    assert reply.status == 200
    assert reply.body.startswith(start)
    assert reply.headers["cache-control"] == "no-cache"


async def test_types_and_caching(web: Api) -> None:
    script = await web.nobody("GET", "/_app/immutable/a.1.js")
    assert script.headers["content-type"] in ("text/javascript; charset=utf-8", "application/javascript; charset=utf-8")
    assert script.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert (await web.nobody("GET", "/_app/version.json")).headers["cache-control"] == "no-cache"
    manifest = await web.nobody("GET", "/manifest.webmanifest")
    assert manifest.headers["content-type"] == "application/manifest+json"
    etag = script.headers["etag"]
    again = await web.nobody("GET", "/_app/immutable/a.1.js", headers={"If-None-Match": etag})
    assert (again.status, again.body) == (304, b"")


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("", None),
        ("identity", None),
        ("zstd", None),
    ],
)
async def test_the_best_encoding_that_the_browser_takes(web: Api, accepted: str, encoding: str | None) -> None:
    reply = await web.nobody("GET", "/_app/immutable/a.1.js", headers={"Accept-Encoding": accepted})
    assert reply.headers.get("content-encoding") == encoding
    assert reply.headers["vary"] == "Accept-Encoding"
    body = {"br": lambda b: b == b"brotli", "gzip": lambda b: gzip.decompress(b) == b"run()" * 100}
    assert body.get(encoding or "", lambda b: b == b"run()" * 100)(reply.body)


async def test_the_root_is_a_page_for_programs_too(web: Api) -> None:
    assert (await web.nobody("GET", "/", headers={"Accept": "*/*"})).status == 200


@pytest.mark.parametrize(
    ("path", "accept"),
    [
        ("/api/nothing", "text/html"),
        ("/socket.io/x", "text/html"),
        ("/_app/immutable/gone.js", "text/html"),
        ("/missing.png", "image/*"),
        ("/_app/immutable/a.1.js.br", "*/*"),
        ("/../pyproject.toml", "*/*"),
        ("/%2e%2e/%2e%2e/etc/passwd", "*/*"),
        ("//etc/passwd", "*/*"),
        ("/_app/../../../etc/passwd", "*/*"),
    ],
)
async def test_what_is_no_file_and_no_page_is_not_found(web: Api, path: str, accept: str) -> None:
    reply = await web.nobody("GET", path, headers={"Accept": accept})
    assert (reply.status, reply.code) == (404, "NOT_FOUND")


async def test_the_policy_lets_only_the_clients_own_inline_scripts_run(web: Api) -> None:
    digest = base64.b64encode(hashlib.sha256(BOOT.encode()).digest()).decode()
    for path in ("/", "/api/nothing"):
        policy = (await web.nobody("GET", path, headers=HTML)).headers["content-security-policy"]
        (scripts,) = [rule for rule in policy.split("; ") if rule.startswith("script-src")]
        assert scripts == f"script-src 'self' 'sha256-{digest}'"


def test_only_inline_scripts_are_hashed() -> None:
    assert inline_script_hashes("<p>none</p><script src=a></script>") == ()
    assert len(inline_script_hashes("<script>a</script><script>b</script>")) == 2
