"""Two people write in one note through the real page."""

import random

import pytest
from playwright.sync_api import expect

from tests.web.people import Garden, edit, put_caret, settle, text_of, wait_for_state, wait_for_text, wait_until

EDITS = 300


@pytest.mark.timeout(300)
def test_both_and_the_server_end_with_the_same_text_though_one_was_cut_off(garden: Garden, rng: random.Random) -> None:
    ada = garden.ada.open(garden.workspace_id, garden.note_id)
    ben = garden.ben.open(garden.workspace_id, garden.note_id)
    for page in (ada, ben):
        put_caret(page, 1)
    for count in range(EDITS):
        edit(ada, rng)
        edit(ben, rng)
        if count == EDITS // 3:
            garden.ben.line.cut()
        elif count == EDITS * 2 // 3:
            wait_for_state(ben, "waiting")
            garden.ben.line.mend()
    text = settle([ada, ben], garden.ada, garden.note_id)
    assert text_of(ada) == text_of(ben) == text
    assert "\ufffd" not in text


def test_each_person_sees_the_other_at_once(garden: Garden) -> None:
    ada = garden.ada.open(garden.workspace_id, garden.note_id)
    ben = garden.ben.open(garden.workspace_id, garden.note_id)
    put_caret(ada, 1)
    ada.keyboard.insert_text("Water daily")
    wait_for_text(ben, "Seeds 🌱\n\nBeds\nWater daily")
    expect(ben.locator(".cm-person-caret")).to_have_count(1)
    expect(ben.locator(".cm-person-flag")).to_have_text("Ada")
    # The caret with its name stands behind the last word.
    wait_until(ben, "() => document.querySelector('.cm-line:last-child').textContent === 'Water dailyAda'")
    ada.close()
    expect(ben.locator(".cm-person-caret")).to_have_count(0)


def test_undo_takes_back_own_edits_only(garden: Garden) -> None:
    ada = garden.ada.open(garden.workspace_id, garden.note_id)
    ben = garden.ben.open(garden.workspace_id, garden.note_id)
    put_caret(ada, 1)
    ada.keyboard.insert_text("Ada's line")
    wait_for_text(ben, "Seeds 🌱\n\nBeds\nAda's line")
    put_caret(ben, 0)
    ben.keyboard.insert_text("Ben's words. ")
    wait_for_text(ada, "Ben's words. Seeds 🌱\n\nBeds\nAda's line")
    ada.keyboard.press("Control+z")
    wait_for_text(ben, "Ben's words. Seeds 🌱\n\nBeds\n")
    ada.keyboard.press("Control+z")
    assert settle([ada, ben], garden.ada, garden.note_id) == "Ben's words. Seeds 🌱\n\nBeds\n"
    ada.keyboard.press("Control+Shift+z")
    wait_for_text(ben, "Ben's words. Seeds 🌱\n\nBeds\nAda's line")


def test_undo_works_across_a_reconnect(garden: Garden) -> None:
    ada = garden.ada.open(garden.workspace_id, garden.note_id)
    ben = garden.ben.open(garden.workspace_id, garden.note_id)
    put_caret(ada, 1)
    ada.keyboard.insert_text("before")
    wait_for_state(ada, "saved")
    garden.ada.line.cut()
    ada.keyboard.insert_text(" the cut")
    wait_for_state(ada, "waiting")
    put_caret(ben, 0)
    ben.keyboard.insert_text("> ")
    wait_for_state(ben, "saved")
    garden.ada.line.mend()
    wait_for_text(ben, "> Seeds 🌱\n\nBeds\nbefore the cut")
    wait_for_text(ada, "> Seeds 🌱\n\nBeds\nbefore the cut")
    for _ in range(2):
        ada.keyboard.press("Control+z")
    assert settle([ada, ben], garden.ada, garden.note_id) == "> Seeds 🌱\n\nBeds\n"
