"""Files that mean harm, opened in a real browser (D9): from a link, in a picture, in a frame, in a tab. Nothing in them
runs."""

import io
from collections.abc import Callable

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Dialog, Download, Page
from playwright.sync_api import Error as PlaywrightError

from tests.edge.http.forms import CONTENT_TYPE, form
from tests.web.people import Person

RAN = "console.log('RAN');alert('RAN')"
SCRIPT = f"<script>{RAN}</script>"
SVG = f'<svg xmlns="http://www.w3.org/2000/svg" onload="{RAN}"><script>{RAN}</script></svg>'

REFUSALS = ("Refused", "Blocked", "Applying")
"""How Chromium begins to tell that a script or a style was not let run."""


def polyglot(kind: str, tail: str) -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(content, kind)
    return content.getvalue() + tail.encode()


HOSTILE: dict[str, bytes] = {
    "page.html": f"<!doctype html>{SCRIPT}".encode(),
    "page.htm": f"<body onload={RAN}>".encode(),
    "page.xhtml": f'<html xmlns="http://www.w3.org/1999/xhtml">{SCRIPT}</html>'.encode(),
    "page.svg": SVG.encode(),
    "picture.svg.png": SVG.encode(),
    "page.png": f"<html>{SCRIPT}".encode(),
    "page": f"<html>{SCRIPT}".encode(),
    "note.md": f"{SCRIPT}".encode(),
    "text.txt": f"<html>{SCRIPT}</html>".encode(),
    "script.js": RAN.encode(),
    "data.json": f"{SCRIPT}".encode(),
    "page.xml": f'<?xml version="1.0"?><?xml-stylesheet href="data:text/xsl,x"?><a>{SCRIPT}</a>'.encode(),
    "mark.html": b"\xef\xbb\xbf" + f"<html>{SCRIPT}".encode(),
    "utf16.html": f"<html>{SCRIPT}".encode("utf-16"),
    "utf7.html": b"+ADw-script+AD4-alert('RAN')+ADw-/script+AD4-",
    "document.pdf": f"%PDF-1.4\n{SCRIPT}".encode(),
    "archive.zip": b"PK\x03\x04" + SCRIPT.encode(),
    "png-and-page.html": polyglot("PNG", SCRIPT),
    "gif-and-script.js": b"GIF89a/*" + bytes(8) + f"*/=1;{RAN}".encode(),
    "jpeg-and-page.html": polyglot("JPEG", SVG),
    "mail.mhtml": f"MIME-Version: 1.0\nContent-Type: text/html\n\n{SCRIPT}".encode(),
}


@pytest.fixture
def ada(people: Callable[[str], Person]) -> Person:
    return people("Ada")


def test_nothing_in_a_file_runs(ada: Person) -> None:
    assert len(HOSTILE) >= 20
    workspace = str(ada.api("POST", "/api/workspaces", {"name": "W"})["workspace"]["id"])  # type: ignore[index]
    body = form(
        {"workspaceId": workspace}, [(name, "text/html", content) for name, content in list(HOSTILE.items())[:20]]
    )
    rest = form(
        {"workspaceId": workspace}, [(name, "text/html", content) for name, content in list(HOSTILE.items())[20:]]
    )
    files: list[dict[str, str]] = []
    for one in (body, rest):
        headers = {"Authorization": f"Bearer {ada.token}", "Content-Type": CONTENT_TYPE}
        answer = ada.context.request.post("/api/files/upload", data=one, headers=headers)
        assert answer.ok, answer.text()
        files += answer.json()["files"]
    context: BrowserContext = ada.context
    context.set_extra_http_headers(
        {"Authorization": f"Bearer {ada.token}"}
    )  # as if the browser had signed in by itself
    ran: list[str] = []
    downloads: list[Download] = []

    def dismiss(dialog: Dialog) -> None:
        ran.append(dialog.message)
        dialog.dismiss()

    def watch(page: Page) -> None:
        page.on("console", lambda message: ran.append(message.text) if "RAN" in message.text else None)
        page.on("dialog", dismiss)
        page.on("download", lambda download: downloads.append(download))

    shown = 0
    page = context.new_page()
    watch(page)
    for file in files:
        url = file["url"]
        is_picture = file["mimeType"].startswith("image/")
        page.goto("/health")
        before = len(downloads)
        try:
            page.goto(url)  # in a tab
            assert is_picture, f"{file['name']} was shown"
            shown += 1
        except PlaywrightError as error:
            assert "Download is starting" in str(error), error
            assert not is_picture
        page.goto("/health")
        made = page.evaluate(
            """async (url) => {
                const loaded = (element, source) => new Promise((done) => {
                    element.onload = () => done(true);
                    element.onerror = () => done(false);
                    setTimeout(() => done(false), 1500);
                    element[source[0]] = source[1];
                    document.documentElement.append(element);
                });
                const picture = await loaded(document.createElement('img'), ['src', url]);
                const script = await loaded(document.createElement('script'), ['src', url]);
                const frame = document.createElement('iframe');
                frame.src = url;
                document.documentElement.append(frame);
                const link = document.createElement('a');
                link.href = url;
                link.target = '_blank';
                document.documentElement.append(link);
                return [picture, script];
            }""",
            url,
        )
        assert made[1] is False, f"{file['name']} ran as a script"
        assert len(downloads) >= before
    page.wait_for_timeout(500)
    assert ran == []
    assert shown == 3
    assert {fault.split(" ", 1)[0] for fault in ada.faults} == set(REFUSALS), "the browser says what it refused"
    ada.faults.clear()
    for download in downloads[:3]:
        assert download.suggested_filename in HOSTILE
