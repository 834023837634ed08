"""Whole ways through the client: chat, calendar, the past of a note, following, starting without a line."""

from collections.abc import Callable

from playwright.sync_api import Browser, expect

from tests.web.people import PASSWORD, Garden, Person, put_caret, settle, wait_for_state, wait_for_text, wait_until


def test_two_people_talk_and_see_each_other_typing(garden: Garden) -> None:
    ada, ben = garden.ada.tab(), garden.ben.tab()
    for page in (ada, ben):
        page.goto(f"/chat?workspace={garden.workspace_id}")
        page.get_by_label("Write a message").wait_for()
    wait_until(ben, "() => document.querySelector('[role=log] ol, [role=log] h2') !== null")
    ada.get_by_label("Write a message").press_sequentially("Is it")
    expect(ben.get_by_text("Ada is typing")).to_be_visible()
    ada.get_by_label("Write a message").fill("Is it raining?")
    ada.keyboard.press("Enter")
    expect(ben.locator(".message")).to_contain_text("Is it raining?")
    garden.ada.line.cut()
    ada.get_by_label("Write a message").fill("Still there?")
    ada.keyboard.press("Enter")
    again = ada.locator(".outgoing").get_by_role("button", name="Try again")
    again.wait_for()
    garden.ada.line.mend()
    again.click()
    expect(ben.locator(".message").nth(1)).to_contain_text("Still there?")
    expect(ada.locator(".outgoing")).to_have_count(0)
    mine = ada.locator(".message", has_text="Still there?")
    mine.hover()
    mine.get_by_role("button", name="Delete message").click()
    question = ada.get_by_role("dialog", name="Delete “Still there?”?")
    question.get_by_role("button", name="Delete message").click()
    expect(ben.locator(".message").nth(1)).to_contain_text("This message was deleted")


def test_an_event_is_made_by_key_and_taken_away(garden: Garden) -> None:
    page = garden.ada.tab()
    page.goto(f"/calendar?workspace={garden.workspace_id}")
    page.locator("[data-day][tabindex='0']").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.get_by_label("Title").fill("Plant the beans")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".event")).to_contain_text("Plant the beans")
    events = garden.ada.api("GET", f"/api/workspaces/{garden.workspace_id}/events")["items"]
    assert [event["title"] for event in events] == ["Plant the beans"]  # type: ignore[attr-defined]
    page.locator(".event").click()
    page.get_by_role("button", name="Delete event").click()
    expect(page.locator(".event")).to_have_count(0)
    page.locator(".toast", has_text="was deleted").get_by_role("button", name="Undo").click()
    expect(page.locator(".event")).to_contain_text("Plant the beans")


def test_an_older_version_is_looked_at_and_brought_back(garden: Garden) -> None:
    ada = garden.ada.open(garden.workspace_id, garden.note_id)
    before = garden.ada.content(garden.note_id)
    garden.ben.api("PUT", f"/api/notes/{garden.note_id}", {"content": "All gone"})
    ada.get_by_role("button", name="History").click()
    slider = ada.get_by_role("slider", name="Version")
    slider.focus()
    ada.keyboard.press("Home")
    wait_until(ada, "() => /[?&]at=[1-9]/.test(location.search)")
    ada.get_by_role("button", name="Restore as new version").click()
    ada.wait_for_selector(".cm-content")
    assert settle([ada], garden.ada, garden.note_id) == before
    ada.locator(".toast", has_text="newest again").get_by_role("button", name="Undo").click()
    wait_for_text(ada, "All gone")


def test_one_follows_another_and_stops_by_moving(garden: Garden) -> None:
    ben = garden.ben.open(garden.workspace_id, garden.note_id)
    ada = garden.ada.tab()
    ada.goto(f"/workspaces/{garden.workspace_id}")
    ada.get_by_role("button", name="1 other person here").click()
    ada.get_by_role("menuitem", name="Ben").click()
    expect(ada.get_by_role("status").filter(has_text="Following Ben")).to_be_visible()
    wait_until(ada, "(id) => location.search.includes(id)", garden.note_id)
    ada.get_by_role("button", name="Stop").click()
    expect(ada.get_by_role("status").filter(has_text="Following Ben")).to_have_count(0)
    for count in (1, 0):
        ada.get_by_role("button", name="1 other person here").click()
        ada.get_by_role("menuitem", name="Ben").click()
        expect(ada.get_by_role("status").filter(has_text="Following Ben")).to_have_count(count)
    ben.close()


def test_who_is_busy_shows_it_and_others_cursors_can_be_hidden(garden: Garden) -> None:
    ada, ben = garden.ada.tab(), garden.ben.tab()
    for page in (ada, ben):
        page.goto(f"/workspaces/{garden.workspace_id}")
        wait_for_state(page, "saved")
    menu = ben.get_by_role("heading", level=1).get_by_role("button")
    menu.click()
    ben.get_by_role("menuitem", name="Show me as busy").click()
    ben.keyboard.press("Escape")
    ben.mouse.move(700, 400)
    expect(ada.locator(".cursor")).to_have_text("Ben")
    ada.get_by_role("button", name="1 other person here").click()
    expect(ada.get_by_role("menuitem", name="Ben")).to_contain_text("Busy")
    ada.keyboard.press("Escape")
    ada.get_by_role("heading", level=1).get_by_role("button").click()
    ada.get_by_role("menuitem", name="Hide other cursors").click()
    expect(ada.locator(".cursor")).to_have_count(0)


def test_the_client_starts_without_a_line_and_sends_what_was_written(
    browser: Browser, people: Callable[[str], Person]
) -> None:
    ada = people("Ada")
    workspace = ada.api("POST", "/api/workspaces", {"name": "Train"})["workspace"]
    path = f"/api/workspaces/{workspace['id']}/notes"  # type: ignore[index]
    note = ada.api("POST", path, {"title": "Trip", "content": "Pack\n"})["note"]
    note_id = str(note["id"])  # type: ignore[index]
    context = browser.new_context(base_url=ada.line.url)
    try:
        page = context.new_page()
        page.goto("/login")
        page.get_by_label("E-mail").fill(ada.email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_selector("article a")
        page.goto(f"/workspaces/{workspace['id']}?note={note_id}")  # type: ignore[index]
        page.wait_for_selector(".cm-content")
        wait_for_state(page, "saved")
        page.evaluate("async () => void (await navigator.serviceWorker.ready)")
        wait_until(page, "() => navigator.serviceWorker.controller !== null")
        put_caret(page, 1)
        page.keyboard.insert_text("the tent")
        wait_for_state(page, "saved")
        ada.line.cut()
        page.reload()
        page.wait_for_selector(".cm-content[contenteditable=true]")
        put_caret(page, 1)
        page.keyboard.insert_text(" and the stove")
        wait_for_state(page, "waiting")
        ada.line.mend()
        assert settle([page], ada, note_id) == "Pack\nthe tent and the stove"
    finally:
        context.close()
