"""Every key that the help lists does what it says.

The help is made of the one list that feeds handler and palette, so a command that is added there without a row here
fails.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.support.server import running_server
from tests.web.people import (
    Garden,
    found_garden,
    person,
    put_caret,
    wait_for_state,
    wait_for_text,
    wait_until,
)
from tests.web.test_canvas import add_notes, centre, open_canvas

NAMES: Final = {"Ctrl": "Control", "Del": "Delete", "Esc": "Escape", "↵": "Enter", "⌫": "Backspace"}
ARROWS: Final = {"←": "ArrowLeft", "↑": "ArrowUp", "↓": "ArrowDown", "→": "ArrowRight"}
MODIFIERS: Final = {"Ctrl", "Alt", "Shift"}

READ_HELP: Final = """() => [...document.querySelectorAll('dialog h3')].flatMap((heading) =>
  [...heading.nextElementSibling.children].map((row) => [
    heading.textContent, row.firstElementChild.textContent,
    [...row.lastElementChild.children].map((chord) => [...chord.querySelectorAll('kbd')].map((cap) => cap.textContent))
  ]))"""
PLACES: Final = """() => Object.fromEntries([...document.querySelectorAll('[data-note]')].map((one) => {
  const { m41, m42 } = new DOMMatrix(one.style.transform);
  return [one.dataset.note, [m41, m42]];
}))"""
IN_THE_MIDDLE: Final = """(id) => {
  const middle = (selector) => {
    const { x, y, width, height } = document.querySelector(selector).getBoundingClientRect();
    return [x + width / 2, y + height / 2];
  };
  const canvas = middle('section.canvas');
  return middle(`[data-note='${id}']`).every((value, axis) => Math.abs(value - canvas[axis]) < 3);
}"""
VIEW: Final = "() => document.querySelector('.world').style.transform"


def presses(caps: list[str]) -> list[list[str]]:
    """The ways to press what the help shows as key caps: each a list of presses, one after the other."""
    if caps[-1] == "← ↑ ↓ →":
        return [way for arrow in ARROWS for way in presses([*caps[:-1], arrow])]
    held = [NAMES.get(cap, cap) for cap in caps if cap in MODIFIERS]
    keys = [NAMES.get(cap) or ARROWS.get(cap) or (cap.lower() if len(cap) == 1 else cap) for cap in caps[len(held) :]]
    if "Shift" in held:
        keys = [f"Digit{key}" if key.isdigit() else key.upper() if len(key) == 1 else key for key in keys]
    return [["+".join([*held, keys[0]]), *keys[1:]]]


@dataclass(frozen=True, slots=True)
class Desk:
    """Ada's page; the notes lie in the corners of a square: spring over seeds, beds at the right of seeds."""

    page: Page
    spring: str
    seeds: str
    beds: str

    def press(self, way: list[str]) -> None:
        for key in way:
            self.page.keyboard.press(key)

    def note(self, note_id: str) -> Locator:
        return self.page.locator(f"[data-note='{note_id}']")

    def stand_on(self, note_id: str) -> None:
        self.page.keyboard.press("Escape")
        self.note(note_id).click()
        expect(self.note(note_id)).to_be_focused()

    def places(self) -> dict[str, list[float]]:
        return self.page.evaluate(PLACES)  # type: ignore[no-any-return]

    @property
    def selected(self) -> Locator:
        return self.page.locator("[data-note][aria-selected=true]")

    @property
    def notes(self) -> Locator:
        return self.page.locator("[data-note]")


Check: TypeAlias = Callable[[Desk, list[str]], None]
"""Presses the keys and sees what they do; leaves all as it was."""


def leave_dialog(page: Page) -> None:
    """Until it is gone: closed it holds the focus for a moment still, and takes keys for words."""
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_have_count(0)


def shows_dialog(name: str) -> Check:
    def check(desk: Desk, way: list[str]) -> None:
        desk.press(way)
        dialog = desk.page.get_by_role("dialog", name=name)
        expect(dialog).to_be_visible()
        # What it is made of may come a moment later, and takes the focus then.
        expect(dialog.locator("input")).to_be_focused()
        leave_dialog(desk.page)

    return check


