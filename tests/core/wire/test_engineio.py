import pytest
from hypothesis import given
from hypothesis import strategies as st

from nvserver.core.wire import engineio as eio
from nvserver.core.wire.protocol_error import ProtocolError

MESSAGE = eio.PacketType.MESSAGE
texts = st.text(max_size=60).filter(lambda text: eio.SEPARATOR not in text)
packets = st.one_of(
    st.builds(eio.Packet, st.sampled_from(eio.PacketType), texts),
    st.builds(eio.Packet, st.just(MESSAGE), st.binary(max_size=60)),
)


@given(st.lists(packets, min_size=1, max_size=8))
def test_a_long_polling_body_holds_the_packets(sent: list[eio.Packet]) -> None:
    assert eio.decode_payload(eio.encode_payload(sent), max_packets=8) == sent


@given(st.text(max_size=200))
def test_random_text_raises_nothing_but_protocol_error(text: str) -> None:
    for decode in (eio.decode_packet, lambda body: eio.decode_payload(body, 5)):
        try:
            decode(text)
        except ProtocolError:
            continue


def test_examples_of_the_protocol() -> None:
    assert eio.decode_payload("4hello\x1e2\x1ebAQIDBA==", 3) == [
        eio.Packet(MESSAGE, "hello"),
        eio.Packet(eio.PacketType.PING),
        eio.Packet(MESSAGE, b"\x01\x02\x03\x04"),
    ]
    handshake = eio.Handshake("id", ("websocket",), 25_000, 20_000, 1_000_000)
    assert eio.encode_handshake(handshake) == (
        b'0{"sid":"id","upgrades":["websocket"],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}'
    )


@pytest.mark.parametrize("body", ["", "7", "abc", "b!", "4a\x1e", "\x1e4a"])
def test_malformed_bodies_are_refused(body: str) -> None:
    with pytest.raises(ProtocolError):
        eio.decode_payload(body, 10)


def test_a_body_with_too_many_packets_is_refused() -> None:
    assert len(eio.decode_payload("4\x1e4\x1e4", 3)) == 3
    with pytest.raises(ProtocolError):
        eio.decode_payload("4\x1e4\x1e4\x1e4", 3)


def test_what_a_client_may_send_when() -> None:
    may = {
        eio.State.OPEN: {"PONG", "MESSAGE", "CLOSE"},
        eio.State.EXPECTS_PROBE: {"PING", "CLOSE"},
        eio.State.EXPECTS_UPGRADE: {"UPGRADE", "CLOSE"},
        eio.State.CLOSED: set(),
    }
    for state in eio.State:
        for kind in eio.PacketType:
            if kind.name in may[state]:
                assert isinstance(eio.next_state(state, kind), eio.State)
            else:
                with pytest.raises(ProtocolError):
                    eio.next_state(state, kind)
