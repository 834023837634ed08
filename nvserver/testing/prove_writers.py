"""The writers of a proof: people who type characters of which no two are alike, timed, each through a node of his
own."""

import itertools
import json
import random
import urllib.request
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import trio

from nvserver.core.ot import Operation
from nvserver.testing.history import HistoryFile, Witness
from nvserver.testing.note_client import NoteClient
from nvserver.testing.realtime_client import RealtimeConnection
from nvserver.testing.replica import SentEdit

_PASSWORD = "proving that nothing is lost"  # noqa: S105 - of accounts that hold nothing
_CHARACTERS = 200_000


@dataclass(slots=True)
class Timings:
    """Milliseconds from a writer's edit to its acknowledgement, by the second since the start."""

    began: float
    by_second: dict[int, list[float]] = field(default_factory=dict)

    def add(self, milliseconds: float) -> None:
        self.by_second.setdefault(int(trio.current_time() - self.began), []).append(milliseconds)

    @property
    def all(self) -> list[float]:
        return sorted(value for values in self.by_second.values() for value in values)


class TimedClient(NoteClient):
    """A note client whose acknowledgements are timed."""

    timings: Timings

    def __init__(self, *arguments: Any, timings: Timings) -> None:
        super().__init__(*arguments)
        self.timings = timings
        self._sent_at: dict[int, float] = {}

    async def _send(self, connection: RealtimeConnection, edit: SentEdit) -> None:
        self._sent_at.setdefault(edit.client_seq, trio.current_time())
        await super()._send(connection, edit)

    def _note_acknowledged(self, client_seq: int, seq: int) -> None:
        sent_at = self._sent_at.pop(client_seq, None)
        if sent_at is not None:
            self.timings.add((trio.current_time() - sent_at) * 1000)
        super()._note_acknowledged(client_seq, seq)


@dataclass(slots=True)
class Writer:
    """One person at one node."""

    client: TimedClient
    file: HistoryFile
    workspace_id: str
    note_id: str
    token: str
    url: str


def unlike_characters() -> Iterator[str]:
    """Private use characters, each once."""
    planes = itertools.chain(range(0xF0000, 0xFFFFE), range(0x100000, 0x10FFFE))
    return (chr(code) for code in itertools.islice(planes, _CHARACTERS))


def found_writers(
    urls: list[str], workspaces: int, folder: Path, chance: random.Random, timings: Timings
) -> list[Writer]:
    """In each of so many new workspaces one writer at each address."""
    characters = unlike_characters()
    writers: list[Writer] = []
    for number in range(workspaces):
        token, user_id = _register(urls[0])
        workspace = _call(urls[0], "POST", "/api/workspaces", token, {"name": f"Proof {number + 1}"})["workspace"]
        path = f"/api/workspaces/{workspace['id']}/notes"
        note = _call(urls[0], "POST", path, token, {"title": "Proof", "content": ""})["note"]
        for url in urls:
            file = HistoryFile(folder / f"writer-{len(writers)}.jsonl")
            witness = Witness(file, user_id, workspace["id"], note["id"])
            client = TimedClient(
                *(url, token, workspace["id"], note["id"], _typing(chance, characters), lambda: None, witness),
                timings=timings,
            )
            writers.append(Writer(client, file, workspace["id"], note["id"], token, url))
    return writers


def text_at_rest(writer: Writer, url: str) -> str:
    """The note as REST shows it there."""
    return str(_call(url, "GET", f"/api/notes/{writer.note_id}", writer.token)["note"]["content"])


def _typing(chance: random.Random, characters: Iterator[str]) -> Any:
    def type_next(text: str) -> Operation | None:
        place = chance.randint(0, len(text))
        skip: Operation = (place,) if place else ()
        if len(text) > 400 or (place < len(text) and chance.random() < 0.4):
            count = min(len(text) - place, chance.randint(1, 3))
            return (*skip, -count) if count else None
        return (*skip, next(characters))

    return type_next


def _register(url: str) -> tuple[str, str]:
    body = {"email": f"prove-{uuid.uuid4()}@notes.test", "password": _PASSWORD, "displayName": "Prover"}
    answer = _call(url, "POST", "/api/auth/register", None, {**body, "delivery": "body"})
    return answer["accessToken"], answer["user"]["id"]


def _call(url: str, method: str, path: str, token: str | None, body: object = None) -> Any:
    headers = {"Content-Type": "application/json", **({"Authorization": f"Bearer {token}"} if token else {})}
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url + path, data, headers, method=method)  # noqa: S310 - the address is the user's own
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310  # nosec B310
        return json.loads(answer.read())
