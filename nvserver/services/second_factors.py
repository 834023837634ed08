"""The second factor: codes of an authenticator app (TOTP, RFC 6238), and recovery codes for whoever lost it."""

import base64
import hmac
from secrets import token_bytes
from typing import Final

import msgspec
import pyotp

from nvserver.errors import Conflict, SecondFactorNeeded, SecondFactorWrong, ValidationFailed
from nvserver.ports.accounts import Account
from nvserver.ports.clock import NowMs
from nvserver.ports.second_factors import SecondFactor, SecondFactorStore
from nvserver.problems import Problem
from nvserver.services.refresh_tokens import token_hash
from nvserver.services.sealing import Sealer
from nvserver.services.sign_in_limits import SignInLimits

ISSUER: Final = "NoteVault"
RECOVERY_CODES: Final = 10
_STEP_SECONDS: Final = 30
_STEPS_OFF: Final = 1
"""How many steps the clock of the person's device may be off."""
_RECOVERY_BYTES: Final = 10


class NewSecret(msgspec.Struct, frozen=True):
    """What the person brings into the app: `uri` as a picture, or `secret` by hand."""

    secret: str
    uri: str


class Status(msgspec.Struct, frozen=True):
    """Whether a code is asked for when the person signs in."""

    is_on: bool
    recovery_codes_left: int


class SecondFactors:
    """Every code is taken once. Wrong ones are throttled for each account."""

    def __init__(self, store: SecondFactorStore, sealer: Sealer, limits: SignInLimits, now_ms: NowMs) -> None:
        self._store = store
        self._sealer = sealer
        self._limits = limits
        self._now_ms = now_ms

    async def status(self, user_id: str) -> Status:
        """The person's."""
        factor = await self._store.of_user(user_id)
        is_on = factor is not None and factor.confirmed_at is not None
        return Status(is_on, await self._store.recovery_codes_left(user_id) if is_on else 0)

    async def begin(self, account: Account) -> NewSecret:
        """A new secret, asked for once `confirm` has shown that the app has it. Raises `Conflict` when there is one."""
        secret = pyotp.random_base32()
        if not await self._store.begin(account.id, self._sealer.seal(secret.encode(), account.id)):
            raise Conflict("You have a second factor already; end it first")
        return NewSecret(secret, pyotp.TOTP(secret, name=account.email, issuer=ISSUER).provisioning_uri())

    async def confirm(self, user_id: str, code: str) -> list[str]:
        """Ask for codes from now on; the recovery codes. Raises `ValidationFailed`, `RateLimited`."""
        factor = await self._store.of_user(user_id)
        if factor is None or factor.confirmed_at is not None:
            raise ValidationFailed.at("", "begin with a new secret", Problem.EXPIRED)
        self._limits.before_code(user_id)
        step = self._step(factor, code)
        codes = _recovery_codes()
        hashes = [token_hash(_plain(one)) for one in codes]
        if step is None or not await self._store.confirm(user_id, factor.sealed, step, self._now_ms(), hashes):
            raise ValidationFailed.at("code", "is wrong; is the clock of your device right?", Problem.WRONG_CODE)
        self._limits.after_right_code(user_id)
        return codes

    async def check(self, user_id: str, code: str | None) -> None:
        """For who signs in with the right password. Raises `SecondFactorNeeded`, `SecondFactorWrong`, `RateLimited`."""
        factor = await self._store.of_user(user_id)
        if factor is None or factor.confirmed_at is None:
            return
        if code is None:
            raise SecondFactorNeeded
        self._limits.before_code(user_id)
        step = self._step(factor, code)
        if step is not None:
            is_right = await self._store.use_step(user_id, step)
        else:
            is_right = await self._store.use_recovery_code(user_id, token_hash(_plain(code)))
        if not is_right:
            raise SecondFactorWrong
        self._limits.after_right_code(user_id)

    async def new_recovery_codes(self, user_id: str, code: str) -> list[str]:
        """Codes instead of all before them. Raises `ValidationFailed` for a wrong code, `RateLimited`."""
        await self._show(user_id, code)
        codes = _recovery_codes()
        await self._store.replace_recovery_codes(user_id, [token_hash(_plain(one)) for one in codes])
        return codes

    async def end(self, user_id: str, code: str) -> None:
        """Ask for no code any more. Raises as `new_recovery_codes`."""
        await self._show(user_id, code)
        await self._store.remove(user_id)

    async def remove(self, user_id: str) -> bool:
        """For administrators: the person lost everything. Answers whether there was one."""
        return await self._store.remove(user_id)

    async def _show(self, user_id: str, code: str) -> None:
        if not (await self.status(user_id)).is_on:
            raise ValidationFailed.at("", "you have no second factor", Problem.NOT_HERE)
        try:
            await self.check(user_id, code)
        except SecondFactorWrong:
            raise ValidationFailed.at("code", "is wrong", Problem.WRONG_CODE) from None

    def _step(self, factor: SecondFactor, code: str) -> int | None:
        """The time step that the code is of; None for a wrong one."""
        secret = self._sealer.open(factor.sealed, factor.user_id)
        if secret is None or len(code) > 10 or not code.isascii():
            return None
        totp, now = pyotp.TOTP(secret.decode()), self._now_ms() // 1000 // _STEP_SECONDS
        given, found = code.replace(" ", ""), None
        for step in range(now - _STEPS_OFF, now + _STEPS_OFF + 1):
            if hmac.compare_digest(totp.generate_otp(step), given):
                found = step
        return found


def _recovery_codes() -> list[str]:
    """`xxxx-xxxx-xxxx-xxxx`: 80 bits each, so that one fast hash is enough."""
    texts = [base64.b32encode(token_bytes(_RECOVERY_BYTES)).decode().lower() for _ in range(RECOVERY_CODES)]
    return ["-".join(text[start : start + 4] for start in range(0, len(text), 4)) for text in texts]


def _plain(code: str) -> str:
    """As it is kept, however it was typed."""
    return code.replace("-", "").replace(" ", "").lower()