def leads_to(path: str) -> Check:
    def check(desk: Desk, way: list[str]) -> None:
        back = desk.page.url
        desk.stand_on(desk.spring)
        desk.press(way)
        desk.page.wait_for_url(f"**{path}")
        desk.page.goto(back)
        desk.page.wait_for_selector("[data-note]")
        wait_for_state(desk.page, "saved")

    return check


def turns(state: str) -> Check:
    """Something of the page is another after the keys, and as it was after the keys again."""

    def check(desk: Desk, way: list[str]) -> None:
        before = desk.page.evaluate(state)
        desk.press(way)
        wait_until(desk.page, f"(before) => ({state})() !== before", before)
        desk.press(way)
        wait_until(desk.page, f"(before) => ({state})() === before", before)

    return check


def makes_a_note(desk: Desk, way: list[str]) -> None:
    desk.page.keyboard.press("Escape")
    desk.page.mouse.move(1000, 330)
    desk.press(way)
    title = desk.page.locator(".world input")
    expect(title).to_be_focused()
    desk.page.keyboard.type("Here")
    desk.page.keyboard.press("Enter")
    made = desk.page.locator("[data-note]", has_text="Here")
    expect(made).to_be_focused()
    # Once the server has it, it is not made anew any more.
    wait_for_state(desk.page, "saved")
    box = made.bounding_box()
    assert box is not None
    assert (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2) == pytest.approx((1000, 330), abs=3)
    desk.page.keyboard.press("Control+z")
    expect(made).to_have_count(0)


def names_a_note(desk: Desk, way: list[str]) -> None:
    desk.stand_on(desk.seeds)
    desk.press(way)
    expect(desk.page.locator(".world input")).to_be_focused()
    desk.page.keyboard.type("Corn")
    desk.page.keyboard.press("Enter")
    expect(desk.note(desk.seeds)).to_contain_text("Corn")
    desk.page.keyboard.press("Control+z")
    expect(desk.note(desk.seeds)).to_contain_text("Seeds")


def opens_a_note(desk: Desk, way: list[str]) -> None:
    desk.stand_on(desk.spring)
    desk.press(way)
    expect(desk.page.locator(".cm-content")).to_be_focused()
    desk.page.keyboard.press("Escape")
    expect(desk.page.locator(".cm-content")).to_have_count(0)
    expect(desk.note(desk.spring)).to_be_focused()


def goes(start: str, end: str) -> Check:
    def check(desk: Desk, way: list[str]) -> None:
        desk.stand_on(getattr(desk, start))
        desk.press(way)
        expect(desk.note(getattr(desk, end))).to_be_focused()
        expect(desk.note(getattr(desk, end))).to_have_attribute("aria-selected", "true")

    return check


BESIDE: Final = {
    "ArrowRight": ("seeds", "beds"),
    "ArrowLeft": ("beds", "seeds"),
    "ArrowDown": ("spring", "seeds"),
    "ArrowUp": ("seeds", "spring"),
}


def goes_beside(desk: Desk, way: list[str]) -> None:
    goes(*BESIDE[way[-1]])(desk, way)


def moves(step: int) -> Check:
    def check(desk: Desk, way: list[str]) -> None:
        desk.stand_on(desk.beds)
        x, y = desk.places()[desk.beds]
        dx, dy = {"Left": (-1, 0), "Up": (0, -1), "Down": (0, 1), "Right": (1, 0)}[way[-1].partition("Arrow")[2]]
        desk.press(way)
        assert desk.places()[desk.beds] == [x + dx * step, y + dy * step]
        desk.page.keyboard.press("Control+z")
        assert desk.places()[desk.beds] == [x, y]

    return check


def selects_all(desk: Desk, way: list[str]) -> None:
    desk.stand_on(desk.beds)
    desk.press(way)
    expect(desk.selected).to_have_count(3)


def lets_go(desk: Desk, way: list[str]) -> None:
    desk.stand_on(desk.beds)
    desk.press(way)
    expect(desk.selected).to_have_count(0)


def doubles(desk: Desk, way: list[str]) -> None:
    desk.stand_on(desk.beds)
    desk.press(way)
    expect(desk.page.locator("[data-note]", has_text="Beds")).to_have_count(2)
    wait_for_state(desk.page, "saved")
    expect(desk.selected).to_have_count(1)
    desk.page.keyboard.press("Control+z")
    expect(desk.notes).to_have_count(3)


