"""A whole REST server on loopback: the real app, services and actors on a store in memory."""

import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias
from uuid import uuid4

import trio
from prometheus_client import CollectorRegistry

from nvserver.adapters.memory.blobs import MemoryBlobs
from nvserver.adapters.memory.idempotency import MemoryIdempotencyStore
from nvserver.adapters.memory.mail import MemoryMailer
from nvserver.adapters.memory.store import open_memory
from nvserver.adapters.web import PublicWebClient, WebClientSettings
from nvserver.core.limits import WorkspaceLimits
from nvserver.edge.http.admin_system import NodeFacts
from nvserver.edge.http.app import AppDeps, create_app
from nvserver.edge.http.headers import security_headers
from nvserver.edge.http.health import ReadinessCheck
from nvserver.edge.http.request_limits import RequestLimits, RequestRates
from nvserver.edge.http.server import HttpServer
from nvserver.edge.http.settings import HttpSettings
from nvserver.edge.http.static import load_static_files
from nvserver.edge.realtime.views import told_view
from nvserver.ports.blobs import BlobStore
from nvserver.ports.mail import Mailer
from nvserver.ports.store import Store
from nvserver.services.access_tokens import AccessTokens, TokenSettings
from nvserver.services.account_services import AccountSettings, account_services
from nvserver.services.accounts import AccountService
from nvserver.services.content_services import ContentServices, content_services
from nvserver.services.file_vault import FilesSettings
from nvserver.services.mail_queue import MailQueue, MailQueueSettings
from nvserver.services.notifications import NotificationService
from nvserver.services.oidc_settings import OidcSettings, providers_by_id
from nvserver.services.passwords import Passwords, PasswordSettings
from nvserver.services.sealing import Sealer
from nvserver.services.search import SearchService
from nvserver.services.search_alerts import SearchAlerts
from nvserver.services.search_indexer import SearchIndexer, SearchSettings
from nvserver.services.sign_in_limits import SignInLimits, SignInRates
from nvserver.services.sign_ins import SignInService
from nvserver.services.tokens import TokenVerifier
from nvserver.services.webhook_delivery import WebhookDelivery
from nvserver.services.webhook_sender import WebhookSender, WebhookSettings
from nvserver.services.webhooks import redelivery_throttle
from nvserver.services.workspaces import WorkspaceService
from nvserver.testing.sim_node import at_once, sim_node
from nvserver.workspace.catalog import Catalog
from nvserver.workspace.door import WorkspaceDoor
from tests.edge.http.client import Client

OpenStore: TypeAlias = Callable[[], AbstractAsyncContextManager[Store]]
KEY = b"k" * 32
CHEAP_PASSWORDS = PasswordSettings(memory_kib=8, passes=1)
PASSWORD = "a long and rare one"
PUBLIC_URL = "https://notes.test"


class Clock:
    """The wall clock, which a test can put forward."""

    def __init__(self) -> None:
        self.ahead_ms = 0

    def now_ms(self) -> int:
        return time.time_ns() // 1_000_000 + self.ahead_ms

    def seconds(self) -> float:
        return time.monotonic() + self.ahead_ms / 1000

    def advance(self, seconds: float) -> None:
        self.ahead_ms += int(seconds * 1000)


class RecordingCloser:
    """Remembers whose connections were to be closed."""

    def __init__(self) -> None:
        self.closed: list[str] = []

    def close_auth_session(self, auth_session_id: str) -> None:
        self.closed.append(auth_session_id)


@dataclass(frozen=True, slots=True)
class Api:
    """A running server and what a test may look at from behind."""

    port: int
    clock: Clock
    store: Store
    closer: RecordingCloser
    server: HttpServer
    verifier: TokenVerifier
    indexer: SearchIndexer
    mailer: MemoryMailer
    catalog: Catalog
    blobs: BlobStore
    content: ContentServices

    @property
    def nobody(self) -> Client:
        return Client(self.port)

    async def register(self, name: str) -> Client:
        """A new person, signed in."""
        body = {"email": f"{name.lower()}@notes.test", "password": PASSWORD, "displayName": name, "delivery": "body"}
        answer = await self.nobody.post("/api/auth/register", body)
        return Client(self.port, answer["accessToken"], answer["user"])


@dataclass(frozen=True, slots=True)
class ApiOptions:
    """What a test wants otherwise than usual."""

    http: HttpSettings = field(default_factory=HttpSettings)
    tokens: TokenSettings = field(default_factory=TokenSettings)
    passwords: PasswordSettings = CHEAP_PASSWORDS
    is_throttled: bool = False
    web: Path = Path("/nonexistent")
    checks: Mapping[str, ReadinessCheck] = field(default_factory=dict)
    keys: tuple[bytes, ...] = (KEY,)
    origins: tuple[str, ...] = ()
    request_rates: RequestRates = field(default_factory=RequestRates)
    webhooks: WebhookSettings = field(default_factory=WebhookSettings)
    may_ask_inside: bool = True
    mailer: Mailer | None = None
    """Instead of the one that keeps mails in memory."""
    open_store: OpenStore = open_memory
    files: FilesSettings = field(default_factory=FilesSettings)
    limits: WorkspaceLimits = field(default_factory=WorkspaceLimits)
    blobs: BlobStore | None = None
    oidc: OidcSettings = field(default_factory=OidcSettings)
    oidc_providers: Mapping[str, OidcSettings] = field(default_factory=dict)
    search: SearchSettings = field(default_factory=lambda: SearchSettings(settle_seconds=0))

    def but(self, **changes: object) -> "ApiOptions":
        return replace(self, **changes)  # type: ignore[arg-type]


