"""Files through HTTP: what is sent comes back, whole and in parts, to those who may have it."""

import hashlib
import io
import random
from dataclasses import replace
from typing import Any

import pytest
import trio
from PIL import Image

from nvserver.core.limits import WorkspaceLimits
from nvserver.services.file_vault import FilesSettings
from tests.edge.http.client import Client
from tests.edge.http.forms import CONTENT_TYPE, END, form, send, upload
from tests.edge.http.running import Api, ApiOptions, open_api
from tests.edge.http.test_workspaces import make

NOWHERE = "00000000-0000-4000-8000-000000000000"


def picture(kind: str = "PNG", size: tuple[int, int] = (640, 480)) -> bytes:
    content = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(content, kind)
    return content.getvalue()


@pytest.fixture
async def ada(api: Api) -> Client:
    return await api.register("Ada")


async def stored(api: Api) -> list[str]:
    return [blob.key for blob in await api.blobs.list("", None, limit=1000)]


async def test_what_is_sent_comes_back(ada: Client, rng: random.Random) -> None:
    workspace = await make(ada)
    content = rng.randbytes(300_000)
    (file,) = await upload(ada, workspace, ("a b.bin", "text/html", content))
    assert file["name"] == "a b.bin"
    assert (file["mimeType"], file["sizeBytes"]) == ("application/octet-stream", len(content))
    assert (file["checksum"], file["uploaderId"]) == (hashlib.sha256(content).hexdigest(), ada.user["id"])
    reply = await ada("GET", file["url"])
    assert (reply.status, reply.body) == (200, content)
    assert reply.headers["content-length"] == str(len(content))
    listed = await ada.get(f"/api/files?workspaceId={workspace}")
    assert listed == {"items": [file], "nextCursor": None}


async def test_several_files_come_together_in_any_order_of_the_form(ada: Client) -> None:
    workspace = await make(ada)
    files = [(f"{n}.txt", "text/plain", b"x" * n) for n in (0, 1, 70_000)]
    made = await upload(ada, workspace, *files)
    assert [(f["name"], f["sizeBytes"]) for f in made] == [("0.txt", 0), ("1.txt", 1), ("70000.txt", 70_000)]
    body = form({}, files[:1]).removesuffix(END) + form({"workspaceId": workspace}, [])
    reply = await ada("POST", "/api/files/upload", body, headers={"Content-Type": CONTENT_TYPE})
    assert reply.status == 201, reply.body
    seen: list[str] = []
    cursor = ""
    while True:
        page = await ada.get(f"/api/files?workspaceId={workspace}&limit=3{cursor}")
        seen += [item["id"] for item in page["items"]]
        if page["nextCursor"] is None:
            break
        cursor = f"&cursor={page['nextCursor']}"
    assert len(set(seen)) == len(seen) == 4


async def test_parts_and_caches(ada: Client, rng: random.Random) -> None:
    content = rng.randbytes(100_000)
    (file,) = await upload(ada, await make(ada), ("f.bin", "x/y", content))
    url, etag = file["url"], f'"{file["checksum"]}"'
    for wanted, (first, last) in {
        "bytes=0-0": (0, 0), "bytes=10-19": (10, 19), "bytes=99990-": (99_990, 99_999),
        "bytes=-5": (99_995, 99_999), "bytes=50000-999999": (50_000, 99_999), "bytes=-999999": (0, 99_999),
    }.items():  # fmt: skip
        reply = await ada("GET", url, headers={"Range": wanted})
        assert (reply.status, reply.body) == (206, content[first : last + 1]), wanted
        assert reply.headers["content-range"] == f"bytes {first}-{last}/100000"
    for wanted in ("bytes=100000-", "bytes=5-4", "bytes=-0"):
        reply = await ada("GET", url, headers={"Range": wanted})
        assert (reply.status, reply.headers["content-range"]) == (416, "bytes */100000")
        assert reply.code == "RANGE_NOT_SATISFIABLE"
    for wanted in ("bytes=0-1,5-6", "lines=1-2", "bytes=a-b", "bytes=1"):
        assert (await ada("GET", url, headers={"Range": wanted})).body == content
    for known in (etag, f'"x", W/{etag}', "*"):
        reply = await ada("GET", url, headers={"If-None-Match": known})
        assert (reply.status, reply.body, reply.headers["etag"]) == (304, b"", etag)
    changed = await ada("GET", url, headers={"Range": "bytes=0-1", "If-Range": '"other"'})
    assert (changed.status, changed.body) == (200, content)
    assert (await ada("GET", url, headers={"Range": "bytes=0-1", "If-Range": etag})).status == 206


