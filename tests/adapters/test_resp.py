"""RESP2: whatever way the bytes are cut, the same replies come out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nvserver.adapters.redis.resp import NotRedis, Replies, Reply, ReplyError, command

scalars = st.one_of(st.binary(max_size=40), st.integers(-(10**9), 10**9), st.none())
replies = st.recursive(scalars, lambda inner: st.lists(inner, max_size=4), max_leaves=8)


def encode(reply: Reply) -> bytes:
    if reply is None:
        return b"$-1\r\n"
    if isinstance(reply, int):
        return b":" + str(reply).encode() + b"\r\n"
    if isinstance(reply, bytes):
        return b"$" + str(len(reply)).encode() + b"\r\n" + reply + b"\r\n"
    assert isinstance(reply, list)
    return b"*" + str(len(reply)).encode() + b"\r\n" + b"".join(map(encode, reply))


@given(st.lists(replies, max_size=6), st.integers(1, 30))
def test_cuts_change_nothing(sent: list[Reply], step: int) -> None:
    data = b"".join(map(encode, sent))
    reader = Replies()
    got: list[Reply] = []
    for start in range(0, len(data), step):
        got += reader.receive(data[start : start + step])
    assert got == sent


def test_commands_lines_and_errors() -> None:
    assert command(b"PUBLISH", b"a", b"\r\n") == b"*3\r\n$7\r\nPUBLISH\r\n$1\r\na\r\n$2\r\n\r\n\r\n"
    ok, error = Replies().receive(b"+OK\r\n-OOM no room\r\n")
    assert ok == b"OK" and isinstance(error, ReplyError) and str(error) == "OOM no room"
    for data in (b"HTTP/1.1 400\r\n", b"$many\r\n", b":\r\n", b"*-\r\n"):
        with pytest.raises(NotRedis):
            Replies().receive(data)
