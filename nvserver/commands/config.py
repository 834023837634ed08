"""`nvserver config`: the settings in force and where each came from."""

from argparse import ArgumentParser, Namespace

from nvserver.commands.exit_codes import ExitCode
from nvserver.config import LoadedSettings, describe

HELP = "show the settings in force and where each came from"


def add_arguments(parser: ArgumentParser) -> None:
    """None of its own."""


def run(_arguments: Namespace, loaded: LoadedSettings) -> ExitCode:
    """Print all settings; secrets stay hidden."""
    print(describe(loaded))
    return ExitCode.OK
