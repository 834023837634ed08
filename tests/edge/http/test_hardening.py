"""Hostile bodies, texts and callers who leave: what the server owns stays its own, nothing breaks, nothing is half done
(D5, D14, D15, D18)."""

import json
import random
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import trio

from nvserver.adapters import sqlite
from nvserver.core.limits import WorkspaceLimits
from nvserver.services.passwords import Passwords
from tests.edge.http.client import Client
from tests.edge.http.policy import NOWHERE, World, furnish, open_world
from tests.edge.http.running import PASSWORD, Api, ApiOptions, open_api
from tests.faults.sizes import lengths

OWNED: dict[str, Any] = {
    "id": NOWHERE,
    "ownerId": NOWHERE,
    "authorId": NOWHERE,
    "userId": NOWHERE,
    "creatorId": NOWHERE,
    "workspaceId": NOWHERE,
    "role": "admin",
    "systemRole": "admin",
    "emailVerified": True,
    "suspendedAt": None,
    "seq": 999_999,
    "epoch": 9,
    "createdAt": "2001-01-01T00:00:00.000Z",
    "updatedAt": "2001-01-01T00:00:00.000Z",
    "deletedAt": "2001-01-01T00:00:00.000Z",
    "passwordHash": "x",
    "__proto__": {"role": "admin"},
}
"""What only the server says."""


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """On a real database."""
    options = ApiOptions(open_store=lambda: sqlite.open_sqlite(tmp_path / "notevault.sqlite3"))
    async with open_world(options) as opened:
        yield opened


def owned_of(thing: dict[str, Any]) -> dict[str, Any]:
    """The fields that only the server changes, but the moment and seq of the last change."""
    return {name: part for name, part in thing.items() if name in OWNED and name not in ("updatedAt", "seq")}


async def test_what_the_server_owns_is_not_changed_by_any_body(world: World) -> None:
    owner, base = world.clients["owner"], f"/api/workspaces/{world.ids['workspaceId']}"
    note = f"/api/notes/{world.ids['noteId']}"
    for path, key, body in (
        (base, "workspace", {"name": "N"}),
        (note, "note", {"title": "N"}),
        (f"{base}/collections/{world.ids['collectionId']}", "collection", {"name": "N"}),
        (f"{base}/connections/{world.ids['connectionId']}", "connection", {"label": "N"}),
        ("/api/auth/me", "user", {"displayName": "N"}),
    ):
        before = (await owner.put(path, body))[key]
        after = (await owner.put(path, {**OWNED, **body}))[key]
        assert owned_of(after) == owned_of(before), path
        assert after.get("seq", 0) < OWNED["seq"]
    made = (await owner.post(f"{base}/notes", {**OWNED, "title": "T"}))["note"]
    assert (made["authorId"], made["workspaceId"]) == (owner.user["id"], world.ids["workspaceId"])
    assert (made["id"] != NOWHERE, made["createdAt"] != OWNED["createdAt"]) == (True, True)
    made = (await owner.post("/api/workspaces", {**OWNED, "name": "W"}))["workspace"]
    assert (made["ownerId"], made["role"], made["seq"]) == (owner.user["id"], "owner", 2)
    account = {"email": "new@notes.test", "password": PASSWORD, "displayName": "New"}
    user = (await world.api.nobody.post("/api/auth/register", {**OWNED, **account}))["user"]
    assert (user["role"], user["emailVerified"], user["id"] != NOWHERE) == ("user", False, True)


async def test_nobody_raises_himself_and_the_owner_stays(world: World) -> None:
    members = f"/api/workspaces/{world.ids['workspaceId']}/members"
    ids = {name: client.user.get("id") for name, client in world.clients.items()}
    for name in ("viewer", "member", "admin"):
        for role in ("owner", "admin"):
            reply = await world.clients[name]("PUT", f"{members}/{ids[name]}", {"role": role})
            assert reply.status in (200, 403, 409)
            assert reply.status != 200 or (name, role) == ("admin", "admin")
    for method, body in (("PUT", {"role": "viewer"}), ("DELETE", None)):
        for name in ("admin", "owner"):
            assert (await world.clients[name](method, f"{members}/{ids['owner']}", body)).code == "CONFLICT"
    seen = {one["userId"]: one["role"] for one in (await world.clients["owner"].get(members))["items"]}
    assert [seen[ids[name]] for name in ("viewer", "member", "admin", "owner")] == [
        "viewer", "member", "admin", "owner",
    ]  # fmt: skip


