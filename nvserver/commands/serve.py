"""`nvserver serve`: run a node until it is told to stop."""

import os
from argparse import ArgumentParser, Namespace

import structlog
import trio

from nvserver import failpoints
from nvserver.commands.exit_codes import ExitCode
from nvserver.commands.flags import SettingFlag
from nvserver.config import LoadedSettings
from nvserver.errors import OperatorError
from nvserver.workers import SQLITE_IS_ALONE, Workers, command_of_this_process, own_name

HELP = "serve everything on one port"


def add_arguments(parser: ArgumentParser) -> None:
    """Where to listen, and with how many processes."""
    for name, key, meaning in (
        ("--host", "server.host", "address to listen on (127.0.0.1)"),
        ("--port", "server.port", "port to listen on, 0 for a free one (8000)"),
        ("--workers", "server.workers", "node processes behind the port (1)"),
    ):
        parser.add_argument(name, metavar="VALUE", dest=key, action=SettingFlag, help=meaning)


def run(_arguments: Namespace, loaded: LoadedSettings) -> ExitCode:
    """Serve; returns when the node has drained after SIGTERM or SIGINT."""
    from nvserver.main import serve_node  # late: the whole server is not needed to show a help page

    if text := os.environ.get("NV_FAILPOINTS"):
        failpoints.arm(failpoints.parse(text))
        structlog.get_logger().warning("failpoints are on: this server fails on purpose", failpoints=text)
    settings = loaded.settings
    if settings.server.workers > 1:
        if settings.sqlite_path is not None or settings.redis.url is None:
            raise OperatorError(SQLITE_IS_ALONE)
        command, name, server = command_of_this_process(), own_name(settings.node.name), settings.server
        workers = Workers(command, server.workers, server.host, server.port, name, server.worker_ports)
        return ExitCode(trio.run(workers.run))
    trio.run(serve_node, settings)
    return ExitCode.OK
