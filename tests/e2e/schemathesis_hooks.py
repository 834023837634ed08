"""What schemathesis cannot make by itself: before it asks for something that is good once, or names somebody or a
secret, that is made. Loaded by `SCHEMATHESIS_HOOKS`; `NV_TEST_WORLD` tells where things are.

Only requests that lead to the things of the test are helped: ids of nothing stay what they are.
"""

import json
import os
import sqlite3
from collections.abc import Callable, Mapping
from http.cookiejar import CookieJar
from threading import Lock
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qs, urljoin, urlsplit
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, Request, build_opener, urlopen
from uuid import uuid4

import pyotp
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


def came_back(person: str, begun: str, body: object = None, *, token: str = "") -> tuple[dict[str, str], str]:
    """What a browser brings from the provider, and the cookie that it was sent there with."""
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    data = json.dumps(body or {}).encode()
    with urlopen(Request(WORLD["url"] + begun, data, headers, method="POST"), timeout=60) as answer:
        url, cookie = json.loads(answer.read())["url"], answer.headers["Set-Cookie"].split(";")[0].partition("=")[2]
    jar = HTTPCookieProcessor(CookieJar())
    browser = build_opener(jar, _Halt)
    for _ in range(10):
        if url.startswith(WORLD["home"]):
            return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}, cookie
        with browser.open(Request(url, headers={"X-Person": person}), timeout=60) as answer:
            url = urljoin(url, answer.headers["Location"])
    raise AssertionError("the provider leads nowhere")


class _Halt(HTTPRedirectHandler):
    """Redirects are answers."""

    def http_error_302(self, req: Any, fp: Any, code: int, msg: str, headers: Any) -> Any:
        return fp

    http_error_301 = http_error_303 = http_error_307 = http_error_302


def brought(path: str, back: Mapping[str, str], cookie: str, *, token: str = "") -> Any:
    """The answer to what a browser brought."""
    headers = {"Content-Type": "application/json", "Cookie": f"nv_provider={cookie}"}
    headers |= {"Authorization": f"Bearer {token}"} if token else {}
    data = json.dumps({**back, "delivery": "body"}).encode()
    try:
        with urlopen(Request(WORLD["url"] + path, data, headers, method="POST"), timeout=60) as answer:
            return json.loads(answer.read())
    except HTTPError as refusal:
        return json.loads(refusal.read())


def signing_in(person: str = "ada-1") -> tuple[dict[str, str], str]:
    return came_back(person, "/api/auth/providers/oidc/begin")


def linking() -> tuple[dict[str, str], str]:
    proof = {"provider": "oidc", "password": WORLD["password"]}
    return came_back("link-1", "/api/auth/identities/begin", proof, token=WORLD["token"])


def new_identity() -> str:
    return str(brought("/api/auth/identities", *linking(), token=WORLD["token"])["identity"]["id"])


GUEST = f"guarded-{os.environ['NV_TEST_RUN']}"