@asynccontextmanager
async def open_api(options: ApiOptions | None = None) -> AsyncIterator[Api]:
    """A server on a free port, until the block is left."""
    options = options or ApiOptions()
    clock, closer = Clock(), RecordingCloser()

    def new_id() -> str:
        return str(uuid4())

    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(options.open_store())
        alerts = SearchAlerts(store.search, store.notifications, lambda _: None, at_once, clock.now_ms)
        delivery = WebhookDelivery(
            PublicWebClient(WebClientSettings(allow_private_addresses=options.may_ask_inside)),
            Sealer(options.keys),
            told_view,
            clock.now_ms,
            new_id,
        )
        sender = WebhookSender(store.webhooks, store.oplog, delivery, options.webhooks, clock.now_ms)

        def mark(workspace_id: str) -> None:
            indexer.mark(workspace_id)
            sender.mark(workspace_id)

        indexer = SearchIndexer(
            store.oplog, store.index, store.chat, store.search, at_once, options.search, options.limits, alerts
        )
        router = await stack.enter_async_context(
            sim_node(store.oplog, limits=options.limits, on_durable=mark, chat=store.chat)
        )
        nursery = await stack.enter_async_context(trio.open_nursery())
        nursery.start_soon(indexer.run)
        nursery.start_soon(sender.run)
        tokens = AccessTokens(options.keys, options.tokens, new_id)
        verifier = TokenVerifier(tokens, store.accounts, store.api_tokens, options.tokens, clock.now_ms)
        limits = SignInLimits(SignInRates(), clock.seconds, is_on=options.is_throttled)
        passwords, mailer = Passwords(options.passwords), MemoryMailer()
        mails = MailQueue(options.mailer or mailer, MailQueueSettings())
        nursery.start_soon(mails.run)
        accounts = AccountService(store.accounts, passwords, limits, verifier, clock.now_ms, new_id)
        sign_ins = SignInService(
            store.accounts,
            store.index,
            tokens,
            verifier,
            closer,
            options.keys,
            options.tokens,
            clock.now_ms,
            new_id,
        )
        spools = Path(stack.enter_context(TemporaryDirectory()))
        blobs = options.blobs or MemoryBlobs(clock.now_ms)
        content = content_services(
            store, blobs, at_once, options.files, clock.now_ms, new_id, spools=spools, public_url=PUBLIC_URL
        )
        static = load_static_files(options.web)
        notifications = NotificationService(store.notifications, store.accounts, clock.now_ms)
        deps = AppDeps(
            accounts,
            sign_ins,
            WorkspaceService(store.oplog, clock.now_ms, new_id),
            SearchService(
                store.search,
                store.index,
                accounts,
                at_once,
                clock.now_ms,
                new_id,
                max_saved=3,
            ),
            verifier,
            store.oplog,
            store.index,
            router,
            store.answers,
            static,
            CollectorRegistry(),
            options.checks,
            options.http,
            clock.now_ms,
            new_id,
            at_once,
            chat=store.chat,
            version_texts=store.version_texts,
            notifications=notifications,
            account=account_services(
                store,
                accounts,
                sign_ins,
                verifier,
                passwords,
                limits,
                closer,
                mails,
                WorkspaceDoor(router),
                notifications,
                PUBLIC_URL,
                options.keys,
                PublicWebClient(WebClientSettings(allow_private_addresses=True)),
                delivery,
                redelivery_throttle(options.webhooks, clock.seconds, is_on=options.is_throttled),
                options.webhooks,
                AccountSettings(oidc=providers_by_id(options.oidc, options.oidc_providers)),
                clock.now_ms,
                new_id,
            ),
            files=store.files,
            content=content,
            workspace_limits=options.limits,
            fleeting_answers=MemoryIdempotencyStore(),
            limits=RequestLimits(options.request_rates, clock.seconds, is_on=options.is_throttled),
            origins=options.origins,
            audit=store.audit,
            catalog=router,
            node=NodeFacts("node", None, clock.now_ms(), connections=lambda: 0),
        )
        server = HttpServer(create_app(deps), options.http, security_headers(static.pages), clock.now_ms)
        listeners = await trio.open_tcp_listeners(0, host="127.0.0.1")
        nursery.start_soon(trio.serve_listeners, server.serve, listeners)
        port = listeners[0].socket.getsockname()[1]
        yield Api(port, clock, store, closer, server, verifier, indexer, mailer, router, blobs, content)
        nursery.cancel_scope.cancel()
