"""A newer client is served while a page is open; and pages whose parts do not come at all."""

import hashlib
import re
import shutil
from base64 import b64encode
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Route, WebSocketRoute, expect

from tests.support.server import ServerProcess
from tests.web.people import (
    DEADLINE_MS,
    Garden,
    person,
    put_caret,
    settle,
    sign_in,
    wait_for_state,
    wait_for_text,
    watch,
)

CLIENT = Path(str(files("nvserver"))) / "_web"


def with_hashes(page: str) -> str:
    """The page's own content security policy, with the hash that its script has now."""
    script = re.search(r"<script>(.+?)</script>", page, re.DOTALL)
    if script is None:
        return page
    digest = b64encode(hashlib.sha256(script[1].encode()).digest()).decode()
    return re.sub(r"'sha256-[^']+'", f"'sha256-{digest}'", page)


def make_next_build(package: Path) -> None:
    """The package with the client as another build would have it: every part under another name, another version."""
    package.mkdir(parents=True)
    for entry in CLIENT.parent.iterdir():
        if entry != CLIENT:
            (package / entry.name).symlink_to(entry)
    client = package / CLIENT.name
    shutil.copytree(CLIENT, client, ignore=shutil.ignore_patterns("*.br", "*.gz"))
    parts = [path for path in (client / "_app" / "immutable").rglob("*") if path.is_file()]
    named = re.compile("|".join(re.escape(part.name) for part in sorted(parts, key=lambda one: -len(one.name))))
    for part in parts:
        part.rename(part.with_name(f"next-{part.name}"))
    version = re.search(r'"version":"(.+?)"', (client / "_app" / "version.json").read_text())
    assert version
    for path in client.rglob("*"):
        if path.suffix in (".js", ".css", ".html", ".json"):
            text = named.sub(lambda found: f"next-{found[0]}", path.read_text())
            path.write_text(with_hashes(text.replace(version[1], f"next-{version[1]}")))


@pytest.fixture
def deployed(tmp_path: Path) -> Iterator[ServerProcess]:
    """A server that the next client can be deployed on, at the same address."""
    server = ServerProcess(tmp_path / "data")
    server.start()
    yield server
    server.kill()


def test_a_page_is_told_of_a_new_version_and_takes_its_unsent_words_along(
    browser: Browser, deployed: ServerProcess, tmp_path: Path
) -> None:
    is_silent = False

    def hold(socket: WebSocketRoute) -> None:
        far = socket.connect_to_server()
        socket.on_message(lambda message: None if is_silent else far.send(message))

    with person(browser, ("127.0.0.1", deployed.port), "Ada") as ada:
        workspace = ada.api("POST", "/api/workspaces", {"name": "Garden"})["workspace"]
        base = f"/api/workspaces/{workspace['id']}/notes"  # type: ignore[index]
        note_id = ada.api("POST", base, {"title": "Spring", "content": ""})["note"]["id"]  # type: ignore[index]
        context = browser.new_context(base_url=ada.line.url)
        faults = watch(context)
        sign_in(context, ada.email)
        page = context.new_page()
        page.set_default_timeout(DEADLINE_MS)
        asked: list[str] = []
        page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
        page.route_web_socket(re.compile("socket.io"), hold)
        page.goto(f"/workspaces/{workspace['id']}?note={note_id}")  # type: ignore[index]
        page.wait_for_selector(".cm-content")
        page.evaluate("async () => void (await navigator.serviceWorker.ready)")
        put_caret(page, 1)
        page.keyboard.insert_text("before, ")
        wait_for_state(page, "saved")
        offer = page.get_by_role("status").filter(has_text="There is a new version of NoteVault.")
        expect(offer).to_have_count(0)

        deployed.stop()
        package = tmp_path / "next" / "nvserver"
        make_next_build(package)
        deployed.prefix = ("env", f"--chdir={package.parent}")
        deployed.start()
        expect(offer).to_be_visible(timeout=DEADLINE_MS)
        # Parts of the version that the page is of are gone from the server, and still come.
        page.get_by_role("button", name="Chat").click()
        expect(page.get_by_role("textbox", name="Write a message")).to_be_visible()
        page.get_by_role("button", name="Chat").click()
        wait_for_state(page, "saved")
        is_silent = True
        put_caret(page, 1)
        page.keyboard.insert_text("and never sent")
        wait_for_state(page, "saving")
        with page.expect_navigation():
            offer.get_by_role("button", name="Reload the page").click()
            is_silent = False
        page.wait_for_selector(".cm-content")
        assert "/next-" in page.content()
        wait_for_text(page, "before, and never sent")
        assert settle([page], ada, str(note_id)) == "before, and never sent"
        expect(offer).to_have_count(0)
        assert asked == []
        context.close()
        assert faults == []


@pytest.mark.parametrize("part", ["entry/app", "entry/start", r"nodes/0\.", r"nodes/[012]\.", "chunks/"])
def test_a_page_whose_first_parts_do_not_come_says_so_and_can_be_loaded_again(garden: Garden, part: str) -> None:
    parts = re.compile(rf"/_app/immutable/{part}")
    missed: list[str] = []

    def miss(route: Route) -> None:
        missed.append(route.request.url)
        route.abort()

    page = garden.ada.tab()
    page.route(parts, miss)
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert missed
    page.unroute(parts)
    page.get_by_role("button", name="Reload the page").click()
    expect(page.get_by_role("main").get_by_role("link", name="Garden")).to_be_visible()
    # That they could not be fetched is told, once each.
    assert garden.ada.faults and all("Failed to fetch" in fault for fault in garden.ada.faults)
    garden.ada.faults.clear()
