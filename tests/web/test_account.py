"""Ways into an account and a workspace: the second factor, the pages that links in mails lead to, and the settings that
keep an account safe."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pyotp
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.support.server import CHEAP, running_server
from tests.web.mails import Mails, running_mails
from tests.web.people import DEADLINE_MS, PASSWORD, Person, person

NEW_PASSWORD = "another quiet garden wall"
NOT_A_TOKEN = "#token=" + "x" * 43


@pytest.fixture(scope="module")
def mails() -> Iterator[Mails]:
    with running_mails() as running:
        yield running


@pytest.fixture(scope="module")
def address(mails: Mails, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int]]:
    settings = {**CHEAP, "NV_SMTP_URL": mails.url}
    with running_server(tmp_path_factory.mktemp("account") / "data", settings) as node:
        yield "127.0.0.1", node.port


@pytest.fixture
def people(browser: Browser, address: tuple[str, int]) -> Iterator[Callable[[str], Person]]:
    with ExitStack() as stack:
        yield lambda name: stack.enter_context(person(browser, address, name))


def stranger(who: Person) -> Page:
    """A tab of the person's browser that is not signed in."""
    who.context.clear_cookies()
    return who.tab()


def sign_in(page: Page, email: str, password: str = PASSWORD) -> None:
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def at_home(page: Page) -> None:
    page.wait_for_url("**/")
    expect(page.locator("main h1")).to_be_visible(timeout=DEADLINE_MS)


def test_who_has_a_second_factor_signs_in_with_a_code_and_with_a_recovery_code(
    people: Callable[[str], Person],
) -> None:
    ada = people("Alma")
    made = ada.api("POST", "/api/auth/second-factor")
    totp, now = pyotp.TOTP(str(made["secret"])), int(time.time())
    codes = ada.api("POST", "/api/auth/second-factor/confirm", {"code": totp.at(now)})["recoveryCodes"]
    assert isinstance(codes, list)
    page = stranger(ada)
    page.goto("/login")
    sign_in(page, ada.email)
    page.get_by_label("Code").fill("not a code")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_text("This code is wrong")).to_be_visible(timeout=DEADLINE_MS)
    # The step of `now` was used when the app was confirmed; each is taken once.
    page.get_by_label("Code").fill(totp.at(now + 30))
    page.get_by_role("button", name="Sign in", exact=True).click()
    at_home(page)
    ada.context.clear_cookies()
    page.goto("/login?next=/settings")
    sign_in(page, ada.email)
    page.get_by_role("button", name="Back to sign in").click()
    sign_in(page, ada.email)
    page.get_by_label("Code").fill(codes[0].upper())
    page.keyboard.press("Enter")
    page.wait_for_url("**/settings")


def test_a_forgotten_password_is_replaced_by_the_mail(people: Callable[[str], Person], mails: Mails) -> None:
    ben = people("Bela")
    page = stranger(ben)
    page.goto("/login")
    page.get_by_label("E-mail").fill(ben.email)
    page.get_by_role("button", name="Forgot your password?").click()
    page.get_by_role("button", name="Send the link").click()
    expect(page.locator("main [role=status]")).to_contain_text(ben.email, timeout=DEADLINE_MS)
    link = mails.link(ben.email, "reset-password")
    page.goto(link)
    page.get_by_label("Password").fill("x")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("[aria-invalid]")).to_be_visible(timeout=DEADLINE_MS)
    page.get_by_label("Password").fill(NEW_PASSWORD)
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Sign in").click()
    sign_in(page, ben.email)
    expect(page.get_by_role("alert")).to_contain_text("wrong", timeout=DEADLINE_MS)
    sign_in(page, ben.email, NEW_PASSWORD)
    at_home(page)
    # The link was used; another page so that the address is loaded anew.
    page.goto("/login")
    page.goto(link)
    page.get_by_label("Password").fill(NEW_PASSWORD)
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Ask for another mail").click()
    expect(page.get_by_role("button", name="Send the link")).to_be_visible(timeout=DEADLINE_MS)


