"""The table of `tests/policy.yaml`, and a world in which every actor of it exists."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jwt
import yaml

from tests.edge.http.client import Client, Reply
from tests.edge.http.forms import upload
from tests.edge.http.running import KEY, PASSWORD, Api, ApiOptions, open_api

PUBLIC, SIGNED_IN, SYSTEM_ADMIN = "public", "signed in", "system admin"
VIEWER, MEMBER, ADMIN, OWNER = "viewer", "member", "admin", "owner"
RANKS = (VIEWER, MEMBER, ADMIN, OWNER)
NOBODY = ("anonymous", "made up", "refresh token", "disabled")
"""Those who are not let in at all."""
ACTORS = (*NOBODY, "expired", "system admin", "other owner", "non-member", "removed", *RANKS)
NOWHERE = "00000000-0000-4000-8000-000000000000"


@dataclass(frozen=True)
class Row:
    """See `tests/policy.yaml`."""

    needs: str
    status: int = 200
    body: Any = None
    raw: str | None = None
    type: str | None = None
    thing: str = "WORKSPACE_NOT_FOUND"
    query: str = ""
    own: bool = False
    last: int = 0


def _rows(table: Mapping[str, Mapping[str, Any]]) -> dict[str, Row]:
    rows = {name: Row(**fields) for name, fields in table.items()}
    assert all(row.needs in (PUBLIC, SIGNED_IN, SYSTEM_ADMIN, *RANKS) for row in rows.values())
    return dict(sorted(rows.items(), key=lambda pair: pair[1].last))


_TABLE = yaml.safe_load((Path(__file__).parents[2] / "policy.yaml").read_text("utf-8"))
POLICY: dict[tuple[str, str], Row] = {
    (name.partition(" ")[0], name.partition(" ")[2]): row for name, row in _rows(_TABLE["routes"]).items()
}
"""By method and path."""
EVENTS = _rows(_TABLE["events"])


def filled(value: Any, ids: Mapping[str, Any]) -> Any:
    """The value with the ids that it names by `$name`."""
    if isinstance(value, dict):
        return {name: filled(part, ids) for name, part in value.items()}
    if isinstance(value, list):
        return [filled(part, ids) for part in value]
    return ids[value[1:]] if isinstance(value, str) and value.startswith("$") else value


async def ask(
    client: Client,
    route: tuple[str, str],
    ids: Mapping[str, Any],
    *,
    path_ids: Mapping[str, Any] | None = None,
    method: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> Reply:
    """The answer at that route, with that route's body; `path_ids` stand in the path instead."""
    row = POLICY[route]
    body, sent = filled(row.body, ids), dict(headers or {})
    if row.raw is not None:
        body, sent["Content-Type"] = row.raw.format(**ids).encode(), row.type or "application/octet-stream"
    places = {**ids, **(path_ids or {})}
    path = route[1].format(**places) + row.query.format(**places)
    return await client(method or route[0], path, body, headers=sent)


async def furnish(owner: Client) -> dict[str, Any]:
    """A workspace with one of everything in it; the ids by the names that paths and bodies use."""
    workspace = (await owner.post("/api/workspaces", {"name": "W"}))["workspace"]["id"]
    base = f"/api/workspaces/{workspace}"
    note = (await owner.post(f"{base}/notes", {"title": "T"}))["note"]
    other = (await owner.post(f"{base}/notes", {"title": "Other"}))["note"]
    line = {"fromNoteId": note["id"], "toNoteId": other["id"]}
    thread = (await owner.post(f"/api/notes/{note['id']}/comments", {"text": "Hello"}))["thread"]
    return {
        "workspaceId": workspace,
        "threadId": thread["id"],
        "commentId": thread["comments"][0]["id"],
        "noteId": note["id"],
        "otherNoteId": other["id"],
        "seq": note["seq"],
        "collectionId": (await owner.post(f"{base}/collections", {"name": "C"}))["collection"]["id"],
        "messageId": (await owner.post(f"{base}/chat", {"text": "Hello"}))["message"]["id"],
        "connectionId": (await owner.post(f"{base}/connections", line))["connection"]["id"],
        "versionId": (await owner.post(f"/api/notes/{note['id']}/versions", {"name": "V"}))["version"]["id"],
        "emoji": "+1",
        "provider": "oidc",
        "secret": "x" * 43,
        "eventId": (await owner.post(f"{base}/events", {"title": "E", "start": "2026-01-31T12:00:00Z"}))["event"]["id"],
        "fileId": (await upload(owner, workspace, ("f.txt", "text/plain", b"Text")))[0]["id"],
    }


