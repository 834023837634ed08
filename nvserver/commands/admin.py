"""`nvserver admin`: what administrators do from the machine itself, also when nobody can sign in."""

import getpass
import json
import sys
import uuid
from argparse import ArgumentParser, Namespace
from collections.abc import Awaitable, Callable
from http.client import HTTPConnection, HTTPSConnection
from typing import Any, Final
from urllib.parse import urlsplit

import trio

from nvserver.adapters.redis import open_redis
from nvserver.cluster.order import order_move
from nvserver.commands.exit_codes import ExitCode
from nvserver.commands.flags import add_common_arguments
from nvserver.commands.opening import open_store
from nvserver.config import LoadedSettings, Settings
from nvserver.edge.http.wire import iso_time
from nvserver.errors import NotFound, OperatorError, UserNotFound, ValidationFailed
from nvserver.ports.accounts import Account, AuthSession, NewAccount
from nvserver.ports.store import Store
from nvserver.services.access_tokens import AccessTokens
from nvserver.services.accounts import normal_email
from nvserver.services.passwords import Passwords
from nvserver.services.refresh_tokens import first_token, token_hash

HELP = "make and change accounts, end sign-ins, look at running actors, release quarantined workspaces, move them"
ANSWER_SECONDS: Final = 20
LOOK_MS: Final = 60_000
"""How long the sign-in lasts by which `list-actors` asks the server."""


