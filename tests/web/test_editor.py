"""Writing through the real page: menus, links between notes, people, files, the preview."""

import base64

from playwright.sync_api import Page, expect

from tests.web.people import Garden, put_caret, settle, wait_for_text, wait_until

START = "Seeds 🌱\n\nBeds\n"
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def ready(page: Page) -> None:
    """Until menus and links are there: they come after the text."""
    wait_until(page, "() => document.querySelector('.cm-content[aria-autocomplete]') !== null")
    put_caret(page, 1)


def propose(page: Page, typed: str, wanted: str) -> None:
    page.keyboard.type(typed)
    page.locator(".cm-proposals [role=option]", has_text=wanted).first.click()


def test_the_slash_menu_puts_in_blocks(garden: Garden) -> None:
    page = garden.ada.open(garden.workspace_id, garden.note_id)
    ready(page)
    propose(page, "/tas", "Task")
    page.keyboard.type("water")
    wait_for_text(page, f"{START}- [ ] water")
    assert settle([page], garden.ada, garden.note_id) == f"{START}- [ ] water"


def test_a_link_completes_leads_there_and_is_told_on_the_other_side(garden: Garden) -> None:
    other = garden.ada.api("POST", f"/api/workspaces/{garden.workspace_id}/notes", {"title": "Beds and paths"})["note"]
    page = garden.ada.open(garden.workspace_id, garden.note_id)
    ready(page)
    propose(page, "see [[Bed", "Beds and paths")
    wait_for_text(page, f"{START}see [[Beds and paths]]")
    settle([page], garden.ada, garden.note_id)
    page.locator(".cm-note-link").click(modifiers=["Control"])
    wait_until(page, "(id) => location.search.includes(id)", str(other["id"]))  # type: ignore[index]
    expect(page.get_by_role("navigation", name="Linked from")).to_contain_text("Spring")


def test_a_link_to_nothing_makes_the_note(garden: Garden) -> None:
    garden.ada.api("PUT", f"/api/notes/{garden.note_id}", {"content": "[[Compost]]"})
    page = garden.ada.open(garden.workspace_id, garden.note_id)
    page.get_by_role("button", name="Preview").click()
    page.get_by_role("link", name="Compost").click()
    expect(page.get_by_label("Title", exact=True)).to_have_value("Compost")


def test_a_mention_tells_the_person(garden: Garden) -> None:
    page = garden.ada.open(garden.workspace_id, garden.note_id)
    ready(page)
    propose(page, "ask @Be", "Ben")
    expect(page.locator(".cm-mention")).to_have_text("@Ben")
    settle([page], garden.ada, garden.note_id)
    notices = garden.ben.api("GET", "/api/notifications")["items"]
    assert isinstance(notices, list)
    assert "mention.note" in {notice["kind"] for notice in notices}


def test_pictures_pasted_and_dropped_are_sent_linked_and_shown(garden: Garden) -> None:
    page = garden.ada.open(garden.workspace_id, garden.note_id)
    ready(page)
    page.evaluate(
        """(bytes) => {
          const raw = Uint8Array.from(atob(bytes), (sign) => sign.charCodeAt(0));
          const data = new DataTransfer();
          data.items.add(new File([raw], 'bed.png', { type: 'image/png' }));
          const text = document.querySelector('.cm-content');
          const [bubbles, cancelable] = [true, true];
          text.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles, cancelable }));
          const { x, y } = text.getBoundingClientRect();
          const place = { clientX: x + 2, clientY: y + 2 };
          text.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles, cancelable, ...place }));
        }""",
        base64.b64encode(PIXEL).decode(),
    )
    wait_until(
        page, "() => document.querySelector('.cm-content').textContent.split('![bed.png](/api/files/').length === 3"
    )
    files = garden.ada.api("GET", f"/api/files?workspaceId={garden.workspace_id}")["items"]
    assert isinstance(files, list)
    assert [file["name"] for file in files] == ["bed.png", "bed.png"]
    page.get_by_role("button", name="Preview").click()
    wait_until(page, "() => document.querySelector('.preview img')?.naturalWidth === 1")


def test_code_is_coloured_in_the_text_and_in_the_preview(garden: Garden) -> None:
    garden.ada.api("PUT", f"/api/notes/{garden.note_id}", {"content": "```python\ndef water(): return 'can'\n```\n"})
    page = garden.ada.open(garden.workspace_id, garden.note_id)
    colours = """(selector) => new Set([...document.querySelectorAll(selector)]
      .map((span) => getComputedStyle(span).color)).size >= 3"""
    wait_until(page, colours, ".cm-code-line span")
    page.get_by_role("button", name="Preview").click()
    wait_until(page, colours, ".preview code span")