async def test_only_pictures_are_shown_in_place(ada: Client) -> None:
    workspace = await make(ada)
    files = await upload(
        ada,
        workspace,
        ("p.png", "image/png", picture()),
        ("p.svg", "image/svg+xml", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
        ("p.html", "image/png", b"<script>alert(1)</script>"),
        ("p.pdf", "image/png", b"%PDF-1.7 <script>"),
    )
    kinds = []
    for file in files:
        reply = await ada("GET", file["url"])
        assert reply.headers["content-security-policy"] == "default-src 'none'; sandbox"
        assert reply.headers["x-content-type-options"] == "nosniff"
        assert reply.headers["cache-control"].startswith("private")
        kinds.append((reply.headers["content-type"], reply.headers["content-disposition"].partition(";")[0]))
    assert kinds == [
        ("image/png", "inline"),
        ("text/plain; charset=utf-8", "attachment"),
        ("text/plain; charset=utf-8", "attachment"),
        ("application/pdf", "attachment"),
    ]
    reply = await ada("GET", f"{files[0]['url']}?download=true")
    assert reply.headers["content-disposition"].startswith("attachment")
    other = await ada("GET", "/api/auth/me")
    assert "default-src 'self'" in other.headers["content-security-policy"]


async def test_thumbnails_and_previews(ada: Client) -> None:
    workspace = await make(ada)
    big, text, broken = await upload(
        ada,
        workspace,
        ("p.jpg", "x/y", picture("JPEG", (2000, 1000))),
        ("t.md", "x/y", "# Ünï\n".encode() * 20_000),
        ("b.png", "x/y", picture()[:200]),
    )
    assert (big["width"], big["height"], big["thumbnailUrl"]) == (2000, 1000, f"{big['url']}/thumbnail")
    for _ in range(2):  # made, then kept
        small = await ada("GET", big["thumbnailUrl"])
        with Image.open(io.BytesIO(small.body)) as shown:
            assert (small.headers["content-type"], shown.format, shown.size) == ("image/webp", "WEBP", (320, 160))
    with Image.open(io.BytesIO((await ada("GET", f"{big['url']}/preview")).body)) as shown:
        assert shown.size == (1600, 800)
    preview = await ada("GET", f"{text['url']}/preview")
    assert preview.headers["content-type"] == "text/plain; charset=utf-8"
    assert ("# Ünï\n" * 20_000).startswith(preview.body.decode()) and 65_000 < len(preview.body) <= 65_536
    for path in ("thumbnail", "preview"):
        assert (await ada("GET", f"{broken['url']}/{path}")).code == "UNSUPPORTED_MEDIA_TYPE"
    assert (await ada("GET", f"{text['url']}/thumbnail")).code == "UNSUPPORTED_MEDIA_TYPE"


async def test_a_deleted_file_is_gone_with_its_bytes(api: Api, ada: Client) -> None:
    workspace = await make(ada)
    (file,) = await upload(ada, workspace, ("p.png", "x/y", picture()))
    await ada("GET", file["thumbnailUrl"])
    assert len(await stored(api)) == 2
    assert (await ada("DELETE", file["url"])).status == 204
    for method, path in (("GET", file["url"]), ("DELETE", file["url"]), ("GET", file["thumbnailUrl"])):
        assert (await ada(method, path)).code == "FILE_NOT_FOUND"
    assert await stored(api) == []
    assert (await ada.get(f"/api/files?workspaceId={workspace}"))["items"] == []


@pytest.mark.parametrize(
    ("fields", "part", "code"),
    [
        ({}, "file", "VALIDATION_FAILED"),
        ({"workspaceId": "x"}, "file", "VALIDATION_FAILED"),
        ({"workspaceId": "é" * 400}, "file", "VALIDATION_FAILED"),
        ({"workspaceId": NOWHERE}, "file", "WORKSPACE_NOT_FOUND"),
        ({"workspaceId": "$"}, "other", "VALIDATION_FAILED"),
    ],
)
async def test_bad_forms_leave_nothing(api: Api, ada: Client, fields: Any, part: str, code: str) -> None:
    workspace = await make(ada)
    fields = {name: workspace if value == "$" else value for name, value in fields.items()}
    assert (await send(ada, fields, [("f", "x/y", b"content")], part=part)).code == code
    assert await stored(api) == []


async def test_bodies_that_are_no_forms_are_refused(api: Api, ada: Client) -> None:
    workspace = await make(ada)
    whole = form({"workspaceId": workspace}, [("f", "x/y", b"content")])
    for body, content_type, code in (
        (b"{}", "application/json", "UNSUPPORTED_MEDIA_TYPE"),
        (whole, "multipart/form-data", "UNSUPPORTED_MEDIA_TYPE"),
        (whole[:-30], CONTENT_TYPE, "VALIDATION_FAILED"),
        (b"no form", CONTENT_TYPE, "VALIDATION_FAILED"),
        (form({"workspaceId": workspace}, []), CONTENT_TYPE, "VALIDATION_FAILED"),
        (form({f"f{n}": "x" for n in range(50)}, []), CONTENT_TYPE, "PAYLOAD_TOO_LARGE"),
    ):
        reply = await ada("POST", "/api/files/upload", body, headers={"Content-Type": content_type})
        assert reply.code == code, (body[:40], reply.body)
    assert await stored(api) == []


async def test_a_repeat_under_one_key_uploads_once(ada: Client) -> None:
    workspace = await make(ada)
    replies = [
        await send(ada, {"workspaceId": workspace}, [("f", "x/y", b"c")], headers={"Idempotency-Key": "k"})
        for _ in range(2)
    ]
    assert replies[0].status == replies[1].status == 201
    assert replies[0].json == replies[1].json
    assert len((await ada.get(f"/api/files?workspaceId={workspace}"))["items"]) == 1


async def test_of_twenty_uploads_at_once_as_many_fit_as_there_is_room_for() -> None:
    size, room = 1000, 2999
    async with open_api(ApiOptions(limits=WorkspaceLimits(max_files_bytes=room))) as api:
        ada = await api.register("Ada")
        workspace = await make(ada)
        await upload(ada, workspace, ("first", "x/y", b"x" * 999))
        codes = []

        async def one(n: int) -> None:
            reply = await send(ada, {"workspaceId": workspace}, [(f"f{n}", "x/y", bytes([n]) * size)])
            codes.append(reply.status if reply.status == 201 else reply.code)

        async with trio.open_nursery() as nursery:
            for n in range(20):
                nursery.start_soon(one, n)
        assert sorted(codes, key=str) == [201] * 2 + ["QUOTA_EXCEEDED"] * 18
        listed = (await ada.get(f"/api/files?workspaceId={workspace}"))["items"]
        assert sum(file["sizeBytes"] for file in listed) == room
        assert sorted(await stored(api)) == sorted(f"files/{file['id']}" for file in listed)


async def test_too_large_a_file_is_refused_with_and_without_a_length() -> None:
    async with open_api(ApiOptions(files=FilesSettings(max_file_bytes=50_000, max_upload_files=2))) as api:
        ada = await api.register("Ada")
        workspace = await make(ada)
        reply = await send(ada, {"workspaceId": workspace}, [("f", "x/y", b"x" * 50_001)])
        assert reply.code == "PAYLOAD_TOO_LARGE"
        reply = await send(ada, {"workspaceId": workspace}, [("f", "x/y", b"x" * 10)] * 3)
        assert reply.code == "PAYLOAD_TOO_LARGE"
        with trio.fail_after(20):
            async with ada.connect() as connection:
                head = (
                    f"POST /api/files/upload HTTP/1.1\r\nHost: notes.test\r\nAuthorization: Bearer {ada.token}\r\n"
                    f"Content-Type: {CONTENT_TYPE}\r\nTransfer-Encoding: chunked\r\n\r\n"
                )
                await connection.stream.send_all(head.encode())
                for chunk in (
                    form({"workspaceId": workspace}, []).removesuffix(END),
                    form({}, [("f", "x/y", b"x" * 60_000)]),
                ):
                    await connection.stream.send_all(f"{len(chunk):x}\r\n".encode() + chunk + b"\r\n")
                answer = b""
                while b"PAYLOAD_TOO_LARGE" not in answer:
                    answer += await connection.stream.receive_some()
        assert await stored(api) == []


@pytest.mark.parametrize("megabytes", [1, 8, 24])
async def test_who_sends_all_before_he_reads_still_gets_the_refusal(api: Api, ada: Client, megabytes: int) -> None:
    """The answer comes while most of the file is under way: neither side waits for the other, nothing is reset."""
    stranger = await api.register("Grace")
    workspace_id = await make(ada)
    file = ("big", "text/plain", bytes(megabytes * 1_000_000))
    for fields in ({"workspaceId": workspace_id}, {"workspaceId": workspace_id, "more": "x" * 3_000}):
        reply = await send(stranger, fields, [file])
        assert (reply.status, reply.headers.get("connection", "close")) == (404, "close")
    assert (await ada.get(f"/api/files?workspaceId={workspace_id}"))["items"] == []


async def test_a_slow_upload_is_given_up(rng: random.Random) -> None:
    http = ApiOptions().http
    options = ApiOptions(http=replace(http, body_seconds=0.5, slowest_upload_bytes_per_second=1_000_000))
    async with open_api(options) as api:
        ada = await api.register("Ada")
        workspace = await make(ada)
        body = form({"workspaceId": workspace}, [("f", "x/y", b"x" * 50_000)])
        head = (
            f"POST /api/files/upload HTTP/1.1\r\nHost: notes.test\r\nAuthorization: Bearer {ada.token}\r\n"
            f"Content-Type: {CONTENT_TYPE}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        with trio.fail_after(20):
            async with ada.connect() as connection:
                await connection.stream.send_all(head.encode() + body[:500])
                answer = b""
                while b"REQUEST_TIMEOUT" not in answer:
                    answer += await connection.stream.receive_some()
        assert await stored(api) == []


async def test_uploads_cut_off_anywhere_leave_nothing(api: Api, ada: Client, rng: random.Random) -> None:
    workspace = await make(ada)
    body = form({"workspaceId": workspace}, [("f", "x/y", rng.randbytes(200_000))])
    head = (
        f"POST /api/files/upload HTTP/1.1\r\nHost: notes.test\r\nAuthorization: Bearer {ada.token}\r\n"
        f"Content-Type: {CONTENT_TYPE}\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode()
    before = api.server.connections

    async def cut(length: int) -> None:
        async with ada.connect() as connection:
            await connection.stream.send_all(head + body[:length])

    with trio.fail_after(60):
        async with trio.open_nursery() as nursery:
            for _ in range(100):
                nursery.start_soon(cut, rng.randrange(len(body)))
        while api.server.connections > before:
            await trio.lowlevel.checkpoint()
    assert await stored(api) == []
    assert (await ada.get(f"/api/files?workspaceId={workspace}"))["items"] == []


async def test_people_have_a_picture(api: Api, ada: Client) -> None:
    reply = await send(ada, {}, [("me.png", "x/y", picture())], path="/api/auth/me/avatar")
    url = reply.json["user"]["avatarUrl"]
    shown = await api.nobody("GET", url)
    with Image.open(io.BytesIO(shown.body)) as small:
        assert (shown.headers["content-type"], small.size) == ("image/webp", (256, 192))
    again = await send(ada, {}, [("me.png", "x/y", picture("GIF"))], path="/api/auth/me/avatar")
    assert again.json["user"]["avatarUrl"] != url
    assert (await api.nobody("GET", url)).code == "FILE_NOT_FOUND"
    for content in (b"", b"text", picture()[:100]):
        refused = await send(ada, {}, [("me.png", "image/png", content)], path="/api/auth/me/avatar")
        assert refused.code == "UNSUPPORTED_MEDIA_TYPE"
    assert (await ada("DELETE", "/api/auth/me/avatar")).json["user"]["avatarUrl"] is None
    assert await stored(api) == []
