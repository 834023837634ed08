"""What may stand in a path where the table has a `{name}`."""

import re
from collections.abc import Iterable

from werkzeug.routing import BaseConverter


def name_converter(paths: Iterable[str]) -> type[BaseConverter]:
    """Any part of a path but those that stand in the table themselves: `/api/files/upload` is never the file `upload`,
    whatever the method."""
    words = sorted({part for path in paths for part in path.split("/") if part and "{" not in part})

    class Name(BaseConverter):
        regex = rf"(?!(?:{'|'.join(re.escape(word) for word in words)})\Z)[^/]+"

    return Name
