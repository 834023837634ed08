"""What schemathesis cannot make by itself: before it asks for something that is good once, or names somebody or a
secret, that is made. Loaded by `SCHEMATHESIS_HOOKS`; `NV_TEST_WORLD` tells where things are.

Only requests that lead to the things of the test are helped: ids of nothing stay what they are.
"""

import json
import os
import sqlite3
from collections.abc import Callable, Mapping
from typing import Any
from urllib.request import Request, urlopen
from uuid import uuid4

import schemathesis

WORLD = json.loads(os.environ["NV_TEST_WORLD"])
IDS = WORLD["ids"]
WORKSPACE = f"/api/workspaces/{IDS['workspaceId']}"
NOTE = f"/api/notes/{IDS['noteId']}"
OTHER = IDS["userId"]
FEW = 5
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108020000009077"
    "53de0000000c4944415408d763f8cfc000000301010018dd8db00000000049454e44ae426082"
)


def ask(method: str, path: str, body: object = None, *, token: str = WORLD["token"], form: bytes | None = None) -> Any:
    """The answer of the server, as the owner of everything."""
    data = form if form is not None else json.dumps(body).encode() if body is not None else b""
    kind = "multipart/form-data; boundary=part" if form is not None else "application/json"
    headers = {"Authorization": f"Bearer {token}", "Content-Type": kind}
    with urlopen(Request(WORLD["url"] + path, data or None, headers, method=method), timeout=60) as answer:
        text = answer.read()
    return json.loads(text) if text else {}


def part(name: str, content: bytes, *, file: str | None = None) -> bytes:
    named = f'; filename="{file}"' if file else ""
    return f'--part\r\nContent-Disposition: form-data; name="{name}"{named}\r\n\r\n'.encode() + content + b"\r\n"


def new_file(content: bytes = b"Text") -> str:
    form = part("workspaceId", IDS["workspaceId"].encode()) + part("file", content, file="a") + b"--part--\r\n"
    return str(ask("POST", "/api/files/upload", form=form)["files"][0]["id"])


def new_avatar() -> str:
    user = ask("POST", "/api/auth/me/avatar", form=part("file", PNG, file="a.png") + b"--part--\r\n")["user"]
    return str(user["avatarUrl"]).rpartition("/")[2]


def new_thread() -> dict[str, str]:
    thread = ask("POST", f"{NOTE}/comments", {"text": "Hello"})["thread"]
    return {"threadId": thread["id"], "commentId": thread["comments"][0]["id"]}


def new_invitation() -> Any:
    body = {"email": f"{uuid4().hex}@notes.test", "role": "viewer"}
    return ask("POST", f"{WORKSPACE}/members", body)["invitation"]


def new_member() -> str:
    if OTHER not in [one["userId"] for one in ask("GET", f"{WORKSPACE}/members?limit=100")["items"]]:
        ask("POST", f"{WORKSPACE}/members", {"userId": OTHER, "role": "viewer"})
    ask("PUT", f"{WORKSPACE}/members/{OTHER}", {"role": "member"})
    return str(OTHER)


def new_notification() -> str:
    new_member()
    ask("PUT", "/api/notifications/preferences", {"preferences": {"mention.chat": {"inApp": True, "email": False}}})
    ask("POST", f"{WORKSPACE}/chat", {"text": f"@[Root]({WORLD['userId']}) look"}, token=WORLD["otherToken"])
    return str(ask("GET", "/api/notifications?limit=1")["items"][0]["id"])


def new_session() -> str:
    ask("POST", "/api/auth/login", {"email": WORLD["email"], "password": WORLD["password"]})
    items = ask("GET", "/api/auth/sessions?limit=100")["items"]
    return str(next(one["id"] for one in reversed(items) if not one["isCurrent"]))


def new_quarantine() -> str:
    workspace = uuid4()
    with sqlite3.connect(WORLD["database"], timeout=60) as database:
        row = (workspace.bytes, 0, "node", "a test", 1)
        database.execute(
            "INSERT INTO quarantines (workspace_id, since, node, reason, crashes) VALUES (?, ?, ?, ?, ?)", row
        )
    return str(workspace)


def new_reaction() -> str:
    ask("POST", f"/api/chat/{IDS['messageId']}/reactions", {"emoji": IDS["emoji"]})
    return str(IDS["emoji"])


def with_room(path: str, kind: str, body: object) -> Callable[[], str]:
    """The id of a new thing of which somebody has few: those that the run has left are put away."""

    def make() -> str:
        items = ask("GET", f"{path}?limit=100")["items"]
        for one in items if len(items) > FEW else ():
            if one["id"] not in IDS.values():
                ask("DELETE", f"{path}/{one['id']}")
        return of(path, kind, body)()

    return make


def new_shared_workspace() -> str:
    workspace = of("/api/workspaces", "workspace", {"name": "W"})()
    ask("POST", f"/api/workspaces/{workspace}/members", {"userId": OTHER, "role": "viewer"})
    return workspace


def of(path: str, kind: str, body: object) -> Callable[[], str]:
    """The id of a new thing of that kind."""
    return lambda: str(ask("POST", path, body)[kind]["id"])


