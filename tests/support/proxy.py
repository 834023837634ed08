"""A line that can be cut: forwards TCP connections of one client, and drops them at a counted moment."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import trio

DRAIN_SECONDS = 10


class CuttableLine:
    """`url` is where the client goes. `cuts` counts what was dropped."""

    def __init__(self, port: int, target_port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.cuts = 0
        self._target_port = target_port
        self._pieces_left: int | None = None
        self._is_last_passed_on = True

    def cut_at(self, piece: int, *, is_passed_on: bool) -> None:
        """Drop the line at the client's next but so many pieces. Either the server still gets that one and its answer
        never arrives, or it is lost. Further connections live."""
        self._pieces_left = piece
        self._is_last_passed_on = is_passed_on

    async def serve(self, client: trio.SocketStream) -> None:
        """Forward one connection until either end closes it or it is cut."""
        async with client, await trio.open_tcp_stream("127.0.0.1", self._target_port) as server:
            async with trio.open_nursery() as nursery:
                nursery.start_soon(self._forward_requests, client, server, nursery.cancel_scope)
                nursery.start_soon(self._forward_answers, server, client, nursery.cancel_scope)
            await client.aclose()
            await self._hang_up(server)

    async def _forward_requests(
        self, client: trio.SocketStream, server: trio.SocketStream, line: trio.CancelScope
    ) -> None:
        try:
            async for piece in client:
                is_cut = self._is_cut_now()
                if not is_cut or self._is_last_passed_on:
                    await server.send_all(piece)
                if is_cut:
                    break
        except trio.BrokenResourceError:
            pass
        line.cancel()

    async def _forward_answers(
        self, server: trio.SocketStream, client: trio.SocketStream, line: trio.CancelScope
    ) -> None:
        try:
            async for piece in server:
                await client.send_all(piece)
        except trio.BrokenResourceError:
            pass
        line.cancel()

    def _is_cut_now(self) -> bool:
        if self._pieces_left is None:
            return False
        self._pieces_left -= 1
        if self._pieces_left > 0:
            return False
        self._pieces_left = None
        self.cuts += 1
        return True

    async def _hang_up(self, server: trio.SocketStream) -> None:
        """Close behind what was passed on: closing over unread bytes could take it back from the server."""
        with trio.move_on_after(DRAIN_SECONDS):
            try:
                await server.send_eof()
                async for _ in server:
                    pass
            except trio.BrokenResourceError:
                pass


@asynccontextmanager
async def cuttable_line(target_port: int) -> AsyncIterator[CuttableLine]:
    """A line to a port of this machine, until the block is left."""
    (listener,) = await trio.open_tcp_listeners(0, host="127.0.0.1")
    line = CuttableLine(listener.socket.getsockname()[1], target_port)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(trio.serve_listeners, line.serve, [listener])
        yield line
        nursery.cancel_scope.cancel()
