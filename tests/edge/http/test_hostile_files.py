"""Files that mean harm (D8): by their names, by what they claim to be, by what they hold."""

import io
import struct
import zipfile
import zlib
from pathlib import Path

import pytest
from PIL import Image

from nvserver.adapters.objects import open_blobs
from tests.edge.http.client import Client
from tests.edge.http.forms import upload
from tests.edge.http.running import Api, ApiOptions, open_api
from tests.edge.http.test_workspaces import make

NAMES = [
    "../../../etc/passwd", "..\\..\\windows\\win.ini", "/etc/passwd", "C:\\boot.ini", "\\\\host\\share\\x", "....//x",
    "..", ".", "...", "", " ", "\t", "a/../../b", "%2e%2e%2fx", "..%00/x",
    "x\x00.png", "\x00", "x\r\nSet-Cookie: a=b",
    "x\nX: y", "x\x1b[31m", "x\x7f", "x\x85y", "gpj\u202eexe.txt", "x\u200b.txt", "\ufeffx", "x\u2028y", "a" * 300,
    "é" * 300, "\U0001f600" * 100, f"{'a' * 250}.{'b' * 40}", "a." + "b" * 300, ".htaccess", ".git/config",
    "web.config",
    "CON", "con.txt", "NUL", "aux.c", "LPT1", "com9.txt", "PRN.", "x.", "x ", " x", "-rf", "--", "~", "~/.ssh/id",
    "$HOME",
    "`id`", "$(id)", "a;b", "a|b", "a>b", "a?b*c", 'a"b', "a'b", "<script>.png", "x.svg", "index.html", "x.php.png",
    "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
]  # fmt: skip


def listed(folder: str) -> set[Path]:
    return set(Path(folder).iterdir())


def everything(folder: Path) -> set[str]:
    return {str(path) for path in folder.rglob("*") if path.is_file()}


async def test_names_reach_neither_the_disk_nor_a_header(tmp_path: Path) -> None:
    assert len(NAMES) >= 60
    store, outside = tmp_path / "store", tmp_path / "outside"
    outside.mkdir()
    before = everything(outside), listed("/etc"), listed(".")
    async with open_api(ApiOptions(blobs=open_blobs(store.as_uri()))) as api:
        ada = await api.register("Ada")
        workspace = await make(ada)
        ids = set()
        for name in NAMES:
            (file,) = await upload(ada, workspace, (name, "text/plain", b"content"))
            ids.add(file["id"])
            shown = file["name"]
            assert shown and shown not in (".", "..") and len(shown.encode()) <= 200
            assert (
                not set(shown) & set('/\\\x00\r\n"<>|?*:\u202e\u200b\u2028')
                and shown.replace("\xa0", " ").isprintable()
            )
            reply = await ada("GET", file["url"])
            assert reply.body == b"content"
            disposition = reply.headers["content-disposition"]
            assert disposition.isascii() and disposition.startswith('attachment; filename="')
            assert disposition.count('"') == 2 and "set-cookie" not in reply.headers and "x" not in reply.headers
        assert everything(store) == {str(store / "files" / file_id) for file_id in ids}
        assert len(ids) == len(NAMES)
    assert before == (everything(outside), listed("/etc"), listed("."))


def png(width: int, height: int, rows: bytes = b"") -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def zip_bomb() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", bytes(20_000_000))
    return content.getvalue()


