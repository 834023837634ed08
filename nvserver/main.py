"""The composition root: the only module that knows every concrete class. It builds a node and runs it until it
drains."""

import socket
import uuid
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import structlog
import trio
import trio_asyncio
from prometheus_client import CollectorRegistry

from nvserver import service_manager
from nvserver.actors.timer import Timer
from nvserver.adapters.mail import open_mailer
from nvserver.adapters.memory.idempotency import MemoryIdempotencyStore
from nvserver.adapters.objects import open_blobs
from nvserver.adapters.postgres import open_postgres
from nvserver.adapters.redis import OpenRedis, open_redis
from nvserver.adapters.sqlite import open_sqlite
from nvserver.adapters.web import PublicWebClient
from nvserver.cluster.node import ClusterNode
from nvserver.config import Settings
from nvserver.core.supervision import RestartIntensity
from nvserver.edge.cluster_metrics import ClusterCollector
from nvserver.edge.front import FrontDoor
from nvserver.edge.http.admin_system import NodeFacts, Ownership
from nvserver.edge.http.app import AppDeps, create_app
from nvserver.edge.http.headers import security_headers
from nvserver.edge.http.request_limits import RequestLimits
from nvserver.edge.http.server import HttpServer
from nvserver.edge.http.static import load_static_files
from nvserver.edge.metrics import LoopLag, NodeCollector, watch_process
from nvserver.edge.realtime.client_id import ClientIds
from nvserver.edge.realtime.gateway import Gateway
from nvserver.edge.realtime.notification_push import NotificationPush
from nvserver.edge.realtime.polling_app import PollingApp, beside
from nvserver.edge.realtime.views import told_view
from nvserver.errors import OperatorError
from nvserver.ports.store import Store
from nvserver.process import new_id, now_ms, offload, return_large_memory, spare_collector, wait_for_stop_signal
from nvserver.services.access_tokens import AccessTokens
from nvserver.services.account_services import AccountSettings, account_services
from nvserver.services.accounts import AccountService
from nvserver.services.content_services import content_services
from nvserver.services.mail_digest import MailDigest
from nvserver.services.mail_queue import MailQueue
from nvserver.services.notifications import NotificationService
from nvserver.services.oidc_settings import providers_by_id
from nvserver.services.passwords import Passwords
from nvserver.services.reminders import ReminderService
from nvserver.services.sealing import Sealer
from nvserver.services.search import SearchService
from nvserver.services.search_alerts import SearchAlerts
from nvserver.services.search_indexer import SearchIndexer
from nvserver.services.sign_in_limits import SignInLimits
from nvserver.services.sign_in_watch import SignInWatch
from nvserver.services.sign_ins import SignInService
from nvserver.services.tokens import TokenVerifier
from nvserver.services.webhook_delivery import WebhookDelivery
from nvserver.services.webhook_sender import WebhookSender
from nvserver.services.webhooks import redelivery_throttle
from nvserver.services.workspaces import WorkspaceService
from nvserver.workers import SQLITE_IS_ALONE, listen
from nvserver.workspace.catalog import Catalog
from nvserver.workspace.compaction import Compactor
from nvserver.workspace.door import WorkspaceDoor
from nvserver.workspace.log_writer import LogWriter
from nvserver.workspace.parts import ActorParts
from nvserver.workspace.purging import Purger
from nvserver.workspace.quarantine import Quarantine
from nvserver.workspace.router import Router
from nvserver.workspace.snapshotter import Snapshotter

log = structlog.get_logger()