def add_arguments(parser: ArgumentParser) -> None:
    """What to do, with whom."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    create = actions.add_parser("create-user", help="make an account; the password is read from the standard input")
    create.add_argument("email", metavar="EMAIL")
    create.add_argument("--name", metavar="NAME", help="how others see the person (the address up to its @)")
    create.add_argument("--admin", action="store_true", help="an administrator of the whole system")
    role = actions.add_parser("set-role", help="make somebody an administrator of the whole system, or no longer")
    role.add_argument("email", metavar="EMAIL")
    role.add_argument("role", metavar="ROLE", choices=("user", "admin"), help="user or admin")
    revoke = actions.add_parser("revoke-sessions", help="end all sign-ins and API tokens of somebody")
    revoke.add_argument("email", metavar="EMAIL")
    actors = actions.add_parser("list-actors", help="the workspaces that are open on a running node")
    actors.add_argument("--url", metavar="URL", help="the node (http://HOST:PORT of the settings)")
    quarantined = actions.add_parser("quarantined", help="the workspaces that crashed too often and stay closed")
    release = actions.add_parser("release", help="let a quarantined workspace be opened again")
    release.add_argument("workspace", metavar="WORKSPACE", help="its id")
    poison = actions.add_parser("poison", help="the messages that made a workspace crash, as they were, newest first")
    poison.add_argument("workspace", metavar="WORKSPACE", help="its id")
    move = actions.add_parser("move", help="have a workspace moved to another node, its clients' sockets kept open")
    move.add_argument("workspace", metavar="WORKSPACE", help="its id")
    move.add_argument("node", metavar="NODE", help="the name of the node")
    for action in (create, role, revoke, actors, quarantined, release, poison, move):
        add_common_arguments(action)


def run(arguments: Namespace, loaded: LoadedSettings) -> ExitCode:
    """Do it on the store; a running server notices within `tokens.recheck_seconds`."""
    action: Callable[[Namespace, Settings, Store], Awaitable[None]] = {
        "create-user": _create_user,
        "set-role": _set_role,
        "revoke-sessions": _revoke_sessions,
        "list-actors": _list_actors,
        "quarantined": _quarantined,
        "release": _release,
        "poison": _poison,
        "move": _move,
    }[arguments.action]

    async def work() -> None:
        async with open_store(loaded.settings) as store:
            await action(arguments, loaded.settings, store)

    try:
        trio.run(work)
    except ValidationFailed as error:
        raise OperatorError(error.message) from error
    return ExitCode.OK


async def _create_user(arguments: Namespace, settings: Settings, store: Store) -> None:
    from nvserver.process import new_id, now_ms

    email, passwords = normal_email(arguments.email), Passwords(settings.passwords)
    password = await trio.to_thread.run_sync(_read_password)
    passwords.check_new(password)
    name = arguments.name or email.partition("@")[0]
    account = await store.accounts.create_account(
        NewAccount(new_id(), email, name, await passwords.hashed(password), now_ms())
    )
    await store.account_admin.set_verified(account.id, email)
    if arguments.admin:
        await store.account_admin.set_role(account.id, "admin")
    print(account.id)


async def _set_role(arguments: Namespace, _settings: Settings, store: Store) -> None:
    account = await _account(store, arguments.email)
    await store.account_admin.set_role(account.id, arguments.role)
    print(f"{account.email} is {arguments.role}")


async def _revoke_sessions(arguments: Namespace, _settings: Settings, store: Store) -> None:
    account = await _account(store, arguments.email)
    sessions = await store.accounts.revoke_sessions_of(account.id)
    tokens = await store.api_tokens.revoke_all(account.id)
    print(f"ended {len(sessions)} sign-ins and {len(tokens)} API tokens of {account.email}")


async def _list_actors(arguments: Namespace, settings: Settings, store: Store) -> None:
    from nvserver.process import new_id, now_ms

    admin = next((one for one in await store.account_admin.search("", None, limit=10_000) if _may(one)), None)
    if admin is None:
        raise OperatorError("there is no administrator; make one with `nvserver admin set-role EMAIL admin`")
    now = now_ms()
    session = AuthSession(str(uuid.uuid4()), admin.id, "nvserver admin", "127.0.0.1", now, now, now + LOOK_MS)
    await store.accounts.create_session(session, token_hash(first_token()))
    try:
        token = AccessTokens(settings.signing_keys(), settings.tokens, new_id).sign(admin, session.id, (), now).text
        url = arguments.url or f"http://{settings.server.host}:{settings.server.port}"
        actors = await trio.to_thread.run_sync(_actors, url, token)
    finally:
        await store.accounts.revoke_session(admin.id, session.id)
    for actor in actors:
        print(
            f"{actor['workspaceId']}  {actor['state']:<12}  epoch {actor['epoch']}  {actor['mailboxMessages']} waiting"
        )
    print(f"{len(actors)} actors")


async def _quarantined(_arguments: Namespace, _settings: Settings, store: Store) -> None:
    found = await store.quarantine.all()
    for one in found:
        print(f"{one.workspace_id}  since {iso_time(one.since)}  {one.crashes} crashes on {one.node}: {one.reason}")
    print(f"{len(found)} workspaces are quarantined")


async def _release(arguments: Namespace, _settings: Settings, store: Store) -> None:
    if not await store.quarantine.release(_workspace_id(arguments)):
        raise OperatorError(
            f"{arguments.workspace} is not quarantined; `nvserver admin quarantined` lists those that are"
        )
    print(f"{arguments.workspace} is released; running servers notice within workspace.quarantine_seconds")


async def _poison(arguments: Namespace, settings: Settings, store: Store) -> None:
    for one in await store.quarantine.poison(_workspace_id(arguments), limit=settings.workspace.poison_messages):
        print(f"{iso_time(one.at)}  {one.kind}  {one.error}  {one.body.decode()}")


async def _move(arguments: Namespace, settings: Settings, _store: Store) -> None:
    if settings.redis.url is None:
        raise OperatorError("redis.url is not set: a node that is alone has nowhere to move a workspace to")
    workspace_id = _workspace_id(arguments)
    async with open_redis(settings.redis) as redis:
        try:
            await order_move(
                redis.directory, redis.bus, settings.signing_keys(), workspace_id, arguments.node, settings.node
            )
        except NotFound as error:
            raise OperatorError(error.message) from error
    print(f"{workspace_id} is moved to {arguments.node}")


def _workspace_id(arguments: Namespace) -> str:
    try:
        return str(uuid.UUID(arguments.workspace))
    except ValueError:
        raise OperatorError(f"{arguments.workspace} is not the id of a workspace") from None


def _actors(url: str, token: str) -> list[Any]:
    parts = urlsplit(url)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    found: list[Any] = []
    cursor: str | None = ""
    while cursor is not None:
        connection = kind(parts.hostname or "127.0.0.1", parts.port, timeout=ANSWER_SECONDS)
        path = "/api/admin/actors?limit=100" + (f"&cursor={cursor}" if cursor else "")
        try:
            connection.request("GET", path, headers={"Authorization": f"Bearer {token}"})
            answer = connection.getresponse()
            page = json.loads(answer.read())
        except (OSError, ValueError) as error:
            raise OperatorError(f"no NoteVault answers at {url}: {error}; name it with --url") from error
        finally:
            connection.close()
        if answer.status != 200:
            raise OperatorError(f"{url} answers {page['error']['code']}: does it use this store and key?")
        found += page["items"]
        cursor = page["nextCursor"]
    return found


def _may(account: Account) -> bool:
    return account.system_role == "admin" and account.suspended_at is None


async def _account(store: Store, email: str) -> Account:
    credentials = await store.accounts.credentials(normal_email(email))
    if credentials is None:
        raise UserNotFound(f"nobody has the address {email}")
    return credentials.account


def _read_password() -> str:
    if sys.stdin.isatty():
        return getpass.getpass("Password: ")
    return sys.stdin.readline().rstrip("\n")
