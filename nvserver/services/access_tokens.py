"""Access tokens: short-lived JWTs (RFC 7519, HS256 only), signed by the first key, good under any of them.

A token says who somebody was when it was made. It proves a sign-in (`sid`); rights are never read from it.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import jwt
import msgspec

from nvserver.errors import TokenExpired, Unauthenticated
from nvserver.ports.accounts import Account
from nvserver.ports.clock import NewId

ALGORITHM: Final = "HS256"
ISSUER: Final = "notevault"
CLOCK_SKEW_MS: Final = 60_000
"""How far the clock of the node that signed may be ahead."""
SHORTEST_KEY_BYTES: Final = 32
"""A key is at least as long as the hash it keys (RFC 7518, 3.2)."""


@dataclass(frozen=True, slots=True)
class TokenSettings:
    """How long tokens last, and how much about them is remembered. Section `[tokens]`."""

    access_seconds: int = field(default=900, metadata={"min": 1, "max": 3600})
    """How long an access token is good for."""
    refresh_days: int = field(default=30, metadata={"min": 1, "max": 365})
    """How long a sign-in lasts that is not used."""
    refresh_grace_seconds: int = field(default=20, metadata={"min": 10, "max": 30})
    """How long a used refresh token is answered again, for a client whose answer was lost."""
    recheck_seconds: int = field(default=15, metadata={"min": 1, "max": 30})
    """How long another node may go on without noticing that a sign-in was revoked."""
    max_remembered: int = field(default=4096, metadata={"min": 1})
    """Sign-ins and tokens kept in memory, so that most requests need no look into the store."""
    max_token_bytes: int = field(default=4096, metadata={"min": 1024})
    """The longest token that is looked at."""


class Claims(msgspec.Struct, frozen=True, rename="camel"):
    """What an access token says. `iat` and `exp` are seconds since 1970 UTC; `workspaces` is a hint for clients."""

    user_id: str
    email: str
    role: str
    workspaces: tuple[str, ...]
    sid: str
    jti: str
    iat: int
    exp: int
    iss: str


class AccessToken(msgspec.Struct, frozen=True):
    """A signed token and how many seconds it is good for."""

    text: str
    expires_in: int


class AccessTokens:
    """Signs and reads tokens. A token that was found good is remembered until it expires: checking one costs 0.1 ms."""

    def __init__(self, keys: Sequence[bytes], settings: TokenSettings, new_id: NewId) -> None:
        """`keys`: the first signs, all verify. Raises ValueError for a key that is too short."""
        if not keys or any(len(key) < SHORTEST_KEY_BYTES for key in keys):
            raise ValueError(f"every signing key needs at least {SHORTEST_KEY_BYTES} bytes")
        self._keys = {key_id(key): key for key in keys}
        self._signing_kid = key_id(keys[0])
        self._settings = settings
        self._new_id = new_id
        self._remembered: OrderedDict[str, Claims] = OrderedDict()

    def sign(self, account: Account, session_id: str, workspaces: Sequence[str], now_ms: int) -> AccessToken:
        """A token for the sign-in, good from now on."""
        issued_at, lasts = now_ms // 1000, self._settings.access_seconds
        claims = Claims(
            account.id,
            account.email,
            account.system_role,
            tuple(workspaces),
            session_id,
            self._new_id(),
            issued_at,
            issued_at + lasts,
            ISSUER,
        )
        key = self._keys[self._signing_kid]
        text = jwt.encode(msgspec.to_builtins(claims), key, ALGORITHM, {"kid": self._signing_kid})
        return AccessToken(text, lasts)

    def read(self, token: str, now_ms: int) -> Claims:
        """The claims of a good token. Raises `TokenExpired`, or `Unauthenticated` for anything else that is wrong."""
        claims = self._remembered.get(token)
        if claims is None:
            claims = self._verified(token)
            self._remember(token, claims)
        if claims.exp * 1000 <= now_ms:
            self._remembered.pop(token, None)
            raise TokenExpired
        if claims.iat * 1000 > now_ms + CLOCK_SKEW_MS:
            raise Unauthenticated
        return claims

    def _verified(self, token: str) -> Claims:
        if len(token) > self._settings.max_token_bytes:
            raise Unauthenticated
        try:
            key = self._keys.get(jwt.get_unverified_header(token).get("kid", ""))
            if key is None:
                raise Unauthenticated
            # The times are checked at every use, by the node's one clock.
            payload = jwt.decode(
                token, key, [ALGORITHM], issuer=ISSUER, options={"verify_exp": False, "verify_iat": False}
            )
            return msgspec.convert(payload, Claims)
        except (jwt.PyJWTError, msgspec.ValidationError, TypeError, ValueError, RecursionError):
            raise Unauthenticated from None

    def _remember(self, token: str, claims: Claims) -> None:
        self._remembered[token] = claims
        if len(self._remembered) > self._settings.max_remembered:
            self._remembered.popitem(last=False)


def key_id(key: bytes) -> str:
    """The public name of a key, the same on every node; tells nothing of the key."""
    return hashlib.blake2b(key, digest_size=6, person=b"notevault-kid").hexdigest()
