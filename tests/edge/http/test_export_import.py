"""What goes out comes in again, equal; what other programs wrote keeps its links and attachments."""

import io
import json
import random
import re
import stat
import zipfile
from html.parser import HTMLParser
from typing import Any
from urllib.parse import unquote

import pytest

from nvserver.core.limits import WorkspaceLimits
from nvserver.services.file_vault import FilesSettings
from tests.edge.http.client import Client, Reply
from tests.edge.http.forms import send, upload
from tests.edge.http.running import Api, ApiOptions, open_api
from tests.edge.http.test_files import picture
from tests.edge.http.test_notes import make_note
from tests.edge.http.test_workspaces import make

UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@pytest.fixture
async def ada(api: Api) -> Client:
    return await api.register("Ada")


def zipped(entries: dict[str, bytes | str]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, part in entries.items():
            archive.writestr(path, part)
    return content.getvalue()


async def bring(client: Client, workspace: str, content: bytes, *, kind: str = "application/zip") -> Reply:
    return await client("POST", f"/api/workspaces/{workspace}/import", content, headers={"Content-Type": kind})


async def export(client: Client, workspace: str) -> dict[str, bytes]:
    reply = await client("GET", f"/api/workspaces/{workspace}/export")
    assert (reply.status, reply.headers["content-type"]) == (200, "application/zip")
    with zipfile.ZipFile(io.BytesIO(reply.body)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


async def notes_of(client: Client, workspace: str) -> dict[str, dict[str, Any]]:
    """By title."""
    items = (await client.get(f"/api/workspaces/{workspace}/notes?limit=100"))["items"]
    return {item["title"]: (await client.get(f"/api/notes/{item['id']}"))["note"] for item in items}


async def furnished(client: Client) -> str:
    """A workspace with some of everything."""
    workspace = await make(client)
    base = f"/api/workspaces/{workspace}"
    outer = (await client.post(f"{base}/collections", {"name": "Pläne / 2026", "color": "#ff0000"}))["collection"]["id"]
    inner = (await client.post(f"{base}/collections", {"name": "..", "parentId": outer}))["collection"]["id"]
    image, text = await upload(client, workspace, ("a (1) b.png", "x/y", picture()), ("t.txt", "x/y", b"text"))
    await upload(client, workspace, ("t.txt", "x/y", b"another of that name"))
    contents = [
        f"---\ntitle: no\n---\n# Hello\n![p]({image['url']}) and [t]({text['url']}), {text['url']}/preview.\n"
        f"`{text['url']}`",
        "", "Zeile 1\nZeile 2\n\n\U0001f600 ---\n---\n", "x" * 50_000,
    ]  # fmt: skip
    notes = []
    for number, content in enumerate(contents):
        title = ['Plan: "a"/b', "plan", "Plan", "---"][number]
        notes.append(
            await make_note(
                client, workspace, title=title, content=content, tags=["a b", "c: d"][:number], color="#00ff00",
                collectionId=[None, outer, inner, inner][number], position={"x": number * 10.5, "y": -3},
            )
        )  # fmt: skip
    await client.post(f"{base}/connections", {"fromNoteId": notes[0]["id"], "toNoteId": notes[2]["id"], "label": "L"})
    comments = f"/api/notes/{notes[3]['id']}/comments"
    thread = (await client.post(comments, {"text": "Why?", "anchor": {"start": 3, "end": 9}}))["thread"]["id"]
    await client.post(f"{comments}/{thread}", {"text": "So."})
    await client.put(f"{comments}/{thread}", {"resolved": True})
    await client.post(f"{base}/events", {"title": "E", "start": "2026-03-28", "allDay": True, "noteId": notes[1]["id"]})
    gone = await make_note(client, workspace, title="Gone")
    await client("DELETE", f"/api/notes/{gone['id']}")
    return workspace


def comparable(files: dict[str, bytes]) -> dict[str, Any]:
    """An export without what is new in every workspace: ids, times, seqs. Ids become numbers, in the order in which
    they stand in the manifest, so that what they refer to still counts."""
    manifest = json.loads(files["manifest.json"])
    numbers: dict[str, str] = {}

    def named(text: str) -> str:
        return UUID.sub(lambda match: numbers.setdefault(match[0], f"id{len(numbers)}"), text)

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            skip = ("createdAt", "updatedAt", "seq", "exportedAt", "workspace", "uid", "resolvedAt", "editedAt", "rank")
            return {key: plain(part) for key, part in value.items() if key not in skip}
        if isinstance(value, list):
            return [plain(part) for part in value]
        return named(value) if isinstance(value, str) else value

    told = {"manifest": plain(manifest)}
    paths = sorted(name for name in files if name not in ("manifest.json", "calendar.ics"))
    texts = {path: named(files[path].decode()) if path.endswith(".md") else files[path] for path in paths}
    return told | texts


async def test_an_export_that_is_imported_is_equal(ada: Client) -> None:
    workspace, other = await furnished(ada), await make(ada)
    first = await export(ada, workspace)
    assert sorted(path for path in first if path.startswith("notes/")) == [
        "notes/Plan a b.md",
        "notes/Pläne 2026/file/---.md", "notes/Pläne 2026/file/Plan.md", "notes/Pläne 2026/plan.md",
    ]  # fmt: skip
    reply = await bring(ada, other, zipped(dict(first)))
    assert reply.status == 201, reply.body
    answer = reply.json
    assert answer == {
        "notes": 4, "files": 3, "collections": 2, "connections": 1, "threads": 1, "events": 1, "skipped": [],
    }  # fmt: skip
    second = await export(ada, other)
    assert comparable(second) == comparable(first)
    before, after = await notes_of(ada, workspace), await notes_of(ada, other)
    assert set(before) == set(after)
    for title, note in after.items():
        assert UUID.sub("", note["content"]) == UUID.sub("", before[title]["content"])
    for url in re.findall(r"/api/files/[0-9a-f-]{36}", after['Plan: "a"/b']["content"]):
        assert (await ada("GET", url)).status == 200
    image = re.findall(r"!\[p\]\((\S+)\)", after['Plan: "a"/b']["content"])[0]
    assert (await ada("GET", image)).body == picture()


async def test_an_export_is_markdown_that_others_can_read(ada: Client) -> None:
    workspace = await make(ada)
    (image,) = await upload(ada, workspace, ("p q.png", "x/y", picture()))
    await make_note(ada, workspace, title="T", content=f"![x]({image['url']})", tags=["red", "a: b"])
    files = await export(ada, workspace)
    head, _, body = files["notes/T.md"].decode().partition("\n---\n")
    assert head.startswith("---\nid: ") and "title: T" in head and "- red" in head and "- 'a: b'" in head
    assert body == "![x](../files/p%20q.png)"
    assert files["files/p q.png"] == picture()


VAULT = {
    "My vault/.obsidian/app.json": "{}",
    "My vault/Start.md": "---\ntags: [home, start/here]\n---\n"
    "See [[Ideas/Tea|my tea]], [[Tea#Green]] and [[Nowhere]].\n"
    "![[pic.png|200]] ![alt](attachments/pic.png) [md](Ideas/Tea.md) [web](https://example.org/Tea.md)\n"
    "`[[Tea]]`\n```\n[[Tea]]\n```\n",
    "My vault/Ideas/Tea.md": "Back to [[Start]], "
    "![[../attachments/pic.png]] <img src=\"../attachments/pic.png\"> [self](#Green)",
    "My vault/Ideas/Deep/Ünï cöde.md": "---\ntitle: Other title\naliases: [x]\n---\n"
    "[t](../Tea.md#Green \"tip\") [s](</Start.md>)",
    "My vault/attachments/pic.png": picture(),
}  # fmt: skip


async def test_an_obsidian_vault_keeps_links_and_attachments(ada: Client) -> None:
    workspace = await make(ada)
    reply = await bring(ada, workspace, zipped(VAULT))
    assert reply.status == 201, reply.body
    assert {name: reply.json[name] for name in ("notes", "files", "collections", "skipped")} == {
        "notes": 3, "files": 1, "collections": 2, "skipped": [],
    }  # fmt: skip
    notes = await notes_of(ada, workspace)
    assert set(notes) == {"Start", "Tea", "Other title"}
    (file,) = (await ada.get(f"/api/files?workspaceId={workspace}"))["items"]
    note = {title: f"/workspaces/{workspace}?note={one['id']}" for title, one in notes.items()}
    assert notes["Start"]["tags"] == ["home", "start/here"]
    assert notes["Start"]["content"] == (
        f"See [my tea]({note['Tea']}), [Tea]({note['Tea']}#Green) and [[Nowhere]].\n"
        f"![pic.png]({file['url']}) ![alt]({file['url']}) [md]({note['Tea']}) [web](https://example.org/Tea.md)\n"
        "`[[Tea]]`\n```\n[[Tea]]\n```\n"
    )
    assert notes["Tea"]["content"] == (
        f'Back to [Start]({note["Start"]}), ![pic.png]({file["url"]}) <img src="{file["url"]}"> [self](#Green)'
    )
    assert notes["Other title"]["content"].endswith(f'[t]({note["Tea"]}#Green "tip") [s]({note["Start"]})')
    assert (await ada("GET", file["url"])).body == picture()
    collections = {one["name"]: one for one in (await ada.get(f"/api/workspaces/{workspace}/collections"))["items"]}
    assert collections["Deep"]["parentId"] == collections["Ideas"]["id"]
    assert notes["Other title"]["collectionId"] == collections["Deep"]["id"]
    places = {(one["position"]["x"], one["position"]["y"]) for one in notes.values()}
    assert len(places) == 3


async def test_a_hedgedoc_export_keeps_its_pictures(ada: Client) -> None:
    workspace = await make(ada)
    content = zipped(
        {
            "Meeting notes.md": "---\ntitle: Meeting\ntags: team, weekly\n---\n"
            "![](https://pad.example.org/uploads/upload_1a2b.png) [x](https://pad.example.org/s/abc)\r\n",
            "uploads/upload_1a2b.png": picture(),
        }
    )
    assert (await bring(ada, workspace, content)).status == 201
    notes = await notes_of(ada, workspace)
    (file,) = (await ada.get(f"/api/files?workspaceId={workspace}"))["items"]
    assert notes["Meeting"]["tags"] == ["team", "weekly"]
    assert notes["Meeting"]["content"] == f"![]({file['url']}) [x](https://pad.example.org/s/abc)\n"


async def test_plain_files_in_a_form(ada: Client) -> None:
    workspace = await make(ada)
    files = [("A.md", "text/markdown", b"see [[B]] ![](p.png)"), ("B.md", "x/y", b"b"), ("p.png", "x/y", picture())]
    reply = await send(ada, {}, files, path=f"/api/workspaces/{workspace}/import")
    assert (reply.status, reply.json["notes"], reply.json["files"]) == (201, 2, 1)
    notes = await notes_of(ada, workspace)
    (file,) = (await ada.get(f"/api/files?workspaceId={workspace}"))["items"]
    assert notes["A"]["content"] == f"see [B](/workspaces/{workspace}?note={notes['B']['id']}) ![]({file['url']})"


def encrypted() -> bytes:
    content = bytearray(zipped({"a.md": "x"}))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(signature) + offset] |= 1
    return bytes(content)


def with_link() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        info = zipfile.ZipInfo("link.md")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, "/etc/passwd")
        archive.writestr("good.md", "x")
        archive.writestr("../evil.md", "x")
        archive.writestr("/abs.md", "x")
        archive.writestr("bad.md", b"\xff\xfe\xfd")
        archive.writestr("bin.md", b"\xc3\x28")
    return content.getvalue()