async def serve_node(settings: Settings, *, task_status: trio.TaskStatus[str] = trio.TASK_STATUS_IGNORED) -> None:
    """Run a node until SIGTERM or SIGINT has drained it; a second one ends it at once.

    Prints one line with the URL when it is ready, and reports the URL as started. Raises `OperatorError` and OSError
    for what an operator can mend: a port taken, a database away, a schema outdated.
    """
    if settings.redis.url is not None and settings.sqlite_path is not None:
        raise OperatorError(SQLITE_IS_ALONE)
    return_large_memory()
    settings.server.data_dir.mkdir(parents=True, exist_ok=True)
    listeners = listen(settings.server)
    async with AsyncExitStack() as stack:
        for listener in listeners:
            stack.callback(listener.close)
        if settings.sqlite_path is None:
            await stack.enter_async_context(trio_asyncio.open_loop())
        store = await stack.enter_async_context(_open_store(settings))
        redis = await stack.enter_async_context(open_redis(settings.redis)) if settings.redis.url else None
        port = listeners[0].getsockname()[1]
        host = f"[{settings.server.host}]" if ":" in settings.server.host else settings.server.host
        url = f"http://{host}:{port}"
        node = _Node(settings, store, url, redis)
        async with trio.open_nursery() as nursery:
            await node.start(nursery)
            nursery.start_soon(node.front.serve, listeners)
            spare_collector()
            print(f"NoteVault on {url}", flush=True)  # noqa: T201 - the one line that is promised
            service_manager.tell("READY=1", f"STATUS=serves {url}")
            nursery.start_soon(service_manager.feed_watchdog)
            task_status.started(url)
            await wait_for_stop_signal(nursery)
            service_manager.tell("STOPPING=1")
            await node.drain()
            nursery.cancel_scope.cancel()
    log.info("stopped")


