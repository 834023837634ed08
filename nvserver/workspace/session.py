"""A connection as a workspace sees it."""

from typing import Generic, Protocol, TypeVar, runtime_checkable

from nvserver.core.principal import Principal as Principal
from nvserver.workspace.events import WorkspaceEvent

E = TypeVar("E", bound=WorkspaceEvent, covariant=True)


class Broadcast(Generic[E]):
    """An event on its way to many sessions. The first session that needs it encoded stores the result here for the
    others."""

    __slots__ = ("encoded", "event", "for_nodes")

    def __init__(self, event: E) -> None:
        self.event = event
        self.encoded: object = None
        """Whatever the edge caches; None until somebody encoded it."""
        self.for_nodes: bytes | None = None
        """The same for other nodes."""


@runtime_checkable
class Session(Protocol):
    """One connection of one client. A client that comes back has a new session and its old `client_id`."""

    @property
    def id(self) -> str: ...

    @property
    def client_id(self) -> str: ...

    @property
    def principal(self) -> Principal: ...

    def deliver(self, broadcast: Broadcast[WorkspaceEvent]) -> None:
        """Put the event into the session's outbox. Never blocks, never raises: a full outbox follows its overflow
        policy."""
        ...

    def detached(self, workspace_id: str) -> None:
        """The workspace has let go of this session (removed from it, deleted, restarted). Never blocks, never
        raises."""
        ...
