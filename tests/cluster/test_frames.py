"""Whatever a message's docstring promises as its reply can cross to another node."""

import re
from typing import get_args

from nvserver.cluster.frames import REPLIES
from nvserver.workspace.messages import Message


def test_every_reply_can_be_read_on_the_other_node() -> None:
    readable = {kind.__name__ for kind in get_args(REPLIES.type)}
    promised = set()
    for kind in get_args(Message):
        promised |= {name.rpartition(".")[2] for name in re.findall(r"Reply: `([\w.]+)`", kind.__doc__ or "")}
    assert len(promised) > 10
    assert promised <= readable
