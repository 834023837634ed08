"""What was typed survives lost lines, closed tabs and refusals."""

import pytest
from playwright.sync_api import Page, expect

from tests.web.people import Garden, put_caret, settle, text_of, wait_for_state, wait_for_text

START = "Seeds 🌱\n\nBeds\n"


def type_offline(page: Page, words: str) -> None:
    """Type at the end; the page says that it waits, and has stored what it waits with."""
    put_caret(page, 1)
    page.keyboard.insert_text(words)
    wait_for_state(page, "waiting")


def asks_before_leaving(page: Page) -> bool:
    return not page.evaluate("() => dispatchEvent(new Event('beforeunload', { cancelable: true }))")


@pytest.mark.parametrize("is_cut_first", [True, False], ids=["cut off", "connected"])
def test_a_reload_with_unsent_edits_loses_nothing(garden: Garden, is_cut_first: bool) -> None:
    ada = garden.ada.open(garden.workspace_id, garden.note_id)
    if is_cut_first:
        garden.ada.line.cut()
        assert not asks_before_leaving(ada)
        type_offline(ada, "typed on a train")
        assert asks_before_leaving(ada)
        garden.ada.line.mend()
    else:
        put_caret(ada, 1)
        for letter in "typed on a train":
            ada.keyboard.insert_text(letter)
    ada.reload()
    ada.wait_for_selector(".cm-content")
    wait_for_text(ada, START + "typed on a train")
    assert settle([ada], garden.ada, garden.note_id) == START + "typed on a train"


def test_a_closed_tab_has_its_edits_sent_by_the_next(garden: Garden) -> None:
    ada = garden.ada.open(garden.workspace_id, garden.note_id)
    garden.ada.line.cut()
    type_offline(ada, "before the battery died")
    ada.close()
    garden.ada.line.mend()
    again = garden.ada.open(garden.workspace_id, garden.note_id)
    wait_for_text(again, START + "before the battery died")
    assert settle([again], garden.ada, garden.note_id) == START + "before the battery died"


def test_two_tabs_of_one_person_do_not_take_each_others_edits(garden: Garden) -> None:
    first = garden.ada.open(garden.workspace_id, garden.note_id)
    second = garden.ada.open(garden.workspace_id, garden.note_id)
    garden.ada.line.cut()
    type_offline(first, "first")
    put_caret(second, 0)
    second.keyboard.insert_text("second ")
    wait_for_state(second, "waiting")
    second.close()
    garden.ada.line.mend()
    # The first tab sends its own, and then what the closed one left behind.
    wait_for_text(first, f"second {START}first")
    assert settle([first], garden.ada, garden.note_id) == f"second {START}first"


def test_a_title_written_offline_is_sent_when_the_line_is_back(garden: Garden) -> None:
    ada = garden.ada.open(garden.workspace_id, garden.note_id)
    title = ada.get_by_label("Title", exact=True)
    garden.ada.line.cut()
    title.fill("Renamed on a train")
    wait_for_state(ada, "waiting")
    garden.ada.line.mend()
    wait_for_state(ada, "saved")
    note = garden.ada.api("GET", f"/api/notes/{garden.note_id}")["note"]
    assert isinstance(note, dict)
    assert note["title"] == "Renamed on a train"


def test_text_that_the_server_refuses_is_kept_and_shown(garden: Garden) -> None:
    ben = garden.ben.open(garden.workspace_id, garden.note_id)
    garden.ben.line.cut()
    type_offline(ben, "not for viewers")
    garden.grant("viewer")
    garden.ben.line.mend()
    notice = ben.get_by_role("region", name="Your version")
    expect(notice).to_be_visible()
    wait_for_text(ben, START)
    notice.get_by_role("button", name="Show my text").click()
    expect(notice.get_by_label("Mine")).to_have_text(START + "not for viewers", use_inner_text=True)
    expect(notice.get_by_label("Mine").locator("mark")).to_have_text("not for viewers")
    expect(notice.get_by_label("In the note now")).not_to_contain_text("not for viewers")
    expect(ben.locator(".cm-content")).to_have_attribute("contenteditable", "false")
    assert garden.ada.content(garden.note_id) == START


