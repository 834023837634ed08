"""The connections of this node whose clients have shown who they are, by person and by sign-in."""

from collections.abc import Iterator
from typing import Generic, TypeVar

from nvserver.core.principal import Principal

C = TypeVar("C")


class Registry(Generic[C]):
    """Look-ups give copies, so that connections may end while they are gone through."""

    def __init__(self) -> None:
        self._by_user: dict[str, dict[str, set[C]]] = {}
        """User id → sign-in id → connections."""
        self._user_by_sign_in: dict[str, str] = {}

    def add(self, principal: Principal, connection: C) -> None:
        sign_ins = self._by_user.setdefault(principal.user_id, {})
        sign_ins.setdefault(principal.auth_session_id, set()).add(connection)
        self._user_by_sign_in[principal.auth_session_id] = principal.user_id

    def remove(self, principal: Principal, connection: C) -> None:
        """Nothing if it is not there."""
        sign_ins = self._by_user.get(principal.user_id, {})
        connections = sign_ins.get(principal.auth_session_id, set())
        connections.discard(connection)
        if not connections:
            sign_ins.pop(principal.auth_session_id, None)
            self._user_by_sign_in.pop(principal.auth_session_id, None)
        if not sign_ins:
            self._by_user.pop(principal.user_id, None)

    def of_sign_in(self, auth_session_id: str) -> list[C]:
        user_id = self._user_by_sign_in.get(auth_session_id)
        return [] if user_id is None else list(self._by_user[user_id][auth_session_id])

    @property
    def sign_ins(self) -> list[str]:
        """The ids of all sign-ins that have a connection."""
        return list(self._user_by_sign_in)

    def of_user(self, user_id: str) -> list[C]:
        return [connection for group in self._by_user.get(user_id, {}).values() for connection in group]

    def __iter__(self) -> Iterator[C]:
        return iter([c for sign_ins in self._by_user.values() for group in sign_ins.values() for c in group])
