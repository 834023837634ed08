"""Bringing contents in and taking them out, through the real page."""

import io
import re
import zipfile
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.web.people import Garden, Person

ICS = "\r\n".join(
    (
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//EN", "BEGIN:VEVENT", "UID:1@example.org",
        "DTSTAMP:20261101T080000Z", "DTSTART:20261120T080000Z", "DTEND:20261120T090000Z", "SUMMARY:Sow the peas",
        "END:VEVENT", "END:VCALENDAR", "",
    )
)  # fmt: skip


def menu(page: Page, item: str) -> None:
    page.get_by_role("heading", level=1).get_by_role("button").click()
    page.get_by_role("menuitem", name=item).click()


def opened(person: Person, garden: Garden) -> Page:
    page = person.tab()
    page.goto(f"/workspaces/{garden.workspace_id}")
    expect(page.locator("[data-note]").first).to_be_visible()
    return page


def bring(page: Page, *paths: Path) -> Locator:
    menu(page, "Import")
    page.get_by_label("Choose a zip or Markdown files", exact=True).last.set_input_files(paths)
    dialog = page.get_by_role("dialog", name="Import")
    expect(dialog.get_by_role("status")).to_contain_text("It is in your workspace")
    return dialog


def titles(person: Person, workspace_id: str) -> set[str]:
    items = person.api("GET", f"/api/workspaces/{workspace_id}/notes")["items"]
    assert isinstance(items, list)
    return {item["title"] for item in items}


def test_what_was_exported_is_imported_elsewhere(garden: Garden, tmp_path: Path) -> None:
    page = opened(garden.ada, garden)
    menu(page, "Export")
    dialog = page.get_by_role("dialog", name="Export the workspace")
    with page.expect_download() as coming:
        dialog.get_by_role("button", name="Export").click()
    path = tmp_path / coming.value.suggested_filename
    coming.value.save_as(path)
    assert path.name == "Garden.zip"
    expect(dialog.get_by_role("status")).to_contain_text("Done")
    other = garden.ada.api("POST", "/api/workspaces", {"name": "Garden"})["workspace"]
    assert isinstance(other, dict)
    page.goto(f"/workspaces/{other['id']}")
    expect(page.get_by_role("heading", name="A clear canvas")).to_be_visible()
    report = bring(page, path)
    expect(report.get_by_text("1 note", exact=True)).to_be_visible()
    assert titles(garden.ada, str(other["id"])) == {"Spring"}


def test_a_folder_comes_with_its_paths_and_what_is_left_out_is_told(garden: Garden, tmp_path: Path) -> None:
    folder = tmp_path / "Herbs"
    (folder / ".git").mkdir(parents=True)
    (folder / ".git" / "config").write_text("no note")
    (folder / "mint.md").write_text("# Mint\nSpreads 🌿")
    (folder / "warm").mkdir()
    (folder / "warm" / "basil.md").write_text("Keep it inside")
    page = opened(garden.ada, garden)
    menu(page, "Import")
    page.get_by_label("Choose a folder", exact=True).last.set_input_files(folder)
    dialog = page.get_by_role("dialog", name="Import")
    expect(dialog.get_by_text("2 notes")).to_be_visible()
    assert {"basil"} <= {title.lower() for title in titles(garden.ada, garden.workspace_id)}
    expect(page.locator("[data-note]").filter(has_text="Keep it inside")).to_be_visible()


def drop(page: Page, selector: str, name: str, kind: str, content: str) -> None:
    """A file let go over the element, as from the desktop."""
    page.wait_for_selector(selector)
    page.evaluate(
        """([selector, name, type, content]) => {
          const data = new DataTransfer();
          data.items.add(new File([content], name, { type }));
          const event = new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true });
          document.querySelector(selector).dispatchEvent(event);
        }""",
        [selector, name, kind, content],
    )


