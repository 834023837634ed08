"""Every error that NoteVault tells to a caller, with its stable code.

An error says whose fault it is (`status` 4xx: the caller's, 5xx: ours), carries the reply it is answered
with, and means that nothing was changed. REST and realtime answer the same codes.
"""

from collections.abc import Mapping, Sequence
from typing import ClassVar, TypeAlias

from nvserver.problems import Problem

Details: TypeAlias = Mapping[str, object] | Sequence[object] | None


class NoteVaultError(Exception):
    """Base of all errors with a code. `message` is for people, `code` for programs."""

    code: ClassVar[str] = "INTERNAL"
    status: ClassVar[int] = 500
    default_message: ClassVar[str] = "Something went wrong on our side"

    def __init__(self, message: str | None = None, details: Details = None) -> None:
        self.message = message or self.default_message
        self.details = details
        super().__init__(self.message)


class CallerError(NoteVaultError):
    """The caller asked for something that cannot be done as asked; asking again changes nothing."""


class BadRequest(CallerError):
    code, status = "BAD_REQUEST", 400
    default_message = "This is not a well-formed HTTP request"


class InvalidJson(CallerError):
    code, status = "INVALID_JSON", 400
    default_message = "The body is not valid JSON"


class ValidationFailed(CallerError):
    """`details` is a list of `{path, message, code}`, some with a `limit`; `code` is one of `Problem`."""

    code, status = "VALIDATION_FAILED", 422
    default_message = "The request does not have the expected form"

    @classmethod
    def at(cls, path: str, message: str, problem: Problem, limit: float | None = None) -> "ValidationFailed":
        """One fault at `path` (dotted, empty for the whole); `limit` belongs to the kinds that speak of an amount."""
        told: dict[str, object] = {"path": path, "message": message, "code": problem.value}
        if limit is not None:
            told["limit"] = limit
        return cls(f"{path}: {message}" if path else message, [told])


class Unauthenticated(CallerError):
    code, status = "UNAUTHENTICATED", 401
    default_message = "Sign in first"


class SecondFactorNeeded(Unauthenticated):
    code = "SECOND_FACTOR_NEEDED"
    default_message = "Give the code of your authenticator app too"


class SecondFactorWrong(Unauthenticated):
    code = "SECOND_FACTOR_WRONG"
    default_message = "This code is wrong or was used already"


class ProviderSignInFailed(Unauthenticated):
    code = "PROVIDER_SIGN_IN_FAILED"
    default_message = "This sign-in took too long, was refused, or was begun in another browser; begin again"


class TokenExpired(CallerError):
    code, status = "TOKEN_EXPIRED", 401
    default_message = "The access token has expired"


class Forbidden(CallerError):
    code, status = "FORBIDDEN", 403
    default_message = "Your role does not allow this"


class AccountSuspended(Forbidden):
    code = "ACCOUNT_SUSPENDED"
    default_message = "This account is suspended; ask an administrator"


class RegistrationRefused(Forbidden):
    code = "REGISTRATION_REFUSED"
    default_message = "There is no account for this person, and none is made; ask an administrator"


class ProviderLinkFailed(Forbidden):
    code = "PROVIDER_LINK_FAILED"
    default_message = "This took too long, was refused, or was begun in another browser or for something else"


class SignInTooOld(Forbidden):
    code = "SIGN_IN_TOO_OLD"
    default_message = "Sign in again first: this needs a sign-in of the last ten minutes"


class NotFound(CallerError):
    code, status = "NOT_FOUND", 404
    default_message = "Not found"


class WorkspaceNotFound(NotFound):
    code = "WORKSPACE_NOT_FOUND"
    default_message = "The requested workspace could not be found"


class NoteNotFound(NotFound):
    code = "NOTE_NOT_FOUND"
    default_message = "The requested note could not be found"


class CollectionNotFound(NotFound):
    code = "COLLECTION_NOT_FOUND"
    default_message = "The requested collection could not be found"


class ConnectionNotFound(NotFound):
    code = "CONNECTION_NOT_FOUND"
    default_message = "The requested connection could not be found"


class MessageNotFound(NotFound):
    code = "MESSAGE_NOT_FOUND"
    default_message = "The requested chat message could not be found"


class EventNotFound(NotFound):
    code = "EVENT_NOT_FOUND"
    default_message = "The requested calendar event could not be found"


class FeedNotFound(NotFound):
    code = "FEED_NOT_FOUND"
    default_message = "The requested calendar feed could not be found"


class VersionNotFound(NotFound):
    code = "VERSION_NOT_FOUND"
    default_message = "The requested version could not be found"


class CommentNotFound(NotFound):
    code = "COMMENT_NOT_FOUND"
    default_message = "The requested comment could not be found"


class NotificationNotFound(NotFound):
    code = "NOTIFICATION_NOT_FOUND"
    default_message = "The requested notification could not be found"


class MemberNotFound(NotFound):
    code = "MEMBER_NOT_FOUND"
    default_message = "This person is not a member of the workspace"


class UserNotFound(NotFound):
    code = "USER_NOT_FOUND"
    default_message = "The requested user could not be found"


class SessionNotFound(NotFound):
    code = "SESSION_NOT_FOUND"
    default_message = "The requested sign-in could not be found"


class ProviderNotFound(NotFound):
    code = "PROVIDER_NOT_FOUND"
    default_message = "There is no such provider of sign-ins here"