LINE = {"fromNoteId": IDS["noteId"], "toNoteId": IDS["otherNoteId"]}
NEW: Mapping[str, Callable[[], Any]] = {
    "DELETE /api/workspaces/{workspaceId}": of("/api/workspaces", "workspace", {"name": "W"}),
    "DELETE /api/notes/{noteId}": of(f"{WORKSPACE}/notes", "note", {"title": "T"}),
    "DELETE /api/files/{fileId}": new_file,
    "GET /api/files/{fileId}/thumbnail": lambda: new_file(PNG),
    "DELETE /api/chat/{messageId}": of(f"{WORKSPACE}/chat", "message", {"text": "Hello"}),
    "DELETE /api/chat/{messageId}/reactions/{emoji}": new_reaction,
    "DELETE /api/notes/{noteId}/comments/{threadId}/{commentId}": new_thread,
    "DELETE /api/notes/{noteId}/links/{linkId}": of(f"{NOTE}/links", "link", {}),
    "DELETE /api/notes/{noteId}/versions/{versionId}": of(f"{NOTE}/versions", "version", {"name": "V"}),
    "DELETE /api/workspaces/{workspaceId}/collections/{collectionId}": of(
        f"{WORKSPACE}/collections", "collection", {"name": "C"}
    ),
    "DELETE /api/workspaces/{workspaceId}/connections/{connectionId}": of(
        f"{WORKSPACE}/connections", "connection", LINE
    ),
    "DELETE /api/workspaces/{workspaceId}/events/{eventId}": of(
        f"{WORKSPACE}/events", "event", {"title": "E", "start": "2026-01-31T12:00:00Z"}
    ),
    "DELETE /api/workspaces/{workspaceId}/invitations/{invitationId}": lambda: new_invitation()["id"],
    "POST /api/workspaces/{workspaceId}/invitations/{invitationId}/resend": lambda: new_invitation()["id"],
    "DELETE /api/workspaces/{workspaceId}/members/{userId}": new_member,
    "PUT /api/workspaces/{workspaceId}/members/{userId}": new_member,
    "DELETE /api/workspaces/{workspaceId}/share-links/{linkId}": of(f"{WORKSPACE}/share-links", "link", {}),
    "DELETE /api/workspaces/{workspaceId}/webhooks/{webhookId}": with_room(
        f"{WORKSPACE}/webhooks", "webhook", {"url": "https://hooks.test/"}
    ),
    "DELETE /api/auth/tokens/{tokenId}": with_room("/api/auth/tokens", "apiToken", {"name": "T"}),
    "DELETE /api/auth/sessions/{sessionId}": new_session,
    "DELETE /api/search/saved/{searchId}": of("/api/search/saved", "search", {"name": "S", "query": "seeds"}),
    "DELETE /api/notifications/{notificationId}": new_notification,
    "PUT /api/notifications/{notificationId}/read": new_notification,
    "GET /api/avatars/{avatarId}": new_avatar,
    "GET /api/feeds/{secret}/calendar.ics": lambda: ask("POST", f"{WORKSPACE}/calendar/feed")["url"].split("/")[-2],
    "POST /api/admin/actors/{workspaceId}/release": new_quarantine,
    "POST /api/workspaces/{workspaceId}/transfer": new_shared_workspace,
}
"""What stands last in the path, or by name what stands in it."""

BODIES: Mapping[str, Callable[[], Mapping[str, Any]]] = {
    "POST /api/invitations/accept": lambda: {"token": new_invitation()["token"]},
    "POST /api/invitations/preview": lambda: {"token": new_invitation()["token"]},
    "POST /api/share-links/join": lambda: {"token": WORLD["shareToken"]},
    "POST /api/share-links/preview": lambda: {"token": WORLD["shareToken"]},
    "POST /api/shared-note": lambda: {"token": WORLD["linkToken"], "password": None},
    "PUT /api/shared-note": lambda: {"token": WORLD["linkToken"], "password": None},
    "POST /api/files/{fileId}/share": lambda: {"userIds": [new_member()]},
    "POST /api/workspaces/{workspaceId}/members": lambda: {"email": f"{uuid4().hex}@notes.test", "role": "viewer"},
    "POST /api/workspaces/{workspaceId}/transfer": lambda: {"userId": OTHER},
    "POST /api/files/upload": lambda: {"workspaceId": IDS["workspaceId"]},
}


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: dict[str, Any]) -> None:
    """Make what the request needs."""
    label = case.operation.label
    places = dict(case.path_parameters or {})
    if any(str(places.get(name, "")) != str(IDS[name]) for name in places if name in IDS):
        return
    parts = case.meta.components.values() if case.meta is not None else ()
    is_positive = bool(parts) and all(one.mode.is_positive for one in parts)
    case.freeze_metadata()  # what it was made as it stays: only what is named is put in
    if label in NEW:
        made = NEW[label]()
        *_, last = places
        case.path_parameters = {**places, **(made if isinstance(made, dict) else {last: made})}
    if label in BODIES and is_positive and isinstance(case.body, dict):
        case.body = {**case.body, **BODIES[label]()}