def connects(desk: Desk, way: list[str]) -> None:
    desk.stand_on(desk.seeds)
    desk.note(desk.beds).click(modifiers=["Shift"])
    expect(desk.selected).to_have_count(2)
    desk.press(way)
    expect(desk.page.locator("path.reach")).to_have_count(1)
    desk.page.keyboard.press("Control+z")
    expect(desk.page.locator("path.reach")).to_have_count(0)


def drags(desk: Desk, way: list[str]) -> None:
    """With snapping on, a note that is dragged comes to lie on the grid, from where it was off it."""
    desk.stand_on(desk.beds)
    desk.page.keyboard.press("Alt+ArrowRight")
    desk.press(way)
    before = desk.places()[desk.beds]
    assert before[0] % 12
    x, y = centre(desk.page, f"[data-note='{desk.beds}']")
    desk.page.mouse.move(x, y)
    desk.page.mouse.down()
    desk.page.mouse.move(x + 41, y + 37, steps=4)
    desk.page.mouse.up()
    place = desk.places()[desk.beds]
    assert place != before
    assert [value % 12 for value in place] == [0, 0]
    desk.press(way)
    desk.page.keyboard.press("Control+z")
    desk.page.keyboard.press("Control+z")


def deletes(desk: Desk, way: list[str]) -> None:
    desk.stand_on(desk.beds)
    desk.press(way)
    expect(desk.note(desk.beds)).to_have_count(0)
    told = desk.page.locator(".toast", has_text="“Beds” is in the trash.")
    told.get_by_role("button", name="Undo").click()
    expect(desk.note(desk.beds)).to_have_count(1)
    desk.stand_on(desk.beds)
    desk.press(way)
    expect(told).to_be_visible()
    assert desk.page.evaluate("document.activeElement.matches('.canvas, .canvas *')"), "the focus is lost"
    desk.page.keyboard.press("Control+z")
    expect(desk.note(desk.beds)).to_have_count(1)
    expect(told).to_have_count(0)


def takes_back(desk: Desk, way: list[str]) -> None:
    desk.stand_on(desk.beds)
    before = desk.places()
    desk.page.keyboard.press("Alt+ArrowDown")
    assert desk.places() != before
    desk.press(way)
    assert desk.places() == before


def does_again(desk: Desk, way: list[str]) -> None:
    desk.stand_on(desk.beds)
    before = desk.places()
    desk.page.keyboard.press("Alt+ArrowDown")
    after = desk.places()
    desk.page.keyboard.press("Control+z")
    desk.press(way)
    assert desk.places() == after
    desk.page.keyboard.press("Control+z")
    assert desk.places() == before


def moves_the_view(desk: Desk, way: list[str]) -> None:
    desk.stand_on(desk.beds)
    before = desk.page.evaluate(VIEW)
    desk.press(way)
    wait_until(desk.page, f"(before) => ({VIEW})() !== before", before)


def shows_all(desk: Desk, way: list[str]) -> None:
    moves_the_view(desk, ["+"])
    moves_the_view(desk, way)
    for note in (desk.spring, desk.beds):
        expect(desk.note(note)).to_be_in_viewport(ratio=1)


def shows_selection(desk: Desk, way: list[str]) -> None:
    moves_the_view(desk, way)
    wait_until(desk.page, IN_THE_MIDDLE, desk.beds)
    moves_the_view(desk, ["Shift+Digit1"])


def zooms(is_right: str) -> Check:
    """`is_right` compares the percentages before and after, in JavaScript."""

    def check(desk: Desk, way: list[str]) -> None:
        desk.stand_on(desk.beds)
        before = int(desk.page.locator(".zoom").inner_text().partition(" ")[0])
        desk.press(way)
        now = "parseInt(document.querySelector('.zoom').textContent)"
        wait_until(desk.page, f"(before) => (({is_right})(before, {now}))", before)

    return check


def takes(tool: str) -> Check:
    def check(desk: Desk, way: list[str]) -> None:
        desk.press(way)
        expect(desk.page.get_by_role("button", name=tool, exact=True)).to_have_attribute("aria-pressed", "true")
        desk.page.keyboard.press("v")

    return check


