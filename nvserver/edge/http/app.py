"""The HTTP application: routes, and what no route knows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from prometheus_client import CollectorRegistry
from quart import Response, request
from quart_trio import QuartTrio
from werkzeug.exceptions import HTTPException

from nvserver import errors
from nvserver.core.limits import WorkspaceLimits
from nvserver.edge.http.account_deletion import AccountDeletionRoutes
from nvserver.edge.http.account_shapes import SessionAnswers
from nvserver.edge.http.admin import AdminRoutes
from nvserver.edge.http.admin_system import AdminSystemRoutes, NodeFacts
from nvserver.edge.http.api_tokens import ApiTokenRoutes
from nvserver.edge.http.auth import AuthRoutes
from nvserver.edge.http.avatars import AvatarRoutes
from nvserver.edge.http.calendar import CalendarRoutes
from nvserver.edge.http.chat import ChatRoutes
from nvserver.edge.http.collections import CollectionRoutes
from nvserver.edge.http.comments import CommentRoutes
from nvserver.edge.http.connections import ConnectionRoutes
from nvserver.edge.http.cors import PATHS as CORS_PATHS
from nvserver.edge.http.cors import Cors
from nvserver.edge.http.dispatch import Dispatcher, new_request_id
from nvserver.edge.http.docs import docs_routes
from nvserver.edge.http.exports import ExportRoutes
from nvserver.edge.http.files import FileRoutes
from nvserver.edge.http.health import HealthRoutes, ReadinessCheck
from nvserver.edge.http.history import HistoryRoutes
from nvserver.edge.http.identities import IdentityRoutes
from nvserver.edge.http.imports import ImportParts, ImportRoutes
from nvserver.edge.http.invitations import InvitationRoutes
from nvserver.edge.http.members import MemberRoutes
from nvserver.edge.http.note_links import NoteLinkRoutes
from nvserver.edge.http.notes import NoteRoutes
from nvserver.edge.http.notifications import NotificationRoutes
from nvserver.edge.http.openapi import openapi_route
from nvserver.edge.http.pacing import BoundedConnection, BoundedRequest
from nvserver.edge.http.passwords import PasswordRoutes
from nvserver.edge.http.paths import name_converter
from nvserver.edge.http.provider_shapes import JourneyCookie
from nvserver.edge.http.providers import ProviderRoutes
from nvserver.edge.http.request_limits import RequestLimits
from nvserver.edge.http.routing import AnyRoute
from nvserver.edge.http.search import SearchRoutes
from nvserver.edge.http.second_factors import SecondFactorRoutes
from nvserver.edge.http.settings import HttpSettings
from nvserver.edge.http.share_links import ShareLinkRoutes
from nvserver.edge.http.static import ENCODINGS, StaticFile, StaticFiles
from nvserver.edge.http.versions import VersionRoutes
from nvserver.edge.http.vitals import VitalRoutes
from nvserver.edge.http.webhooks import WebhookRoutes
from nvserver.edge.http.workspaces import WorkspaceRoutes
from nvserver.edge.metrics import HttpMetrics
from nvserver.ports.audit import LogAudit
from nvserver.ports.chat import ChatStore
from nvserver.ports.clock import NewId, NowMs
from nvserver.ports.files import FileIndex
from nvserver.ports.idempotency import IdempotencyStore
from nvserver.ports.offload import Offload
from nvserver.ports.oplog import OpLog, WorkspaceIndex
from nvserver.ports.versions import VersionTexts
from nvserver.services.account_services import AccountServices
from nvserver.services.accounts import AccountService
from nvserver.services.content_services import ContentServices
from nvserver.services.notifications import NotificationService
from nvserver.services.search import SearchService
from nvserver.services.sign_ins import SignInService
from nvserver.services.tokens import TokenVerifier
from nvserver.services.workspaces import WorkspaceService
from nvserver.workspace.catalog import Catalog
from nvserver.workspace.note_homes import NoteHomes
from nvserver.workspace.past import NotePasts
from nvserver.workspace.router import Router
from nvserver.workspace.versions import NoteVersions

NEVER_PAGES = ("/api/", "/socket.io/")
_ERRORS_OF_STATUS: dict[int | None, type[errors.NoteVaultError]] = {
    400: errors.BadRequest,
    404: errors.NotFound,
    405: errors.MethodNotAllowed,
    408: errors.RequestTimeout,
    413: errors.PayloadTooLarge,
}


@dataclass(frozen=True, slots=True)
class AppDeps:
    """What the routes need. `checks` must pass for the node to be ready; pages of `origins` may call the API."""

    accounts: AccountService
    sign_ins: SignInService
    workspaces: WorkspaceService
    search: SearchService
    verifier: TokenVerifier
    oplog: OpLog
    index: WorkspaceIndex
    router: Router
    answers: IdempotencyStore
    static: StaticFiles
    registry: CollectorRegistry
    checks: Mapping[str, ReadinessCheck]
    settings: HttpSettings
    now_ms: NowMs
    new_id: NewId
    offload: Offload
    chat: ChatStore
    version_texts: VersionTexts
    notifications: NotificationService
    account: AccountServices
    files: FileIndex
    content: ContentServices
    workspace_limits: WorkspaceLimits
    fleeting_answers: IdempotencyStore
    limits: RequestLimits
    origins: Sequence[str]
    audit: LogAudit
    catalog: Catalog
    node: NodeFacts


def all_routes(deps: AppDeps) -> tuple[AnyRoute, ...]:
    """Every route of the server."""
    settings = deps.settings
    homes = NoteHomes(deps.index, deps.router)
    pasts = NotePasts(deps.oplog, homes, deps.offload)
    versions = NoteVersions(deps.version_texts, homes, pasts, deps.offload, deps.new_id)
    answers = SessionAnswers(is_secure=settings.secure_cookies)
    journey_cookie = JourneyCookie(is_secure=settings.secure_cookies)
    routes: tuple[AnyRoute, ...] = (
        *AuthRoutes(
            deps.accounts, deps.sign_ins, deps.account.verification, deps.account.second_factors, answers
        ).routes(),
        *AccountDeletionRoutes(deps.account.deletion, deps.content.avatars, answers).routes(),
        *ProviderRoutes(deps.account.by_provider, deps.sign_ins, answers, journey_cookie).routes(),
        *IdentityRoutes(deps.account.identities, journey_cookie).routes(),
        *PasswordRoutes(
            deps.accounts, deps.account.passwords, deps.account.verification, deps.account.email_changes
        ).routes(),
        *SecondFactorRoutes(deps.accounts, deps.account.second_factors, deps.account.safety).routes(),
        *ApiTokenRoutes(deps.account.api_tokens).routes(),
        *AdminRoutes(deps.account.admin, deps.new_id).routes(),
        *AdminSystemRoutes(deps.account.admin, deps.audit, deps.catalog, deps.node, deps.checks, deps.now_ms).routes(),
        *WorkspaceRoutes(deps.workspaces, deps.index, deps.router).routes(),
        *MemberRoutes(deps.accounts, deps.account.invitations, deps.index, deps.router).routes(),
        *InvitationRoutes(deps.account.invitations, deps.router).routes(),
        *ShareLinkRoutes(deps.account.share_links, deps.router).routes(),
        *WebhookRoutes(deps.account.webhooks, deps.router).routes(),
        *NoteLinkRoutes(
            deps.account.note_links, homes, deps.index, max_note_body_bytes=settings.max_note_body_bytes
        ).routes(),
        *NoteRoutes(homes, deps.router, deps.new_id, max_note_body_bytes=settings.max_note_body_bytes).routes(),
        *CollectionRoutes(deps.router, deps.new_id).routes(),
        *ConnectionRoutes(deps.router, deps.new_id).routes(),
        *CommentRoutes(homes, deps.new_id).routes(),
        *ChatRoutes(deps.chat, deps.index, deps.router, deps.new_id).routes(),
        *NotificationRoutes(deps.notifications, homes).routes(),
        *HistoryRoutes(pasts, versions).routes(),
        *VersionRoutes(versions).routes(),
        *CalendarRoutes(deps.content.calendars, deps.router, deps.now_ms, deps.new_id).routes(),
        *ExportRoutes(deps.content.exporter, homes, deps.router, deps.offload, deps.now_ms).routes(),
        *ImportRoutes(
            ImportParts(
                deps.content.vault,
                deps.router,
                deps.offload,
                deps.workspace_limits,
                deps.now_ms,
                deps.new_id,
                settings.transfer_seconds,
            ),
            deps.index,
            deps.content.files,
        ).routes(),
        *FileRoutes(
            deps.content.vault,
            deps.files,
            deps.index,
            deps.router,
            deps.notifications,
            deps.content.files,
            deps.now_ms,
            deps.new_id,
            transfer_seconds=settings.transfer_seconds,
        ).routes(),
        *AvatarRoutes(
            deps.content.avatars, deps.content.vault, deps.accounts, transfer_seconds=settings.transfer_seconds
        ).routes(),
        *SearchRoutes(deps.search).routes(),
        *VitalRoutes(deps.registry).routes(),
        *HealthRoutes(deps.checks, deps.registry, deps.now_ms).routes(),
    )
    described = (*routes, *docs_routes())
    return (*described, openapi_route(described))


def create_app(deps: AppDeps) -> QuartTrio:
    """An ASGI app. It has no lifespan, no nursery of its own and no sessions: nothing lives in it."""
    static = deps.static
    dispatcher = Dispatcher(
        deps.verifier,
        deps.answers,
        deps.fleeting_answers,
        deps.limits,
        deps.account.audit,
        HttpMetrics(deps.registry),
        deps.settings,
        deps.now_ms,
    )
    cors = Cors(deps.origins)
    app = QuartTrio("nvserver", static_folder=None)
    app.asgi_http_class, app.request_class = BoundedConnection, BoundedRequest
    app.url_map.merge_slashes = False
    app.config["MAX_CONTENT_LENGTH"] = None  # each route has its own limit
    app.config["BODY_TIMEOUT"] = app.config["RESPONSE_TIMEOUT"] = None  # the dispatcher and the server have deadlines
    routes = all_routes(deps)
    app.url_map.converters["name"] = name_converter(route.path for route in routes)
    for route in routes:
        app.add_url_rule(
            route.path.replace("{", "<name:").replace("}", ">"),
            endpoint=f"{route.method} {route.path}",
            view_func=dispatcher.view(route),
            methods=[route.method],
            provide_automatic_options=False,
        )

    @app.before_request
    async def answer_preflight() -> Response | None:
        asks = request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers
        if not asks or not request.path.startswith(CORS_PATHS):
            return None
        response = Response(b"", 204)
        cors.add_preflight(request.headers.get("Origin"), response.headers)
        return response

    @app.after_request
    async def tell_browsers(response: Response) -> Response:
        if request.path.startswith(CORS_PATHS):
            cors.add(request.headers.get("Origin"), response.headers)
        return response

    @app.errorhandler(HTTPException)
    async def no_route(error: HTTPException) -> Response:
        if error.code == 404 and request.method in ("GET", "HEAD") and not request.path.startswith(NEVER_PAGES):
            is_navigation = "text/html" in request.headers.get("Accept", "")
            file = static.find(request.path, is_navigation=is_navigation)
            if file is not None:
                return _static_response(file)
        response = dispatcher.error_response(_ERRORS_OF_STATUS.get(error.code, errors.BadRequest)(), new_request_id())
        if allowed := getattr(error, "valid_methods", None):
            response.headers["Allow"] = ", ".join(sorted(allowed))
        return response

    @app.errorhandler(Exception)
    async def unexpected(error: Exception) -> Response:
        return dispatcher.error_response(error, new_request_id())

    return app


def _static_response(file: StaticFile) -> Response:
    headers = {"Cache-Control": file.cache_control, "Vary": "Accept-Encoding", "ETag": f'"{file.etag}"'}
    if file.etag in request.if_none_match:
        return Response(b"", 304, headers)
    accepted = request.accept_encodings
    encoding = next((name for name in ENCODINGS if name in file.forms and accepted[name] > 0), "identity")
    if encoding != "identity":
        headers["Content-Encoding"] = encoding
    return Response(file.forms[encoding], 200, headers, content_type=file.content_type)
