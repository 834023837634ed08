"""The connections of this node whose clients have shown who they are, by person and by sign-in."""

from typing import Protocol

from nvserver.core.principal import Principal


class Reachable(Protocol):
    """A connection, for whom it is only somebody to tell."""

    def tell(self, event: str, payload: object) -> None:
        """Send an event that belongs to no workspace. `payload` becomes JSON."""
        ...

    def dismiss(self, event: str, reason: str) -> None:
        """Tell `event` and put the client out; it does not come back by itself."""
        ...


class Registry:
    """Look-ups give copies, so that connections may end while they are gone through."""

    def __init__(self) -> None:
        self._by_user: dict[str, dict[str, set[Reachable]]] = {}
        """User id → sign-in id → connections."""
        self._user_by_sign_in: dict[str, str] = {}

    def add(self, principal: Principal, connection: Reachable) -> None:
        sign_ins = self._by_user.setdefault(principal.user_id, {})
        sign_ins.setdefault(principal.auth_session_id, set()).add(connection)
        self._user_by_sign_in[principal.auth_session_id] = principal.user_id

    def remove(self, principal: Principal, connection: Reachable) -> None:
        """Nothing if it is not there."""
        sign_ins = self._by_user.get(principal.user_id, {})
        connections = sign_ins.get(principal.auth_session_id, set())
        connections.discard(connection)
        if not connections:
            sign_ins.pop(principal.auth_session_id, None)
            self._user_by_sign_in.pop(principal.auth_session_id, None)
        if not sign_ins:
            self._by_user.pop(principal.user_id, None)

    def of_sign_in(self, auth_session_id: str) -> list[Reachable]:
        user_id = self._user_by_sign_in.get(auth_session_id)
        return [] if user_id is None else list(self._by_user[user_id][auth_session_id])

    @property
    def sign_ins(self) -> list[str]:
        """The ids of all sign-ins that have a connection."""
        return list(self._user_by_sign_in)

    def of_user(self, user_id: str) -> list[Reachable]:
        return [connection for group in self._by_user.get(user_id, {}).values() for connection in group]
