"""The links that stand in mails, and how long they are good for."""

from dataclasses import dataclass, field
from secrets import token_urlsafe
from typing import Final

from nvserver.services.refresh_tokens import TOKEN_BYTES, token_hash

MINUTE_MS: Final = 60_000
LONGEST_TOKEN: Final = 128
"""Characters; ours have 43."""


@dataclass(frozen=True, slots=True)
class MailLinkSettings:
    """Section `[mail_links]`."""

    reset_minutes: int = field(default=60, metadata={"min": 1, "max": 1440})
    """How long a link that sets a new password is good for."""
    verify_minutes: int = field(default=4320, metadata={"min": 1, "max": 43_200})
    """How long a link that proves an address is good for."""
    invitation_minutes: int = field(default=20_160, metadata={"min": 1, "max": 525_600})
    """How long an invitation to a workspace is good for."""


class MailLinks:
    """Links to pages of the web client. The secret stands behind `#`, which browsers send to nobody."""

    def __init__(self, public_url: str) -> None:
        """`public_url`: how browsers reach the server. Never taken from a request, whose sender could choose it."""
        self._base = public_url.rstrip("/")

    def new(self, page: str) -> tuple[str, bytes]:
        """A link to the page and the hash of the secret in it."""
        link, token = self.secret(page)
        return link, token_hash(token)

    def secret(self, page: str) -> tuple[str, str]:
        """A link to the page and the secret in it."""
        token = token_urlsafe(TOKEN_BYTES)
        return f"{self.page(page)}#token={token}", token

    def page(self, page: str) -> str:
        """A link without a secret."""
        return f"{self._base}/{page}"