HOSTILE = (
    "' OR '1'='1",
    "'; DROP TABLE users; --",
    '" OR ""="',
    "1); DELETE FROM ops; --",
    "%",
    "_",
    "\\",
    "%' ESCAPE '",
    "$1",
    "?1",
    "${jndi:ldap://x.test}",
    "{{7*7}}",
    "<script>alert(1)</script>",
    "a\r\nSet-Cookie: x=1",
    "nv:lease:*",
    "*",
    "NEAR(a b)",
    'a AND "b" OR c*',
    "title:",
    "-",
    "\u202etxt.exe",
    "\ufeff",
    "a" * 400,
    "😀" * 50,
)


async def test_hostile_texts_are_texts(world: World) -> None:
    root, owner = world.clients["system admin"], world.clients["owner"]
    workspace = world.ids["workspaceId"]
    users = len((await root.get("/api/admin/users?limit=100"))["items"])
    for text in HOSTILE:
        quoted = quote(text, safe="")
        paths = (
            f"/api/search?q={quoted}",
            f"/api/search?q=tag:{quoted}",
            f"/api/workspaces/{workspace}/notes?tag={quoted}",
            f"/api/workspaces/{quoted}",
            f"/api/notes/{quoted}",
            f"/api/notes/{world.ids['noteId']}/at/{quoted}",
            f"/api/notifications?cursor={quoted}",
            f"/api/admin/audit?action={quoted}",
        )
        for path in paths:
            reply = await (root if "admin" in path else owner)("GET", path)
            assert reply.status < 500, (path, reply.body)
            assert "set-cookie" not in reply.headers
        found = await root("GET", f"/api/admin/users?q={quoted}")
        assert found.status in (200, 422)
        for user in found.json.get("items", ()):
            assert text.lower() in f"{user['email']} {user['displayName']}".lower(), text
        made = await owner("POST", f"/api/workspaces/{workspace}/notes", {"title": "T", "content": text})
        assert made.status == 201
        assert made.json["note"]["content"] == text.replace("\r\n", "\n")
    assert len((await root.get("/api/admin/users?limit=100"))["items"]) == users


