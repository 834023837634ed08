"""What people expect of an editor and a canvas besides writing: watching, following, keys, and being told."""

from playwright.sync_api import expect

from tests.web.people import VIEW, Garden, put_caret, wait_for_state


def test_a_note_is_watched_and_its_changes_are_told(garden: Garden) -> None:
    page = garden.ada.open(garden.workspace_id, garden.note_id)
    page.get_by_role("button", name="Tell me of changes").click()
    expect(page.get_by_text("You will be told when others change this note.")).to_be_visible()
    garden.ben.api("PUT", f"/api/notes/{garden.note_id}", {"content": "Changed by Ben"})
    items = garden.ada.api("GET", "/api/notifications")["items"]
    assert isinstance(items, list)
    assert "note.changed" in {item["kind"] for item in items}
    page.reload()
    page.get_by_role("button", name="You are told of changes").click()
    expect(page.get_by_role("button", name="Tell me of changes")).to_be_visible()


def test_who_follows_sees_the_followed_caret_also_far_down(garden: Garden) -> None:
    text = "\n\n".join(f"Line {number}" for number in range(200))
    garden.ada.api("PUT", f"/api/notes/{garden.note_id}", {"content": text})
    ada = garden.ada.open(garden.workspace_id, garden.note_id)
    ben = garden.ben.tab()
    ben.goto(f"/workspaces/{garden.workspace_id}")
    wait_for_state(ben, "saved")
    ben.locator("[data-note]").focus()
    ben.keyboard.press("f")
    expect(ben.get_by_text("Following Ada")).to_be_visible()
    ben.wait_for_selector(".cm-content[aria-autocomplete]")
    put_caret(ada, 1)
    ada.keyboard.insert_text("!")
    expect(ben.locator(".cm-person-caret")).to_be_in_viewport()


def test_who_comes_and_goes_is_said_aloud(garden: Garden) -> None:
    ada = garden.ada.tab()
    ada.goto(f"/workspaces/{garden.workspace_id}")
    wait_for_state(ada, "saved")
    ben = garden.ben.tab()
    ben.goto(f"/workspaces/{garden.workspace_id}")
    told = ada.locator("p[aria-live=polite].sr-only")
    expect(told).to_have_text("Ben is here")
    ben.close()
    expect(told).to_have_text("Ben left")
    ada.locator("[data-note]").focus()
    ada.keyboard.press("Enter")
    expect(ada.locator(".cm-content")).to_be_focused()
    ada.keyboard.press("Escape")
    expect(ada.locator(".cm-content")).to_have_count(0)
    ada.locator("[data-note]").click()
    ada.keyboard.press("Alt+ArrowRight")
    expect(told).to_contain_text("Moved to")


def test_the_settings_say_what_is_told_and_how(garden: Garden) -> None:
    page = garden.ada.tab()
    page.goto("/settings")
    choice = page.get_by_label("A note that I watch is changed: Here")
    expect(choice).to_be_checked()
    choice.uncheck()
    page.reload()
    expect(page.get_by_label("A note that I watch is changed: Here")).not_to_be_checked()
    told = garden.ada.api("GET", "/api/notifications/preferences")["preferences"]
    assert isinstance(told, dict)
    assert told["note.changed"]["inApp"] is False
    page.get_by_label("Older way of typing").check()
    note = garden.ada.open(garden.workspace_id, garden.note_id)
    assert note.evaluate(f"() => {VIEW}.constructor.EDIT_CONTEXT") is False
    note.close()
    garden.ada.line.cut()
    page.get_by_label("A note that I watch is changed: Here").click()
    expect(page.get_by_text("The server cannot be reached")).to_be_visible()
    expect(page.get_by_label("A note that I watch is changed: Here")).not_to_be_checked()


def test_a_notice_of_the_chat_opens_it(garden: Garden) -> None:
    garden.ada.api(
        "POST", f"/api/workspaces/{garden.workspace_id}/chat", {"text": f"@[Ben]({garden.ben.user_id}) lunch?"}
    )
    garden.ada.api("POST", f"/api/workspaces/{garden.workspace_id}/chat", {"text": f"@[Ben]({garden.ben.user_id})?"})
    page = garden.ben.tab()
    page.goto("/")
    page.get_by_role("button", name="Notifications").first.click()
    unread = page.locator("dialog .isUnread")
    expect(unread).to_have_count(3)
    page.get_by_role("button", name="Mark all as read").click()
    expect(unread).to_have_count(0)
    page.get_by_role("button", name="Delete notification").first.click()
    expect(page.locator("dialog .item")).to_have_count(2)
    page.get_by_role("dialog").get_by_text("Ada mentioned you in the chat of Garden").click()
    expect(page.get_by_role("region", name="Chat").get_by_text("lunch?")).to_be_visible()


def test_what_is_in_the_trash_is_deleted_for_good_by_who_may(garden: Garden) -> None:
    notes = f"/api/workspaces/{garden.workspace_id}/notes"
    for person, title in ((garden.ada, "Weeds"), (garden.ada, "Moss"), (garden.ben, "Stones")):
        note = person.api("POST", notes, {"title": title})["note"]
        assert isinstance(note, dict)
        person.api("DELETE", f"/api/notes/{note['id']}")
    pages = {}
    for person in (garden.ben, garden.ada):
        page = pages[person.name] = person.tab()
        page.goto(f"/workspaces/{garden.workspace_id}")
        page.get_by_role("heading", level=1).get_by_role("button").click()
        page.get_by_role("menuitem", name="Trash").click()
        expect(page.get_by_role("dialog", name="Trash").get_by_role("listitem")).to_have_count(3)
    ben, ada = pages["Ben"], pages["Ada"]
    expect(ben.get_by_role("button", name="Delete for good")).to_have_count(1)  # his own
    weeds = ada.get_by_role("listitem").filter(has_text="Weeds")
    weeds.get_by_role("button", name="Delete for good").click()
    asked = ada.get_by_role("dialog", name="Delete “Weeds” for good?")
    expect(asked).to_contain_text("cannot be undone")
    asked.get_by_role("button", name="Cancel").click()
    expect(weeds).to_be_visible()
    weeds.get_by_role("button", name="Delete for good").click()
    asked.get_by_role("button", name="Delete for good").click()
    expect(weeds).to_have_count(0)
    expect(ada.get_by_text("“Weeds” is deleted for good.")).to_be_visible()
    ben.get_by_role("button", name="Empty trash").click()
    ben.get_by_role("dialog", name="Empty the trash?").get_by_role("button", name="Empty trash").click()
    left = ben.get_by_role("dialog", name="Trash").get_by_role("listitem")
    expect(left).to_have_count(1)
    expect(left).to_contain_text("Moss")
    ada.get_by_role("button", name="Empty trash").click()
    ada.get_by_role("dialog", name="Empty the trash?").get_by_role("button", name="Empty trash").click()
    expect(ada.get_by_text("The trash is empty")).to_be_visible()
    assert garden.ada.api("GET", f"/api/workspaces/{garden.workspace_id}/trash")["items"] == []