def told_at(field: Locator) -> str:
    """What the page says of a field that it calls wrong, as a screen reader tells it. The field has the focus."""
    expect(field).to_have_attribute("aria-invalid", "true", timeout=DEADLINE_MS)
    expect(field).to_be_focused()
    return field.page.locator(f"#{field.get_attribute('aria-describedby')}").inner_text()


def test_what_is_wrong_with_a_field_is_told_at_it_in_the_language_of_the_page(
    people: Callable[[str], Person],
) -> None:
    ada = people("Frieda")
    page = stranger(ada)
    page.goto("/login?register")
    page.evaluate("localStorage.setItem('notevault.locale', 'de')")
    page.reload()
    page.get_by_label("Name").fill("Frieda")
    page.get_by_label("E-Mail").fill("frieda@example.org")
    page.get_by_label("Passwort").fill("password")
    page.get_by_role("button", name="Konto erstellen").click()
    common = "Das ist eines der meistbenutzten Passwörter. Nimm ein anderes."
    assert told_at(page.get_by_label("Passwort")) == common
    page.get_by_label("Passwort").fill(PASSWORD)
    page.get_by_label("E-Mail").fill(ada.email)
    page.get_by_role("button", name="Konto erstellen").click()
    assert told_at(page.get_by_label("E-Mail")).startswith("Mit dieser E-Mail gibt es schon ein Konto.")
    page.goto("/login?next=/settings")
    page.get_by_label("E-Mail").fill(ada.email)
    page.get_by_label("Passwort").fill(PASSWORD)
    page.get_by_role("button", name="Anmelden", exact=True).click()
    old, new = page.get_by_label("Jetziges Passwort"), page.get_by_label("Neues Passwort")
    old.fill("not the one")
    new.fill(NEW_PASSWORD)
    change = page.get_by_role("button", name="Passwort ändern")
    change.click()
    assert told_at(old) == "Dieses Passwort ist falsch."
    old.fill(PASSWORD)
    new.fill("short")
    change.click()
    assert told_at(new) == "Mindestens 8 Zeichen."
    assert old.get_attribute("aria-invalid") is None


def test_an_address_is_confirmed_by_the_mail_and_another_mail_is_asked_for(
    people: Callable[[str], Person], mails: Mails
) -> None:
    cleo = people("Cleo")
    mails.link(cleo.email, "verify-email")
    page = cleo.tab()
    page.goto(f"/verify-email{NOT_A_TOKEN}")
    page.get_by_role("button", name="Send another mail").click()
    link = mails.link(cleo.email, "verify-email")
    expect(page.locator("main [role=status]")).to_contain_text("on its way", timeout=DEADLINE_MS)
    page.goto("/login")
    page.goto(link)
    expect(page.locator("main [role=status]")).to_contain_text("confirmed", timeout=DEADLINE_MS)
    me = cleo.api("GET", "/api/auth/me")["user"]
    assert isinstance(me, dict) and me["emailVerified"] is True


def test_who_is_invited_registers_on_the_way_and_joins(people: Callable[[str], Person], mails: Mails) -> None:
    dora = people("Dora")
    workspace = dora.api("POST", "/api/workspaces", {"name": "Orchard"})["workspace"]
    assert isinstance(workspace, dict)
    email = "guest@example.org"
    dora.api("POST", f"/api/workspaces/{workspace['id']}/members", {"email": email, "role": "viewer"})
    page = stranger(dora)
    page.goto(mails.link(email, "invitation"))
    expect(page.get_by_text("Dora invites you to “Orchard”")).to_be_visible(timeout=DEADLINE_MS)
    page.get_by_role("button", name="Create account").click()
    page.get_by_label("Name").fill("Guest")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()
    page.get_by_role("button", name="Join").click()
    page.wait_for_url(f"**/workspaces/{workspace['id']}")
    members = dora.api("GET", f"/api/workspaces/{workspace['id']}/members")["items"]
    assert isinstance(members, list)
    assert {member["role"] for member in members} == {"owner", "viewer"}


