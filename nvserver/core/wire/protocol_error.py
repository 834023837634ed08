"""The one error of the wire codecs."""


class ProtocolError(Exception):
    """The peer broke a wire protocol. Nothing was changed; the connection cannot go on.

    `close_code` is the WebSocket close code (RFC 6455, 7.4.1) that tells the peer why. The message holds none of its
    bytes.
    """

    def __init__(self, reason: str, close_code: int = 1002) -> None:
        super().__init__(reason)
        self.reason = reason
        self.close_code = close_code
