"""Without a line, by the service worker: what was visited is read, written, moved; and what is told after a visit."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.web.people import (
    DEADLINE_MS,
    PASSWORD,
    Garden,
    Person,
    put_caret,
    settle,
    wait_for_state,
    wait_for_text,
    wait_until,
    watch,
)


@pytest.fixture
def installed(browser: Browser, garden: Garden) -> Iterator[BrowserContext]:
    """Ada's browser with the service worker in charge, signed in."""
    context = browser.new_context(base_url=garden.ada.line.url, viewport={"width": 1280, "height": 800})
    faults = watch(context)
    page = context.new_page()
    page.set_default_timeout(DEADLINE_MS)
    page.goto("/login")
    page.get_by_label("E-mail").fill(garden.ada.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_selector("article a")
    page.evaluate("async () => void (await navigator.serviceWorker.ready)")
    wait_until(page, "() => navigator.serviceWorker.controller !== null")
    page.close()
    yield context
    context.close()
    assert faults == []


def test_a_visited_workspace_is_read_and_written_without_a_line(installed: BrowserContext, garden: Garden) -> None:
    page = installed.new_page()
    page.set_default_timeout(DEADLINE_MS)
    path = f"/workspaces/{garden.workspace_id}"
    page.goto(f"{path}?note={garden.note_id}")
    page.wait_for_selector(".cm-content")
    put_caret(page, 1)
    page.keyboard.insert_text("with a line, ")
    wait_for_state(page, "saved")

    garden.ada.line.cut()
    page.goto(path)
    card = page.locator(f"[data-note='{garden.note_id}']")
    expect(card).to_contain_text("Spring")
    page.locator("section.canvas").focus()
    page.keyboard.press("Tab")
    expect(card).to_be_focused()
    for _ in range(3):
        page.keyboard.press("Alt+ArrowDown")
    page.keyboard.press("n")
    page.keyboard.type("Made on a train")
    page.keyboard.press("Enter")
    wait_for_state(page, "waiting")
    page.reload()
    expect(page.locator("[data-note]", has_text="Made on a train")).to_be_visible()
    page.goto(f"{path}?note={garden.note_id}")
    page.wait_for_selector(".cm-content[contenteditable=true]")
    wait_for_text(page, "Seeds 🌱\n\nBeds\nwith a line, ")
    put_caret(page, 1)
    page.keyboard.insert_text("and without.")
    wait_for_state(page, "waiting")
    expect(page.get_by_role("status").filter(has_text="Reconnect now")).to_be_visible()
    page.reload()
    page.wait_for_selector(".cm-content[contenteditable=true]")
    wait_for_text(page, "Seeds 🌱\n\nBeds\nwith a line, and without.")

    garden.ada.line.mend()
    text = settle([page], garden.ada, garden.note_id)
    assert text == "Seeds 🌱\n\nBeds\nwith a line, and without."
    notes = garden.ada.api("GET", f"/api/workspaces/{garden.workspace_id}/notes")["items"]
    assert isinstance(notes, list)
    assert sorted(note["title"] for note in notes) == ["Made on a train", "Spring"]
    spring = next(note for note in notes if note["title"] == "Spring")
    assert spring["position"]["y"] == 24
    page.close()


def test_how_quick_a_page_was_is_told_when_it_is_left(garden: Garden) -> None:
    page = garden.ada.open(garden.workspace_id, garden.note_id)
    put_caret(page, 1)
    page.keyboard.type("quick")
    wait_for_state(page, "saved")
    page.wait_for_load_state("networkidle")
    counted = "() => fetch('/metrics').then((answer) => answer.text())"
    page.goto("/settings")
    for name in ("LCP", "FCP", "TTFB"):
        line = f'notevault_web_vital_seconds_count{{name="{name}",page="workspace"}}'
        wait_until(page, f"async (line) => (await ({counted})()).includes(line)", line)


def test_nobody_else_sees_what_one_left_on_the_device(
    installed: BrowserContext, garden: Garden, people: Callable[[str], Person]
) -> None:
    """After signing out the workspace is gone from the device, with or without a line."""
    page = installed.new_page()
    page.set_default_timeout(DEADLINE_MS)
    path = f"/workspaces/{garden.workspace_id}"
    page.goto(path)
    page.wait_for_selector("[data-note]")
    wait_for_state(page, "saved")
    page.get_by_role("button", name="Ada").click()
    page.get_by_role("menuitem", name="Sign out").click()
    page.wait_for_url("**/login*")
    garden.ada.line.cut()
    page.goto(path)
    wait_until(page, "() => location.pathname === '/login' || document.body.innerText.length > 40")
    expect(page.locator("[data-note]")).to_have_count(0)
    page.close()
