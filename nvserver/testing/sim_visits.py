"""What a simulated client asks as somebody who is in a workspace, beside its edits, and how it may be answered."""

import random
from collections.abc import Iterator, Mapping
from typing import Any, Final

_MAY_BE_TOLD: Final = frozenset({"UNAVAILABLE", "FORBIDDEN", "WORKSPACE_NOT_FOUND"})
"""A client that keeps the contract, and was not told that the workspace has let go of it."""


class Visits:
    """Of one connection, and of the next after `cut`. `is_inside` the workspace that the client types in, and
    `has_note_open`: as far as it was told."""

    def __init__(self, workspace_id: str, note_id: str, elsewhere: str | None, chance: random.Random) -> None:
        self.is_inside = self.has_note_open = False
        self._workspace_id = workspace_id
        self._note_id = note_id
        self._elsewhere = elsewhere
        self._chance = chance
        self._is_elsewhere = False
        self._asked: dict[int, str] = {}

    def cut(self) -> None:
        """The connection is over."""
        self._asked.clear()
        self.is_inside = self.has_note_open = self._is_elsewhere = False

    def wander(self, seq: int) -> Iterator[tuple[str, dict[str, object]]]:
        """What to ask, without waiting for an answer: the events and their payloads. `seq` is the newest edit that the
        client has processed."""
        here: dict[str, object] = {"workspaceId": self._workspace_id}
        match self._chance.choice(("status", "close", "leave", "elsewhere")):
            case "status":
                yield "presence:update", here | {"status": self._chance.choice(("away", "busy"))}
            case "close":
                self.has_note_open = False
                yield "note:close", here | {"noteId": self._note_id}
                yield "note:open", here | {"noteId": self._note_id, "since": seq}
            case "leave":
                self.is_inside = self.has_note_open = False
                yield "workspace:leave", here
            case _:
                yield from self._look_elsewhere()

    def _look_elsewhere(self) -> Iterator[tuple[str, dict[str, object]]]:
        if self._elsewhere is None:
            return
        there: dict[str, object] = {"workspaceId": self._elsewhere}
        if self._is_elsewhere and self._chance.random() < 0.5:
            yield "workspace:leave", there
            self._is_elsewhere = False
        if not self._is_elsewhere:
            yield "workspace:join", there
            self._is_elsewhere = True
        yield "presence:update", there | {"status": "busy"}

    def asked(self, ack: int, workspace_id: object) -> None:
        """This one is to be answered."""
        self._asked[ack] = str(workspace_id)

    def resync(self, workspace_id: str) -> None:
        """The client was told to join again: whatever it asked before may be refused."""
        self._asked = {ack: asked for ack, asked in self._asked.items() if asked != workspace_id}
        if workspace_id == self._elsewhere:
            self._is_elsewhere = False

    def answered(self, ack: int, result: Mapping[str, Any]) -> bool:
        """Whether it is the answer to one of these. Raises AssertionError for one that may not be."""
        workspace_id = self._asked.pop(ack, None)
        if workspace_id is None:
            return False
        if "error" in result:
            self.check(result)
            self.resync(workspace_id)  # not let in: what comes after it has nothing to stand on
        return True

    @staticmethod
    def check(result: Mapping[str, Any]) -> None:
        """That it is a refusal such a client may get."""
        code = result["error"]["code"]
        if code not in _MAY_BE_TOLD:
            raise AssertionError(f"a client that keeps the contract was told {code}")
