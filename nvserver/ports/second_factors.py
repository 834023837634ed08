"""Where second factors are kept: the secret of an authenticator app, and recovery codes."""

from collections.abc import Collection
from typing import Protocol

import msgspec


class SecondFactor(msgspec.Struct, frozen=True):
    """`sealed` is the secret, encrypted; `confirmed_at` None: the person has not shown yet that the app works, so it is
    not asked for. `last_step` is the newest time step whose code was taken."""

    user_id: str
    sealed: bytes
    confirmed_at: int | None
    last_step: int


class SecondFactorStore(Protocol):
    """Durable when a call returns. Every method raises `Unavailable`."""

    async def of_user(self, user_id: str) -> SecondFactor | None:
        """The person's."""
        ...

    async def begin(self, user_id: str, sealed: bytes) -> bool:
        """Keep a secret that is not confirmed, instead of one before it. False, and nothing changes, when the person
        has a confirmed one."""
        ...

    async def confirm(self, user_id: str, sealed: bytes, step: int, at: int, code_hashes: Collection[bytes]) -> bool:
        """From now on it is asked for; these are the recovery codes. False unless that secret waits to be confirmed."""
        ...

    async def use_step(self, user_id: str, step: int) -> bool:
        """Take the code of that step: once, and none older afterwards."""
        ...

    async def use_recovery_code(self, user_id: str, code_hash: bytes) -> bool:
        """Take the code: once."""
        ...

    async def recovery_codes_left(self, user_id: str) -> int:
        """How many were not taken."""
        ...

    async def replace_recovery_codes(self, user_id: str, code_hashes: Collection[bytes]) -> None:
        """These and no others count from now on."""
        ...

    async def remove(self, user_id: str) -> bool:
        """Forget it and the codes; answers whether there was a confirmed one."""
        ...
