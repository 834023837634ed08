"""What the audit log is told of a request."""

import re
from collections.abc import Iterable, Mapping
from uuid import UUID

MAX_DETAIL_CHARACTERS = 200


def details_of(params: Mapping[str, str], body: object, fields: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """The parameters of the path, and of the body's fields those that are named and given; named as on the wire,
    cut."""
    given = ((_wire_name(name), getattr(body, name, None)) for name in fields)
    told = ((name, str(value)) for name, value in given if isinstance(value, str | int | UUID))
    return tuple((name, value[:MAX_DETAIL_CHARACTERS]) for name, value in (*params.items(), *told))


def _wire_name(name: str) -> str:
    return re.sub(r"_(\w)", lambda match: match[1].upper(), name)