def test_a_share_link_lets_people_join_until_it_is_taken_back(people: Callable[[str], Person]) -> None:
    eva, finn = people("Eva"), people("Finn")
    workspace = eva.api("POST", "/api/workspaces", {"name": "Meadow"})["workspace"]
    assert isinstance(workspace, dict)
    links = f"/api/workspaces/{workspace['id']}/share-links"
    link = eva.api("POST", links, {"role": "member"})["link"]
    assert isinstance(link, dict)
    page = finn.tab()
    page.goto(f"/join#token={link['token']}")
    expect(page.get_by_text("lets you join “Meadow”. Your role: Member.")).to_be_visible(timeout=DEADLINE_MS)
    page.get_by_role("button", name="Join").click()
    page.wait_for_url(f"**/workspaces/{workspace['id']}")
    eva.api("DELETE", f"{links}/{link['id']}")
    for gone in (f"#token={link['token']}", NOT_A_TOKEN):
        page.goto("/login")
        page.goto(f"/join{gone}")
        expect(page.get_by_role("heading", name="This link has ended")).to_be_visible(timeout=DEADLINE_MS)


def test_a_link_without_its_token_says_so(people: Callable[[str], Person]) -> None:
    page = people("Greta").tab()
    for name in ("reset-password", "verify-email", "invitation", "join", "shared"):
        page.goto(f"/{name}")
        expect(page.get_by_role("heading", name="This link has ended")).to_be_visible(timeout=DEADLINE_MS)


def test_a_second_factor_is_set_up_and_turned_off_in_the_settings(people: Callable[[str], Person]) -> None:
    ida = people("Ida")
    page = ida.tab()
    page.goto("/settings")
    part = page.get_by_role("region", name="Second factor")
    part.get_by_role("button", name="Set up").click()
    uri = part.get_by_role("link").get_attribute("href", timeout=DEADLINE_MS)
    assert uri is not None
    totp = pyotp.parse_uri(uri)
    assert isinstance(totp, pyotp.TOTP)
    assert part.get_by_role("group").inner_text() == totp.secret
    part.get_by_label("Code").fill("000")
    part.get_by_role("button", name="Turn on").click()
    expect(part.get_by_text("This code is wrong")).to_be_visible(timeout=DEADLINE_MS)
    part.get_by_label("Code").fill(totp.now())
    part.get_by_role("button", name="Turn on").click()
    expect(part.get_by_role("group")).to_contain_text("-", timeout=DEADLINE_MS)
    codes = part.get_by_role("group").inner_text().split()
    assert len(set(codes)) == 10
    part.get_by_role("button", name="I have kept them").click()
    expect(part).to_contain_text("10 recovery codes left")
    assert not set(codes) & set(page.locator("body").inner_text().split())
    part.get_by_label("Code").fill(codes[0])
    part.get_by_role("button", name="New recovery codes").click()
    expect(part.get_by_role("group")).to_contain_text("-", timeout=DEADLINE_MS)
    renewed = part.get_by_role("group").inner_text().split()
    assert len(renewed) == 10 and not set(codes) & set(renewed)
    part.get_by_role("button", name="I have kept them").click()
    part.get_by_label("Code").fill(codes[1])
    part.get_by_role("button", name="Turn off").click()
    expect(part.get_by_text("This code is wrong")).to_be_visible(timeout=DEADLINE_MS)
    part.get_by_label("Code").fill(renewed[0])
    part.get_by_role("button", name="Turn off").click()
    expect(part.get_by_role("button", name="Set up")).to_be_visible(timeout=DEADLINE_MS)
    assert ida.api("GET", "/api/auth/second-factor")["enabled"] is False


