"""The settings of a node: which there are, and how defaults, file, environment and flags make them.

A later source wins: the defaults of the classes (documented in `config/default.toml`), the file given with `--config`,
`NV_…` variables, flags. Only the composition root sees `Settings`; everybody else gets his own section, a class that
stands beside its user. A new section is one line in `Settings`.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from nvserver.adapters.mail.settings import MailSettings
from nvserver.adapters.postgres.settings import PostgresSettings
from nvserver.adapters.redis.settings import RedisSettings
from nvserver.adapters.sqlite.settings import SqliteSettings
from nvserver.adapters.web import WebClientSettings
from nvserver.cluster.settings import NodeSettings
from nvserver.config_sources import (
    ConfigError,
    RawValue,
    check_keys,
    fill,
    filled_sections,
    read_environment,
    read_file,
    setting_fields,
    toml_text,
)
from nvserver.core.limits import WorkspaceLimits
from nvserver.core.stems import LANGUAGES
from nvserver.edge.front import FrontSettings
from nvserver.edge.http.request_limits import RequestRates
from nvserver.edge.http.settings import HttpSettings
from nvserver.edge.realtime.settings import RealtimeSettings
from nvserver.logs import LogSettings
from nvserver.services.access_tokens import TokenSettings
from nvserver.services.audit_trail import AuditSettings
from nvserver.services.file_vault import FilesSettings
from nvserver.services.mail_digest import MailDigestSettings
from nvserver.services.mail_links import MailLinkSettings
from nvserver.services.mail_queue import MailQueueSettings
from nvserver.services.oidc_provider import is_safe_address
from nvserver.services.oidc_settings import FIRST_PROVIDER, PROVIDER_ID, OidcSettings, providers_by_id
from nvserver.services.passwords import PasswordSettings
from nvserver.services.reminders import ReminderSettings
from nvserver.services.search_indexer import SearchSettings
from nvserver.services.sign_in_limits import SignInRates
from nvserver.services.webhook_sender import WebhookSettings
from nvserver.signing_key import SHORTEST_KEY_BYTES, read_or_create_key
from nvserver.workspace.compaction import CompactionSettings
from nvserver.workspace.log_writer import LogWriterSettings
from nvserver.workspace.purging import PurgingSettings
from nvserver.workspace.settings import WorkspaceSettings

SHORT_NAMES = {
    "NV_DATABASE_URL": "database.url",
    "NV_REDIS_URL": "redis.url",
    "NV_FILES_URL": "files.url",
    "NV_SECRET_KEY": "security.secret_keys",
    "NV_PUBLIC_URL": "server.public_url",
    "NV_ORIGINS": "server.origins",
    "NV_NODE_NAME": "node.name",
    "NV_NODE_URL": "node.url",
    "NV_SMTP_URL": "mail.smtp_url",
    "NV_LEASE_SECONDS": "node.lease_seconds",
    "NV_RATE_LIMITS": "security.rate_limits",
}
FOREIGN_VARIABLES = frozenset(
    {
        "NV_SKIP_WEB",
        "NV_SEED",
        "NV_CASES",
        "NV_TRACES",
        "NV_FAILPOINTS",
        "NV_WORKER",
        "NV_WORKER_PORT",
        "NV_PROVE_TOKEN",
    }
)
"""Variables of the build and the tests, which are no settings."""

HIDDEN = "(hidden)"


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """The one port and what stands behind it."""

    host: str = "127.0.0.1"
    """Address to listen on (flag --host)."""
    port: int = field(default=8000, metadata={"min": 0, "max": 65535})
    """Port to listen on (flag --port); 0 takes a free one, which is told when the server is ready."""
    data_dir: Path = Path("data")
    """Folder of the SQLite database, the uploaded files and the signing key, unless they are placed elsewhere (flag
    --data-dir)."""
    workers: int = field(default=1, metadata={"min": 1, "max": 64})
    """Node processes behind the port (flag --workers)."""
    worker_affinity: bool = True
    """Whether all connections of one address come to the same of several processes, which HTTP long-polling needs. Off
    behind a proxy on one address, whose connections would all come to one process; then use WebSockets only."""
    worker_ports: int = field(default=0, metadata={"min": 0, "max": 65000})
    """First of the ports at which each of several processes is reached by itself, the next are the others': so each
    tells its own `/metrics`, and a proxy can send each workspace to one. 0: none."""
    public_url: str | None = field(default=None, metadata={"schemes": ("http", "https")})
    """How browsers reach the server, for links in mails and secure cookies; by default as the request says."""
    origins: tuple[str, ...] = field(default=(), metadata={"schemes": ("http", "https")})
    """Origins whose pages may use the API and the socket, and that pages from here may open sockets to, besides the
    server's own: other sites of yours, other nodes' `node.url`. Comma-separated in the variable."""
    graceful_seconds: float = field(default=10.0, metadata={"min": 0, "max": 600})
    """How long a stopping server may take to hand over or flush everything."""


@dataclass(frozen=True, slots=True)
class DatabaseSettings:
    """Where operations, snapshots and accounts are kept."""

    url: str | None = field(default=None, repr=False, metadata={"schemes": ("sqlite", "postgresql")})
    """`sqlite:///PATH` or `postgresql://USER:PASSWORD@HOST/NAME`; by default SQLite in the data dir."""


@dataclass(frozen=True, slots=True)
class SecuritySettings:
    """Signing keys and throttles."""

    secret_keys: tuple[str, ...] = field(default=(), repr=False, metadata={"secret": True})
    """Keys of at least 32 bytes: the first signs tokens, all are accepted, so that keys can be changed; comma-separated
    in the variable. By default one is made in the data dir; with PostgreSQL they must be set."""
    rate_limits: bool = True
    """Off lifts every rate limit and throttle, never a size limit; for benchmarks and tests."""


@dataclass(frozen=True, slots=True)
class Settings:
    """All sections; `config/default.toml`, made from these classes, says what each key means."""

    server: ServerSettings = field(default_factory=ServerSettings)
    node: NodeSettings = field(default_factory=NodeSettings)
    database: DatabaseSettings = field(default_factory=DatabaseSettings)
    redis: RedisSettings = field(default_factory=RedisSettings)
    files: FilesSettings = field(default_factory=FilesSettings)
    mail: MailSettings = field(default_factory=MailSettings)
    mail_queue: MailQueueSettings = field(default_factory=MailQueueSettings)
    security: SecuritySettings = field(default_factory=SecuritySettings)
    log: LogSettings = field(default_factory=LogSettings)
    front: FrontSettings = field(default_factory=FrontSettings)
    realtime: RealtimeSettings = field(default_factory=RealtimeSettings)
    http: HttpSettings = field(default_factory=HttpSettings)
    workspace: WorkspaceSettings = field(default_factory=WorkspaceSettings)
    limits: WorkspaceLimits = field(default_factory=WorkspaceLimits)
    log_writer: LogWriterSettings = field(default_factory=LogWriterSettings)
    compaction: CompactionSettings = field(default_factory=CompactionSettings)
    purging: PurgingSettings = field(default_factory=PurgingSettings)
    mail_digest: MailDigestSettings = field(default_factory=MailDigestSettings)
    reminders: ReminderSettings = field(default_factory=ReminderSettings)
    search: SearchSettings = field(default_factory=SearchSettings)
    passwords: PasswordSettings = field(default_factory=PasswordSettings)
    tokens: TokenSettings = field(default_factory=TokenSettings)
    sign_in: SignInRates = field(default_factory=SignInRates)
    oidc: OidcSettings = field(default_factory=OidcSettings)
    oidc_providers: Mapping[str, OidcSettings] = field(default_factory=dict)
    """A section for each further provider of OpenID Connect, with the keys of `[oidc]`. NAME is its id: small letters,
    digits, `-` and `_`. The variables are NV_OIDC_PROVIDERS__NAME__ISSUER and so on."""
    request_rates: RequestRates = field(default_factory=RequestRates)
    mail_links: MailLinkSettings = field(default_factory=MailLinkSettings)
    audit: AuditSettings = field(default_factory=AuditSettings)
    webhooks: WebhookSettings = field(default_factory=WebhookSettings)
    web_client: WebClientSettings = field(default_factory=WebClientSettings)
    sqlite: SqliteSettings = field(default_factory=SqliteSettings)
    postgres: PostgresSettings = field(default_factory=PostgresSettings)

    @property
    def database_url(self) -> str:
        """The database in force: the setting, else SQLite in the data dir (`sqlite:///` + path)."""
        return self.database.url or f"sqlite:///{self.server.data_dir.absolute() / 'notevault.sqlite3'}"

    @property
    def sqlite_path(self) -> Path | None:
        """The SQLite file in force; None with another database."""
        scheme, _, path = self.database_url.partition(":///")
        return Path(path) if scheme == "sqlite" else None

    @property
    def files_url(self) -> str:
        """The file store in force: the setting, else a folder in the data dir."""
        return self.files.url or (self.server.data_dir.absolute() / "files").as_uri()

    def signing_keys(self) -> tuple[bytes, ...]:
        """The keys in force, the signing one first; without the setting the data dir's own, made once."""
        if self.security.secret_keys:
            return tuple(key.encode() for key in self.security.secret_keys)
        try:
            return (read_or_create_key(self.server.data_dir),)
        except (OSError, ValueError) as error:
            raise ConfigError(
                f"security.secret_keys is not set and the data dir's own key cannot be used: {error}"
            ) from error


