"""The canvas through the real page: lines, frames, the far view, by pointer and by key."""

from playwright.sync_api import Page, expect

from tests.web.people import DEADLINE_MS, Garden, Person, wait_until


def open_canvas(person: Person, workspace_id: str) -> Page:
    page = person.tab()
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
    label.fill("grow in")
    label.press("Enter")
    expect(ben.locator(".label")).to_have_text("grow in")
    assert [(line["fromNoteId"], line["toNoteId"]) for line in lines_of(garden.ada, garden.workspace_id)] == [
        (seeds, beds)
    ]
    ada.get_by_role("button", name="Delete connection").click()
    expect(ben.locator(".label")).to_have_count(0)
    ada.locator("section.canvas").press("Control+z")
    expect(ben.locator(".label")).to_have_text("grow in")


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
    expect(ben.locator(".frame")).to_have_count(1)
    ada.locator("[data-frame]").click()
    name = ada.get_by_label("Name of the collection")
    name.fill("Vegetables")
    name.press("Enter")
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
