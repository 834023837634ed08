"""Three and five people at once: lines that break at random, and everybody doing something else in one workspace."""

import random
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Page, expect

from tests.faults.reporting import make_report
from tests.faults.stores import RealStore
from tests.web.people import Garden, Person, put_caret, settle, text_of, wait_for_state, wait_for_text, wait_until

FIRST_MARK: Final = 0x4E00
"""Marks are Chinese characters, each typed once: what is lost or written twice is told apart from what is not."""
CUT_CHANCE: Final = 0.06
MEND_CHANCE: Final = 0.15
LONG_SECONDS: Final = 60


def three(garden: Garden, people: Callable[[str], Person]) -> list[tuple[Person, Page]]:
    """Ada, Ben and Cem, each with the garden's note open on a line of their own."""
    cem = people("Cem")
    body = {"email": cem.email, "role": "member"}
    garden.ada.api("POST", f"/api/workspaces/{garden.workspace_id}/members", body)
    return [(one, one.open(garden.workspace_id, garden.note_id)) for one in (garden.ada, garden.ben, cem)]


class Weather:
    """Cuts and mends each person's line by chance; at least once each."""

    def __init__(self, everybody: list[tuple[Person, Page]], rng: random.Random) -> None:
        self._lines = [one.line for one, _ in everybody]
        self._rng = rng
        self._cut: set[int] = set()
        self.cuts = 0

    def change(self) -> None:
        for number, line in enumerate(self._lines):
            if number in self._cut:
                if self._rng.random() < MEND_CHANCE:
                    line.mend()
                    self._cut.discard(number)
            elif self._rng.random() < CUT_CHANCE:
                line.cut()
                self._cut.add(number)
                self.cuts += 1

    def clear(self) -> None:
        for line in self._lines:
            line.mend()


def write_in_bad_weather(
    garden: Garden, everybody: list[tuple[Person, Page]], rng: random.Random, is_over: Callable[[int], bool]
) -> tuple[int, int]:
    """All write marks at random places, and read on, until `is_over` of the number of rounds; then every mark has to be
    there once, for everybody. Returns how often a line was cut, and how many marks were written."""
    weather = Weather(everybody, rng)
    marks: list[str] = []
    rounds = 0
    while not is_over(rounds):
        weather.change()
        for _, page in everybody:
            marks.append(chr(FIRST_MARK + len(marks)))
            put_caret(page, rng.random())
            page.keyboard.insert_text(marks[-1])
        rounds += 1
    weather.clear()
    for _, page in everybody:
        # They need not: the client comes back by itself, only later.
        with suppress(Exception):
            page.get_by_role("button", name="Reconnect now").click(timeout=100)
    text = settle([page for _, page in everybody], garden.ada, garden.note_id)
    assert [text_of(page) for _, page in everybody] == [text] * len(everybody)
    assert sorted(sign for sign in text if sign >= chr(FIRST_MARK) and sign < chr(FIRST_MARK + len(marks))) == marks
    return weather.cuts, len(marks)


@pytest.mark.timeout(300)
def test_three_lose_nothing_while_their_lines_break(
    garden: Garden, people: Callable[[str], Person], rng: random.Random
) -> None:
    cuts, _ = write_in_bad_weather(garden, three(garden, people), rng, lambda rounds: rounds == 150)
    assert cuts > 0


@pytest.mark.faults
@pytest.mark.timeout(600)
def test_three_lose_nothing_in_a_minute_of_breaking_lines(
    garden: Garden, people: Callable[[str], Person], rng: random.Random, request: pytest.FixtureRequest
) -> None:
    report = make_report(request.node.name)
    everybody = three(garden, people)
    end = time.monotonic() + LONG_SECONDS
    cuts, marks = write_in_bad_weather(garden, everybody, rng, lambda _: time.monotonic() > end)
    assert cuts >= 10
    report("three browsers", RealStore(Path()), {"cut_line": cuts}, acknowledged=marks)


@pytest.mark.timeout(300)
def test_five_share_a_workspace_each_in_their_own_way(garden: Garden, people: Callable[[str], Person]) -> None:
    """Two write in one note, one moves it, one chats, one follows; all see all of it."""
    others = [people(name) for name in ("Cem", "Dora", "Emil")]
    for one in others:
        body = {"email": one.email, "role": "member"}
        garden.ada.api("POST", f"/api/workspaces/{garden.workspace_id}/members", body)
    path = f"/workspaces/{garden.workspace_id}"
    ada = garden.ada.open(garden.workspace_id, garden.note_id)
    ben = garden.ben.open(garden.workspace_id, garden.note_id)
    cem, dora, emil = (one.tab() for one in others)
    for page in (cem, dora, emil):
        page.goto(path)
        page.wait_for_selector("[data-note]")
    for page in (ada, ben, cem, dora, emil):
        expect(page.get_by_role("button", name="4 other people here")).to_be_visible()

    emil.get_by_role("button", name="4 other people here").click()
    emil.get_by_role("menuitem", name="Ada").click()
    expect(emil.get_by_role("status").filter(has_text="Following Ada")).to_be_visible()
    wait_until(emil, "(id) => location.search.includes(id)", garden.note_id)

    dora.get_by_role("button", name="Chat").click()
    dora.get_by_label("Write a message").fill("Shall we water?")
    for page, share, words in ((ada, 0, "Yes. "), (ben, 1, "No. ")):
        put_caret(page, share)
        page.keyboard.type(words)
    dora.keyboard.press("Enter")

    card = cem.locator(f"[data-note='{garden.note_id}']")
    box = card.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + 14
    cem.mouse.move(x, y)
    cem.mouse.down()
    cem.mouse.move(x + 160, y + 90, steps=12)
    cem.mouse.up()
    wait_for_state(cem, "saved")

    text = settle([ada, ben], garden.ada, garden.note_id)
    assert text.count("Yes. ") == 1
    assert text.count("No. ") == 1
    emil.wait_for_selector(".cm-content")
    wait_for_text(emil, text)
    note = garden.ada.api("GET", f"/api/notes/{garden.note_id}")["note"]
    assert isinstance(note, dict)
    place = f"translate({note['position']['x']:g}px, {note['position']['y']:g}px)"
    for page in (ada, ben, cem, dora, emil):
        wait_until(page, "(place) => document.querySelector('[data-note]').style.transform === place", place)
    expect(card.locator(".editors")).to_be_visible()
    ben.get_by_role("button", name="Chat").click()
    expect(ben.locator(".message")).to_contain_text("Shall we water?")
