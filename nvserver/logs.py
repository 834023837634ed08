"""Logging for the whole process: structlog, one line an event, to stderr.

`text` is for people, `json` for machines. Records of the standard `logging` (Hypercorn, asyncpg) take the same way.
Values under names that sound like secrets never reach a line, whoever logs them.
"""

import logging
import sys
from dataclasses import dataclass
from typing import Literal

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from nvserver import story

SECRET_WORDS = ("authorization", "cookie", "password", "secret", "token")
HIDDEN = "(hidden)"


@dataclass(frozen=True, slots=True)
class LogSettings:
    """What is logged and how."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    """debug, info, warning or error (flag --log-level)."""
    format: Literal["text", "json"] = "text"
    """text for people, json for machines (flag --log-format)."""


def set_up_logs(settings: LogSettings) -> None:
    """Send every event of the process to stderr as `settings` say. Calling it again replaces what was set."""
    level = logging.getLevelNamesMapping()[settings.level.upper()]
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        hide_secrets,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *_rendering(settings.format),
            ],
        )
    )
    logging.basicConfig(handlers=[handler], level=level, force=True)
    if level <= logging.DEBUG:
        story.begin()


def hide_secrets(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Replace values whose name sounds like a secret (structlog processor)."""
    for name in event:
        if any(word in name.lower() for word in SECRET_WORDS):
            event[name] = HIDDEN
    return event


def _rendering(kind: Literal["text", "json"]) -> list[Processor]:
    if kind == "json":
        return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(sort_keys=True)]
    one_line_traceback = structlog.dev.plain_traceback
    return [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=one_line_traceback)]