def test_what_is_dropped_on_the_canvas_or_a_workspace_is_brought_in_or_shown_as_a_note(garden: Garden) -> None:
    page = opened(garden.ada, garden)
    drop(page, "[data-note]", "fern.md", "text/markdown", "Water it")
    dialog = page.get_by_role("dialog", name="Import")
    expect(dialog.get_by_text("1 note", exact=True)).to_be_visible()
    dialog.get_by_role("button", name="Close").last.click()
    drop(page, "[data-note]", "plan.svg", "image/svg+xml", "<svg xmlns='http://www.w3.org/2000/svg'/>")
    shown = page.locator("[data-note]", has_text="plan")
    expect(shown).to_be_visible()
    told = page.locator(".toast", has_text="1 file is on the canvas.")
    told.get_by_role("button", name="Undo").click()
    expect(shown).to_have_count(0)
    page.keyboard.press("Control+Shift+z")
    expect(shown).to_be_visible()
    page.goto("/calendar")
    drop(page, f"nav a[href='/workspaces/{garden.workspace_id}']", "moss.md", "text/markdown", "Keep it wet")
    expect(dialog.get_by_text("1 note", exact=True)).to_be_visible()
    assert titles(garden.ada, garden.workspace_id) == {"Spring", "fern", "plan", "moss"}
    notes = garden.ada.api("GET", f"/api/workspaces/{garden.workspace_id}/notes")["items"]
    assert isinstance(notes, list)
    plan = next(note["id"] for note in notes if note["title"] == "plan")
    assert re.fullmatch(r"!?\[plan\.svg\]\(/api/files/.+\)", garden.ada.content(plan))


def test_what_is_no_zip_and_a_broken_line_are_told_and_a_viewer_is_not_asked(garden: Garden, tmp_path: Path) -> None:
    page = opened(garden.ada, garden)
    broken = tmp_path / "broken.zip"
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        archive.writestr("a.md", "text")
    broken.write_bytes(whole.getvalue()[:-10])
    menu(page, "Import")
    field = page.get_by_label("Choose a zip or Markdown files", exact=True).last
    field.set_input_files(broken)
    dialog = page.get_by_role("dialog", name="Import")
    expect(dialog.get_by_role("alert")).to_contain_text("This file cannot be read")
    dialog.get_by_role("button", name="Choose something else").click()
    garden.ada.line.cut()
    good = tmp_path / "good.md"
    good.write_text("text")
    page.get_by_label("Choose a zip or Markdown files", exact=True).last.set_input_files(good)
    expect(dialog.get_by_role("alert")).to_contain_text("cannot be reached")
    garden.ada.line.mend()
    dialog.get_by_role("button", name="Try again").click()
    expect(dialog.get_by_text("1 note", exact=True)).to_be_visible()
    garden.grant("viewer")
    ben = opened(garden.ben, garden)
    ben.get_by_role("heading", level=1).get_by_role("button").click()
    expect(ben.get_by_role("menuitem", name="Export")).to_be_visible()
    expect(ben.get_by_role("menuitem", name="Import")).to_have_count(0)


def test_events_come_in_from_a_calendar_file_and_go_out_again(garden: Garden, tmp_path: Path) -> None:
    path = tmp_path / "garden.ics"
    path.write_text(ICS)
    page = garden.ada.tab()
    page.goto(f"/calendar?workspace={garden.workspace_id}")
    page.get_by_label("Import an .ics file").set_input_files(path)
    expect(page.get_by_text("1 event came in.")).to_be_visible()
    path.write_text("no calendar")
    page.get_by_label("Import an .ics file").set_input_files(path)
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_role("button", name="Import or export the calendar").click()
    with page.expect_download() as coming:
        page.get_by_role("menuitem", name="Export as .ics").click()
    coming.value.save_as(path)
    assert "SUMMARY:Sow the peas" in path.read_text()


def test_a_note_is_saved_as_markdown_and_as_a_page(garden: Garden) -> None:
    page = garden.ada.open(garden.workspace_id, garden.note_id)
    page.get_by_label("Note", exact=True).get_by_role("button", name="Share").click()
    for name, ending, wanted in (
        ("Save as Markdown", "Spring.md", "Beds"),
        ("Save as a web page", "Spring.html", "<h1"),
    ):
        with page.expect_download() as coming:
            page.get_by_role("button", name=name).click()
        assert coming.value.suggested_filename == ending
        assert wanted in Path(coming.value.path()).read_text()
