"""Comments at the text, through the real page, with two people."""

import re

from playwright.sync_api import Page, expect

from tests.web.people import Garden, Person, put_caret, settle, wait_for_state, wait_until

START = "Seeds 🌱\n\nBeds\n"
WAITS = re.compile("Will be sent when the connection is back")


def select(page: Page, words: str) -> None:
    """Select the first place where `words` stand, as a person does by key."""
    wait_until(page, "() => document.querySelector('.cm-content[aria-autocomplete]') !== null")
    page.evaluate(
        """(words) => {
          const view = document.querySelector('.cm-content').cmTile.root.view;
          const from = view.state.doc.toString().indexOf(words);
          view.focus();
          view.dispatch({ selection: { anchor: from, head: from + words.length }, userEvent: 'select' });
        }""",
        words,
    )


def comment(page: Page, words: str, text: str) -> None:
    """Begin a thread on `words` by key."""
    select(page, words)
    page.keyboard.press("Control+Alt+m")
    panel = page.get_by_role("region", name="Comments")
    panel.get_by_role("combobox", name="Write a comment").fill(text)
    page.keyboard.press("Control+Enter")
    expect(panel.get_by_role("article").filter(has_text=text)).to_be_visible()


def thread(page: Page, text: str) -> Page:
    return page.get_by_role("article").filter(has_text=text)  # type: ignore[return-value]


def notices(person: Person) -> set[str]:
    items = person.api("GET", "/api/notifications")["items"]
    assert isinstance(items, list)
    return {item["kind"] for item in items}


def test_a_thread_begins_at_the_text_and_is_answered_resolved_and_opened_again_live(garden: Garden) -> None:
    ada = garden.ada.open(garden.workspace_id, garden.note_id)
    ben = garden.ben.open(garden.workspace_id, garden.note_id)
    comment(ada, "Beds", "Which ones?")
    # Ben had no comments open: the count tells him, the mark shows him where.
    ben.get_by_role("button", name="Comments: 1 open").click()
    expect(ben.locator(".cm-comment")).to_have_text("Beds")
    thread(ben, "Which ones?").get_by_role("button", name="Reply").click()
    ben.get_by_role("combobox", name="Reply").fill("The southern")
    ben.keyboard.press("Control+Enter")
    expect(thread(ada, "Which ones?")).to_contain_text("The southern")
    thread(ada, "Which ones?").get_by_role("button", name="Resolve").click()
    expect(ben.locator(".cm-comment")).to_have_count(0)
    ben.get_by_role("button", name="1 resolved").click()
    thread(ben, "Which ones?").get_by_role("button", name="Open again").click()
    expect(ada.locator(".cm-comment")).to_have_text("Beds")
    assert "reply.comment" in notices(garden.ada)


def test_the_mark_moves_with_its_words_and_says_when_they_are_gone(garden: Garden) -> None:
    ada = garden.ada.open(garden.workspace_id, garden.note_id)
    ben = garden.ben.open(garden.workspace_id, garden.note_id)
    comment(ada, "Beds", "Which ones?")
    put_caret(ben, 0)
    ben.keyboard.insert_text("🌻🌻 first ")
    wait_for_state(ben, "saved")
    for page in (ada, ben):
        expect(page.locator(".cm-comment")).to_have_text("Beds")
    select(ben, "Beds")
    ben.keyboard.press("Delete")
    settle([ada, ben], garden.ada, garden.note_id)
    for page in (ada, ben):
        expect(page.locator(".cm-comment")).to_have_count(0)
    expect(thread(ada, "Which ones?")).to_contain_text("What this was about was deleted.")


def test_words_just_written_can_be_commented_once_they_are_saved(garden: Garden) -> None:
    ada = garden.ada.open(garden.workspace_id, garden.note_id)
    put_caret(ada, 1)
    ada.keyboard.insert_text("🌱 new words")
    comment(ada, "new words", "Good")
    expect(ada.locator("[data-thread]")).to_have_text("new words")
    items = garden.ada.api("GET", f"/api/notes/{garden.note_id}/comments")["items"]
    assert isinstance(items, list)
    start = len(START) + 2  # Code points: the seedling is one.
    assert items[0]["anchor"] == {"start": start, "end": start + len("new words")}


