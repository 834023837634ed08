"""Who may do what in a workspace: the roles and their permissions, as data.

`role_allows` is the one gate. A permission is `area:action`; the suffix `:own` grants it for things
that the person made themselves.
"""

from typing import Final, Literal, TypeAlias

Role: TypeAlias = Literal["owner", "admin", "member", "viewer"]

ROLES: Final[tuple[Role, ...]] = ("viewer", "member", "admin", "owner")
"""From the least to the most."""

_PERMISSIONS: Final[dict[Role, frozenset[str]]] = {
    "owner": frozenset({"*"}),
    "admin": frozenset(
        {
            *("workspace:read", "workspace:update", "workspace:delete"),
            *("members:invite", "members:remove", "members:update"),
            *("notes:create", "notes:read", "notes:update", "notes:delete"),
            *("files:upload", "files:read", "files:delete"),
        }
    ),
    "member": frozenset(
        {
            "workspace:read",
            *("notes:create", "notes:read", "notes:update", "notes:delete:own"),
            *("files:upload", "files:read", "files:delete:own"),
        }
    ),
    "viewer": frozenset({"workspace:read", "notes:read", "files:read"}),
}


def role_allows(role: Role | None, permission: str, *, is_own: bool = False) -> bool:
    """Whether `role` (None: not a member) grants `permission`; `is_own`: the thing was made by the person."""
    if role is None:
        return False
    granted = _PERMISSIONS[role]
    return "*" in granted or permission in granted or (is_own and f"{permission}:own" in granted)


def outranks_or_equals(role: Role, other: Role) -> bool:
    """Whether `role` is at least as high as `other`: nobody grants a role above their own."""
    return ROLES.index(role) >= ROLES.index(other)
