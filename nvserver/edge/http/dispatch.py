"""The way of every API request: who calls, is the form right, has it been answered before, do it, answer.

What the handler does is shielded from the caller's leaving: a request is done wholly or not at all. It has a deadline.
"""

import hashlib
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
import structlog
import trio
from quart import Response, request

from nvserver.core.principal import Principal
from nvserver.edge.http.audited import details_of
from nvserver.edge.http.decoding import decode_body, decode_query
from nvserver.edge.http.errors import error_answer, error_headers, fresh_request_id, known_error
from nvserver.edge.http.origin import OriginReader
from nvserver.edge.http.pacing import Paced
from nvserver.edge.http.request_limits import RequestLimits
from nvserver.edge.http.routing import Answer, AnyRoute, Call, HandlerResult, Incoming, Outgoing
from nvserver.edge.http.settings import HttpSettings
from nvserver.edge.metrics import HttpMetrics
from nvserver.errors import (
    Forbidden,
    NoteVaultError,
    PayloadTooLarge,
    RequestTimeout,
    Unauthenticated,
    Unavailable,
    UnsupportedMediaType,
    ValidationFailed,
)
from nvserver.ports.clock import NowMs
from nvserver.ports.idempotency import IdempotencyStore, RequestKey, StoredAnswer
from nvserver.problems import Problem
from nvserver.services.audit_trail import AuditTrail
from nvserver.services.tokens import TokenVerifier

JSON = "application/json"
MAX_KEY_CHARACTERS = 255
LIMITED = "/api/"
"""What the rate limits are for; checks of health and metrics are not counted."""
FINAL_STATUSES = frozenset(range(200, 500)) - {401, 429}
"""Answers that a repeated request is given again; after the others it is tried anew."""

log = structlog.get_logger("nvserver.http")


