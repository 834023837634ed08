"""What is put aside because it failed: workspaces that crash again and again, messages that make them crash."""

from collections.abc import Sequence
from typing import Protocol

import msgspec


class Quarantined(msgspec.Struct, frozen=True):
    """A workspace that stays closed until it is released. `since` in milliseconds since 1970 UTC, `node` the one that
    closed it after so many `crashes`, `reason` what the last of them was (never note text)."""

    workspace_id: str
    since: int
    node: str
    reason: str
    crashes: int


class PoisonMessage(msgspec.Struct, frozen=True):
    """A message whose handling failed, as it was. `body`: JSON, `digest`: the blake2b-16 of it, `error`: what it led
    to."""

    workspace_id: str
    digest: bytes
    at: int
    kind: str
    error: str
    body: bytes


class QuarantineStore(Protocol):
    """Shared by all nodes. Every method raises `Unavailable` when the store cannot answer."""

    async def put(self, quarantined: Quarantined) -> None:
        """Keep it; one that is there already stays as it is."""
        ...

    async def all(self) -> Sequence[Quarantined]:
        """Every quarantined workspace, in order of id."""
        ...

    async def release(self, workspace_id: str) -> bool:
        """Let the workspace go; False when it was not quarantined. Its poison messages stay."""
        ...

    async def keep(self, poison: PoisonMessage, *, newest: int) -> None:
        """Keep the message, and of its workspace only the `newest` in all. The same message again is kept once, with
        its latest time and error."""
        ...

    async def poison(self, workspace_id: str, *, limit: int) -> Sequence[PoisonMessage]:
        """The messages that are kept of the workspace, newest first."""
        ...
