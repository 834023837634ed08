"""What a provider of OpenID Connect is asked: where people go, and who somebody is that came back with a code.

OpenID Connect Core 1.0 (authorization code flow, 3.1) and Discovery 1.0, with PKCE (RFC 7636) and the issuer named in
the answer (RFC 9207).
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeVar
from urllib.parse import quote, urlencode, urlsplit

import jwt
import msgspec
import structlog

from nvserver.errors import ProviderSignInFailed, Unavailable
from nvserver.ports.clock import NowMs
from nvserver.ports.web_client import WebAnswer, WebClient
from nvserver.services.oidc_settings import OidcSettings

ALGORITHMS: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Signatures that only the provider can make. Never `none`, nor HS…, whose key we hold too."""
CLOCK_SKEW_SECONDS: Final = 60
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_FORM: Final = "application/x-www-form-urlencoded"

log = structlog.get_logger()

T = TypeVar("T")


class Metadata(msgspec.Struct, frozen=True):
    """The part of a provider's description that is used (Discovery, 3)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None = None
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)
    authorization_response_iss_parameter_supported: bool = False
    """RFC 9207, 3."""


class Person(msgspec.Struct, frozen=True):
    """Who came, as the provider says. `email` None: it does not tell."""

    subject: str
    email: str | None
    is_email_verified: bool
    name: str | None


class _IdToken(msgspec.Struct, frozen=True):
    """Claims of an ID token (Core, 2); times are seconds."""

    sub: str
    aud: str | tuple[str, ...]
    exp: float
    iat: float
    nonce: str
    azp: str | None = None
    nbf: float = 0


class _Tokens(msgspec.Struct, frozen=True):
    id_token: str
    access_token: str


class _KeySet(msgspec.Struct, frozen=True):
    keys: tuple[dict[str, Any], ...]
    """RFC 7517."""


class OidcProvider:
    """A provider of the settings. Its description and keys are read when first needed, and kept for a while."""

    def __init__(
        self, provider_id: str, settings: OidcSettings, redirect_uri: str, client: WebClient, now_ms: NowMs
    ) -> None:
        """`redirect_uri`: the page of ours that people come back to."""
        self.id = provider_id
        self.issuer = settings.issuer or ""
        self.name = settings.name
        self.settings = settings
        self._redirect_uri = redirect_uri
        self._client = client
        self._now_ms = now_ms
        self._metadata: Metadata | None = None
        self._keys: Sequence[dict[str, Any]] = ()
        self._metadata_at = self._keys_at = 0

    async def address(self, state: str, nonce: str, verifier: str) -> str:
        """Where the person goes. Raises `Unavailable`."""
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
        asked = {
            "response_type": "code",
            "client_id": self.settings.client_id,
            "redirect_uri": self._redirect_uri,
            "scope": self.settings.scopes,
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        endpoint = (await self._description()).authorization_endpoint
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(asked)}"

    async def person(self, code: str, nonce: str, verifier: str, issuer: str | None) -> Person:
        """Who came back with the code. `issuer`: who says that it sent him; needed from a provider that always says so,
        else one provider could have us bring it what another gave out (RFC 9700, 4.4). Raises `ProviderSignInFailed`,
        `Unavailable`."""
        if issuer not in (None, self.issuer):
            raise _failed("another provider sent the person back")
        metadata = await self._description()
        if issuer is None and metadata.authorization_response_iss_parameter_supported:
            raise _failed("the provider does not say that it sent the person back")
        tokens = await self._redeem(metadata, code, verifier)
        claims = await self._claims(metadata, tokens.id_token, nonce)
        if "email" not in claims and metadata.userinfo_endpoint is not None:
            told = await self._user_info(metadata.userinfo_endpoint, tokens.access_token)
            if told.get("sub") != claims["sub"]:
                raise _failed("the user info is somebody else's")
            claims = {**told, **claims}
        email, name = claims.get("email"), claims.get("name") or claims.get("preferred_username")
        return Person(
            claims["sub"],
            email if isinstance(email, str) else None,
            claims.get("email_verified") is True,
            name if isinstance(name, str) else None,
        )

    async def _redeem(self, metadata: Metadata, code: str, verifier: str) -> _Tokens:
        """The code's tokens (Core, 3.1.3)."""
        client_id, secret = self.settings.client_id, self.settings.client_secret
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._redirect_uri,
            "code_verifier": verifier,
        }
        headers = {"Content-Type": _FORM, "Accept": "application/json"}
        if secret is None:
            form |= {"client_id": client_id}
        elif "client_secret_basic" in metadata.token_endpoint_auth_methods_supported:
            pair = f"{quote(client_id, safe='')}:{quote(secret, safe='')}"
            headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
        else:
            form |= {"client_id": client_id, "client_secret": secret}
        answer = await self._client.post(metadata.token_endpoint, headers, urlencode(form).encode())
        if answer.status in (401, 403):
            raise Unavailable("The provider refuses our client id or secret; tell an administrator")
        if 400 <= answer.status < 500:
            raise _failed("the provider refuses the code")
        return _read(answer, _Tokens)

    async def _claims(self, metadata: Metadata, id_token: str, nonce: str) -> Mapping[str, Any]:
        """The claims of a token that is the provider's, for us, of now and of this sign-in (Core, 3.1.3.7)."""
        try:
            key = await self._key(metadata, jwt.get_unverified_header(id_token))
            # Times are judged by the node's one clock.
            claims: dict[str, Any] = jwt.decode(
                id_token,
                key,
                algorithms=ALGORITHMS,
                audience=self.settings.client_id,
                issuer=self.issuer,
                options={
                    "require": ["iss", "sub", "aud", "exp", "iat"],
                    "verify_exp": False,
                    "verify_iat": False,
                    "verify_nbf": False,
                },
            )
            token = msgspec.convert(claims, _IdToken)
        except (jwt.PyJWTError, msgspec.ValidationError, TypeError, ValueError, RecursionError) as error:
            raise _failed(f"the ID token is not good: {type(error).__name__}") from None
        now = self._now_ms() / 1000
        is_of_now = max(token.iat, token.nbf) <= now + CLOCK_SKEW_SECONDS and now < token.exp + CLOCK_SKEW_SECONDS
        is_ours = token.azp in (None, self.settings.client_id)
        if isinstance(token.aud, tuple) and len(token.aud) > 1:
            is_ours = token.azp == self.settings.client_id
        if not is_of_now or not is_ours or not 0 < len(token.sub) <= 255:
            raise _failed("the ID token is old, or not for us")
        if not hmac.compare_digest(token.nonce.encode(), nonce.encode()):
            raise _failed("the ID token is of another sign-in")
        return claims

    async def _key(self, metadata: Metadata, header: Mapping[str, Any]) -> jwt.PyJWK:
        """The provider's key that the header names. An unknown one has the keys read again: it may be new."""
        age = (self._now_ms() - self._keys_at) / 1000
        if age < self.settings.keys_seconds and (key := self._known_key(header)):
            return key
        if age >= self.settings.fresh_keys_seconds:
            answer = await self._client.get(metadata.jwks_uri, {"Accept": "application/json"})
            self._keys, self._keys_at = _read(answer, _KeySet).keys, self._now_ms()
        if key := self._known_key(header):
            return key
        raise _failed("the ID token is signed by an unknown key")

    def _known_key(self, header: Mapping[str, Any]) -> jwt.PyJWK | None:
        """By its id; a token that names none has to leave no choice. The algorithm is the key's where it tells one."""
        algorithm, kid = header.get("alg"), header.get("kid")
        if algorithm not in ALGORITHMS:
            return None
        fitting = [
            key for key in self._keys if key.get("use", "sig") == "sig" and key.get("alg", algorithm) == algorithm
        ]
        if kid is not None:
            fitting = [key for key in fitting if key.get("kid") == kid]
        return jwt.PyJWK.from_dict(fitting[0], algorithm) if len(fitting) == 1 else None

    async def _user_info(self, endpoint: str, access_token: str) -> Mapping[str, Any]:
        headers = {"Authorization": f"Bearer {access_token}", "Accept": "application/json"}
        return _read(await self._client.get(endpoint, headers), dict[str, Any])

    async def _description(self) -> Metadata:
        """What the provider says of itself. Raises `Unavailable`."""
        is_old = self._now_ms() - self._metadata_at >= self.settings.keys_seconds * 1000
        if self._metadata is None or is_old:
            url = f"{self.issuer.rstrip('/')}/.well-known/openid-configuration"
            metadata = _read(await self._client.get(url, {"Accept": "application/json"}), Metadata)
            endpoints = (metadata.authorization_endpoint, metadata.token_endpoint, metadata.jwks_uri)
            if metadata.issuer != self.issuer or not all(is_safe_address(url) for url in endpoints):
                log.error("sign-in provider refused", issuer=metadata.issuer, expected=self.issuer)
                raise Unavailable("The provider of sign-ins is not the one that the settings name")
            self._metadata, self._metadata_at = metadata, self._now_ms()
        return self._metadata


def is_safe_address(url: str) -> bool:
    """Whether what goes there cannot be read or changed on its way: `https`, or this machine."""
    parts = urlsplit(url)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)


def _read(answer: WebAnswer, kind: type[T]) -> T:
    if answer.status == 200:
        try:
            return msgspec.json.decode(answer.body, type=kind)
        except (msgspec.DecodeError, RecursionError):
            pass
    log.warning("sign-in provider not understood", status=answer.status)
    raise Unavailable("The provider of sign-ins does not answer as it should")


def _failed(reason: str) -> ProviderSignInFailed:
    """The reason is for the log: whoever tries to deceive us learns nothing."""
    log.warning("sign-in by provider failed", reason=reason)
    return ProviderSignInFailed()
