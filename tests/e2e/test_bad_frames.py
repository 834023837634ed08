"""Bytes that are no protocol: they end their own connection, with a reason, and no other."""

import json

import pytest
import trio

from nvserver.testing.realtime_client import open_realtime, open_transport
from tests.e2e.rooms import PATIENCE_SECONDS, Room

LARGEST_MESSAGE = 4_194_304

FRAMES = (
    ("no packet", "x"),
    ("an unknown packet of Engine.IO", "9"),
    ("a handshake from the client", "0{}"),
    ("an upgrade without a probe", "5"),
    ("an unknown packet of Socket.IO", "49"),
    ("an event that is no array", '42{"a":1}'),
    ("an event without a name", "42[]"),
    ("an event whose name is a number", "42[1,{}]"),
    ("an event that is not JSON", '42["collaboration:edit",{'),
    ("an event nested without end", f'42["collaboration:edit",{"[" * 100_000}'),
    ("a number of an acknowledgement without end", f'42{"1" * 100}["x"]'),
    ("a namespace that was not joined", '42/admin,["x"]'),
    ("an attachment that is not there", '451-["x",{"_placeholder":true,"num":0}]', '42["x",{}]'),
    ("more attachments than may be", '45999-["x"]'),
    ("a second connect", '40{"token":"x"}'),
    ("a connect error from the client", "44{}"),
    ("bytes without a packet", b"\x00\x01"),
)


@pytest.mark.parametrize("frames", [frames for _, *frames in FRAMES], ids=[name for name, *_ in FRAMES])
async def test_a_malformed_frame_ends_its_connection_alone(room: Room, frames: list[str | bytes]) -> None:
    token = room.team["ada"].token
    assert token is not None
    with trio.fail_after(PATIENCE_SECONDS):
        seq = await room.team.seq()
        async with open_realtime(room.team.server.url, token) as connection:
            for frame in frames:
                if isinstance(frame, bytes):
                    await connection.send_bytes(frame)
                else:
                    await connection.send_text(frame)
            closed = await connection.wait_closed()
            assert closed.code in (1002, 1009)
            assert closed.reason
        await room.check_undisturbed(seq)


async def test_an_over_long_message_ends_its_connection_alone(room: Room) -> None:
    with trio.fail_after(PATIENCE_SECONDS):
        seq = await room.team.seq()
        async with open_transport(room.team.server.url) as connection:
            await connection.connect({"token": room.team["ada"].token})
            await connection.send_text("42" + json.dumps(["x", "y" * LARGEST_MESSAGE]))
            assert (await connection.wait_closed()).code == 1009
        await room.check_undisturbed(seq)