async def test_what_comes_in_lies_on_nothing_that_was_there(ada: Client) -> None:
    workspace = await make(ada)
    here = (await ada.post(f"/api/workspaces/{workspace}/notes", {"title": "Here", "position": {"x": 10, "y": 20}}))[
        "note"
    ]
    for _ in range(2):
        assert (await bring(ada, workspace, zipped({f"{n}.md": "x" for n in range(12)}))).status == 201
    items = (await ada.get(f"/api/workspaces/{workspace}/notes?limit=100"))["items"]
    assert len(items) == 25
    for number, one in enumerate(items):
        for other in items[:number]:
            beside = abs(one["position"]["x"] - other["position"]["x"]) >= one["size"]["width"]
            assert beside or abs(one["position"]["y"] - other["position"]["y"]) >= one["size"]["height"]
    (kept,) = [one for one in items if one["id"] == here["id"]]
    assert kept["position"] == here["position"]


async def test_what_would_lead_out_is_left_and_told(ada: Client) -> None:
    workspace = await make(ada)
    reply = await bring(ada, workspace, with_link())
    assert reply.json["notes"] == 1
    told = {one["path"]: one["reason"] for one in reply.json["skipped"]}
    assert set(told) == {"link.md", "../evil.md", "/abs.md", "bad.md", "bin.md"}
    assert set(await notes_of(ada, workspace)) == {"good"}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"PK\x03\x04 no zip", "VALIDATION_FAILED"),
        (zipped({}), "VALIDATION_FAILED"),
        (zipped({"manifest.json": '{"format":"notevault","version":99}'}), "VALIDATION_FAILED"),
        (zipped({"manifest.json": '{"format":"notevault","version":1}'}), "VALIDATION_FAILED"),
        (encrypted(), "VALIDATION_FAILED"),
        (zipped({"a.md": "x" * 200_000, "b.bin": bytes(300_000)}), "PAYLOAD_TOO_LARGE"),
        (zipped({f"{n}.md": "" for n in range(60)}), "PAYLOAD_TOO_LARGE"),
        (zipped({"a.bin": random.Random(1).randbytes(200_000)}), "PAYLOAD_TOO_LARGE"),
        (zipped({f"{n}.md": "" for n in range(8)}), "QUOTA_EXCEEDED"),
        (zipped({"a.bin": b"x" * 60_001, "b.md": "x"}), "QUOTA_EXCEEDED"),
    ],
)
async def test_bad_archives_bring_nothing(content: bytes, code: str) -> None:
    files = FilesSettings(max_import_bytes=100_000, max_import_entries=50)
    async with open_api(ApiOptions(files=files, limits=WorkspaceLimits(max_notes=5, max_files_bytes=60_000))) as api:
        ada = await api.register("Ada")
        workspace = await make(ada)
        reply = await bring(ada, workspace, content)
        assert reply.code == code, reply.body
        assert await notes_of(ada, workspace) == {}
        assert await api.blobs.list("", None, limit=10) == []


