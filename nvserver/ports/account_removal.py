"""How accounts end."""

from typing import Protocol

from nvserver.ports.accounts import Account


class AccountRemoval(Protocol):
    """Durable when a call returns. Every method raises `Unavailable`."""

    async def is_last_administrator(self, user_id: str) -> bool:
        """Whether nobody else is an administrator who is not suspended, and that person is one."""
        ...

    async def remove(self, user_id: str) -> Account | None:
        """Forget the account and all that is this person's alone, in one transaction: sign-ins, API tokens, identities,
        the second factor, the tokens of mails, notifications and what of them is wanted, saved searches, calendar
        feeds; and what acts in the person's name: invitations, links, webhooks. The address is free then. What the
        person wrote stays, under an id that is nobody's.

        The account as it was; None, and nothing changes, for an unknown one. Raises `Conflict`, and changes nothing,
        for the last administrator: of all who go at once one stays."""
        ...
