"""Access tokens: only ours are taken, and only while they are good (RFC 8725)."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from functools import partial
from itertools import count
from typing import Any

import jwt
import pytest

from nvserver.errors import NoteVaultError, TokenExpired, Unauthenticated
from nvserver.ports.accounts import Account
from nvserver.services.access_tokens import AccessTokens, TokenSettings, key_id

KEY, OLD_KEY, OTHER_KEY = b"n" * 32, b"o" * 32, b"x" * 32
ADA = Account("u-1", "ada@notes.test", "Ada", None, False, "admin", 0)
NOW = time.time_ns() // 1_000_000
NOW_SECONDS = NOW // 1000


def tokens(*keys: bytes, settings: TokenSettings | None = None) -> AccessTokens:
    ids = count()
    return AccessTokens(keys or (KEY,), settings or TokenSettings(), lambda: f"id-{next(ids)}")


def b64(data: bytes | str | dict[str, Any]) -> str:
    if isinstance(data, dict):
        data = json.dumps(data)
    raw = data.encode() if isinstance(data, str) else data
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


CLAIMS: dict[str, Any] = {
    "userId": "u-1",
    "email": "ada@notes.test",
    "role": "admin",
    "workspaces": [],
    "sid": "s-1",
    "jti": "j-1",
    "iat": NOW_SECONDS,
    "exp": NOW_SECONDS + 900,
    "iss": "notevault",
}
HEADER = {"alg": "HS256", "typ": "JWT", "kid": key_id(KEY)}


def made(
    header: dict[str, Any] | None = None,
    claims: Any = None,
    key: bytes = KEY,
    hash_name: str = "sha256",
    base: Mapping[str, Any] = CLAIMS,
) -> str:
    """A token signed by hand, right in everything that is not given."""
    said = claims if isinstance(claims, str | bytes) else {**base, **(claims or {})}
    signed = f"{b64(HEADER | (header or {}))}.{b64(said)}"
    return f"{signed}.{b64(hmac.digest(key, signed.encode(), hash_name))}"


def without(name: str, base: Mapping[str, Any]) -> str:
    return made(claims=json.dumps({k: v for k, v in base.items() if k != name}))


def test_a_token_carries_the_claims_of_the_contract() -> None:
    token = tokens().sign(ADA, "s-1", ["w-1", "w-2"], NOW)
    assert token.expires_in == 900
    claims = jwt.decode(token.text, KEY, ["HS256"])
    assert set(claims) == {"userId", "email", "role", "workspaces", "iat", "exp", "iss", "sid", "jti"}
    assert (claims["userId"], claims["role"], claims["workspaces"], claims["sid"]) == (
        "u-1",
        "admin",
        ["w-1", "w-2"],
        "s-1",
    )
    assert claims["exp"] - claims["iat"] == 900
    header = jwt.get_unverified_header(token.text)
    assert (header["alg"], header["kid"]) == (
        "HS256",
        hashlib.blake2b(KEY, digest_size=6, person=b"notevault-kid").hexdigest(),
    )


def test_the_hand_made_token_of_these_tests_is_good() -> None:
    assert tokens().read(made(), NOW).user_id == "u-1"


def forgeries(base: Mapping[str, Any]) -> dict[str, str]:
    """Tokens that say what `base` says, each with one thing wrong."""
    make = partial(made, base=base)
    return {
        "empty": "",
        "dots": "..",
        "text": "not a token",
        "two parts": make().rpartition(".")[0],
        "no signature": make().rpartition(".")[0] + ".",
        "cut signature": make()[:-1],
        "other key": make(key=OTHER_KEY),
        "empty key": make(key=b""),
        **{
            f"alg {alg}": make({"alg": alg})
            for alg in ("none", "None", "NONE", "nOnE", "", "RS256", "ES256", "hs256", "HS")
        },
        **{
            f"unsigned {alg}": f"{b64(HEADER | {'alg': alg})}.{b64(dict(base))}."
            for alg in ("none", "None", "NONE", "HS256")
        },
        "HS384": make({"alg": "HS384"}, hash_name="sha384"),
        "HS512": make({"alg": "HS512"}, hash_name="sha512"),
        "alg as list": make({"alg": ["HS256"]}),
        "no alg": make({"alg": None}),
        **{
            f"kid {kid!r}": make({"kid": kid})
            for kid in ("", "../../../dev/null", "' OR '1'='1", None, 1, [], {}, "a" * 100)
        },
        "jwk of its own": make({"kid": "x", "jwk": {"kty": "oct", "k": b64(OTHER_KEY)}}, key=OTHER_KEY),
        "jku": make({"kid": "x", "jku": "http://keys.test/"}, key=OTHER_KEY),
        "x5u": make({"kid": "x", "x5u": "http://keys.test/"}, key=OTHER_KEY),
        "crit": make({"crit": ["exp"]}),
        "b64 false": make({"b64": False, "crit": ["b64"]}),
        "other issuer": make(claims={"iss": "somebody"}),
        "issuer as list": make(claims={"iss": ["notevault"]}),
        "an audience": make(claims={"aud": "others"}),
        "not yet": make(claims={"nbf": NOW_SECONDS + 3600}),
        "from the future": make(claims={"iat": NOW_SECONDS + 3600, "exp": NOW_SECONDS + 4500}),
        **{f"without {name}": without(name, base) for name in base},
        **{f"exp {exp!r}": make(claims={"exp": exp}) for exp in (None, "9999999999", 9999999999.5, True, [], 1e400)},
        "user as number": make(claims={"userId": 1}),
        "user as null": make(claims={"userId": None}),
        "sid as object": make(claims={"sid": {}}),
        "list for claims": make(claims="[]"),
        "no JSON for claims": make(claims="{"),
        "deep claims": make(claims="[" * 900 + "]" * 900),
        "no UTF-8": make(claims=b"\xff"),
        "huge": make(claims={"email": "a" * 10_000}),
        "spaces": f" {make()}",
        "null byte": make() + "\0",
        "not ASCII": make() + "é",
    }


FORGED = forgeries(CLAIMS)


@pytest.mark.parametrize("token", FORGED.values(), ids=FORGED)
def test_nothing_else_is_taken(token: str) -> None:
    reader = tokens()
    for _ in range(2):  # also not the second time
        with pytest.raises(Unauthenticated):
            reader.read(token, NOW)


def test_a_token_ends_on_the_second_also_when_it_is_remembered() -> None:
    reader = tokens()
    end = CLAIMS["exp"] * 1000
    assert reader.read(made(), end - 1).sid == "s-1"
    for _ in range(2):
        with pytest.raises(TokenExpired):
            reader.read(made(), end)


def test_keys_rotate_without_ending_anything() -> None:
    old = tokens(OLD_KEY).sign(ADA, "s-1", [], NOW).text
    both = tokens(KEY, OLD_KEY)
    new = both.sign(ADA, "s-1", [], NOW).text
    assert both.read(old, NOW).sid == both.read(new, NOW).sid == "s-1"
    assert tokens(KEY).read(new, NOW).sid == "s-1"
    for reader, token in ((tokens(KEY), old), (tokens(OLD_KEY), new)):
        with pytest.raises(Unauthenticated):
            reader.read(token, NOW)


def test_what_is_remembered_is_bounded() -> None:
    reader = tokens(settings=TokenSettings(max_remembered=3))
    texts = [reader.sign(ADA, f"s-{n}", [], NOW).text for n in range(10)]
    for _ in range(2):
        assert [reader.read(text, NOW).sid for text in texts] == [f"s-{n}" for n in range(10)]
    assert len(reader._remembered) == 3


@pytest.mark.parametrize("keys", [(), (b"short",), (KEY, b"x" * 31)])
def test_weak_keys_are_refused(keys: tuple[bytes, ...]) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        AccessTokens(keys, TokenSettings(), str)


def test_every_refusal_is_the_callers_fault() -> None:
    assert issubclass(Unauthenticated, NoteVaultError)
    assert (Unauthenticated.status, TokenExpired.status) == (401, 401)
