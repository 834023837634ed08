"""Second factors in memory."""

from collections.abc import Collection

import trio
from msgspec.structs import replace

from nvserver.ports.second_factors import SecondFactor


class MemorySecondFactors:
    """Fills the port `SecondFactorStore`."""

    def __init__(self) -> None:
        self._factors: dict[str, SecondFactor] = {}
        self._codes: dict[str, set[bytes]] = {}

    def forget_person(self, user_id: str) -> None:
        """See `AccountRemoval.remove`."""
        self._factors.pop(user_id, None)
        self._codes.pop(user_id, None)

    async def of_user(self, user_id: str) -> SecondFactor | None:
        """See `SecondFactorStore.of_user`."""
        await trio.lowlevel.checkpoint()
        return self._factors.get(user_id)

    async def begin(self, user_id: str, sealed: bytes) -> bool:
        """See `SecondFactorStore.begin`."""
        await trio.lowlevel.checkpoint()
        if self._confirmed(user_id) is not None:
            return False
        self._factors[user_id] = SecondFactor(user_id, sealed, None, 0)
        return True

    async def confirm(self, user_id: str, sealed: bytes, step: int, at: int, code_hashes: Collection[bytes]) -> bool:
        """See `SecondFactorStore.confirm`."""
        await trio.lowlevel.checkpoint()
        factor = self._factors.get(user_id)
        if factor is None or factor.sealed != sealed or factor.confirmed_at is not None:
            return False
        self._factors[user_id] = replace(factor, confirmed_at=at, last_step=step)
        self._codes[user_id] = set(code_hashes)
        return True

    async def use_step(self, user_id: str, step: int) -> bool:
        """See `SecondFactorStore.use_step`."""
        await trio.lowlevel.checkpoint()
        factor = self._confirmed(user_id)
        if factor is None or factor.last_step >= step:
            return False
        self._factors[user_id] = replace(factor, last_step=step)
        return True

    async def use_recovery_code(self, user_id: str, code_hash: bytes) -> bool:
        """See `SecondFactorStore.use_recovery_code`."""
        await trio.lowlevel.checkpoint()
        codes = self._codes.get(user_id, set())
        if code_hash not in codes:
            return False
        codes.remove(code_hash)
        return True

    async def recovery_codes_left(self, user_id: str) -> int:
        """See `SecondFactorStore.recovery_codes_left`."""
        await trio.lowlevel.checkpoint()
        return len(self._codes.get(user_id, ()))

    async def replace_recovery_codes(self, user_id: str, code_hashes: Collection[bytes]) -> None:
        """See `SecondFactorStore.replace_recovery_codes`."""
        await trio.lowlevel.checkpoint()
        if self._confirmed(user_id) is not None:
            self._codes[user_id] = set(code_hashes)

    async def remove(self, user_id: str) -> bool:
        """See `SecondFactorStore.remove`."""
        await trio.lowlevel.checkpoint()
        was_confirmed = self._confirmed(user_id) is not None
        self._factors.pop(user_id, None)
        self._codes.pop(user_id, None)
        return was_confirmed

    def _confirmed(self, user_id: str) -> SecondFactor | None:
        factor = self._factors.get(user_id)
        return factor if factor is not None and factor.confirmed_at is not None else None
