"""Which wire a node speaks: a number made of the shapes of all that nodes say to each other. Two programs of which
neither changed one of them have the same; nobody has to remember to count it up."""

from enum import Enum
from functools import cache
from hashlib import blake2b
from typing import Any, Final

import msgspec

from nvserver.cluster.frames import REPLY_TYPES, Frame
from nvserver.workspace.events import WorkspaceEvent
from nvserver.workspace.messages import Message

_RULES: Final = 2
"""Counts what changed otherwise: what nodes do with what they are told. 2: the end of an activation is answered."""
_WIRE_BYTES: Final = 4


@cache
def wire_version() -> int:
    """Never 0, which is what nodes tell that knew no such number."""
    spoken = msgspec.inspect.multi_type_info([Frame, Message, WorkspaceEvent, REPLY_TYPES])
    shapes = _Shapes()
    text = f"{_RULES} {[shapes.of(one) for one in spoken]} {sorted(shapes.structs.values())}"
    return int.from_bytes(blake2b(text.encode(), digest_size=_WIRE_BYTES).digest()) or 1


class _Shapes:
    """What msgspec knows of types, but for defaults, which no other node sees."""

    def __init__(self) -> None:
        self.structs: dict[type, str] = {}

    def of(self, what: Any) -> str:
        match what:
            case msgspec.inspect.StructType(cls=cls):
                if cls not in self.structs:
                    self.structs[cls] = ""  # it may hold itself
                    fields = [(one.encode_name, one.required, self.of(one.type)) for one in what.fields]
                    self.structs[cls] = f"{cls.__name__} {what.tag_field} {what.tag} {what.array_like} {fields}"
                return cls.__name__
            case msgspec.inspect.UnionType(types=types):
                return str(sorted(self.of(one) for one in types))
            case msgspec.inspect.Type():
                inner = [(name, self.of(getattr(what, name))) for name in what.__struct_fields__]
                return f"{type(what).__name__} {inner}"
            case type() if issubclass(what, Enum):
                return str([one.value for one in what])
            case type():
                return what.__name__
            case tuple():
                return str([self.of(one) for one in what])
            case _:
                return str(what)