@dataclass(frozen=True, slots=True)
class LoadedSettings:
    """Settings, and by key where each value came from (no entry: the default)."""

    settings: Settings
    sources: Mapping[str, str]


def load_settings(
    file: Path | None = None,
    environment: Mapping[str, str] | None = None,
    flags: Mapping[str, RawValue] | None = None,
) -> LoadedSettings:
    """The settings in force; `environment` is the process's own unless given. Raises ConfigError."""
    raw_values = {
        **(read_file(file) if file else {}),
        **read_environment(os.environ if environment is None else environment, SHORT_NAMES, FOREIGN_VARIABLES),
        **(flags or {}),
    }
    check_keys(Settings, raw_values)
    settings = fill(Settings, raw_values)
    sources = {key: raw.source for key, raw in raw_values.items()}
    _check_sqlite_path(settings, sources)
    _check_keys_are_safe(settings, sources)
    _check_providers(settings, sources)
    _check_languages(settings, sources)
    return LoadedSettings(settings, sources)


def describe(loaded: LoadedSettings) -> str:
    """Every setting in force and where it came from, a line each, sections headed; nothing secret."""
    lines: list[str] = []
    for section, values in filled_sections(loaded.settings):
        lines += ["", f"[{section}]"]
        for setting in setting_fields(type(values)):
            value = getattr(values, setting.name)
            shown = HIDDEN if setting.metadata.get("secret") and value else _shown(value)
            source = loaded.sources.get(f"{section}.{setting.name}", "default")
            lines.append(f"{f'{setting.name} = {shown}':<48} # {source}")
    return "\n".join(lines[1:])