def test_refused_words_survive_a_reload_and_become_a_note_of_their_own(garden: Garden) -> None:
    ben = garden.ben.open(garden.workspace_id, garden.note_id)
    garden.ben.line.cut()
    type_offline(ben, "too good to lose")
    garden.grant("viewer")
    garden.ben.line.mend()
    notice = ben.get_by_role("region", name="Your version")
    expect(notice).to_be_visible()
    expect(notice.get_by_role("button", name="Keep as new note")).to_have_count(0)
    garden.grant("member")
    ben.goto(f"/workspaces/{garden.workspace_id}")
    ben.get_by_role("button", name="Look at it").click()
    dialog = ben.get_by_role("dialog", name="Words that found no place")
    dialog.get_by_role("button", name="Show my text").click()
    expect(dialog.get_by_label("Mine").locator("mark")).to_have_text("too good to lose")
    dialog.get_by_role("button", name="Keep as new note").click()
    ben.wait_for_selector(".cm-content")
    wait_for_text(ben, START + "too good to lose")
    expect(ben.get_by_label("Title", exact=True)).to_have_value("Spring (my version)")
    expect(ben.get_by_role("button", name="Look at it")).to_have_count(0)
    assert garden.ada.content(garden.note_id) == START


def test_both_versions_of_one_place_are_shown_and_mine_is_put_in(garden: Garden) -> None:
    ben = garden.ben.open(garden.workspace_id, garden.note_id)
    ben.evaluate(
        """async () => {
          const open = (name) => new Promise((done) => (indexedDB.open(name).onsuccess = (e) => done(e.target.result)));
          const db = await open('notevault');
          const found = db.transaction('identities').objectStore('identities').getAll();
          const [{ userId, workspaceId }] = await new Promise((done) => (found.onsuccess = () => done(found.result)));
          const note = new URL(location.href).searchParams.get('note');
          const draft = { id: 'd', userId, workspaceId, noteId: note, title: 'Spring', text: 'Seeds and herbs',
                          reason: 'MERGED', at: new Date().toISOString() };
          const tx = db.transaction('drafts', 'readwrite');
          tx.objectStore('drafts').put(draft);
          await new Promise((done) => (tx.oncomplete = done));
          db.close();
        }"""
    )
    ben.reload()
    notice = ben.get_by_role("region", name="Your version")
    expect(notice).to_contain_text("Both are in the text")
    notice.get_by_role("button", name="Discard").click()
    ben.get_by_role("status").get_by_role("button", name="Undo").click()
    notice.get_by_role("button", name="Add at the end").click()
    expect(notice).to_have_count(0)
    assert settle([ben], garden.ada, garden.note_id) == START + "\n\nSeeds and herbs"
    ben.reload()
    ben.wait_for_selector(".cm-content")
    expect(notice).to_have_count(0)


def test_a_viewer_reads_along_but_cannot_write(garden: Garden) -> None:
    garden.grant("viewer")
    ben = garden.ben.open(garden.workspace_id, garden.note_id)
    ada = garden.ada.open(garden.workspace_id, garden.note_id)
    expect(ben.locator(".cm-content")).to_have_attribute("contenteditable", "false")
    put_caret(ada, 1)
    ada.keyboard.insert_text("for all to see")
    wait_for_text(ben, START + "for all to see")
    garden.grant("member")
    expect(ben.locator(".cm-content")).to_have_attribute("contenteditable", "true")


def test_a_deleted_note_stays_readable_where_it_was_open(garden: Garden) -> None:
    ada = garden.ada.open(garden.workspace_id, garden.note_id)
    garden.ada.api("DELETE", f"/api/notes/{garden.note_id}")
    expect(ada.get_by_role("alert")).to_contain_text("deleted")
    assert text_of(ada) == START