class Dispatcher:
    """Turns routes into Quart views."""

    def __init__(
        self,
        verifier: TokenVerifier,
        answers: IdempotencyStore,
        fleeting_answers: IdempotencyStore,
        limits: RequestLimits,
        audit: AuditTrail,
        metrics: HttpMetrics,
        settings: HttpSettings,
        now_ms: NowMs,
    ) -> None:
        """`fleeting_answers` keep what must not be stored."""
        self._verifier = verifier
        self._answers = answers
        self._fleeting_answers = fleeting_answers
        self._limits = limits
        self._audit = audit
        self._metrics = metrics
        self._settings = settings
        self._now_ms = now_ms
        self._origins = OriginReader(settings.trusted_proxies)

    def view(self, route: AnyRoute) -> Callable[..., Awaitable[Response]]:
        """The Quart view of a route."""

        async def answer_request(**params: str) -> Response:
            started, request_id = trio.current_time(), new_request_id()
            try:
                response = _response(await self._answered(route, params, request_id))
            except Exception as error:  # noqa: BLE001 -- whatever happens, the caller gets an answer in our form
                response = self.error_response(error, request_id)
            response.headers["X-Request-Id"] = request_id
            seconds = trio.current_time() - started
            self._metrics.answered(request.method, route.path, response.status_code, seconds)
            log.debug("answered", method=request.method, route=route.path, status=response.status_code)
            return response

        return answer_request

    def error_response(self, error: Exception, request_id: str) -> Response:
        """The answer to a request that failed; what is our fault is logged."""
        known = known_error(error)
        if known.status == 500:
            log.error("request failed", method=request.method, path_pattern=str(request.url_rule), exc_info=error)
        body = msgspec.json.encode(error_answer(known, request_id, self._now_ms()))
        headers = {"X-Request-Id": request_id, "Cache-Control": "no-store", **error_headers(known)}
        return Response(body, known.status, headers, content_type=JSON)

    async def _answered(self, route: AnyRoute, params: dict[str, str], request_id: str) -> StoredAnswer | Answer:
        origin = self._origins.origin(
            request.remote_addr or "", request.headers.get("X-Forwarded-For"), request.headers.get("User-Agent")
        )
        if route.path.startswith(LIMITED):
            self._limits.before(origin.address)
        caller = None if route.is_public else await self._caller(route)
        query = decode_query(request.args.to_dict(), route.query) if route.query else None
        headers = {name.lower(): value for name, value in request.headers.items()}
        if route.takes is not None:
            call = Call(params, None, query, origin, request.cookies, caller, headers, self._incoming(route))
            return await self._once(route, call, b"", request_id)
        raw = await self._body(route) if route.body else b""
        body = decode_body(raw, route.body) if route.body else None
        call = Call(params, body, query, origin, request.cookies, caller, headers)
        with trio.CancelScope(shield=True, deadline=trio.current_time() + self._settings.work_seconds) as scope:
            return await self._once(route, call, raw, request_id)
        assert scope.cancelled_caught
        raise Unavailable("This took too long; its outcome is unknown")

    async def _once(self, route: AnyRoute, call: Call[Any, Any], raw: bytes, request_id: str) -> StoredAnswer | Answer:
        key = request.headers.get("Idempotency-Key") if route.method == "POST" else None
        if key is None:
            result = await self._handled(route, call)
            if isinstance(result, Answer) and isinstance(result.body, Outgoing):
                return result
            return _encoded(route, result)
        if not 0 < len(key) <= MAX_KEY_CHARACTERS:
            raise ValidationFailed.at(
                "Idempotency-Key",
                f"must have 1 to {MAX_KEY_CHARACTERS} characters",
                Problem.TOO_LONG,
                MAX_KEY_CHARACTERS,
            )
        # Whoever is not signed in shows by the body (its password) that the first answer was his.
        asker = call.caller.user_id if call.caller else hashlib.sha256(raw).hexdigest()
        claim = RequestKey(f"{asker} {request.path}", key)
        answers = self._fleeting_answers if route.has_secret_answer else self._answers
        first = await answers.claim(claim, hashlib.sha256(raw).digest(), self._now_ms())
        if first is not None:
            return first
        answer: StoredAnswer | None = None
        try:
            answer = await self._final_answer(route, call, request_id)
        finally:
            with trio.CancelScope(shield=True, deadline=trio.current_time() + self._settings.work_seconds):
                await answers.settle(claim, answer, self._now_ms())
        return answer

    async def _final_answer(self, route: AnyRoute, call: Call[Any, Any], request_id: str) -> StoredAnswer:
        """The handler's answer, errors that would come again included."""
        try:
            return _encoded(route, await self._handled(route, call))
        except NoteVaultError as error:
            if error.status not in FINAL_STATUSES:
                raise
            body = msgspec.json.encode(error_answer(error, request_id, self._now_ms()))
            return StoredAnswer(error.status, tuple(error_headers(error).items()), body)

    async def _handled(self, route: AnyRoute, call: Call[Any, Any]) -> HandlerResult:
        """What the handler says; the audit log hears of it where the route says so."""
        if route.act is None:
            return await route.handler(call)
        try:
            result = await route.handler(call)
        except (Unauthenticated, Forbidden) as error:
            await self._record(route, call, _user_of(call), error.code)
            raise
        actor_id = result.actor_id if isinstance(result, Answer) else None
        await self._record(route, call, actor_id or _user_of(call), "OK")
        return result

    async def _record(self, route: AnyRoute, call: Call[Any, Any], actor_id: str | None, outcome: str) -> None:
        details = details_of(call.params, call.body, route.act_fields)
        await self._audit.record(actor_id, route.act or "", outcome, call.origin.address, details)

    async def _caller(self, route: AnyRoute) -> Principal:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Unauthenticated
        principal = (await self._verifier.verify(token.strip())).principal
        self._limits.before_person(principal.user_id)
        scope = "admin" if route.only == "admin" else "read" if route.method == "GET" else "write"
        if not principal.is_within(scope) or (route.only == "sign_in" and principal.scopes is not None):
            raise Forbidden("This API token does not reach that far")
        if route.only == "admin" and principal.system_role != "admin":
            raise Forbidden("Only administrators may do this")
        return principal

    def _incoming(self, route: AnyRoute) -> Incoming:
        _check_coding()
        length = request.content_length
        if (length or 0) > route.max_body_bytes:
            raise PayloadTooLarge
        settings = self._settings
        chunks = Paced(
            request.body, route.max_body_bytes, settings.body_seconds, settings.slowest_upload_bytes_per_second
        )
        return Incoming(request.headers.get("Content-Type", ""), length, chunks)

    async def _body(self, route: AnyRoute) -> bytes:
        if (request.content_length or 0) > route.max_body_bytes:
            raise PayloadTooLarge
        body = bytearray()
        with trio.move_on_after(self._settings.body_seconds) as scope:
            async for chunk in request.body:
                body += chunk
                if len(body) > route.max_body_bytes:
                    raise PayloadTooLarge
        if scope.cancelled_caught:
            raise RequestTimeout
        if body:
            _check_coding()
            if request.mimetype != JSON:
                raise UnsupportedMediaType
        return bytes(body)


def _check_coding() -> None:
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise UnsupportedMediaType("Send the body as it is, without Content-Encoding")


def _user_of(call: Call[Any, Any]) -> str | None:
    return None if call.caller is None else call.caller.user_id


def new_request_id() -> str:
    """An id that the logs of this task name from now on."""
    request_id = fresh_request_id()
    structlog.contextvars.bind_contextvars(request_id=request_id)
    return request_id


def _encoded(route: AnyRoute, result: msgspec.Struct | None) -> StoredAnswer:
    answer = result if isinstance(result, Answer) else Answer(result)
    if isinstance(answer.body, Outgoing):
        raise TypeError("an answer that is sent as it is read cannot be kept")
    if answer.body is None:
        status = 204 if route.status == 200 else route.status
        return StoredAnswer(answer.status or status, answer.headers, b"")
    body = answer.body if isinstance(answer.body, bytes) else msgspec.json.encode(answer.body)
    return StoredAnswer(answer.status or route.status, answer.headers, body)


def _response(answer: StoredAnswer | Answer) -> Response:
    body = answer.body.chunks if isinstance(answer.body, Outgoing) else answer.body
    response = Response(b"" if request.method == "HEAD" else body, answer.status, content_type=JSON)  # type: ignore[arg-type]
    response.headers["Cache-Control"] = "no-store"
    for name, value in answer.headers:
        if name == "Set-Cookie":
            response.headers.add(name, value)
        else:
            response.headers[name] = value
    return response