PERSONAL = (
    "sessionId",
    "tokenId",
    "identityId",
    "searchId",
    "notificationId",
    "accountId",
    "avatarId",
    "invitationId",
    "linkId",
    "webhookId",
    "deliveryId",
)
"""Things of a person, of which nobody here has any."""


@dataclass(frozen=True)
class World:
    """A workspace with one person in each role, and clients of all who are not in it. `ids` are its things, `foreign`
    those of a workspace of the other owner."""

    api: Api
    clients: Mapping[str, Client]
    ids: Mapping[str, Any]
    foreign: Mapping[str, Any]


@asynccontextmanager
async def open_world(options: ApiOptions | None = None) -> AsyncIterator[World]:
    async with open_api(options) as api:
        clients = {"system admin": await api.register("Root")}  # the first account
        for name in (*RANKS, "target", "stranger", "removed", "disabled", "non-member", "other owner"):
            clients[name] = await api.register(name.title().replace(" ", "-"))
        owner = clients[OWNER]
        ids = await furnish(owner)
        members = f"/api/workspaces/{ids['workspaceId']}/members"
        for name in (VIEWER, MEMBER, ADMIN, "target", "removed", "disabled"):
            role = {"target": VIEWER, "removed": ADMIN, "disabled": ADMIN}.get(name, name)
            await owner.post(members, {"userId": clients[name].user["id"], "role": role})
        notes = f"/api/workspaces/{ids['workspaceId']}/notes"
        ids |= {
            **dict.fromkeys(PERSONAL, NOWHERE),
            "userId": clients["target"].user["id"],
            "heir": clients[ADMIN].user["id"],
            "stranger": clients["stranger"].user["id"],
            "ownId": (await clients[MEMBER].post(notes, {"title": "Own"}))["note"]["id"],
            "ownFileId": (await upload(clients[MEMBER], ids["workspaceId"], ("own.txt", "x/y", b"Own")))[0]["id"],
        }
        assert (await owner("DELETE", f"{members}/{clients['removed'].user['id']}")).status == 204
        foreign = {**ids, **await furnish(clients["other owner"])}
        disabled = clients["disabled"].user["id"]
        assert await api.store.account_admin.set_suspended(disabled, api.clock.now_ms()) is not None
        api.verifier.forget(disabled)
        clients["anonymous"] = api.nobody
        claims = jwt.decode(owner.token or "", options={"verify_signature": False})
        kid = jwt.get_unverified_header(owner.token or "")["kid"]
        login = {"email": "owner@notes.test", "password": PASSWORD, "delivery": "body"}
        tokens = {
            "expired": jwt.encode({**claims, "exp": claims["iat"]}, KEY, "HS256", {"kid": kid}),
            "made up": jwt.encode(claims, b"x" * 32, "HS256", {"kid": kid}),
            "refresh token": (await api.nobody.post("/api/auth/login", login))["refreshToken"],
        }
        clients |= {name: Client(api.port, token) for name, token in tokens.items()}
        yield World(api, clients, ids, foreign)


def expected(actor: str, row: Row, *, own: bool = False) -> tuple[int, str | None]:
    """Status and error code, from the table alone."""
    if row.needs == PUBLIC:
        return row.status, None
    if actor == "expired":
        return 401, "TOKEN_EXPIRED"
    if actor in NOBODY:
        return 401, "UNAUTHENTICATED"
    if row.needs == SIGNED_IN or (row.needs == SYSTEM_ADMIN and actor == SYSTEM_ADMIN):
        return row.status, None
    if row.needs == SYSTEM_ADMIN:
        return 403, "FORBIDDEN"
    if actor not in RANKS:
        return 404, row.thing
    needed = MEMBER if own and row.own and actor == MEMBER else row.needs
    return (row.status, None) if RANKS.index(actor) >= RANKS.index(needed) else (403, "FORBIDDEN")