SCRIPT = b"<script>alert(document.domain)</script>"
LIES = {
    "html as png": ("a.png", "image/png", b"<!doctype html>" + SCRIPT, "text/plain"),
    "svg": ("a.svg", "image/svg+xml", b"<svg onload=alert(1)>" + SCRIPT + b"</svg>", "text/plain"),
    "xml as svg": ("a.svg", "image/png", b"<?xml version='1.0'?><svg/>", "text/plain"),
    "script as json": ("a.json", "text/javascript", b"alert(1)", "application/json"),
    "png as html": ("a.html", "text/html", png(1, 1, b"\x00\x00"), "image/png"),
    "gif and script": ("a.js", "text/javascript", b"GIF89a/*" + b"\x00" * 20 + b"*/=1;alert(1)", "image/gif"),
    "pdf and html": ("a.html", "text/html", b"%PDF-1.4\n" + SCRIPT, "application/pdf"),
    "zip and html": ("a.html", "text/html", b"PK\x03\x04" + SCRIPT, "application/zip"),
    "html with a mark": ("a.png", "image/png", b"\xef\xbb\xbf<html>" + SCRIPT, "text/plain"),
    "utf-16 html": ("a.html", "text/html", "<script>alert(1)</script>".encode("utf-16"), "application/octet-stream"),
    "utf-7": ("a.txt", "text/html; charset=utf-7", b"+ADw-script+AD4-", "text/plain"),
    "swf": ("a.png", "image/png", b"CWS\x0a\x00\x00", "application/octet-stream"),
    "elf": ("a.png", "image/png", b"\x7fELF\x00", "application/octet-stream"),
    "nothing": ("a.png", "image/png", b"", "text/plain"),
    "zip bomb": ("a.zip", "image/png", zip_bomb(), "application/zip"),
}


@pytest.mark.parametrize("name", LIES)
async def test_what_a_file_is_shows_its_content(api: Api, name: str) -> None:
    ada = await api.register("Ada")
    file_name, claimed, content, expected = LIES[name]
    (file,) = await upload(ada, await make(ada), (file_name, claimed, content))
    assert file["mimeType"] == expected
    reply = await ada("GET", file["url"])
    assert reply.body == content
    assert reply.headers["content-type"].partition(";")[0] == expected
    is_shown = expected in ("image/png", "image/jpeg", "image/gif", "image/webp")
    assert reply.headers["content-disposition"].startswith("inline" if is_shown else "attachment")
    preview = await ada("GET", f"{file['url']}/preview")
    assert preview.status in (200, 415)
    if preview.status == 200:
        assert preview.headers["content-type"] in ("text/plain; charset=utf-8", "image/webp")
        assert preview.headers["content-security-policy"] == "default-src 'none'; sandbox"


BOMBS = {
    "50,000 x 50,000": png(50_000, 50_000, bytes(1_000)),
    "2,147,483,647 wide": png(2**31 - 1, 1),
    "0 x 0": png(0, 0),
    "cut off": png(4_000, 4_000, bytes(100)),
    "many frames": b"",
}


async def gif_of_many_frames() -> bytes:
    content = io.BytesIO()
    frames = [Image.new("P", (2_000, 2_000), color) for color in range(40)]
    frames[0].save(content, "GIF", save_all=True, append_images=frames[1:])
    return content.getvalue()


@pytest.mark.parametrize("name", BOMBS)
async def test_pictures_that_would_burst_get_no_preview_or_a_small_one(api: Api, name: str) -> None:
    ada = await api.register("Ada")
    content = BOMBS[name] or await gif_of_many_frames()
    (file,) = await upload(ada, await make(ada), ("b.png", "image/png", content))
    thumbnail = await ada("GET", f"{file['url']}/thumbnail")
    if name == "many frames":
        assert (thumbnail.status, thumbnail.headers["content-type"]) == (200, "image/webp")
    else:
        assert thumbnail.code == "UNSUPPORTED_MEDIA_TYPE"
    assert (await ada("GET", file["url"])).body == content


async def test_files_of_others_are_not_there(api: Api) -> None:
    ada, eve = await api.register("Ada"), await api.register("Eve")
    (file,) = await upload(ada, await make(ada), ("a.txt", "text/plain", b"secret"))
    nobody = Client(api.port)
    for path in ("", "/thumbnail", "/preview"):
        assert (await eve("GET", file["url"] + path)).code == "FILE_NOT_FOUND"
        assert (await nobody("GET", file["url"] + path)).code == "UNAUTHENTICATED"
        assert (await nobody("GET", f"{file['url']}{path}?token={ada.token}")).code == "UNAUTHENTICATED"
    assert (await eve("DELETE", file["url"])).code == "FILE_NOT_FOUND"
    assert (await ada("GET", file["url"])).body == b"secret"
