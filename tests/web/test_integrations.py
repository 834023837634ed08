"""What other programs get: people named in the chat, webhooks, the calendar at a secret address."""

import re
import urllib.error
import urllib.request

import pytest
from playwright.sync_api import expect

from tests.web.people import Garden


def test_the_chat_proposes_whom_to_name_and_keeps_what_is_said_without_a_line(garden: Garden) -> None:
    page = garden.ada.tab()
    page.goto(f"/workspaces/{garden.workspace_id}")
    page.wait_for_selector("[data-note]")
    page.get_by_role("button", name="Chat").click()
    chat = page.get_by_role("region", name="Chat")
    field = chat.get_by_role("textbox", name="Write a message")
    field.press_sequentially("Lunch, @be")
    expect(chat.get_by_role("option")).to_contain_text("Ben")
    # The key takes the name, and sends only what has no list over it.
    field.press("Enter")
    expect(field).to_have_value("Lunch, @Ben ")
    field.press_sequentially("?")
    garden.ada.line.cut()
    field.press("Enter")
    expect(chat.get_by_role("status").filter(has_text="Will be sent when the connection is back")).to_be_visible()
    garden.ada.line.mend()
    page.reload()
    page.wait_for_selector("[data-note]")
    page.get_by_role("button", name="Chat").click()
    expect(chat.locator(".message .mention")).to_have_text("@Ben")
    expect(chat.get_by_role("status")).to_have_count(0)
    messages = garden.ben.api("GET", f"/api/workspaces/{garden.workspace_id}/chat")["items"]
    assert isinstance(messages, list)
    assert [one["text"] for one in messages] == [f"Lunch, @[Ben]({garden.ben.user_id}) ?"]


def test_a_webhook_is_made_looked_after_and_deleted_in_the_settings(garden: Garden) -> None:
    page = garden.ada.tab()
    page.goto("/settings")
    part = page.get_by_role("region", name="Webhooks")
    expect(part.get_by_text("No webhooks yet")).to_be_visible()
    part.get_by_label("Address").fill("https://receiver.invalid/hook")
    part.get_by_label("Notes").check()
    part.get_by_role("button", name="Add webhook").click()
    expect(part.get_by_role("status")).to_contain_text("Copy the secret now")
    expect(part.get_by_role("group", name="Copy the secret now")).to_have_text(re.compile(r"\S{20,}"))
    card = part.get_by_role("listitem").filter(has_text="receiver.invalid")
    expect(card).to_contain_text("On · Notes")
    garden.ada.api("POST", f"/api/workspaces/{garden.workspace_id}/notes", {"title": "Told", "content": ""})
    card.get_by_role("button", name="Deliveries").click()
    attempts = card.get_by_role("list", name="Deliveries to")
    for _ in range(100):
        if attempts.count():
            break
        card.get_by_role("button", name="Look again").click()
        page.wait_for_timeout(200)
    first = attempts.get_by_role("listitem").last
    expect(first).to_contain_text("Did not arrive")
    expect(first).to_contain_text("Nobody answers at this address.")
    expect(first).to_contain_text("It is tried again by itself at ")
    again = attempts.get_by_role("button", name="Send again: the delivery up to #").last
    again.click()
    expect(page.get_by_text("Sent again.")).to_be_visible()
    expect(attempts.get_by_role("listitem").first).to_contain_text("sent again")
    card.get_by_role("button", name="Switch off").click()
    expect(card).to_contain_text("Off · Notes")
    card.get_by_role("button", name="Change webhook").click()
    dialog = page.get_by_role("dialog", name="Change webhook")
    dialog.get_by_label("Address").fill("https://other.invalid/hook")
    dialog.get_by_label("Notes").uncheck()
    expect(dialog.get_by_label("Everything")).to_be_checked()
    dialog.get_by_label("Chat").check()
    dialog.get_by_role("button", name="Save").click()
    card = part.get_by_role("listitem").filter(has_text="other.invalid")
    expect(card).to_contain_text("Off · Chat")
    page.reload()
    card.get_by_role("button", name="Delete webhook").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete webhook").click()
    expect(part.get_by_text("No webhooks yet")).to_be_visible()
    part.get_by_label("Address").fill("https://")
    part.get_by_role("button", name="Add webhook").click()
    expect(part.get_by_label("Address")).to_be_focused()


def test_the_calendar_is_read_at_a_secret_address_until_it_is_renewed(garden: Garden) -> None:
    page = garden.ben.tab()
    page.goto(f"/calendar?workspace={garden.workspace_id}")
    page.get_by_role("button", name="Import or export the calendar").click()
    page.get_by_role("menuitem", name="Subscribe from another program").click()
    dialog = page.get_by_role("dialog", name="Secret address of the calendar")
    dialog.get_by_role("button", name="Make an address").click()
    shown = dialog.get_by_role("group", name="Secret address of the calendar")
    first = shown.inner_text()
    assert read(first).startswith(b"BEGIN:VCALENDAR")
    dialog.get_by_role("button", name="Make a new one").click()
    expect(shown).not_to_have_text(first)
    second = shown.inner_text()
    assert read(second).startswith(b"BEGIN:VCALENDAR")
    with pytest.raises(urllib.error.HTTPError, match="404"):
        read(first)
    dialog.get_by_role("button", name="End the address").click()
    expect(shown).to_have_count(0)
    with pytest.raises(urllib.error.HTTPError, match="404"):
        read(second)


def read(address: str) -> bytes:
    with urllib.request.urlopen(address, timeout=30) as answer:
        return bytes(answer.read())