def test_a_comment_mentions_is_changed_and_deleted_by_its_author(garden: Garden) -> None:
    ada = garden.ada.open(garden.workspace_id, garden.note_id)
    ada.get_by_role("button", name="Comments", exact=True).click()
    ada.get_by_role("button", name="Comment on the whole note").click()
    field = ada.get_by_role("combobox", name="Write a comment")
    field.press_sequentially("Ask @Be")
    ada.get_by_role("option", name="Ben").click()
    field.press("Control+Enter")
    expect(thread(ada, "Ask @Ben")).to_be_visible()
    assert "mention.comment" in notices(garden.ben)
    ben = garden.ben.open(garden.workspace_id, garden.note_id)
    ben.get_by_role("button", name="Comments: 1 open").click()
    expect(thread(ben, "Ask @Ben").get_by_role("button", name="More")).to_have_count(0)
    thread(ada, "Ask @Ben").get_by_role("button", name="More").click()
    ada.get_by_role("menuitem", name="Edit comment").click()
    ada.get_by_role("combobox", name="Edit comment").fill("Ask nobody")
    ada.keyboard.press("Control+Enter")
    expect(thread(ben, "Ask nobody")).to_contain_text("edited")
    thread(ada, "Ask nobody").get_by_role("button", name="More").click()
    ada.get_by_role("menuitem", name="Delete thread").click()
    question = ada.get_by_role("dialog", name="Delete “Ask nobody”?")
    expect(question).to_contain_text("It goes with all its answers.")
    question.get_by_role("button", name="Delete thread").click()
    expect(ben.get_by_role("heading", name="No comments here")).to_be_visible()


def test_a_viewer_reads_comments_and_the_card_counts_them(garden: Garden) -> None:
    garden.grant("viewer")
    body = {"text": "Which ones?", "anchor": {"start": 9, "end": 13}}
    garden.ada.api("POST", f"/api/notes/{garden.note_id}/comments", body)
    ben = garden.ben.tab()
    ben.goto(f"/workspaces/{garden.workspace_id}")
    expect(ben.locator("[data-note]").get_by_label("1 open comment")).to_be_visible()
    garden.ada.api("POST", f"/api/notes/{garden.note_id}/comments", {"text": "On all of it"})
    expect(ben.locator("[data-note]").get_by_label("2 open comments")).to_be_visible()
    ben.goto(f"/workspaces/{garden.workspace_id}?note={garden.note_id}")
    ben.get_by_role("button", name="Comments: 2 open").click()
    expect(thread(ben, "Which ones?")).to_be_visible()
    expect(ben.get_by_role("button", name="Reply")).to_have_count(0)
    expect(ben.get_by_role("button", name="Comment on the whole note")).to_have_count(0)


def test_comments_made_without_a_line_wait_survive_a_reload_and_are_sent(garden: Garden) -> None:
    body = {"text": "Which ones?", "anchor": {"start": 9, "end": 13}}
    garden.ada.api("POST", f"/api/notes/{garden.note_id}/comments", body)
    ben = garden.ben.open(garden.workspace_id, garden.note_id)
    ben.get_by_role("button", name="Comments: 1 open").click()
    expect(thread(ben, "Which ones?")).to_be_visible()
    garden.ben.line.cut()
    put_caret(ben, 0)
    ben.keyboard.insert_text("🌻🌻 first ")
    wait_for_state(ben, "waiting")
    thread(ben, "Which ones?").get_by_role("button", name="Reply").click()
    ben.get_by_role("combobox", name="Reply").fill("The southern")
    ben.keyboard.press("Control+Enter")
    expect(thread(ben, "Which ones?").get_by_role("status")).to_have_text(WAITS)
    select(ben, "first")
    ben.keyboard.press("Control+Alt+m")
    panel = ben.get_by_role("region", name="Comments")
    panel.get_by_role("combobox", name="Write a comment").fill("Is it?")
    ben.keyboard.press("Control+Enter")
    expect(panel.get_by_role("status")).to_have_text([WAITS, WAITS])
    garden.ben.line.mend()
    ben.reload()
    ada = garden.ada.open(garden.workspace_id, garden.note_id)
    ada.get_by_role("button", name="Comments: 2 open").click()
    expect(thread(ada, "Which ones?")).to_contain_text("The southern")
    expect(thread(ada, "Is it?")).to_be_visible()
    expect(ada.locator(".cm-comment")).to_have_text(["first", "Beds"])
    ben.wait_for_selector(".cm-content")
    ben.get_by_role("button", name="Comments: 2 open").click()
    expect(thread(ben, "Which ones?")).to_contain_text("The southern")
    expect(ben.get_by_text("Will be sent")).to_have_count(0)


def test_a_notice_leads_to_its_thread_and_a_broken_line_is_told(garden: Garden) -> None:
    body = {"text": f"@[Ben]({garden.ben.user_id}) look", "anchor": {"start": 9, "end": 13}}
    made = garden.ada.api("POST", f"/api/notes/{garden.note_id}/comments", body)["thread"]
    assert isinstance(made, dict)
    ben = garden.ben.tab()
    ben.goto(f"/workspaces/{garden.workspace_id}?note={garden.note_id}&thread={made['id']}")
    expect(ben.locator(".cm-comment-active")).to_have_text("Beds")
    garden.ben.line.cut()
    thread(ben, "look").get_by_role("button", name="Reply").click()
    ben.get_by_role("combobox", name="Reply").fill("I do")
    ben.keyboard.press("Control+Enter")
    expect(thread(ben, "look").get_by_role("status")).to_have_text(WAITS)
    garden.ben.line.mend()
    wait_for_state(ben, "saved")
    expect(thread(ben, "look").get_by_role("status")).to_have_count(0)
    expect(thread(ben, "look")).to_contain_text("I do")