def test_sessions_are_seen_and_ended(people: Callable[[str], Person]) -> None:
    jon = people("Jon")
    login = {"email": jon.email, "password": PASSWORD, "delivery": "body"}
    others = [jon.api("POST", "/api/auth/login", login) for _ in range(3)]
    page = jon.tab()
    page.goto("/settings")
    part = page.get_by_role("region", name="Sessions")
    expect(part.get_by_role("listitem")).to_have_count(4, timeout=DEADLINE_MS)
    expect(part.get_by_text("This session")).to_have_count(1)
    part.get_by_role("button", name="End the session").first.click()
    expect(part.get_by_role("listitem")).to_have_count(3, timeout=DEADLINE_MS)
    part.get_by_role("button", name="End all others").click()
    expect(part.get_by_role("listitem")).to_have_count(1, timeout=DEADLINE_MS)
    for other in others:
        answer = jon.context.request.post("/api/auth/refresh", data={"refreshToken": other["refreshToken"]})
        assert answer.status == 401
    page.reload()
    expect(part.get_by_role("listitem")).to_have_count(1, timeout=DEADLINE_MS)


def test_an_api_token_is_shown_once_works_and_is_revoked(people: Callable[[str], Person]) -> None:
    kim = people("Kim")
    page = kim.tab()
    page.goto("/settings")
    part = page.get_by_role("region", name="API tokens")
    expect(part.get_by_text("No tokens yet")).to_be_visible(timeout=DEADLINE_MS)
    part.get_by_label("Name").fill("Backup")
    part.get_by_role("button", name="Create token").click()
    token = part.get_by_role("group", name="Copy the token now").inner_text(timeout=DEADLINE_MS)
    asked = {"Authorization": f"Bearer {token}"}
    assert kim.context.request.get("/api/workspaces", headers=asked).status == 200
    assert kim.context.request.post("/api/workspaces", headers=asked, data={"name": "No"}).status == 403
    page.reload()
    expect(part.get_by_role("listitem")).to_contain_text("Backup", timeout=DEADLINE_MS)
    assert token not in page.content()
    part.get_by_role("button", name="Revoke Backup").click()
    page.get_by_role("dialog").get_by_role("button", name="Revoke").click()
    expect(part.get_by_text("No tokens yet")).to_be_visible(timeout=DEADLINE_MS)
    assert kim.context.request.get("/api/workspaces", headers=asked).status == 401


def test_a_note_is_read_and_edited_by_its_link(people: Callable[[str], Person]) -> None:
    lea = people("Lea")
    workspace = lea.api("POST", "/api/workspaces", {"name": "Kitchen"})["workspace"]
    assert isinstance(workspace, dict)
    body = {"title": "Bread", "content": "Flour\n\nWater\n"}
    note = lea.api("POST", f"/api/workspaces/{workspace['id']}/notes", body)["note"]
    assert isinstance(note, dict)
    links = f"/api/notes/{note['id']}/links"
    reading = lea.api("POST", links, {"password": PASSWORD})["link"]
    editing = lea.api("POST", links, {"access": "edit"})["link"]
    assert isinstance(reading, dict) and isinstance(editing, dict)
    page = stranger(lea)
    page.goto(f"/shared#token={reading['token']}")
    page.get_by_label("Password").fill("not this one, surely")
    page.get_by_role("button", name="Open").click()
    expect(page.get_by_text("This password is wrong")).to_be_visible(timeout=DEADLINE_MS)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Open").click()
    expect(page.get_by_role("article")).to_contain_text("Water", timeout=DEADLINE_MS)
    assert page.get_by_role("button", name="Edit").count() == 0
    page.goto("/login")
    page.goto(f"/shared#token={editing['token']}")
    page.get_by_role("button", name="Edit").click()
    lea.api("PUT", f"/api/notes/{note['id']}", {"content": "Rye flour\n\nWater\n"})
    page.get_by_label("Text of the note").fill("Flour\n\nWater\n\nSalt\n")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("article")).to_contain_text("Salt", timeout=DEADLINE_MS)
    assert lea.content(str(note["id"])) == "Rye flour\n\nWater\n\nSalt\n"
    lea.api("DELETE", f"{links}/{editing['id']}")
    page.reload()
    expect(page.get_by_role("heading", name="This link has ended")).to_be_visible(timeout=DEADLINE_MS)


