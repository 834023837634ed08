"""Asking people to join, and links by which they do, through HTTP."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import trio

from tests.edge.http.client import Client
from tests.edge.http.running import PASSWORD, PUBLIC_URL, Api
from tests.edge.http.test_workspaces import make

EMAIL = "new@notes.test"


async def invite(person: Client, workspace: str, email: str = EMAIL, role: str = "member") -> dict[str, Any]:
    reply = await person("POST", f"/api/workspaces/{workspace}/members", {"email": email, "role": role})
    assert reply.status == 202, reply.body
    invitation: dict[str, Any] = reply.json["invitation"]
    return invitation


async def roles(person: Client, workspace: str) -> dict[str, str]:
    items = (await person.get(f"/api/workspaces/{workspace}/members"))["items"]
    return {item["displayName"]: item["role"] for item in items}


async def verify(api: Api, number: int) -> None:
    """Follow the link in the mail of that number."""
    with trio.fail_after(20):
        mail = await api.mailer.wait_sent(number)
    token = mail.text.partition("verify-email#token=")[2].split()[0]
    assert (await api.nobody("POST", "/api/auth/verify-email", {"token": token})).status == 204


async def test_an_unknown_address_is_invited_and_its_owner_joins_by_registering(api: Api) -> None:
    ada = await api.register("Ada")
    workspace = await make(ada)
    invitation = await invite(ada, workspace, " NEW@notes.test ")
    assert set(invitation) == {
        "id", "workspaceId", "email", "role", "inviterId", "createdAt", "expiresAt", "token", "url",
    }  # fmt: skip
    assert (invitation["email"], invitation["role"], invitation["inviterId"]) == (EMAIL, "member", ada.user["id"])
    with trio.fail_after(20):
        mail = await api.mailer.wait_sent(2)
    assert mail.to == EMAIL
    assert f"{PUBLIC_URL}/invitation#token={invitation['token']}" in mail.text
    (listed,) = (await ada.get(f"/api/workspaces/{workspace}/invitations"))["items"]
    assert listed == {name: value for name, value in invitation.items() if name not in ("token", "url")}
    new = await api.register("New")
    assert await roles(ada, workspace) == {"Ada": "owner"}  # an address alone proves nothing
    await verify(api, 3)
    assert await roles(ada, workspace) == {"Ada": "owner", "New": "member"}
    assert (await new.get(f"/api/workspaces/{workspace}"))["workspace"]["role"] == "member"
    assert (await ada.get(f"/api/workspaces/{workspace}/invitations"))["items"] == []
    gone = await new("POST", "/api/invitations/accept", {"token": invitation["token"]})
    assert (gone.status, gone.code) == (404, "INVITATION_NOT_FOUND")


async def test_whoever_has_the_token_sees_what_it_is_and_joins(api: Api) -> None:
    ada, bob = await api.register("Ada"), await api.register("Bob")
    workspace = await make(ada)
    invitation = await invite(ada, workspace, role="viewer")
    preview = await api.nobody.post("/api/invitations/preview", {"token": invitation["token"]})
    assert preview["invitation"] == {
        "workspaceName": "Plans",
        "inviterName": "Ada",
        "email": EMAIL,
        "role": "viewer",
        "expiresAt": invitation["expiresAt"],
    }
    joined = await bob.post("/api/invitations/accept", {"token": invitation["token"]})
    assert (joined["workspace"]["id"], joined["workspace"]["role"]) == (workspace, "viewer")
    assert await roles(ada, workspace) == {"Ada": "owner", "Bob": "viewer"}
    for client, path in ((api.nobody, "preview"), (await api.register("Cyd"), "accept")):
        assert (await client("POST", f"/api/invitations/{path}", {"token": invitation["token"]})).status == 404


async def test_a_link_sent_again_ends_the_first_and_a_revoked_one_is_over(api: Api) -> None:
    ada, bob = await api.register("Ada"), await api.register("Bob")
    workspace = await make(ada)
    first = await invite(ada, workspace)
    path = f"/api/workspaces/{workspace}/invitations/{first['id']}"
    again = await ada("POST", f"{path}/resend")
    assert again.status == 202
    second = again.json["invitation"]
    assert (second["id"], second["token"] != first["token"]) == (first["id"], True)
    assert (await bob("POST", "/api/invitations/accept", {"token": first["token"]})).status == 404
    assert (await ada("DELETE", path)).status == 204
    assert (await bob("POST", "/api/invitations/accept", {"token": second["token"]})).status == 404
    for method, target in (("DELETE", path), ("POST", f"{path}/resend")):
        reply = await ada(method, target)
        assert (reply.status, reply.code) == (404, "INVITATION_NOT_FOUND")


async def test_an_invitation_is_worth_what_its_inviter_may_when_it_is_accepted(api: Api) -> None:
    ada, bob, cyd = await api.register("Ada"), await api.register("Bob"), await api.register("Cyd")
    workspace = await make(ada)
    members = f"/api/workspaces/{workspace}/members"
    await ada.post(members, {"userId": bob.user["id"], "role": "admin"})
    refused = await bob("POST", members, {"email": EMAIL, "role": "owner"})
    assert (refused.status, refused.code) == (409, "CONFLICT")
    invitation = await invite(bob, workspace)
    await ada.put(f"{members}/{bob.user['id']}", {"role": "member"})
    assert (await bob("POST", members, {"email": "x@y.z", "role": "viewer"})).code == "FORBIDDEN"
    assert (await cyd("POST", "/api/invitations/accept", {"token": invitation["token"]})).status == 404
    assert await roles(ada, workspace) == {"Ada": "owner", "Bob": "member"}


async def test_an_invitation_ends(api: Api) -> None:
    ada, bob = await api.register("Ada"), await api.register("Bob")
    workspace = await make(ada)
    invitation = await invite(ada, workspace)
    api.clock.advance(14 * 86_400 + 1)
    login = await api.nobody.post("/api/auth/login", {"email": "bob@notes.test", "password": PASSWORD})
    bob = Client(api.port, login["accessToken"])
    assert (await bob("POST", "/api/invitations/accept", {"token": invitation["token"]})).status == 404


@pytest.mark.parametrize(
    "body",
    [{"email": "nobody", "role": "member"}, {"email": EMAIL}, {"email": EMAIL, "role": "root"}, {"role": "member"}],
)
async def test_bad_invitations_send_nothing(api: Api, body: dict[str, Any]) -> None:
    ada = await api.register("Ada")
    workspace = await make(ada)
    assert (await ada("POST", f"/api/workspaces/{workspace}/members", body)).status == 422
    assert (await ada.get(f"/api/workspaces/{workspace}/invitations"))["items"] == []


# --- share links -------------------------------------------------------------------------------------------------


async def share(person: Client, workspace: str, **fields: Any) -> dict[str, Any]:
    link: dict[str, Any] = (await person.post(f"/api/workspaces/{workspace}/share-links", fields))["link"]
    return link


async def join(person: Client, link: dict[str, Any]) -> int:
    return (await person("POST", "/api/share-links/join", {"token": link["token"]})).status


async def test_a_share_link_lets_as_many_in_as_it_says_with_its_role(api: Api) -> None:
    ada = await api.register("Ada")
    workspace = await make(ada)
    link = await share(ada, workspace, role="viewer", maxUses=2)
    assert link["url"] == f"{PUBLIC_URL}/join#token={link['token']}"
    people = [await api.register(f"P{number}") for number in range(5)]
    statuses: list[int] = []

    async def come(person: Client) -> None:
        statuses.append(await join(person, link))

    assert await join(ada, link) == 200  # she is in: nothing is used up, and she stays the owner
    async with trio.open_nursery() as nursery:
        for person in people:
            nursery.start_soon(come, person)
    assert sorted(statuses) == [200, 200, 404, 404, 404]
    assert sorted((await roles(ada, workspace)).values()) == ["owner", "viewer", "viewer"]
    (listed,) = (await ada.get(f"/api/workspaces/{workspace}/share-links"))["items"]
    assert (listed["uses"], listed["maxUses"], "token" in listed) == (2, 2, False)
    assert (await api.nobody("POST", "/api/share-links/preview", {"token": link["token"]})).status == 404


async def test_a_share_link_is_shown_ends_and_is_revoked(api: Api) -> None:
    ada, bob = await api.register("Ada"), await api.register("Bob")
    workspace = await make(ada)
    soon = (datetime.now(UTC) + timedelta(seconds=60)).isoformat()
    brief, endless = await share(ada, workspace, expiresAt=soon), await share(ada, workspace)
    preview = await api.nobody.post("/api/share-links/preview", {"token": endless["token"]})
    assert preview["link"] == {"workspaceName": "Plans", "role": "viewer", "expiresAt": None}
    api.clock.advance(61)
    assert await join(bob, brief) == 404
    path = f"/api/workspaces/{workspace}/share-links/{endless['id']}"
    assert (await ada("DELETE", path)).status == 204
    assert (await ada("DELETE", path)).code == "LINK_NOT_FOUND"
    assert await join(bob, endless) == 404
    assert (await ada.get(f"/api/workspaces/{workspace}/share-links"))["items"] == []


async def test_a_share_link_grants_no_more_than_its_maker_may(api: Api) -> None:
    ada, bob, cyd = await api.register("Ada"), await api.register("Bob"), await api.register("Cyd")
    workspace = await make(ada)
    members = f"/api/workspaces/{workspace}/members"
    await ada.post(members, {"userId": bob.user["id"], "role": "admin"})
    assert (await bob("POST", f"/api/workspaces/{workspace}/share-links", {"role": "owner"})).code == "CONFLICT"
    link = await share(bob, workspace, role="admin", maxUses=1)
    assert (await ada("DELETE", f"{members}/{bob.user['id']}")).status == 204
    assert await join(cyd, link) == 404
    assert await roles(ada, workspace) == {"Ada": "owner"}
    (listed,) = (await ada.get(f"/api/workspaces/{workspace}/share-links"))["items"]
    assert listed["uses"] == 0


@pytest.mark.parametrize(
    "body",
    [
        {"role": "root"},
        {"maxUses": 0},
        {"maxUses": "many"},
        {"expiresAt": "tomorrow"},
        {"expiresAt": "2026-01-01T00:00:00"},
        {"expiresAt": "2020-01-01T00:00:00Z"},
    ],
)
async def test_bad_share_links_are_not_made(api: Api, body: dict[str, Any]) -> None:
    ada = await api.register("Ada")
    workspace = await make(ada)
    assert (await ada("POST", f"/api/workspaces/{workspace}/share-links", body)).status == 422
    assert (await ada.get(f"/api/workspaces/{workspace}/share-links"))["items"] == []


# --- links to notes ----------------------------------------------------------------------------------------------


async def linked(person: Client, **fields: Any) -> tuple[str, str, dict[str, Any]]:
    """The ids of a workspace and of a note in it, and a link to the note."""
    workspace = await make(person)
    note = (await person.post(f"/api/workspaces/{workspace}/notes", {"title": "T", "content": "one"}))["note"]["id"]
    link: dict[str, Any] = (await person.post(f"/api/notes/{note}/links", fields))["link"]
    return workspace, note, link


async def test_anybody_reads_by_a_link_and_nothing_of_the_people_is_told(api: Api) -> None:
    ada = await api.register("Ada")
    _, note, link = await linked(ada)
    assert link["url"] == f"{PUBLIC_URL}/shared#token={link['token']}"
    read = await api.nobody.post("/api/shared-note", {"token": link["token"]})
    assert read["access"] == "read"
    assert set(read["note"]) == {"title", "content", "seq", "updatedAt"}
    assert (read["note"]["title"], read["note"]["content"]) == ("T", "one")
    refused = await api.nobody("PUT", "/api/shared-note", {"token": link["token"], "content": "two"})
    assert refused.code == "FORBIDDEN"
    (listed,) = (await ada.get(f"/api/notes/{note}/links"))["items"]
    assert "token" not in listed
    assert (await ada("DELETE", f"/api/notes/{note}/links/{link['id']}")).status == 204
    gone = await api.nobody("POST", "/api/shared-note", {"token": link["token"]})
    assert (gone.status, gone.code) == (404, "LINK_NOT_FOUND")


async def test_an_edit_by_a_link_is_merged_as_any(api: Api) -> None:
    ada = await api.register("Ada")
    _, note, link = await linked(ada, access="edit")
    token = {"token": link["token"]}
    seq = (await api.nobody.post("/api/shared-note", token))["note"]["seq"]
    await ada.put(f"/api/notes/{note}", {"content": "zero one"})
    put = await api.nobody.put("/api/shared-note", {**token, "content": "one two", "baseSeq": seq})
    assert (put["note"]["content"], put["merged"]) == ("zero one two", True)
    assert (await ada.get(f"/api/notes/{note}"))["note"]["content"] == "zero one two"
    assert (await api.nobody("PUT", "/api/shared-note", {**token, "content": "a\0b"})).status == 422


async def test_a_link_with_a_password_needs_it(api: Api) -> None:
    ada = await api.register("Ada")
    _, _, link = await linked(ada, password="open sesame")
    assert link["hasPassword"]
    for password, status in ((None, 403), ("a wrong one", 403), ("x", 403), ("x" * 1025, 422), ("open sesame", 200)):
        body = {"token": link["token"], "password": password}
        assert (await api.nobody("POST", "/api/shared-note", body)).status == status


async def test_a_link_ends_with_its_time_its_note_and_its_makers_right(api: Api) -> None:
    ada, bob = await api.register("Ada"), await api.register("Bob")
    soon = (datetime.now(UTC) + timedelta(seconds=60)).isoformat()
    _, _, brief = await linked(ada, expiresAt=soon)
    _, trashed_note, trashed = await linked(ada)
    workspace, note, _ = await linked(ada)
    members = f"/api/workspaces/{workspace}/members"
    await ada.post(members, {"userId": bob.user["id"], "role": "member"})
    edit = (await bob.post(f"/api/notes/{note}/links", {"access": "edit"}))["link"]

    async def status(link: dict[str, Any], method: str = "POST") -> int:
        return (await api.nobody(method, "/api/shared-note", {"token": link["token"], "title": "N"})).status

    assert [await status(link) for link in (brief, trashed, edit)] == [200, 200, 200]
    await ada.put(f"{members}/{bob.user['id']}", {"role": "viewer"})
    assert (await status(edit), await status(edit, "PUT")) == (200, 403)
    assert (await ada("DELETE", f"{members}/{bob.user['id']}")).status == 204
    assert (await ada("DELETE", f"/api/notes/{trashed_note}")).status == 204
    api.clock.advance(61)
    assert [await status(link) for link in (brief, trashed, edit)] == [404, 404, 404]