class _Node:
    """Everything of a node, wired. `start` runs it, `drain` brings it to rest."""

    def __init__(self, settings: Settings, store: Store, own_url: str, redis: OpenRedis | None) -> None:
        """`own_url`: where links lead when the settings name no public URL. `redis`: None for a node that is alone."""
        self._redis = redis
        self.cluster: ClusterNode | None = None
        self._own_url = own_url
        self._settings = settings
        self._store = store
        self._timer = Timer()
        self._notifications = NotificationService(store.notifications, store.accounts, now_ms)
        self._push = NotificationPush(self._notifications)
        self._notifications.announce_to(self._push.notify)
        alerts = SearchAlerts(store.search, store.notifications, self._push.notify, offload, now_ms)
        self._indexer = SearchIndexer(
            store.oplog, store.index, store.chat, store.search, offload, settings.search, settings.limits, alerts
        )
        self._delivery = WebhookDelivery(
            PublicWebClient(settings.web_client), Sealer(settings.signing_keys()), told_view, now_ms, new_id
        )
        self._webhooks = WebhookSender(store.webhooks, store.oplog, self._delivery, settings.webhooks, now_ms)
        self._writer = LogWriter(store.oplog, settings.log_writer, self._mark)
        self._snapshotter = Snapshotter(store.oplog, offload)
        self._name = settings.node.name or f"{socket.gethostname()}-{uuid.uuid4().hex[:6]}"

    async def start(self, nursery: trio.Nursery) -> None:
        """Build the parts and run their tasks in `nursery`."""
        settings, store = self._settings, self._store
        for service in (
            self._timer.run,
            self._writer.run,
            self._snapshotter.run,
            self._indexer.run,
            self._webhooks.run,
        ):
            nursery.start_soon(service)
        notifications, push = self._notifications, self._push
        quarantine = Quarantine(store.quarantine, self._name, now_ms, settings.workspace)
        await nursery.start(quarantine.run)
        cluster = self.cluster = self._cluster(nursery)
        parts = ActorParts(
            cluster.node_id if cluster else self._name,
            store.oplog,
            self._writer,
            self._snapshotter,
            self._timer,
            now_ms,
            offload,
            settings.workspace,
            settings.limits,
            store.chat,
            push.notify,
            quarantine,
            cluster.keeper.is_held if cluster else lambda: True,
            cluster.on_farewell if cluster else None,
        )
        self.catalog = Catalog(nursery, parts, RestartIntensity(), cluster.on_end if cluster else None)
        router: Router = self.catalog
        if cluster is not None:
            cluster.wire(self.catalog)
            router = cluster.router
        compactor = Compactor(
            store.oplog,
            store.compaction,
            (cluster.router.reach if cluster else self.catalog.reach, store.search.position),
            offload,
            now_ms,
            settings.compaction,
            settings.limits,
        )
        nursery.start_soon(compactor.run)
        nursery.start_soon(Purger(store.oplog, store.purging, offload, settings.purging).run)
        keys = settings.signing_keys()
        tokens = AccessTokens(keys, settings.tokens, new_id)
        verifier = TokenVerifier(tokens, store.accounts, store.api_tokens, settings.tokens, now_ms)
        rate_limits = settings.security.rate_limits
        if not rate_limits:
            log.warning("rate limits are off: anybody may try as often as they like")
        realtime = replace(settings.realtime, rate_limits=settings.realtime.rate_limits and rate_limits)
        origins = (*settings.server.origins, *((settings.server.public_url,) if settings.server.public_url else ()))
        self.gateway = Gateway(
            realtime, router, verifier, ClientIds(keys), self._timer, now_ms, new_id, allowed_origins=origins
        )
        await nursery.start(self.gateway.run)
        everywhere = cluster or self.gateway
        nursery.start_soon(push.run, everywhere.tell_user)
        watch = SignInWatch(
            store.accounts,
            store.api_tokens,
            verifier,
            self.gateway,
            self.gateway.auth_sessions,
            settings.tokens,
            now_ms,
        )
        nursery.start_soon(watch.run)
        limits = SignInLimits(settings.sign_in, trio.current_time, is_on=rate_limits)
        requests = RequestLimits(settings.request_rates, trio.current_time, is_on=rate_limits)
        passwords = Passwords(settings.passwords)
        accounts = AccountService(store.accounts, passwords, limits, verifier, now_ms, new_id)
        mails = MailQueue(open_mailer(settings.mail), settings.mail_queue)
        nursery.start_soon(mails.run)
        sign_ins = SignInService(
            store.accounts, store.index, tokens, verifier, everywhere, keys, settings.tokens, now_ms, new_id
        )
        content = content_services(
            store, open_blobs(settings.files_url), offload, settings.files, now_ms, new_id,
            spools=settings.server.data_dir, public_url=settings.server.public_url or self._own_url,
        )  # fmt: skip
        nursery.start_soon(content.vault.run)
        reminders = ReminderService(
            store.calendar, store.notifications, push.notify, offload, settings.reminders, now_ms
        )
        nursery.start_soon(reminders.run)
        digest = MailDigest(
            store.notifications, store.accounts, notifications, mails, settings.mail_digest, now_ms,
            settings.server.public_url or self._own_url,
        )  # fmt: skip
        nursery.start_soon(digest.run)
        http = replace(settings.http, secure_cookies=(settings.server.public_url or "").startswith("https:"))
        static = load_static_files(Path(str(files("nvserver"))) / "_web")
        registry, lag = CollectorRegistry(), LoopLag(self._timer)
        registry.register(NodeCollector(self.catalog, self._writer, self.gateway, lag))
        if cluster is not None and self._redis is not None:
            registry.register(ClusterCollector(cluster, self._redis.bus.seconds))
        watch_process(registry)
        app = create_app(
            AppDeps(
                accounts=accounts,
                sign_ins=sign_ins,
                workspaces=WorkspaceService(store.oplog, now_ms, new_id),
                search=SearchService(
                    store.search,
                    store.index,
                    accounts,
                    offload,
                    now_ms,
                    new_id,
                    max_saved=settings.search.max_saved,
                ),
                verifier=verifier,
                oplog=store.oplog,
                index=store.index,
                router=router,
                answers=store.answers,
                static=static,
                registry=registry,
                checks={"store": self._check_store},
                settings=http,
                now_ms=now_ms,
                new_id=new_id,
                offload=offload,
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
                    everywhere,
                    mails,
                    WorkspaceDoor(router),
                    notifications,
                    settings.server.public_url or self._own_url,
                    keys,
                    # The operator names these addresses, so they may be inside.
                    PublicWebClient(replace(settings.web_client, allow_private_addresses=True)),
                    self._delivery,
                    redelivery_throttle(settings.webhooks, trio.current_time, is_on=rate_limits),
                    settings.webhooks,
                    AccountSettings(
                        settings.mail_links, settings.audit, providers_by_id(settings.oidc, settings.oidc_providers)
                    ),
                    now_ms,
                    new_id,
                ),
                files=store.files,
                content=content,
                workspace_limits=settings.limits,
                fleeting_answers=MemoryIdempotencyStore(),
                limits=requests,
                origins=origins,
                audit=store.audit,
                catalog=self.catalog,
                node=NodeFacts(
                    self._name,
                    settings.node.url,
                    now_ms(),
                    connections=lambda: self.gateway.connections,
                    others=tuple if cluster is None else cluster.keeper.others,
                    ownership=self._ownership,
                ),
            )
        )
        headers = security_headers(static.pages, origins)
        self._http = HttpServer(beside(PollingApp(self.gateway.engine, realtime), app), http, headers, now_ms)
        self.front = FrontDoor(settings.front, self._http.serve, self.gateway.engine.serve_websocket, now_ms, headers)
        if cluster is not None:

            def close_sign_in(auth_session_id: str) -> None:
                verifier.revoke(auth_session_id)
                self.gateway.close_auth_session(auth_session_id)

            def count_tries(throttle: str, key: str, tries: int) -> None:
                limits.heard(throttle, key, tries)
                requests.heard(throttle, key, tries)

            cluster.hear(self.gateway.tell_user, close_sign_in, count_tries)
            limits.share(cluster.tell_tries)
            requests.share(cluster.tell_tries)
            await cluster.start(store.cluster_id, self._check_store)
        lag.start()

    def _cluster(self, nursery: trio.Nursery) -> ClusterNode | None:
        """This node among others; None when it is alone."""
        if self._redis is None:
            return None
        settings = self._settings
        return ClusterNode(
            self._name,
            settings.node,
            settings.signing_keys(),
            self._redis.directory,
            self._redis.bus,
            self._timer,
            nursery,
            settings.workspace,
            now_ms(),
        )

    def _ownership(self) -> Ownership:
        fence_hits = self._writer.statistics.fenced
        if self.cluster is None:
            return Ownership(fence_hits=fence_hits)
        statistics = self.cluster.router.statistics
        return Ownership(
            round(self.cluster.keeper.left_seconds(), 3), fence_hits, statistics.takeovers, statistics.moves_out
        )

    def _mark(self, workspace_id: str) -> None:
        self._indexer.mark(workspace_id)
        self._webhooks.mark(workspace_id)

    async def drain(self) -> None:
        """Take nothing new, finish and flush what was accepted, tell the clients; at most the graceful time."""
        log.info("draining")
        with trio.move_on_after(self._settings.server.graceful_seconds):
            self.front.drain()
            if self.cluster is not None:
                await self.cluster.drain()
            self.gateway.drain()
            await self._http.drain()
            await self.catalog.drain()
            await self._writer.flush()
            await self._snapshotter.flush()
            if self.cluster is not None:
                await self.cluster.leave()

    async def _check_store(self) -> None:
        await self._store.index.workspace_of_note(str(uuid.UUID(int=0)))


@asynccontextmanager
async def _open_store(settings: Settings) -> AsyncIterator[Store]:
    """The store that the settings name."""
    if settings.sqlite_path is not None:
        async with open_sqlite(settings.sqlite_path, settings.sqlite) as store:
            yield store
    else:
        async with open_postgres(settings.database_url, settings.postgres) as store:
            yield store