def test_another_address_holds_once_the_mail_to_it_was_opened(people: Callable[[str], Person], mails: Mails) -> None:
    eve = people("Evelyn")
    page = eve.tab()
    page.goto("/settings")
    profile = page.get_by_role("region", name="Profile")
    profile.get_by_role("button", name="Change address").click()
    profile.get_by_label("New address").fill("evelyn@elsewhere.test")
    profile.get_by_label("Current password").fill("not this one")
    profile.get_by_role("button", name="Send the link").click()
    expect(profile.get_by_text("This password is wrong")).to_be_visible(timeout=DEADLINE_MS)
    profile.get_by_label("Current password").fill(PASSWORD)
    profile.get_by_role("button", name="Send the link").click()
    expect(profile.get_by_role("status")).to_contain_text("evelyn@elsewhere.test")
    page.goto(mails.link("evelyn@elsewhere.test", "verify-email"))
    expect(page.get_by_text("Your address is confirmed")).to_be_visible(timeout=DEADLINE_MS)
    page.goto("/settings")
    expect(profile).to_contain_text("evelyn@elsewhere.test")


LEAVE_WORDS = """(userId) => new Promise((done, fail) => {
  const opening = indexedDB.open('notevault')
  opening.onerror = () => fail(opening.error)
  opening.onsuccess = () => {
    const writing = opening.result.transaction('drafts', 'readwrite')
    writing.objectStore('drafts').put({ id: 'kept', userId, workspaceId: 'w', noteId: 'n', text: 'Not sent yet' })
    writing.oncomplete = () => (opening.result.close(), done())
  }
})"""
COUNT_WORDS = """() => new Promise((done) => {
  indexedDB.open('notevault').onsuccess = ({ target: { result } }) => {
    const counting = result.transaction('drafts').objectStore('drafts').count()
    counting.onsuccess = () => (result.close(), done(counting.result))
  }
})"""


def test_an_account_is_deleted_once_what_is_in_the_way_is_settled(people: Callable[[str], Person]) -> None:
    olaf, nora = people("Olaf"), people("Nora")  # somebody else is the administrator
    shared = nora.api("POST", "/api/workspaces", {"name": "Bakery"})["workspace"]
    nora.api("POST", "/api/workspaces", {"name": "Attic"})
    assert isinstance(shared, dict)
    members = f"/api/workspaces/{shared['id']}/members"
    nora.api("POST", members, {"userId": olaf.user_id, "role": "member"})
    page = nora.tab()
    page.goto("/settings")
    part = page.get_by_role("region", name="Delete account")
    dialog = page.get_by_role("dialog", name="Delete your account?")
    part.get_by_role("button", name="Delete account").click()
    expect(dialog.get_by_role("link", name="Bakery")).to_have_attribute("href", f"/workspaces/{shared['id']}")
    expect(dialog.get_by_role("button", name="Delete for good")).to_have_count(0)
    dialog.get_by_role("button", name="Cancel").click()
    nora.api("POST", f"/api/workspaces/{shared['id']}/transfer", {"userId": olaf.user_id})
    page.evaluate(LEAVE_WORDS, nora.user_id)
    part.get_by_role("button", name="Delete account").click()
    expect(dialog.get_by_role("link")).to_have_text(["Attic"], timeout=DEADLINE_MS)
    expect(dialog.get_by_role("alert")).to_contain_text("not sent yet")
    dialog.get_by_label("Current password").fill("not this one")
    dialog.get_by_role("button", name="Delete for good").click()
    expect(dialog.get_by_text("This password is wrong")).to_be_visible(timeout=DEADLINE_MS)
    dialog.get_by_label("Current password").fill(PASSWORD)
    dialog.get_by_role("button", name="Delete for good").click()
    page.wait_for_url("**/login")
    expect(page.get_by_text("Your account is deleted")).to_be_visible(timeout=DEADLINE_MS)
    assert page.evaluate(COUNT_WORDS) == 0
    sign_in(page, nora.email)
    expect(page.get_by_role("alert")).to_contain_text("wrong", timeout=DEADLINE_MS)
    left = olaf.api("GET", members)["items"]
    assert isinstance(left, list)
    assert [(one["userId"], one["role"]) for one in left] == [(olaf.user_id, "owner")]