def follows(desk: Desk, way: list[str]) -> None:
    desk.press(way)
    banner = desk.page.get_by_text("Following Ben")
    expect(banner).to_be_visible()
    desk.page.keyboard.press("Escape")
    expect(banner).to_have_count(0)


def shows_the_past(desk: Desk, way: list[str]) -> None:
    desk.stand_on(desk.spring)
    desk.press(way)
    expect(desk.page.locator(".history")).to_be_visible()
    wait_until(desk.page, "() => new URL(location.href).searchParams.get('at') === '0'")
    desk.press(way)
    opens = desk.page.locator(".cm-content")
    expect(opens).to_be_visible()
    opens.press("Escape")
    expect(opens).to_have_count(0)


def writes(expected: str) -> Check:
    """The word of the note is selected, and becomes this."""

    def check(desk: Desk, way: list[str]) -> None:
        desk.page.locator(".cm-content").press("Control+a")
        desk.press(way)
        wait_for_text(desk.page, expected)
        desk.page.keyboard.press("Control+z")
        wait_for_text(desk.page, "leaf")

    return check


def finds(desk: Desk, way: list[str]) -> None:
    desk.page.locator(".cm-content").focus()
    desk.press(way)
    field = desk.page.get_by_label("Find", exact=True)
    expect(field).to_be_focused()
    field.press("Escape")
    expect(field).to_have_count(0)


def comments(desk: Desk, way: list[str]) -> None:
    desk.page.locator(".cm-content").press("Control+a")
    desk.press(way)
    words = desk.page.get_by_label("Write a comment")
    expect(words).to_be_focused()
    words.press("Escape")


def text_is_taken_back(desk: Desk, way: list[str]) -> None:
    put_caret(desk.page, 1)
    desk.page.keyboard.type("s")
    wait_for_text(desk.page, "leafs")
    desk.press(way)
    wait_for_text(desk.page, "leaf")


def text_is_there_again(desk: Desk, way: list[str]) -> None:
    put_caret(desk.page, 1)
    desk.page.keyboard.type("s")
    desk.page.keyboard.press("Control+z")
    wait_for_text(desk.page, "leaf")
    desk.press(way)
    wait_for_text(desk.page, "leafs")
    desk.page.keyboard.press("Control+z")
    wait_for_text(desk.page, "leaf")


def leaves(desk: Desk, way: list[str]) -> None:
    desk.page.locator(".cm-content").focus()
    desk.press(way)
    expect(desk.page.locator(".cm-content")).to_have_count(0)


THEME: Final = "() => document.documentElement.dataset.theme"
SIDEBAR: Final = "() => document.querySelector('nav')?.checkVisibility({ visibilityProperty: true }) ?? false"

KEYS: Final[Mapping[tuple[str, str], Check]] = {
    ("General", "Command palette"): shows_dialog("Command palette"),
    ("General", "Keyboard shortcuts"): shows_dialog("Keyboard shortcuts"),
    ("General", "Show or hide the sidebar"): turns(SIDEBAR),
    ("General", "Switch between light and dark"): turns(THEME),
    ("Canvas", "New note"): makes_a_note,
    ("Canvas", "Rename note"): names_a_note,
    ("Canvas", "Open note"): opens_a_note,
    ("Canvas", "Next note"): goes("spring", "seeds"),
    ("Canvas", "Previous note"): goes("seeds", "spring"),
    ("Canvas", "Go to the note beside"): goes_beside,
    ("Canvas", "Select all"): selects_all,
    ("Canvas", "Clear selection, stop"): lets_go,
    ("Canvas", "Move notes"): moves(8),
    ("Canvas", "Move notes far"): moves(64),
    ("Canvas", "Duplicate"): doubles,
    ("Canvas", "Connect two notes"): connects,
    ("Canvas", "Snap to the grid"): drags,
    ("Canvas", "Delete"): deletes,
    ("Canvas", "Undo"): takes_back,
    ("Canvas", "Redo"): does_again,
    ("Canvas", "Zoom in"): zooms("(before, after) => after > before"),
    ("Canvas", "Zoom out"): zooms("(before, after) => after < before"),
    ("Canvas", "Zoom to 100 %"): zooms("(_, after) => after === 100"),
    ("Canvas", "Show everything"): shows_all,
    ("Canvas", "Show selection"): shows_selection,
    ("Canvas", "Hand"): takes("Hand"),
    ("Canvas", "Select"): takes("Select"),
    ("Canvas", "Follow the next person"): follows,
    ("Canvas", "History"): shows_the_past,
    ("Go to", "Search"): leads_to("/search"),
    ("Go to", "Workspaces"): leads_to("/"),
    ("Go to", "Files"): leads_to("/files*"),
    ("Go to", "Chat"): leads_to("/chat*"),
    ("Go to", "Calendar"): leads_to("/calendar*"),
    ("Go to", "Settings"): leads_to("/settings"),
    ("Go to", "Administration"): leads_to("/admin"),
    ("Writing", "Bold"): writes("**leaf**"),
    ("Writing", "Italic"): writes("*leaf*"),
    ("Writing", "Heading"): writes("# leaf"),
    ("Writing", "List"): writes("- leaf"),
    ("Writing", "Task"): writes("- [ ] leaf"),
    ("Writing", "Code"): writes("`leaf`"),
    ("Writing", "Link"): writes("[leaf](https://)"),
    ("Writing", "Find and replace"): finds,
    ("Writing", "Comment on the selection"): comments,
    ("Writing", "Undo"): text_is_taken_back,
    ("Writing", "Redo"): text_is_there_again,
    ("Writing", "Close"): leaves,
}


