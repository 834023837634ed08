"""A line to a server that can be cut and mended, for what happens to people on trains."""

import socket
import threading
from contextlib import suppress

PIECE_BYTES = 65_536


class Line:
    """Listens on a loopback port of its own and hands everything through to `target` (host, port).

    While it is cut it breaks every connection, and every new one as soon as it is made.
    """

    def __init__(self, target: tuple[str, int]) -> None:
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._guard = threading.Lock()
        self._open: set[socket.socket] = set()
        self._is_cut = False
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    @property
    def target_url(self) -> str:
        """Past the line, for what is timed."""
        host, port = self._target
        return f"http://{host}:{port}"

    def cut(self) -> None:
        with self._guard:
            self._is_cut = True
            for connection in self._open:
                _break(connection)

    def mend(self) -> None:
        with self._guard:
            self._is_cut = False

    def close(self) -> None:
        # Closing alone would not wake the thread that waits in `accept`.
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            try:
                far = socket.create_connection(self._target)
            except OSError:
                near.close()
                continue
            for end in (near, far):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._guard:
                self._open |= {near, far}
                if self._is_cut:
                    _break(near)
                    _break(far)
            for source, sink in ((near, far), (far, near)):
                threading.Thread(target=self._carry, args=(source, sink), daemon=True).start()

    def _carry(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while piece := source.recv(PIECE_BYTES):
                sink.sendall(piece)
        _break(sink)
        with self._guard:
            self._open.discard(source)
        source.close()


def _break(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
