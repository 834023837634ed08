"""The providers of OpenID Connect that people may sign in by."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

FIRST_PROVIDER: Final = "oidc"
"""The id of the one in the section `[oidc]`."""
PROVIDER_ID: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")


@dataclass(frozen=True, slots=True)
class OidcSettings:
    """Section `[oidc]`: signing in by a provider of OpenID Connect. See `docs/sign-in.md`."""

    issuer: str | None = field(default=None, metadata={"schemes": ("https", "http")})
    """The provider's address as it names itself (`iss`); `http` only on this machine. Without it nobody signs in so."""
    client_id: str = "notevault"
    """What the provider calls us."""
    client_secret: str | None = field(default=None, repr=False, metadata={"secret": True})
    """What it gave us to show that we are it; none for a public client."""
    name: str = "OpenID Connect"
    """What stands on the button."""
    scopes: str = "openid email profile"
    """What is asked for, separated by blanks."""
    trust_email: bool = False
    """Whether an address that the provider calls verified is taken for the person's: then he gets the account that has
    it. Only for a provider that proves every address or gives them out itself."""
    may_register: bool = True
    """Whether who has no account here gets one."""
    signed_in_minutes: int = field(default=10, metadata={"min": 1, "max": 60})
    """How long somebody may take at the provider."""
    keys_seconds: float = field(default=3600, metadata={"min": 1})
    """How long the provider's description and keys are kept; a token under a new key has them read at once."""
    fresh_keys_seconds: float = field(default=10, metadata={"min": 0})
    """How long after reading the keys an unknown one does not have them read again."""


def providers_by_id(first: OidcSettings, others: Mapping[str, OidcSettings]) -> dict[str, OidcSettings]:
    """Those that are set, in the order of their buttons."""
    return {
        name: settings for name, settings in {FIRST_PROVIDER: first, **others}.items() if settings.issuer is not None
    }
