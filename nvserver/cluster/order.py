"""Gives an order to a running cluster, from a process that is no node of it."""

from collections.abc import Sequence

import msgspec
import trio

from nvserver.cluster.frames import FRAMES, Item, LinkBroken, LinkFrame
from nvserver.cluster.links import Line, Links
from nvserver.cluster.remote import RemoteLink
from nvserver.cluster.seal import Seal
from nvserver.cluster.settings import NodeSettings
from nvserver.cluster.tokens import new_token
from nvserver.cluster.wire import wire_version
from nvserver.errors import NotFound, Unavailable, WorkspaceMoved
from nvserver.ports.bus import Bus
from nvserver.ports.directory import Directory

_SECONDS = 20.0
_NOT_TAKEN = (
    "The node that has the workspace did not take the order: it has let the workspace go, or is of another version and"
    " takes orders only of that version's nvserver"
)


class _Nobody:
    """Stands behind links that others open to a process that hosts nothing."""

    def take(self, item: Item) -> None:
        """Nothing is done."""

    def before_flush(self) -> None:
        """Nothing is gathered."""

    def broken(self) -> None:
        """Nothing is lost."""


async def order_move(
    directory: Directory, bus: Bus, keys: Sequence[bytes], workspace_id: str, node: str, settings: NodeSettings
) -> None:
    """Have the workspace moved to the node (its id or name) by the node that has it. Raises `NotFound` for a workspace
    that no node has open and for a node that is not there, `Unavailable`."""
    owner = await directory.look_up(workspace_id)
    if owner is None:
        raise NotFound("No node has the workspace open; the next use of it opens it somewhere")
    seal = Seal(keys)
    own_id = f"order~{new_token()}"
    links = Links(
        *(own_id, bus, seal, settings.link_seconds, settings.link_bytes, lambda _: _Nobody(), new_token, wire_version())
    )

    def received(datagram: bytes) -> None:
        body = seal.open(datagram)
        try:
            frame = None if body is None else FRAMES.decode(body)
        except msgspec.MsgspecError:
            return  # of a node of another version, and not for us
        if isinstance(frame, LinkFrame) and frame.receiver == own_id:
            links.take_frame(frame, len(datagram))
        elif isinstance(frame, LinkBroken) and frame.receiver == own_id:
            links.take_broken(frame)

    await bus.listen(own_id, received)
    with trio.move_on_after(_SECONDS):
        async with trio.open_nursery() as nursery:
            nursery.start_soon(links.run)
            link = links.to(owner, _remote)
            assert isinstance(link, RemoteLink)
            try:
                await link.order(workspace_id, node)
            except WorkspaceMoved as error:
                raise Unavailable(_NOT_TAKEN) from error
            nursery.cancel_scope.cancel()
        return
    raise Unavailable("The node that has the workspace does not answer")


def _remote(line: Line) -> RemoteLink:
    return RemoteLink(line)
