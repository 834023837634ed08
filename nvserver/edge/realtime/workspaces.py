"""The workspaces that one connection is in, or is about to enter, and the way of its events to them."""

from collections.abc import Callable
from typing import Any, Final

import structlog

from nvserver.edge.realtime.broadcasts import encode_event
from nvserver.edge.realtime.events import JOIN, LEAVE, EventType
from nvserver.edge.realtime.membership import CursorPace, Membership, depart
from nvserver.edge.realtime.outbox import Outgoing
from nvserver.edge.realtime.payloads import InWorkspace, Numbered
from nvserver.edge.realtime.request import Request
from nvserver.edge.realtime.services import Services
from nvserver.errors import Internal, NoteVaultError, Unavailable, ValidationFailed, WorkspaceNotFound
from nvserver.problems import Problem
from nvserver.workspace import messages as m
from nvserver.workspace.events import ResyncNeeded
from nvserver.workspace.session import Session

log = structlog.get_logger()

_NOT_JOINED: Final = "Join the workspace first"


class Workspaces:
    """`session` is the connection, as the actors know it; `send` queues for its client."""

    __slots__ = ("_memberships", "_send", "_services", "_session")

    def __init__(self, session: Session, send: Callable[[Outgoing], None], services: Services) -> None:
        self._session = session
        self._send = send
        self._services = services
        self._memberships: dict[str, Membership] = {}

    def has_joined(self, workspace_id: str) -> bool:
        """Whether the workspace's events may be passed on to the client."""
        membership = self._memberships.get(workspace_id)
        return membership is not None and membership.is_joined

    def pass_on(self, event_type: EventType[Any], payload: InWorkspace, request: Request, size: int) -> None:
        """Have the workspace's actor answer the event of `size` bytes. Raises NoteVaultError when there is no way."""
        message = event_type.message(payload, self._session)
        if event_type is JOIN:
            membership = self._enter(payload.workspace_id)
            membership.joins_waiting += 1
        else:
            membership = self._member_of(payload.workspace_id)
        if isinstance(message, m.MoveCursor):
            self._move_cursor(membership, message)
            request.answer(event_type.answer(payload, None, self._session))  # what becomes of it nobody waits for
        else:
            membership.send(message, self._on_reply(event_type, payload, request, membership), size)

    def leave(self, workspace_id: str) -> None:
        """Leave on the server's own account: nothing of the workspace is passed on from now on."""
        membership = self._memberships.get(workspace_id)
        if membership is not None:
            membership.is_joined = False
            membership.send(m.Leave(self._session), lambda _: self._forget_if_left(membership), 0)

    def leave_all(self) -> None:
        """The client is gone."""
        memberships, self._memberships = self._memberships, {}
        for membership in memberships.values():
            membership.abandon()
            if membership.ref is not None:
                depart(membership.ref, self._session, self._services.timer)

    def forget(self, workspace_id: str) -> None:
        """The workspace has let go of the session by itself."""
        membership = self._memberships.pop(workspace_id, None)
        if membership is not None:
            membership.abandon()

    def _on_reply(
        self, event_type: EventType[Any], payload: InWorkspace, request: Request, membership: Membership
    ) -> Callable[[Any], None]:
        if not request.is_acknowledged and isinstance(payload, Numbered):
            return request.hear  # of nearly all edits: they come back, which is their answer

        def on_reply(reply: Any) -> None:
            if event_type is JOIN:
                membership.joins_waiting -= 1
            if isinstance(reply, NoteVaultError):
                request.refuse(reply)
            elif not (membership.is_joined or event_type is JOIN or isinstance(payload, Numbered)):
                request.refuse(WorkspaceNotFound(_NOT_JOINED))
            else:
                membership.is_joined = (membership.is_joined or event_type is JOIN) and event_type is not LEAVE
                request.answer(event_type.answer(payload, reply, self._session))
            if event_type is JOIN or event_type is LEAVE:
                self._forget_if_left(membership)

        return on_reply

    def _enter(self, workspace_id: str) -> Membership:
        """The membership a join goes through."""
        membership = self._memberships.get(workspace_id)
        if membership is None or membership.is_dead:
            settings = self._services.settings
            if membership is None and len(self._memberships) >= settings.max_workspaces:
                raise ValidationFailed.at(
                    "workspaceId", "this connection is in too many workspaces", Problem.NOT_TOGETHER
                )
            membership = Membership(workspace_id, settings.held_bytes)
            self._memberships[workspace_id] = membership
            self._services.start_soon(self._find, membership)
        return membership

    async def _find(self, membership: Membership) -> None:
        try:
            ref = await self._services.router.find(membership.workspace_id)
        except NoteVaultError as error:
            membership.failed(error)
        except Exception:
            log.exception("workspace could not be found", workspace=membership.workspace_id)
            membership.failed(Internal())
        else:
            membership.found(ref)

    def _member_of(self, workspace_id: str) -> Membership:
        membership = self._memberships.get(workspace_id)
        if membership is None:
            raise WorkspaceNotFound(_NOT_JOINED)
        if membership.is_dead:
            self.forget(workspace_id)
            self._send(encode_event(ResyncNeeded(workspace_id, "the workspace was restarted or has moved")))
            raise Unavailable
        return membership

    def _forget_if_left(self, membership: Membership) -> None:
        is_current = self._memberships.get(membership.workspace_id) is membership
        if is_current and not membership.is_joined and membership.joins_waiting == 0:
            self.forget(membership.workspace_id)

    def _move_cursor(self, membership: Membership, move: m.MoveCursor) -> None:
        settings = self._services.settings
        if not settings.rate_limits:
            membership.send(move, None, 0)
            return
        if membership.cursors is None:
            membership.cursors = CursorPace(
                settings.cursors_per_second, self._services.timer, lambda newest: membership.send(newest, None, 0)
            )
        membership.cursors.move(move)
