"""What the audit log is told of a request."""

from collections.abc import Iterable, Mapping
from uuid import UUID

MAX_DETAIL_CHARACTERS = 200


def details_of(params: Mapping[str, str], body: object, fields: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """The parameters of the path, and of the body's fields those that are named and given; cut."""
    given = ((name, getattr(body, name, None)) for name in fields)
    told = ((name, str(value)) for name, value in given if isinstance(value, str | int | UUID))
    return tuple((name, value[:MAX_DETAIL_CHARACTERS]) for name, value in (*params.items(), *told))
