"""Identities at providers, in memory."""

from collections.abc import Sequence

import trio

from nvserver.ports.identities import Identity


class MemoryIdentities:
    """Fills the port `IdentityStore`."""

    def __init__(self) -> None:
        self._identities: dict[tuple[str, str], Identity] = {}

    def forget_person(self, user_id: str) -> None:
        """See `AccountRemoval.remove`."""
        self._identities = {key: one for key, one in self._identities.items() if one.user_id != user_id}

    async def owner(self, issuer: str, subject: str) -> str | None:
        """See `IdentityStore.owner`."""
        await trio.lowlevel.checkpoint()
        identity = self._identities.get((issuer, subject))
        return None if identity is None else identity.user_id

    async def link(self, identity: Identity) -> bool:
        """See `IdentityStore.link`."""
        await trio.lowlevel.checkpoint()
        return self._identities.setdefault((identity.issuer, identity.subject), identity) is identity

    async def of_user(self, user_id: str) -> Sequence[Identity]:
        """See `IdentityStore.of_user`."""
        await trio.lowlevel.checkpoint()
        found = [identity for identity in self._identities.values() if identity.user_id == user_id]
        return sorted(found, key=lambda identity: (identity.linked_at, identity.issuer, identity.subject))

    async def unlink(self, user_id: str, issuer: str, subject: str, *, keeps_one: bool = False) -> bool:
        """See `IdentityStore.unlink`."""
        await trio.lowlevel.checkpoint()
        mine = [key for key, identity in self._identities.items() if identity.user_id == user_id]
        if (issuer, subject) not in mine or (keeps_one and len(mine) == 1):
            return False
        del self._identities[issuer, subject]
        return True
