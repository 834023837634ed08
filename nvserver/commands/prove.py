"""`nvserver prove`: the shipped proof, on nodes of its own or on a cluster that runs already."""

import os
import secrets
from argparse import ArgumentParser, Namespace
from pathlib import Path

from nvserver.commands.exit_codes import ExitCode
from nvserver.config import LoadedSettings, Settings
from nvserver.errors import OperatorError

HELP = "break nodes while people write, or your own cluster while you break it; check everything, save a page"


def add_arguments(parser: ArgumentParser) -> None:
    """How long, through which nodes, as whom."""
    parser.add_argument("--minutes", metavar="N", type=float, default=2.0, help="how long people write (2)")
    parser.add_argument("--nodes", metavar="N", type=int, default=3, help="nodes to start and break (3)")
    parser.add_argument("--workspaces", metavar="N", type=int, default=3, help="workspaces that are written in (3)")
    parser.add_argument(
        "--url", metavar="URL", action="append", default=[], help="a node of your own cluster, or its balancer; repeat"
    )
    parser.add_argument(
        "--token",
        metavar="TOKEN",
        default=os.environ.get("NV_PROVE_TOKEN"),
        help="an API token to write with (or NV_PROVE_TOKEN); without one somebody is registered",
    )
    parser.add_argument(
        "--edits-per-second",
        metavar="N",
        type=float,
        default=10.0,
        help="of each writer on your own cluster (10): limits are kept",
    )
    parser.add_argument("--report", metavar="FILE", type=Path, default=Path("proof.md"), help="the page (proof.md)")
    parser.add_argument(
        "--seed", metavar="N", type=int, default=secrets.randbits(32), help="repeats the chance of a run"
    )


def run(arguments: Namespace, loaded: LoadedSettings) -> ExitCode:
    """Write, break, check; `FOUND_WRONG` when a promise was broken."""
    from nvserver.testing.prove import Plan, prove  # late: nothing else here knows the test kit

    plan = Plan(
        arguments.minutes,
        arguments.workspaces,
        arguments.seed,
        arguments.report,
        tuple(url.rstrip("/") for url in arguments.url),
        arguments.token,
        arguments.edits_per_second,
        arguments.nodes,
    )
    if plan.minutes <= 0 or plan.workspaces < 1 or plan.nodes < 1 or plan.edits_per_second <= 0:
        raise OperatorError("--minutes, --workspaces, --nodes and --edits-per-second must be more than 0")
    holds = prove(plan, {} if plan.urls else _shared(loaded.settings))
    return ExitCode.OK if holds else ExitCode.FOUND_WRONG


def _shared(settings: Settings) -> dict[str, str]:
    """What the nodes of the proof have in common."""
    if settings.sqlite_path is not None or settings.redis.url is None:
        raise OperatorError(
            "set database.url (NV_DATABASE_URL) to a PostgreSQL and redis.url (NV_REDIS_URL) to a Redis, both for the"
            " proof alone, or name your own cluster with --url, or use `make prove`, which brings its own"
        )
    return {
        "NV_DATABASE_URL": settings.database_url,
        "NV_REDIS_URL": settings.redis.url,
        "NV_SECRET_KEY": ",".join(settings.security.secret_keys),
        "NV_RATE_LIMITS": "off",
        "NV_LOG__FORMAT": "json",
    }
