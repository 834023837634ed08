"""The canvas through the real page: lines, frames, the far view, by pointer and by key."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.web.people import DEADLINE_MS, Garden, Person, person, wait_for_state, wait_until


def open_canvas(somebody: Person, workspace_id: str) -> Page:
    page = somebody.tab()
    page.goto(f"/workspaces/{workspace_id}")
    page.wait_for_selector("[data-note]")
    return page


def add_notes(person: Person, workspace_id: str, *titles: str) -> list[str]:
    """Notes beside each other, under the one that is there."""
    made = []
    for number, title in enumerate(titles):
        place = {"position": {"x": number * 320, "y": 300}, "size": {"width": 260, "height": 160}}
        note = person.api("POST", f"/api/workspaces/{workspace_id}/notes", {"title": title, **place})["note"]
        made.append(str(note["id"]))  # type: ignore[index]
    return made


def centre(page: Page, selector: str) -> tuple[float, float]:
    box = page.locator(selector).bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def lines_of(person: Person, workspace_id: str) -> list[dict[str, str]]:
    items = person.api("GET", f"/api/workspaces/{workspace_id}/connections")["items"]
    assert isinstance(items, list)
    return items


def test_a_line_is_drawn_named_seen_by_others_and_taken_back(garden: Garden) -> None:
    seeds, beds = add_notes(garden.ada, garden.workspace_id, "Seeds", "Beds")
    ada = open_canvas(garden.ada, garden.workspace_id)
    ben = open_canvas(garden.ben, garden.workspace_id)
    ada.locator(f"[data-note='{seeds}']").click()
    ada.mouse.move(*centre(ada, f"[data-note='{seeds}'] .port"))
    ada.mouse.down()
    ada.mouse.move(*centre(ada, f"[data-note='{beds}']"), steps=5)
    ada.mouse.up()
    label = ada.get_by_label("Label")
    label.fill("grow on")
    label.press("Enter")
    expect(ben.locator(".label")).to_have_text("grow on")
    label.fill("grow in")
    label.press("Enter")
    expect(ben.locator(".label")).to_have_text("grow in")
    ada.locator("section.canvas").press("Control+z")
    expect(ben.locator(".label")).to_have_text("grow on")
    ada.locator("section.canvas").press("Control+y")
    expect(ben.locator(".label")).to_have_text("grow in")
    assert [(line["fromNoteId"], line["toNoteId"]) for line in lines_of(garden.ada, garden.workspace_id)] == [
        (seeds, beds)
    ]
    ada.get_by_role("button", name="Delete connection").click()
    expect(ben.locator(".label")).to_have_count(0)
    ada.locator("section.canvas").press("Control+z")
    expect(ben.locator(".label")).to_have_text("grow in")


def test_a_label_that_is_being_typed_is_left_alone_when_others_change_it(garden: Garden) -> None:
    seeds, beds = add_notes(garden.ada, garden.workspace_id, "Seeds", "Beds")
    path = f"/api/workspaces/{garden.workspace_id}/connections"
    line: Any = garden.ada.api("POST", path, {"fromNoteId": seeds, "toNoteId": beds, "label": "before"})["connection"]
    page = open_canvas(garden.ada, garden.workspace_id)
    page.locator(".label").click()
    label = page.get_by_label("Label")
    label.fill("grow in")
    garden.ben.api("PUT", f"{path}/{line['id']}", {"label": "of Ben"})
    expect(page.locator(".label")).to_have_text("of Ben")
    expect(label).to_have_value("grow in")
    label.press("Enter")
    expect(page.locator(".label")).to_have_text("grow in")


def test_notes_are_connected_by_key(garden: Garden) -> None:
    seeds, beds = add_notes(garden.ada, garden.workspace_id, "Seeds", "Beds")
    page = open_canvas(garden.ada, garden.workspace_id)
    page.locator(f"[data-note='{seeds}']").click()
    page.locator(f"[data-note='{beds}']").click(modifiers=["Shift"])
    page.keyboard.press("c")
    expect(page.locator("path.reach")).to_have_count(1)
    assert len(lines_of(garden.ada, garden.workspace_id)) == 1


def test_a_collection_is_a_frame_that_moves_what_is_in_it(garden: Garden) -> None:
    seeds, beds = add_notes(garden.ada, garden.workspace_id, "Seeds", "Beds")
    ada = open_canvas(garden.ada, garden.workspace_id)
    ben = open_canvas(garden.ben, garden.workspace_id)
    ada.locator(f"[data-note='{seeds}']").click()
    ada.locator(f"[data-note='{beds}']").click(modifiers=["Shift"])
    ada.get_by_role("button", name="Collection").click()
    ada.get_by_role("menuitem", name="New collection of these").click()
    expect(ben.locator("[data-frame]")).to_have_count(1)
    ada.locator("[data-frame]").click()
    name = ada.get_by_label("Name of the collection")
    name.fill("Vegetables")
    name.press("Enter")
    expect(ben.locator("[data-frame]")).to_have_text("Vegetables")
    ada.get_by_role("button", name="Dissolve collection").click()
    expect(ben.locator("[data-frame]")).to_have_count(0)
    ada.locator(".toast", has_text="“Vegetables” was dissolved.").get_by_role("button", name="Undo").click()
    expect(ben.locator("[data-frame]")).to_have_text("Vegetables")
    ada.locator(f"[data-note='{seeds}']").focus()
    ada.keyboard.press("Alt+ArrowDown")
    wait_until(ben, "(id) => document.querySelector(`[data-note='${id}']`).style.transform.includes('308px')", beds)


def test_the_far_view_is_reachable_by_key_and_told_to_screen_readers(garden: Garden) -> None:
    add_notes(garden.ada, garden.workspace_id, "Seeds", "Beds")
    page = open_canvas(garden.ada, garden.workspace_id)
    canvas = page.locator("section.canvas")
    canvas.focus()
    for _ in range(7):
        page.keyboard.press("-")
    wait_until(page, "() => document.querySelector('section.canvas canvas') !== null")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    focused = page.locator("[role=option]:focus")
    expect(focused).to_have_text("Seeds", timeout=DEADLINE_MS)
    expect(focused).to_have_attribute("aria-setsize", "3")
    page.keyboard.press("Enter")
    expect(page.get_by_role("complementary", name="Note")).to_be_visible()


def places(person: Person, *note_ids: str) -> list[tuple[float, float]]:
    """Where the server has the notes."""
    notes = [person.api("GET", f"/api/notes/{note_id}")["note"] for note_id in note_ids]
    return [(note["position"]["x"], note["position"]["y"]) for note in notes]  # type: ignore[index]


def test_several_notes_are_caught_moved_at_once_and_put_back(garden: Garden) -> None:
    ids = add_notes(garden.ada, garden.workspace_id, "Seeds", "Beds", "Paths")
    ada = open_canvas(garden.ada, garden.workspace_id)
    ben = open_canvas(garden.ben, garden.workspace_id)
    first, last = (ada.locator(f"[data-note='{one}']").bounding_box() for one in (ids[0], ids[1]))
    assert first is not None
    assert last is not None
    ada.mouse.move(first["x"] - 12, first["y"] - 12)
    ada.mouse.down()
    ada.mouse.move(last["x"] + last["width"] / 2, last["y"] + 30, steps=6)
    expect(ada.locator(".marquee")).to_be_visible()
    ada.mouse.up()
    expect(ada.locator("[data-note][aria-selected=true]")).to_have_count(2)
    before = places(garden.ada, *ids)
    ada.mouse.move(*centre(ada, f"[data-note='{ids[1]}']"))
    ada.mouse.down()
    ada.mouse.move(*centre(ada, f"[data-note='{garden.note_id}']"), steps=8)
    ada.mouse.up()
    wait_for_state(ada, "saved")
    after = places(garden.ada, *ids)
    way = (after[0][0] - before[0][0], after[0][1] - before[0][1])
    assert way != (0, 0)
    assert after == [(x + way[0], y + way[1]) for x, y in before[:2]] + before[2:]
    ada.keyboard.press("Control+z")
    for one, (x, y) in zip(ids, before, strict=True):
        moved = "([id, place]) => document.querySelector(`[data-note='${id}']`).style.transform === place"
        wait_until(ben, moved, [one, f"translate({x:g}px, {y:g}px)"])
    assert places(garden.ada, *ids) == before


def test_fingers_move_the_view_zoom_it_and_move_a_note_that_was_chosen(
    browser: Browser, server: tuple[str, int]
) -> None:
    with person(browser, server, "Fay", is_on_phone=True) as fay:
        workspace = fay.api("POST", "/api/workspaces", {"name": "Pots"})["workspace"]
        assert isinstance(workspace, dict)
        (note_id,) = add_notes(fay, workspace["id"], "Basil")
        page = open_canvas(fay, workspace["id"])
        card = page.locator(f"[data-note='{note_id}']")
        touch = page.context.new_cdp_session(page)

        def fingers(kind: str, *points: tuple[float, float]) -> None:
            spots = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(points)]
            touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": spots})

        def slide(start: tuple[float, float], dx: float, dy: float) -> None:
            fingers("touchStart", start)
            for step in range(1, 6):
                fingers("touchMove", (start[0] + dx * step / 5, start[1] + dy * step / 5))
            fingers("touchEnd")

        before = places(fay, note_id)
        x, y = centre(page, f"[data-note='{note_id}']")
        # Not chosen yet: the finger pushes the view along.
        slide((x, y), -40, -60)
        assert centre(page, f"[data-note='{note_id}']") == pytest.approx((x - 40, y - 60), abs=2)
        assert places(fay, note_id) == before
        card.tap()
        expect(card).to_have_attribute("aria-selected", "true")
        x, y = centre(page, f"[data-note='{note_id}']")
        slide((x, y), 30, 70)
        wait_for_state(page, "saved")
        wait_until(page, "(id) => document.querySelector(`[data-note='${id}']`) !== null", note_id)
        assert places(fay, note_id)[0][1] > before[0][1] + 40
        width = card.bounding_box()
        assert width is not None
        fingers("touchStart", (100, 300), (200, 300))
        for step in range(1, 6):
            fingers("touchMove", (100 - 8 * step, 300), (200 + 8 * step, 300))
        fingers("touchEnd")
        wider = card.bounding_box()
        assert wider is not None
        assert wider["width"] > width["width"] * 1.3
        for _ in range(2):
            page.touchscreen.tap(40, 640)
        expect(page.locator(".world input")).to_be_focused()
