"""The packets, against the reference codec of python-socketio and against random text."""

import json

import pytest
import socketio.packet as reference
from hypothesis import given
from hypothesis import strategies as st

from nvserver.core.wire import socketio as sio
from nvserver.core.wire.protocol_error import ProtocolError

Type = sio.PacketType
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
namespaces = st.sampled_from(["/", "/other", "/a/b"])
ack_ids = st.none() | st.integers(0, 10**15 - 1)


@given(
    name=st.text(min_size=1, max_size=12), args=st.lists(json_values, max_size=3), namespace=namespaces, ack_id=ack_ids
)
def test_events_of_the_reference_are_understood(
    name: str, args: list[object], namespace: str, ack_id: int | None
) -> None:
    text = reference.Packet(reference.EVENT, [name, *args], namespace, ack_id).encode()
    packet, count = sio.decode_head(text)
    assert (packet.type, packet.namespace, packet.ack_id, count) == (Type.EVENT, namespace, ack_id, 0)
    assert json.loads(packet.data) == [name, *args]


@given(blobs=st.lists(st.binary(max_size=20), min_size=1, max_size=4), ack_id=ack_ids)
def test_attachments_are_put_together(blobs: list[bytes], ack_id: int | None) -> None:
    text, *attachments = reference.Packet(reference.EVENT, ["with", *blobs], "/", ack_id).encode()
    decoder = sio.Decoder(max_attachments=4, max_bytes=80)
    results = [decoder.receive_text(text), *(decoder.receive_binary(item) for item in attachments)]
    assert results[:-1] == [None] * len(blobs)
    packet = results[-1]
    assert packet is not None
    assert (packet.type, packet.ack_id, packet.attachments) == (Type.BINARY_EVENT, ack_id, tuple(blobs))


@given(
    kind=st.sampled_from([Type.EVENT, Type.ACK]),
    namespace=namespaces,
    ack_id=st.integers(0, 999),
    data=st.lists(json_values),
)
def test_round_trip(kind: sio.PacketType, namespace: str, ack_id: int, data: list[object]) -> None:
    packet = sio.Packet(kind, namespace, ack_id, json.dumps(data))
    assert sio.decode_head(sio.encode_packet(packet)) == (packet, 0)


@given(texts=st.lists(st.text('0123456-/,[]{}"a', max_size=30) | st.text(max_size=30), max_size=6))
def test_random_text_raises_nothing_but_protocol_error(texts: list[str]) -> None:
    decoder = sio.Decoder(2, 10)
    for text in texts:
        for receive, item in ((decoder.receive_text, text), (decoder.receive_binary, text.encode())):
            try:
                receive(item)
            except ProtocolError:
                continue


def test_what_the_server_says_is_understood_by_the_reference() -> None:
    event = reference.Packet(encoded_packet=sio.encode_event("note", b'{"a":1}').decode()[1:])
    assert (event.packet_type, event.data) == (reference.EVENT, ["note", {"a": 1}])
    ack = reference.Packet(encoded_packet=sio.encode_ack(7, b"{}").decode()[1:])
    assert (ack.packet_type, ack.id, ack.data) == (reference.ACK, 7, [{}])
    connected = reference.Packet(encoded_packet=sio.encode_connected("abc").decode()[1:])
    assert (connected.packet_type, connected.data) == (reference.CONNECT, {"sid": "abc"})
    refusal = reference.Packet(encoded_packet=sio.encode_refusal("no", "FORBIDDEN").decode()[1:])
    assert refusal.packet_type == reference.CONNECT_ERROR
    assert refusal.data == {"message": "no", "data": {"code": "FORBIDDEN"}}
    elsewhere = reference.Packet(encoded_packet=sio.encode_no_namespace("/other").decode()[1:])
    assert (elsewhere.packet_type, elsewhere.namespace) == (reference.CONNECT_ERROR, "/other")
    assert reference.Packet(encoded_packet=sio.encode_disconnect().decode()[1:]).packet_type == reference.DISCONNECT


@pytest.mark.parametrize(
    "text",
    ["", "7", "2", "2{}", '2"a"', "212", "3[]", "5[]", "5-[]", "5a-[]", "2" + "9" * 16 + "[]", "1x", "٢[]", "2٣[]"],
)
def test_malformed_packets_are_refused(text: str) -> None:
    with pytest.raises(ProtocolError):
        sio.decode_head(text)


def test_attachments_are_bounded_and_ordered() -> None:
    with pytest.raises(ProtocolError):
        sio.Decoder(2, 10).receive_text('53-["a"]')
    decoder = sio.Decoder(2, 10)
    with pytest.raises(ProtocolError):
        decoder.receive_binary(b"stray")
    assert decoder.receive_text('52-["a"]') is None
    with pytest.raises(ProtocolError):
        decoder.receive_text('2["b"]')
    assert decoder.receive_binary(b"12345") is None
    with pytest.raises(ProtocolError):
        decoder.receive_binary(b"123456")


def test_what_a_client_may_send_when() -> None:
    in_namespace = {"EVENT", "ACK", "BINARY_EVENT", "BINARY_ACK", "DISCONNECT"}
    may = {
        sio.State.OUTSIDE: {"CONNECT"},
        sio.State.CONNECTING: set(),
        sio.State.CONNECTED: in_namespace,
    }
    for state in sio.State:
        for kind in Type:
            if kind.name in may[state]:
                assert isinstance(sio.next_state(state, kind), sio.State)
            else:
                with pytest.raises(ProtocolError):
                    sio.next_state(state, kind)
