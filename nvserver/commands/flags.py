"""Command-line flags that set settings: `action=SettingFlag, dest="section.key"`."""

from argparse import SUPPRESS, Action, ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nvserver.config_sources import RawValue


class SettingFlag(Action):
    """Keeps the flag's text in `flags` of the namespace, as a source of settings; the loader checks it."""

    def __init__(self, option_strings: Sequence[str], dest: str, **options: Any) -> None:
        super().__init__(option_strings, dest, default=SUPPRESS, **options)

    def __call__(
        self, _parser: ArgumentParser, namespace: Namespace, values: object, option_string: str | None = None
    ) -> None:
        raw = RawValue(values, f"flag {option_string}", is_text=True)
        namespace.flags = {**getattr(namespace, "flags", {}), self.dest: raw}


def add_common_arguments(parser: ArgumentParser) -> None:
    """The flags that every command has."""
    parser.add_argument(
        "--config",
        metavar="FILE",
        dest="settings_file",
        type=Path,
        default=SUPPRESS,
        help="a TOML file, see config/default.toml",
    )
    parser.add_argument(
        "--data-dir", metavar="DIR", dest="server.data_dir", action=SettingFlag, help="where data is kept (./data)"
    )
    parser.add_argument(
        "--log-level", metavar="LEVEL", dest="log.level", action=SettingFlag, help="debug, info, warning or error"
    )
    parser.add_argument("--log-format", metavar="KIND", dest="log.format", action=SettingFlag, help="text or json")