class Guarded:
    """Somebody who comes by the provider and has a second factor."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._token = ""
        self._codes: list[str] = []

    def new_ticket(self) -> dict[str, str]:
        base = "/api/auth/second-factor"
        with self._lock:
            if not self._token:
                self._token = brought("/api/auth/providers/finish", *signing_in(GUEST))["accessToken"]
                secret = ask("POST", base, token=self._token)["secret"]
                code = {"code": pyotp.TOTP(secret).now()}
                self._codes = ask("POST", f"{base}/confirm", code, token=self._token)["recoveryCodes"]
            if len(self._codes) == 1:
                code = {"code": self._codes.pop()}
                self._codes = ask("POST", f"{base}/recovery-codes", code, token=self._token)["recoveryCodes"]
            code = self._codes.pop()
        refusal = brought("/api/auth/providers/finish", *signing_in(GUEST))
        return {"ticket": refusal["error"]["details"]["ticket"], "code": code}


GUARDED = Guarded()


def new_delivery() -> str:
    """The newest: the log keeps no more than a hundred."""
    path = f"{WORKSPACE}/webhooks/{IDS['webhookId']}/deliveries?limit=1"
    return str(ask("GET", path)["items"][0]["id"])


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


def new_trashed_note() -> str:
    note = of(f"{WORKSPACE}/notes", "note", {"title": "T"})()
    ask("DELETE", f"/api/notes/{note}")
    return note


def of(path: str, kind: str, body: object) -> Callable[[], str]:
    """The id of a new thing of that kind."""
    return lambda: str(ask("POST", path, body)[kind]["id"])


OTHER_WAYS_BACK = ("versionId", "userId", "fromSeq", "toSeq")
LINE = {"fromNoteId": IDS["noteId"], "toNoteId": IDS["otherNoteId"]}
NEW: Mapping[str, Callable[[], Any]] = {
    "DELETE /api/workspaces/{workspaceId}": of("/api/workspaces", "workspace", {"name": "W"}),
    "DELETE /api/notes/{noteId}": of(f"{WORKSPACE}/notes", "note", {"title": "T"}),
    "DELETE /api/workspaces/{workspaceId}/trash/{noteId}": new_trashed_note,
    "DELETE /api/files/{fileId}": new_file,
    "GET /api/files/{fileId}/thumbnail": lambda: new_file(PNG),
    "DELETE /api/chat/{messageId}": of(f"{WORKSPACE}/chat", "message", {"text": "Hello"}),
    "DELETE /api/chat/{messageId}/reactions/{emoji}": new_reaction,
    "DELETE /api/notes/{noteId}/comments/{threadId}/{commentId}": new_thread,
    "DELETE /api/notes/{noteId}/links/{linkId}": with_room(f"{NOTE}/links", "link", {}),
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
    "DELETE /api/workspaces/{workspaceId}/share-links/{linkId}": with_room(f"{WORKSPACE}/share-links", "link", {}),
    "DELETE /api/workspaces/{workspaceId}/webhooks/{webhookId}": with_room(
        f"{WORKSPACE}/webhooks", "webhook", {"url": "https://hooks.test/"}
    ),
    "PUT /api/workspaces/{workspaceId}/webhooks/{webhookId}": with_room(
        f"{WORKSPACE}/webhooks", "webhook", {"url": "https://hooks.test/"}
    ),
    "DELETE /api/auth/tokens/{tokenId}": with_room("/api/auth/tokens", "apiToken", {"name": "T"}),
    "DELETE /api/auth/sessions/{sessionId}": new_session,
    "POST /api/auth/identities/{identityId}/unlink": new_identity,
    "POST /api/workspaces/{workspaceId}/webhooks/{webhookId}/deliveries/{deliveryId}/redeliver": new_delivery,
    "PUT /api/search/saved/{searchId}": with_room("/api/search/saved", "search", {"name": "S", "query": "seeds"}),
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
    "POST /api/auth/providers/second-factor": GUARDED.new_ticket,
    "POST /api/auth/email": lambda: {
        "email": f"{uuid4().hex}@notes.test",
        "password": WORLD["password"],
        "code": None,
    },
    "POST /api/auth/identities/begin": lambda: {"provider": "oidc", "password": WORLD["password"], "code": None},
    "POST /api/auth/identities/{identityId}/unlink": lambda: {"password": WORLD["password"], "code": None},
    "POST /api/auth/register": lambda: {"email": f"{uuid4().hex}@notes.test", "password": uuid4().hex},
    "POST /api/notes/{noteId}/revert": lambda: {"seq": IDS["seq"], **dict.fromkeys(OTHER_WAYS_BACK)},
    "POST /api/workspaces/{workspaceId}/connections": lambda: LINE,
}

JOURNEYS: Mapping[str, Callable[[], tuple[dict[str, str], str]]] = {
    "POST /api/auth/providers/finish": signing_in,
    "POST /api/auth/identities": linking,
}
"""Body and cookie of who comes back from the provider."""


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
    if label in JOURNEYS and is_positive and isinstance(case.body, dict):
        back, cookie = JOURNEYS[label]()
        case.body, case.cookies = {**case.body, **back}, {"nv_provider": cookie}
