"""The writers of a proof: people who type characters of which no two are alike, timed, each through a node of his
own."""

import itertools
import json
import math
import random
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import trio

from nvserver.core.ot import Operation
from nvserver.errors import OperatorError
from nvserver.testing.history import HistoryFile, Witness
from nvserver.testing.note_client import NoteClient
from nvserver.testing.prove_times import Timings
from nvserver.testing.realtime_client import RealtimeConnection
from nvserver.testing.replica import SentEdit

_PASSWORD = "proving that nothing is lost"  # noqa: S105 - of accounts that hold nothing
_CHARACTERS = 200_000
_TOKEN_SECONDS = 300.0
"""Well within the life of an access token."""


class Refused(OperatorError):
    """The cluster does not let the proof begin or go on; the text says why."""


class Unreachable(Refused):
    """There is nobody at the address."""


@dataclass(frozen=True, slots=True)
class Account:
    """Who writes. Without an e-mail the token is the user's own and is not made anew."""

    user_id: str
    token: str
    email: str | None = None


class TimedClient(NoteClient):
    """A note client that types no quicker than every `pause_seconds`, and whose acknowledgements are timed."""

    def __init__(self, *arguments: Any, timings: Timings, pause_seconds: float) -> None:
        super().__init__(*arguments)
        self._timings = timings
        self._pause_seconds = pause_seconds
        self._sent_at: dict[int, float] = {}
        self._may_type_at = 0.0

    async def _send_next(self, connection: RealtimeConnection, is_idle: bool) -> None:
        is_resting = trio.current_time() < self._may_type_at
        if not is_resting:
            self._may_type_at = trio.current_time() + self._pause_seconds
        await super()._send_next(connection, is_idle or is_resting)

    async def _process_next(self, connection: RealtimeConnection) -> None:
        """What comes, or nothing when it is time to type."""
        with trio.move_on_at(self._may_type_at if self.replica.is_clean and self._pause_seconds else math.inf):
            await super()._process_next(connection)

    async def _send(self, connection: RealtimeConnection, edit: SentEdit) -> None:
        self._sent_at.setdefault(edit.client_seq, trio.current_time())
        await super()._send(connection, edit)

    def _note_acknowledged(self, client_seq: int, seq: int) -> None:
        sent_at = self._sent_at.pop(client_seq, None)
        if sent_at is not None:
            self._timings.add(self._url, sent_at)
        super()._note_acknowledged(client_seq, seq)


@dataclass(slots=True)
class Writer:
    """One person at one node."""

    client: TimedClient
    file: HistoryFile
    workspace_id: str
    note_id: str
    account: Account
    url: str

    async def keep_signed_in(self) -> None:
        """Until cancelled. The connection goes on with the token that it has until the server asks for another."""
        while self.account.email is not None:
            await trio.sleep(_TOKEN_SECONDS)
            try:
                self.account = await trio.to_thread.run_sync(_sign_in, self.url, self.account)
            except (OSError, Refused):
                continue  # the node is being broken: later
            self.client.renew(self.account.token)


def unlike_characters() -> Iterator[str]:
    """Private use characters, each once."""
    planes = itertools.chain(range(0xF0000, 0xFFFFE), range(0x100000, 0x10FFFE))
    return (chr(code) for code in itertools.islice(planes, _CHARACTERS))


def found_writers(
    urls: list[str],
    workspaces: int,
    folder: Path,
    chance: random.Random,
    timings: Timings,
    *,
    token: str | None,
    pause_seconds: float,
) -> list[Writer]:
    """In each of so many new workspaces one writer at each address. Raises Refused."""
    characters = unlike_characters()
    writers: list[Writer] = []
    account = _known(urls[0], token) if token is not None else _register(urls[0])
    for number in range(workspaces):
        made = _call(urls[0], "POST", "/api/workspaces", account.token, {"name": f"Proof {number + 1}"})["workspace"]
        path = f"/api/workspaces/{made['id']}/notes"
        note = _call(urls[0], "POST", path, account.token, {"title": "Proof", "content": ""})["note"]
        for url in urls:
            file = HistoryFile(folder / f"writer-{len(writers) + 1}.jsonl")
            witness = Witness(file, account.user_id, made["id"], note["id"])
            client = TimedClient(
                *(url, account.token, made["id"], note["id"], _typing(chance, characters), lambda: None, witness),
                timings=timings,
                pause_seconds=pause_seconds,
            )
            writers.append(Writer(client, file, made["id"], note["id"], account, url))
    return writers


def text_at_rest(writer: Writer, url: str) -> str:
    """The note as REST shows it there."""
    return str(_call(url, "GET", f"/api/notes/{writer.note_id}", writer.account.token)["note"]["content"])


def _typing(chance: random.Random, characters: Iterator[str]) -> Any:
    def type_next(text: str) -> Operation | None:
        place = chance.randint(0, len(text))
        skip: Operation = (place,) if place else ()
        if len(text) > 400 or (place < len(text) and chance.random() < 0.4):
            count = min(len(text) - place, chance.randint(1, 3))
            return (*skip, -count) if count else None
        return (*skip, next(characters))

    return type_next


def _register(url: str) -> Account:
    email = f"prove-{uuid.uuid4()}@notes.test"
    body = {"email": email, "password": _PASSWORD, "displayName": "Prover", "delivery": "body"}
    try:
        answer = _call(url, "POST", "/api/auth/register", None, body)
    except Unreachable:
        raise
    except Refused as error:
        raise Refused(f"{error}; to write as somebody who is there, give his API token with --token") from error
    return Account(answer["user"]["id"], answer["accessToken"], email)


def _sign_in(url: str, account: Account) -> Account:
    body = {"email": account.email, "password": _PASSWORD, "delivery": "body"}
    return Account(account.user_id, _call(url, "POST", "/api/auth/login", None, body)["accessToken"], account.email)


def _known(url: str, token: str) -> Account:
    return Account(_call(url, "GET", "/api/auth/me", token)["user"]["id"], token)


def _call(url: str, method: str, path: str, token: str | None, body: object = None) -> Any:
    headers = {"Content-Type": "application/json", **({"Authorization": f"Bearer {token}"} if token else {})}
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url + path, data, headers, method=method)  # noqa: S310 - the address is the user's own
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310  # nosec B310
            return json.loads(answer.read())
    except urllib.error.HTTPError as error:
        raise Refused(f"{url} answers {method} {path} with {error.code}: {error.read(2_000).decode()}") from error
    except urllib.error.URLError as error:
        raise Unreachable(f"{url} cannot be reached: {error.reason}") from error