@pytest.fixture
def garden(browser: Browser, tmp_path: Path) -> Iterator[Garden]:
    """Ada's, who came first and so runs the server."""
    with running_server(tmp_path / "data") as node:
        address = ("127.0.0.1", node.port)
        with person(browser, address, "Ada") as ada, person(browser, address, "Ben") as ben:
            yield found_garden(ada, ben)


@pytest.mark.timeout(240)
def test_every_key_that_the_help_lists_does_what_it_says(garden: Garden) -> None:
    garden.ada.api("PUT", f"/api/notes/{garden.note_id}", {"content": "leaf"})
    seeds, beds = add_notes(garden.ada, garden.workspace_id, "Seeds", "Beds")
    ben = open_canvas(garden.ben, garden.workspace_id)
    page = open_canvas(garden.ada, garden.workspace_id)
    desk = Desk(page, garden.note_id, seeds, beds)
    wait_for_state(page, "saved")
    page.get_by_role("button", name="1 other person here").wait_for()
    # Nothing has the focus yet: the keys of the canvas count all the same.
    page.keyboard.press("?")
    page.get_by_role("heading", name="Writing").wait_for()
    listed = page.evaluate(READ_HELP)
    help_search = page.get_by_label("Search shortcuts")
    help_search.fill("comment")
    expect(page.get_by_role("dialog").get_by_role("listitem")).to_contain_text(["Comment on the selection"])
    help_search.fill("")
    leave_dialog(page)
    caps = {(section, label): chords for section, label, chords in listed}
    assert set(caps) == set(KEYS)
    pressed = 0
    for row, check in KEYS.items():
        if row == ("Writing", "Bold"):
            desk.stand_on(desk.spring)
            page.keyboard.press("Enter")
            page.wait_for_selector(".cm-content[aria-autocomplete]")
        for way in [way for chord in caps[row] for way in presses(chord)]:
            try:
                check(desk, way)
            except Exception as problem:
                problem.add_note(f"{row}: {way}")
                raise
            pressed += 1
    assert pressed > len(KEYS)
    ben.close()
    # What a key does the palette does too, and before it offers to search for the words.
    desk.stand_on(beds)
    before = page.evaluate(VIEW)
    page.keyboard.press("Control+k")
    page.get_by_placeholder("Go somewhere or do something").press_sequentially("zoom in")
    expect(page.locator(".palette-item[data-selected]")).to_contain_text("Zoom in")
    page.keyboard.press("Enter")
    wait_until(page, f"(before) => ({VIEW})() !== before", before)
    # A press on a note holds the view still.
    desk.stand_on(beds)
    # Space is held and not pressed, so it is in no list.
    x, y = centre(page, f"[data-note='{beds}']")
    page.keyboard.down(" ")
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y + 40, steps=3)
    page.mouse.up()
    page.keyboard.up(" ")
    assert centre(page, f"[data-note='{beds}']") == pytest.approx((x + 60, y + 40), abs=1)