async def test_known_and_unknown_addresses_cost_the_same_hashes(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """Time is what the hash costs; that it is made once, whoever asks, is what can be asserted on a busy machine."""
    await api.register("Ada")
    hashes: list[str] = []
    whole = Passwords._in_thread

    async def counted(self: Passwords, work: Any) -> Any:
        hashes.append("hash")
        return await whole(self, work)

    monkeypatch.setattr(Passwords, "_in_thread", counted)
    counts = []
    for email in ("ada@notes.test", "nobody@notes.test"):
        for path, body in (
            ("login", {"email": email, "password": "a wrong password"}),
            ("register", {"email": email, "password": PASSWORD, "displayName": "X"}),
            ("password/reset", {"email": email}),
        ):
            await api.nobody("POST", f"/api/auth/{path}", body)
            counts.append((path, len(hashes)))
            hashes.clear()
    assert counts[:3] == counts[3:] == [("login", 1), ("register", 1), ("password/reset", 0)]


@dataclass(frozen=True)
class Made:
    """What a POST to `path` makes, with its number in the field `name`; all of them stand at `path` again."""

    path: str
    name: str
    fixed: Mapping[str, Any] = field(default_factory=dict)

    def body(self, number: int) -> dict[str, Any]:
        return {**self.fixed, self.name: f"made-{number}"}


async def everything(client: Client, path: str) -> list[Any]:
    items: list[Any] = []
    cursor: str | None = ""
    while cursor is not None:
        page = await client.get(f"{path}?limit=100{cursor}")
        items += page["items"]
        cursor = page["nextCursor"] and f"&cursor={page['nextCursor']}"
    return items


async def leave(
    rng: random.Random, api: Api, method: str, path: str, body: dict[str, Any], token: str | None, key: str
) -> None:
    """Cut a request off at a random byte of its sending, or a random moment after it."""
    raw = json.dumps(body).encode()
    head = (
        f"{method} {path} HTTP/1.1\r\nHost: notes.test\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(raw)}\r\nIdempotency-Key: {key}\r\n\r\n"
    )
    whole = head.encode() + raw
    stream = await trio.open_tcp_stream("127.0.0.1", api.port)
    await stream.send_all(whole[: len(whole) if rng.random() < 0.5 else rng.randrange(1, len(whole))])
    for _ in range(rng.randrange(20)):
        await trio.lowlevel.checkpoint()
    await stream.aclose()


@lengths("each", 8, 1_000)
async def test_callers_who_leave_leave_nothing_half_done(rng: random.Random, tmp_path: Path, each: int) -> None:
    """D15: what was cut off was done wholly or not at all; repeated under its key it is there once."""
    options = ApiOptions(
        open_store=lambda: sqlite.open_sqlite(tmp_path / "notevault.sqlite3"),
        limits=WorkspaceLimits(max_collections=2_000, max_versions=2_000),
    )
    async with open_api(options) as api:
        ada = await api.register("Ada")
        ids = await furnish(ada)
        base, note = f"/api/workspaces/{ids['workspaceId']}", f"/api/notes/{ids['noteId']}"
        made = (
            Made("/api/workspaces", "name"),
            Made(f"{base}/notes", "title"),
            Made(f"{base}/collections", "name"),
            Made(f"{base}/chat", "text"),
            Made(f"{base}/events", "title", {"start": "2026-01-31T12:00:00Z"}),
            Made(f"{base}/connections", "label", {"fromNoteId": ids["noteId"], "toNoteId": ids["otherNoteId"]}),
            Made(f"{note}/versions", "name"),
        )
        cut = 0
        with trio.fail_after(60 + each):
            for kind in made:
                for first in range(0, each, 20):
                    async with trio.open_nursery() as nursery:
                        for number in range(first, min(first + 20, each)):
                            body, key = kind.body(number), f"{kind.path}-{number}"
                            nursery.start_soon(leave, rng, api, "POST", kind.path, body, ada.token, key)
                            cut += 1
                for number in range(each):
                    headers = {"Idempotency-Key": f"{kind.path}-{number}"}
                    reply = await ada("POST", kind.path, kind.body(number), headers=headers)
                    assert reply.status == 201, reply.body
                names = [str(item.get(kind.name)) for item in await everything(ada, kind.path)]
                wanted = [f"made-{number}" for number in range(each)]
                assert sorted(name for name in names if name.startswith("made-")) == sorted(wanted), kind.path
            for number in range(each):
                text = f"changed-{number}"
                await leave(rng, api, "PUT", note, {"title": text, "color": "#123456", "tags": [text]}, ada.token, "-")
                now = (await ada.get(note))["note"]
                assert now["title"] == "T" or now["tags"] == [now["title"]]
                cut += 1
        assert cut == each * (len(made) + 1)
        assert (await ada.put(note, {"title": "still works"}))["note"]


async def test_no_planted_secret_is_told_by_errors_health_or_metrics(api: Api) -> None:
    ada = await api.register("Ada")
    secrets = [PASSWORD, ada.token or "", (await ada.post("/api/auth/tokens", {"name": "T"}))["token"], "k" * 32]
    secrets.append((await ada.post("/api/auth/second-factor", {}))["secret"])
    replies = [
        await client(method, path, body)
        for client in (ada, Client(api.port), Client(api.port, secrets[2] + "x"))
        for method, path, body in (
            ("GET", "/metrics", None),
            ("GET", "/health", None),
            ("GET", "/ready", None),
            ("GET", "/api/auth/tokens", None),
            ("GET", "/api/auth/second-factor", None),
            ("GET", "/api/admin/audit", None),
            ("POST", "/api/auth/login", {"email": "ada@notes.test", "password": f"{PASSWORD}x"}),
            ("POST", "/api/auth/refresh", {"refreshToken": secrets[1]}),
            ("PUT", "/api/auth/me", {"displayName": 7, "password": PASSWORD}),
            ("POST", "/api/workspaces", b"{" + PASSWORD.encode()),
        )
    ]
    assert len(replies) == 30
    for reply in replies:
        assert not [secret for secret in secrets if secret.encode() in reply.body], reply.body
        assert b"Traceback" not in reply.body
