"""What going to a provider of sign-ins and coming back have in common, whatever for."""

from typing import Annotated

import msgspec
from msgspec import Meta
from werkzeug.http import dump_cookie

from nvserver.edge.http.routing import Answer
from nvserver.services.oidc_journeys import Begun

PATH = "/api/auth"
Given = Annotated[str, Meta(min_length=1, max_length=4096)]


class GoingAnswer(msgspec.Struct, frozen=True, rename="camel"):
    """`url`: where the browser goes. It comes back to the page `/sign-in` with `code` and `state`, or `error`."""

    url: str


class CameBack(msgspec.Struct, frozen=True, rename="camel"):
    """What the browser came back with; `iss` where the provider gave it."""

    code: Given
    state: Given
    iss: Given | None = None


class JourneyCookie:
    """What the browser brings back lies in a cookie of its own, so that a link that somebody else prepared does
    nothing."""

    def __init__(self, *, is_secure: bool) -> None:
        self._is_secure = is_secure
        self.name = "__Secure-nv_provider" if is_secure else "nv_provider"

    def going(self, begun: Begun) -> Answer:
        """Where to go, with the cookie."""
        return Answer(GoingAnswer(begun.url), headers=(self._header(begun.sealed, begun.seconds),))

    def used(self) -> tuple[str, str]:
        """The header that takes it away."""
        return self._header("", 0)

    def _header(self, sealed: str, seconds: int) -> tuple[str, str]:
        cookie = dump_cookie(
            self.name, sealed, max_age=seconds, path=PATH, httponly=True, secure=self._is_secure,
            samesite="Strict", sync_expires=False,
        )  # fmt: skip
        return "Set-Cookie", cookie
