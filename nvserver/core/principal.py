"""Who acts, as every layer may know it."""

import msgspec


class Principal(msgspec.Struct, frozen=True):
    """Who is behind a request or connection, as the server knows it; never taken from a payload.

    `auth_session_id` is the sign-in it came by, or the personal API token; `scopes` is what such a token may, None for
    a sign-in, which may everything. `system_role` is `user` or `admin` of the whole system."""

    user_id: str
    display_name: str
    avatar_url: str | None
    auth_session_id: str
    system_role: str = "user"
    scopes: tuple[str, ...] | None = None

    def is_within(self, scope: str) -> bool:
        """Whether what it came by reaches that far."""
        return self.scopes is None or scope in self.scopes