class IdentityNotFound(NotFound):
    code = "IDENTITY_NOT_FOUND"
    default_message = "The requested identity could not be found"


class SearchNotFound(NotFound):
    code = "SEARCH_NOT_FOUND"
    default_message = "The requested saved search could not be found"


class ApiTokenNotFound(NotFound):
    code = "API_TOKEN_NOT_FOUND"
    default_message = "The requested API token could not be found"


class InvitationNotFound(NotFound):
    code = "INVITATION_NOT_FOUND"
    default_message = "The requested invitation could not be found, or it is not good any more"


class LinkNotFound(NotFound):
    code = "LINK_NOT_FOUND"
    default_message = "The requested link could not be found, or it is not good any more"


class WebhookNotFound(NotFound):
    code = "WEBHOOK_NOT_FOUND"
    default_message = "The requested webhook could not be found"


class DeliveryNotFound(NotFound):
    code = "DELIVERY_NOT_FOUND"
    default_message = "The requested delivery could not be found; a webhook's log keeps the newest ones"


class LinkPasswordWrong(Forbidden):
    code = "LINK_PASSWORD_WRONG"
    default_message = "This link needs its password"


class FileNotFound(NotFound):
    code = "FILE_NOT_FOUND"
    default_message = "The requested file could not be found"


class MethodNotAllowed(CallerError):
    code, status = "METHOD_NOT_ALLOWED", 405
    default_message = "This address does not know that method"


class Conflict(CallerError):
    code, status = "CONFLICT", 409
    default_message = "This contradicts what was accepted before"


class EmailTaken(Conflict):
    code = "EMAIL_TAKEN"
    default_message = "An account with this e-mail address exists already"


class IdentityTaken(Conflict):
    code = "IDENTITY_TAKEN"
    default_message = "Another account signs in by this identity already"


class OwnsWorkspaces(Conflict):
    """`details` is a list of `{workspaceId, name}`."""

    code = "OWNS_WORKSPACES"
    default_message = "Others are in workspaces that you own; hand these over or delete them first"


class LastAdministrator(Conflict):
    code = "LAST_ADMINISTRATOR"
    default_message = "You are the only administrator; make somebody else one first"


class BaseTooOld(Conflict):
    code = "BASE_TOO_OLD"
    default_message = "The changes since that state are no longer kept"


class RequestTimeout(CallerError):
    code, status = "REQUEST_TIMEOUT", 408
    default_message = "The request did not arrive in time"


class UpgradeRequired(CallerError):
    code, status = "UPGRADE_REQUIRED", 426
    default_message = "This address speaks another version of the protocol"


class HeadTooLarge(CallerError):
    code, status = "HEAD_TOO_LARGE", 431
    default_message = "The request's head is too large: send fewer or shorter headers"


class PayloadTooLarge(CallerError):
    code, status = "PAYLOAD_TOO_LARGE", 413
    default_message = "This is larger than what is allowed"


class QuotaExceeded(PayloadTooLarge):
    code = "QUOTA_EXCEEDED"
    default_message = "The workspace has no room for this"


class RangeNotSatisfiable(CallerError):
    """`size_bytes`: of the whole."""

    code, status = "RANGE_NOT_SATISFIABLE", 416
    default_message = "The content has no such part"

    def __init__(self, size_bytes: int) -> None:
        super().__init__(None, {"sizeBytes": size_bytes})
        self.size_bytes = size_bytes


class UnsupportedMediaType(CallerError):
    code, status = "UNSUPPORTED_MEDIA_TYPE", 415
    default_message = "Send application/json"


class RateLimited(CallerError):
    """`retry_after_seconds` tells when the next try may succeed."""

    code, status = "RATE_LIMITED", 429
    default_message = "Too many requests; wait a moment"

    def __init__(self, retry_after_seconds: float, message: str | None = None) -> None:
        super().__init__(message, {"retryAfterSeconds": round(retry_after_seconds, 3)})
        self.retry_after_seconds = retry_after_seconds


class Internal(NoteVaultError):
    """A fault of ours. Its message never tells internals."""


class PutAside(Internal):
    """The request made its workspace fail again and again: it is kept for the people who repair that, and not tried
    any more."""

    default_message = "This makes the server fail and was put aside; an administrator has been told"


class MailRefused(NoteVaultError):
    """The mail server will never take this mail. Told to nobody but the log."""

    default_message = "The mail server refuses this mail"


class Unavailable(NoteVaultError):
    """We cannot do it now (store down, queue full, moving). The outcome may be unknown: send it again, numbered
    alike."""

    code, status = "UNAVAILABLE", 503
    default_message = "The server cannot do this right now; try again"


class WrittenByNewerVersion(Unavailable):
    """There is something in the workspace that this version does not know. It is well; only this node cannot serve
    it."""

    default_message = "A newer version of the server has written to this workspace; this node is not updated yet"


class WorkspaceMoved(Unavailable):
    """The workspace is being reopened, here or on another node: ask for it again. `is_untouched`: nothing was done of
    what was asked; else that is unknown, and only what is numbered may be sent again."""

    default_message = "The workspace is being reopened; send it again with the same number"

    def __init__(self, message: str | None = None, details: Details = None, *, is_untouched: bool = False) -> None:
        super().__init__(message, details)
        self.is_untouched = is_untouched


class OperatorError(Exception):
    """The one who runs the server has to do something: told in one sentence on stderr, without a traceback.

    `exit_code` is the process's (see `nvserver --help`).
    """

    exit_code: ClassVar[int] = 3
