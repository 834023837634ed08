"""Engine.IO and Socket.IO as far as a client on WebSocket needs them."""

import msgspec

from bench.core.link import Link

PING = b"\x81\x012"
PATH = "/socket.io/?EIO=4&transport=websocket"


def connect(port: int, auth: object = None) -> Link:
    """A connection that is in the main namespace."""
    link = Link(port, PATH)
    link.wait(lambda message: message.startswith(b"0"))
    link.send_text(b"40" + (msgspec.json.encode(auth) if auth else b""))
    answer = link.wait(lambda message: message[:2] in (b"40", b"44"))
    if answer.startswith(b"44"):
        raise RuntimeError(f"refused: {answer!r}")
    return link


def call(link: Link, number: int, name: str, payload: object) -> object:
    """The acknowledgement of an event."""
    link.send_text(b"42%d%b" % (number, msgspec.json.encode([name, payload])))
    head = b"43%d[" % number
    answer = msgspec.json.decode(link.wait(lambda message: message.startswith(head))[len(head) - 1 :])
    result = answer[0] if answer else None
    if isinstance(result, dict) and "error" in result:
        raise RuntimeError(f"{name}: {result['error']}")
    return result


def answer_ping(link: Link) -> None:
    """Pong."""
    link.send_text(b"3")
