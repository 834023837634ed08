"""Routes of people who delete their accounts."""

from collections.abc import Iterable

import msgspec

from nvserver.edge.http.account_shapes import ProofBody, SessionAnswers
from nvserver.edge.http.routing import Answer, AnyRoute, Call, Route
from nvserver.errors import LastAdministrator, OwnsWorkspaces, SignInTooOld
from nvserver.ports.oplog import OwnedWorkspace
from nvserver.services.account_deletion import AccountDeletion
from nvserver.services.avatars import Avatars


class OwnedItem(msgspec.Struct, frozen=True, rename="camel"):
    """`members`: how many there are, the owner included."""

    id: str
    name: str
    members: int


class DeletionAnswer(msgspec.Struct, frozen=True, rename="camel"):
    """What deleting the account means now. `inTheWay`: workspaces that others are in, which have to be handed over or
    deleted first. `going`: those that go with the account. The last administrator cannot go."""

    in_the_way: tuple[OwnedItem, ...]
    going: tuple[OwnedItem, ...]
    is_last_administrator: bool


class AccountDeletionRoutes:
    """`DELETE /api/auth/me`, and what it would do."""

    def __init__(self, deletion: AccountDeletion, avatars: Avatars, answers: SessionAnswers) -> None:
        self._deletion = deletion
        self._avatars = avatars
        self._answers = answers

    def routes(self) -> tuple[AnyRoute, ...]:
        """The table."""
        return (
            Route(
                "GET", "/api/auth/me/deletion", self._plan, "What deleting the caller's account would mean",
                answer=DeletionAnswer, only="sign_in",
            ),
            Route(
                "DELETE", "/api/auth/me", self._delete,
                "Delete the caller's account, and the workspaces that nobody else is in",
                body=ProofBody, status=204, errors=(SignInTooOld, OwnsWorkspaces, LastAdministrator), only="sign_in",
                act="auth.delete",
            ),
        )  # fmt: skip

    async def _plan(self, call: Call[None, None]) -> DeletionAnswer:
        plan = await self._deletion.plan(call.user_id)
        return DeletionAnswer(_items(plan.in_the_way), _items(plan.going), plan.is_last_administrator)

    async def _delete(self, call: Call[ProofBody, None]) -> Answer:
        account = await self._deletion.delete(call.principal, call.body.password, call.body.code, call.origin)
        await self._avatars.discard(account.avatar_url)
        return Answer(None, 204, (self._answers.carry("", 0),))


def _items(owned: Iterable[OwnedWorkspace]) -> tuple[OwnedItem, ...]:
    return tuple(OwnedItem(one.info.id, one.info.name, one.others + 1) for one in owned)
