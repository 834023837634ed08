"""The frames, against another implementation of RFC 6455 (wsproto's) and against random bytes."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wsproto.frame_protocol import FrameProtocol, Opcode

from nvserver.core.wire import websocket as ws
from nvserver.core.wire.protocol_error import ProtocolError

LIMIT = 200_000
payloads = st.one_of(st.binary(max_size=300), st.integers(124, 70_000).map(bytes))


def feed_in_pieces(reader: ws.FrameReader, data: bytes, cuts: list[int]) -> list[ws.Received]:
    places = sorted({0, len(data), *(cut % (len(data) + 1) for cut in cuts)})
    received = [item for start, end in itertools.pairwise(places) for item in reader.feed(data[start:end])]
    return [item for item in received if not isinstance(item, ws.Fragment)]


def masked(opcode: int, payload: bytes, *, is_final: bool = True) -> bytes:
    return bytes(FrameProtocol(client=True, extensions=[])._serialize_frame(Opcode(opcode), payload, is_final))


@given(payload=payloads, cuts=st.lists(st.integers(0, 80_000), max_size=6))
def test_a_client_reads_what_is_encoded(payload: bytes, cuts: list[int]) -> None:
    client = FrameProtocol(client=True, extensions=[])
    client.receive_bytes(ws.encode_binary_frame(payload))
    assert b"".join(bytes(frame.payload) for frame in client.received_frames()) == payload


@given(
    messages=st.lists(st.one_of(st.text(max_size=400), payloads), min_size=1, max_size=4),
    cuts=st.lists(st.integers(0, 300_000), max_size=8),
)
def test_messages_survive_any_cutting_of_the_stream(messages: list[str | bytes], cuts: list[int]) -> None:
    stream = b"".join(masked(1, m.encode()) if isinstance(m, str) else masked(2, m) for m in messages)
    assert feed_in_pieces(ws.FrameReader(LIMIT), stream, cuts) == messages


@given(pieces=st.lists(st.text(max_size=50), min_size=2, max_size=6), cuts=st.lists(st.integers(0, 900), max_size=8))
def test_fragments_make_one_message_with_pings_between_them(pieces: list[str], cuts: list[int]) -> None:
    whole = "".join(pieces).encode()
    third = len(whole) // 3  # cuts code points in two, as a client may
    stream = b"".join(
        (
            masked(1, whole[:third], is_final=False),
            masked(9, b"now"),
            masked(0, whole[third : 2 * third], is_final=False),
            masked(0, whole[2 * third :]),
        )
    )
    assert feed_in_pieces(ws.FrameReader(LIMIT), stream, cuts) == [ws.Ping(b"now"), "".join(pieces)]


@given(chunks=st.lists(st.binary(max_size=200), max_size=20))
def test_random_bytes_raise_nothing_but_protocol_error(chunks: list[bytes]) -> None:
    reader = ws.FrameReader(1_000)
    try:
        for chunk in chunks:
            list(reader.feed(chunk))
    except ProtocolError as error:
        assert error.close_code in {1002, 1007, 1009}
        assert list(reader.feed(masked(1, b"after the fault"))) == []


@pytest.mark.parametrize(
    ("name", "stream", "close_code"),
    [
        ("unmasked", b"\x81\x01a", 1002),
        ("reserved bit", b"\xc1\x80\0\0\0\0", 1002),
        ("unknown data opcode", b"\x83\x80\0\0\0\0", 1002),
        ("unknown control opcode", b"\x8b\x80\0\0\0\0", 1002),
        ("fragmented ping", b"\x09\x80\0\0\0\0", 1002),
        ("long ping", b"\x89\xfe\x00\x7e", 1002),
        ("continuation of nothing", b"\x80\x80\0\0\0\0", 1002),
        ("text within a text", b"\x01\x80\0\0\0\0\x81\x80\0\0\0\0", 1002),
        ("length longer than needed", b"\x81\xfe\x00\x7d", 1002),
        ("length above 2^63", b"\x81\xff" + b"\xff" * 8, 1002),
        ("too large, told by its length alone", b"\x82\xff" + (LIMIT + 1).to_bytes(8, "big"), 1009),
        ("invalid UTF-8", b"\x81\x81\0\0\0\0\xff", 1007),
        ("close with half a code", b"\x88\x81\0\0\0\0\x03", 1002),
        ("close with a reserved code", b"\x88\x82\0\0\0\0\x03\xed", 1002),
        ("close with bad text", b"\x88\x83\0\0\0\0\x03\xe8\xff", 1007),
    ],
)
def test_a_breach_is_told_by_its_close_code(name: str, stream: bytes, close_code: int) -> None:
    for cuts in ([], list(range(len(stream)))):
        with pytest.raises(ProtocolError) as caught:
            feed_in_pieces(ws.FrameReader(LIMIT), stream, cuts)
        assert caught.value.close_code == close_code


def test_what_came_before_a_breach_is_delivered() -> None:
    received: list[ws.Received] = []
    with pytest.raises(ProtocolError):
        for item in ws.FrameReader(LIMIT).feed(masked(1, b"good") + b"\x81\x01a"):
            received.append(item)  # noqa: PERF402 - a comprehension would lose what came before the error
    assert received == ["good"]


def test_fragments_are_limited_together() -> None:
    reader = ws.FrameReader(10)
    assert list(reader.feed(masked(2, b"123456", is_final=False))) == [ws.Fragment()]
    with pytest.raises(ProtocolError) as caught:
        list(reader.feed(masked(0, b"78901")))
    assert caught.value.close_code == 1009


def test_every_fragment_is_told_an_empty_one_too() -> None:
    stream = masked(1, b"", is_final=False) + masked(0, b"", is_final=False) * 3 + masked(0, b"end")
    assert list(ws.FrameReader(LIMIT).feed(stream)) == [ws.Fragment()] * 4 + ["end"]


def test_nothing_is_read_after_a_close() -> None:
    stream = masked(8, b"\x03\xe8bye") + masked(1, b"late")
    assert list(ws.FrameReader(LIMIT).feed(stream)) == [ws.Close(1000, "bye")]


def test_handshake_example_of_the_rfc() -> None:
    assert ws.accept_key(b"dGhlIHNhbXBsZSBub25jZQ==") == b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
    for key in (b"", b"short", b"dGhlIHNhbXBsZSBub25jZQ", b"\xff" * 24):
        with pytest.raises(ProtocolError):
            ws.accept_key(key)


@given(reason=st.text(max_size=200))
def test_a_close_reason_is_cut_to_whole_characters(reason: str) -> None:
    client = FrameProtocol(client=True, extensions=[])
    client.receive_bytes(ws.encode_close_frame(1008, reason))
    (frame,) = client.received_frames()
    code, text = frame.payload
    assert code == 1008
    assert reason.startswith(text)
