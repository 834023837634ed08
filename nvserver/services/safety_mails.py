"""Mails that tell people of changes to how they sign in, so that nobody takes an account unseen (OWASP ASVS 6.3.7)."""

from typing import Final, Literal, TypeAlias

from nvserver.ports.accounts import Account
from nvserver.ports.mail import Mail
from nvserver.services.mail_queue import MailQueue

SafetyChange: TypeAlias = Literal["password", "second_factor", "second_factor_end", "identity_link", "identity_unlink"]

_TOLD: Final = {
    "password": "The password of your account was changed.",
    "second_factor": "Your account has a second factor from now on: a code of an app is asked for too.",
    "second_factor_end": "Your account has no second factor any more.",
    "identity_link": "From now on one can sign in to your account with {name} too.",
    "identity_unlink": "One can no longer sign in to your account with {name}.",
}

_TEXT: Final = """Hello {person},

{told}

If it was not you, choose a new password at once and end all other sessions in the settings, or tell an administrator.
"""


class SafetyMails:
    """To the account's address."""

    def __init__(self, mails: MailQueue) -> None:
        self._mails = mails

    def tell(self, account: Account, change: SafetyChange, name: str = "") -> None:
        """Post the mail. `name`: of the provider that an identity is at."""
        text = _TEXT.format(person=account.display_name, told=_TOLD[change].format(name=name))
        self._mails.post(Mail("safety", account.email, "The safety of your account", text))
