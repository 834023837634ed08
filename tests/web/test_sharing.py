"""Sharing, through the real page: members, invitations, links, leaving and handing over."""

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.web.people import Garden, Person


def share(page: Page, garden: Garden) -> Locator:
    """The share dialog of the workspace, as somebody with the right to invite opens it."""
    page.goto(f"/workspaces/{garden.workspace_id}")
    page.get_by_role("button", name="Share").click()
    dialog = page.get_by_role("dialog", name="Share “Garden”")
    expect(dialog.get_by_text("Ben", exact=True)).to_be_visible()
    return dialog


def address_in(dialog: Locator) -> str:
    return dialog.get_by_role("group", name="Address of the link").inner_text()


def test_a_workspace_link_is_made_used_listed_and_ended(garden: Garden, people: Callable[[str], Person]) -> None:
    page = garden.ada.tab()
    dialog = share(page, garden)
    dialog.get_by_role("tab", name="Links").click()
    expect(dialog.get_by_text("None. Nobody comes in by a link.")).to_be_visible()
    dialog.get_by_label("People who may use it").select_option("10")
    expect(dialog.get_by_text("Viewers read everything")).to_be_visible()
    dialog.get_by_role("button", name="Make link").click()
    expect(dialog.get_by_text("Join as Viewer")).to_be_visible()
    token = address_in(dialog).rpartition("#")[2]
    cleo = people("Cleo")
    guest = cleo.tab()
    guest.goto(f"/join#{token}")
    guest.get_by_role("button", name="Join").click()
    guest.wait_for_url(f"**/workspaces/{garden.workspace_id}")
    dialog.get_by_role("tab", name="Members").click()
    expect(dialog.get_by_text("Cleo", exact=True)).to_be_visible()
    dialog.get_by_role("tab", name="Links").click()
    expect(dialog.get_by_text("used 1 of 10 times")).to_be_visible()
    dialog.get_by_role("button", name="End the link").click()
    expect(dialog.get_by_text("None. Nobody comes in by a link.")).to_be_visible()
    late = people("Dan").tab()
    late.goto(f"/join#{token}")
    expect(late.get_by_role("alert")).to_contain_text("not good any more")


def test_a_note_link_lets_strangers_read_with_its_password(garden: Garden) -> None:
    page = garden.ada.open(garden.workspace_id, garden.note_id)
    page.get_by_label("Note", exact=True).get_by_role("button", name="Share").click()
    dialog = page.get_by_role("dialog", name="Share “Spring”")
    dialog.get_by_label("Password").fill("under the mat")
    dialog.get_by_role("button", name="Make link").click()
    expect(dialog.get_by_text("with a password")).to_be_visible()
    address = address_in(dialog)
    stranger = garden.ben.context.browser.new_context(base_url=garden.ben.line.url)  # type: ignore[union-attr]
    guest = stranger.new_page()
    guest.goto(f"/shared#{address.rpartition('#')[2]}")
    guest.get_by_label("Password").fill("under the mat")
    guest.get_by_role("button", name="Open").click()
    expect(guest.get_by_text("Beds")).to_be_visible()
    dialog.get_by_role("button", name="End the link").click()
    guest.reload()
    expect(guest.get_by_role("alert")).to_contain_text("not good any more")
    stranger.close()


def test_an_invitation_waits_is_sent_again_and_taken_back(garden: Garden) -> None:
    dialog = share(garden.ada.tab(), garden)
    dialog.get_by_label("E-mail").fill("eve@example.org")
    dialog.get_by_role("button", name="Add").click()
    expect(dialog.get_by_text("Invited, not here yet")).to_be_visible()
    dialog.get_by_role("button", name="Send again to eve@example.org").click()
    expect(dialog.page.get_by_text("Another invitation is on its way")).to_be_visible()
    dialog.get_by_role("button", name="Take back the invitation of eve@example.org").click()
    expect(dialog.get_by_text("Invited, not here yet")).to_have_count(0)
    assert garden.ada.api("GET", f"/api/workspaces/{garden.workspace_id}/invitations")["items"] == []


def test_the_owner_hands_over_and_leaves(garden: Garden) -> None:
    page = garden.ada.tab()
    dialog = share(page, garden)
    expect(dialog.get_by_text("hand the workspace over to somebody first")).to_be_visible()
    dialog.get_by_role("button", name="Make Ben the owner").click()
    page.get_by_role("button", name="Hand over").click()
    dialog.get_by_role("button", name="Leave").click()
    page.get_by_role("dialog", name="Leave “Garden”?").get_by_role("button", name="Leave").click()
    page.wait_for_url("**/")
    expect(page.get_by_role("heading", name="No workspaces yet")).to_be_visible()
    members = garden.ben.api("GET", f"/api/workspaces/{garden.workspace_id}/members")["items"]
    assert isinstance(members, list)
    assert [(one["userId"], one["role"]) for one in members] == [(garden.ben.user_id, "owner")]


def test_a_member_sees_who_is_here_and_may_leave_but_not_invite(garden: Garden) -> None:
    page = garden.ben.tab()
    page.goto("/")
    page.get_by_role("button", name="More for Garden").click()
    page.get_by_role("menuitem", name="Members").click()
    dialog = page.get_by_role("dialog", name="Share “Garden”")
    expect(dialog.get_by_text("Ada")).to_be_visible()
    expect(dialog.get_by_label("E-mail")).to_have_count(0)
    expect(dialog.get_by_role("tab")).to_have_count(0)
    expect(dialog.get_by_role("button", name="Leave")).to_be_visible()


def test_a_broken_line_is_told_and_tried_again(garden: Garden) -> None:
    page = garden.ada.tab()
    dialog = share(page, garden)
    garden.ada.line.cut()
    dialog.get_by_role("tab", name="Links").click()
    expect(dialog.get_by_role("alert")).to_contain_text("cannot be reached")
    garden.ada.line.mend()
    dialog.get_by_role("button", name="Try again").click()
    expect(dialog.get_by_text("None. Nobody comes in by a link.")).to_be_visible()