ATTACKS = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[x](javascript:alert(1))", "[x](JaVaScRiPt:alert(1))",
    "[x](java&#115;cript:alert(1))", "[x](vbscript:x)", "[x](data:text/html,<script>alert(1)</script>)",
    "![x](javascript:alert(1))", "<javascript:alert(1)>", "[x]: javascript:alert(1)\n\n[x]", "<svg/onload=alert(1)>",
    "```\"><script>alert(1)</script>\nx\n```", "`<script>`",
    "[x](\"onmouseover=alert(1)//)", "![x\" onerror=\"alert(1)](y)",
    "| a |\n|---|\n| <script>alert(1)</script> |", "# <iframe src=//evil>", "</body><script>", "&lt;script&gt;",
    "[x](<javascript:alert(1)>)", "<a href=\"javascript:alert(1)\">x</a>", "<style>@import'//evil'</style>",
    "[x](https://e.org \"\\\"><script>\")", "<!--><script>alert(1)</script>-->", "<base href=//evil>",
]  # fmt: skip


async def test_a_note_as_a_page_runs_nothing(ada: Client) -> None:
    seen: list[tuple[str, dict[str, str | None]]] = []

    class Tags(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            seen.append((tag, dict(attrs)))

    workspace = await make(ada)
    note = await make_note(
        ada, workspace, title="<script>alert(1)</script>", content="\n\n".join([*ATTACKS, "**bold**"])
    )
    reply = await ada("GET", f"/api/notes/{note['id']}/export?format=html")
    assert reply.headers["content-disposition"].startswith("attachment")
    assert reply.headers["content-security-policy"] == "default-src 'none'; sandbox"
    parser = Tags()
    parser.feed(reply.body.decode())
    allowed = {
        "html", "head", "meta", "title", "style", "body", "h1", "h2", "p", "a", "img", "strong", "em", "code", "pre",
        "table",
        "thead", "tbody", "tr", "th", "td", "blockquote", "ul", "ol", "li", "hr", "br", "s",
    }  # fmt: skip
    assert {tag for tag, _ in seen} <= allowed
    assert sum(tag == "style" for tag, _ in seen) == 1
    for tag, attrs in seen:
        if tag != "meta":
            assert set(attrs) <= {"href", "src", "alt", "title", "class", "style"}, (tag, attrs)
        for name in ("href", "src"):
            link = unquote(attrs.get(name) or "").lower()
            assert not link.startswith(("javascript:", "vbscript:", "data:")), link
    assert b"<strong>bold</strong>" in reply.body


async def test_a_note_as_markdown(ada: Client) -> None:
    note = await make_note(ada, await make(ada), title="A/b", content="# Hi", tags=["x"])
    reply = await ada("GET", f"/api/notes/{note['id']}/export")
    assert reply.headers["content-type"] == "text/markdown; charset=utf-8"
    assert "A b.md" in reply.headers["content-disposition"]
    assert reply.body.decode().endswith("---\n# Hi")
    assert (await ada("GET", f"/api/notes/{note['id']}/export?format=pdf")).code == "VALIDATION_FAILED"
