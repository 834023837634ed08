"""A room in which one sends what is bad, and a bystander must not notice."""

from dataclasses import dataclass
from typing import Any

from tests.e2e.teams import Desk, Team

TEXT = "héllo 😀 wörld"
PATIENCE_SECONDS = 60
LARGEST_NOTE = 2_000_000
INVALID = "VALIDATION_FAILED"

Payload = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Room:
    """`bad` sends what is bad, `bystander` must not notice."""

    team: Team
    bad: Desk
    bystander: Desk

    async def check_undisturbed(self, seq: int) -> None:
        """The note and the seq are as before, and the bystander still edits."""
        note = await self.team.note()
        assert await self.team.seq() == seq
        assert note["content"] == TEXT
        added = await self.bystander.edit([len(TEXT), "!"], seq)
        assert added["seq"] == seq + 1
        removed = await self.bystander.edit([len(TEXT), {"d": 1}], seq + 1)
        assert removed["seq"] == seq + 2
        assert (await self.team.note())["content"] == TEXT

    def good(self, seq: int) -> Payload:
        """A payload that holds whatever an event may want."""
        return {
            "workspaceId": self.team.workspace_id,
            "noteId": self.team.note_id,
            "clientId": self.bad.client_id,
            "clientSeq": 1,
            "baseSeq": seq,
            "op": ["x"],
            "status": "online",
            "set": {},
        }