def _check_sqlite_path(settings: Settings, sources: Mapping[str, str]) -> None:
    if settings.sqlite_path in (None, Path()) and settings.database_url.startswith("sqlite:"):
        raise ConfigError(
            f"{sources['database.url']}: database.url must be sqlite:///PATH, with three slashes and then the path"
        )


def _check_keys_are_safe(settings: Settings, sources: Mapping[str, str]) -> None:
    keys = settings.security.secret_keys
    source = sources.get("security.secret_keys", "default")
    if any(len(key.encode()) < SHORTEST_KEY_BYTES for key in keys):
        raise ConfigError(f"{source}: every key of security.secret_keys must have at least {SHORTEST_KEY_BYTES} bytes")
    if not keys and settings.database_url.startswith("postgresql:"):
        raise ConfigError(
            f"{source}: security.secret_keys must be set when database.url is PostgreSQL, because every node has to"
            " sign with the same key; set NV_SECRET_KEY to at least 32 random bytes"
        )


def _check_languages(settings: Settings, sources: Mapping[str, str]) -> None:
    if unknown := sorted(set(settings.search.languages) - LANGUAGES):
        raise ConfigError(
            f"{sources['search.languages']}: search.languages knows no {unknown[0]}; it knows"
            f" {', '.join(sorted(LANGUAGES))}"
        )


def _check_providers(settings: Settings, sources: Mapping[str, str]) -> None:
    issuers: list[str] = []
    for name, provider in settings.oidc_providers.items():
        key = f"oidc_providers.{name}"
        if not PROVIDER_ID.fullmatch(name) or name == FIRST_PROVIDER:
            raise ConfigError(f"'{key}' needs another name: small letters, digits, - and _, and not {FIRST_PROVIDER}")
        if provider.issuer is None:
            raise ConfigError(f"{key}.issuer is not set")
    for provider_id, provider in providers_by_id(settings.oidc, settings.oidc_providers).items():
        issuer = provider.issuer or ""
        key = "oidc.issuer" if provider_id == FIRST_PROVIDER else f"oidc_providers.{provider_id}.issuer"
        if not is_safe_address(issuer):
            raise ConfigError(f"{sources[key]}: {key} must begin with https://, except on this machine")
        if issuer in issuers:
            raise ConfigError(f"{sources[key]}: {key} is another provider's too, and people are known by it")
        issuers.append(issuer)


def _shown(value: object) -> str:
    return "(none)" if value is None else toml_text(_without_password(value))


def _without_password(value: object) -> object:
    if not isinstance(value, str) or "://" not in value or (url := urlsplit(value)).password is None:
        return value
    place = url.netloc.rpartition("@")[2]
    return SplitResult(url.scheme, f"{url.username or ''}:{HIDDEN}@{place}", url.path, url.query, url.fragment).geturl()
