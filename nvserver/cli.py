"""The command line `nvserver`: reads flags and settings, runs one command, tells mistakes in one sentence."""

import argparse
import sys
from collections.abc import Sequence
from typing import NoReturn, Protocol

import structlog

from nvserver import __version__
from nvserver.commands import admin, backup, compact, config, migrate, prove, replay, restore, serve, verify
from nvserver.commands.exit_codes import ExitCode
from nvserver.commands.flags import add_common_arguments
from nvserver.config import LoadedSettings, load_settings
from nvserver.errors import NoteVaultError, OperatorError, Unavailable
from nvserver.logs import set_up_logs

EXIT_CODES = """exit codes:
  0  done
  1  a check found something wrong (verify, migrate --check)
  2  wrong usage or a wrong setting
  3  cannot be done here and now: port taken, database away, schema outdated
  70 a fault of NoteVault's own; the log has the details
"""

WHERE_TO_LOOK = (
    "see that PostgreSQL and Redis run and can be reached where database.url (NV_DATABASE_URL) and redis.url"
    " (NV_REDIS_URL) say; `nvserver config` shows what is in force"
)


class Command(Protocol):
    """A module of `nvserver.commands`."""

    HELP: str

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the flags of the command."""

    def run(self, arguments: argparse.Namespace, loaded: LoadedSettings) -> ExitCode:
        """Do it."""


COMMANDS: dict[str, Command] = {
    "serve": serve,
    "migrate": migrate,
    "verify": verify,
    "replay": replay,
    "compact": compact,
    "backup": backup,
    "restore": restore,
    "admin": admin,
    "prove": prove,
    "config": config,
}


class Parser(argparse.ArgumentParser):
    """An argument parser that tells a mistake in one line."""

    def error(self, message: str) -> NoReturn:
        """End the process with the code for wrong usage."""
        self.exit(ExitCode.USAGE, f"nvserver: {message}; see {self.prog} --help\n")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command that `argv` (default: the process's arguments) names; the exit code."""
    arguments = _parser().parse_args(argv)
    try:
        loaded = load_settings(getattr(arguments, "settings_file", None), flags=getattr(arguments, "flags", None))
        set_up_logs(loaded.settings.log)
        return COMMANDS[arguments.command].run(arguments, loaded)
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    except Exception as error:  # noqa: BLE001 - the outermost boundary: every failure ends as a documented exit code
        return _tell(_innermost(error))


def _tell(error: BaseException) -> ExitCode:
    match error:
        case OperatorError():
            print(f"nvserver: {error}", file=sys.stderr)
            return ExitCode(error.exit_code)
        case OSError(filename=str() | bytes() as name):
            print(f"nvserver: {name!s}: {error.strerror}", file=sys.stderr)
            return ExitCode.CANNOT
        case Unavailable():
            print(f"nvserver: {error.message} - {WHERE_TO_LOOK}", file=sys.stderr)
            return ExitCode.CANNOT
        case OSError() | NoteVaultError():
            print(f"nvserver: {error}", file=sys.stderr)
            return ExitCode.CANNOT
        case _:
            structlog.get_logger().critical("crashed", exc_info=error)
            return ExitCode.CRASHED


def _innermost(error: BaseException) -> BaseException:
    """The one error inside nested groups of one; a group of several stays."""
    while isinstance(error, BaseExceptionGroup) and len(error.exceptions) == 1:
        error = error.exceptions[0]
    return error


def _parser() -> Parser:
    parser = Parser(
        prog="nvserver",
        description="NoteVault, a realtime collaboration server.",
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"nvserver {__version__}")
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, command in COMMANDS.items():
        subparser = subparsers.add_parser(name, help=command.HELP, description=command.HELP, allow_abbrev=False)
        add_common_arguments(subparser)
        command.add_arguments(subparser)
    return parser
