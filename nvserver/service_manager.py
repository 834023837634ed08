"""What a process tells the service manager that started it, if any: systemd's protocol, `sd_notify(3)`."""

import os
import socket
from collections.abc import Mapping

import structlog
import trio

log = structlog.get_logger()

_OURS = ("NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID")


def tell(*states: str) -> None:
    """`READY=1`, `STOPPING=1`, `STATUS=` and a sentence for people. Never blocks or raises."""
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
            line.setblocking(False)
            line.sendto("\n".join(states).encode(), address.replace("@", "\0", 1) if address[0] == "@" else address)
    except OSError as error:
        log.warning("service manager not told", states=states, error=str(error))


async def feed_watchdog() -> None:
    """Tell, twice in the time that it allows, that the event loop turns; a manager that hears nothing starts the
    service anew. Until cancelled."""
    allowed_seconds = int(os.environ.get("WATCHDOG_USEC", "0")) / 1e6
    while allowed_seconds:
        tell("WATCHDOG=1")
        await trio.sleep(allowed_seconds / 2)


def without_manager(environment: Mapping[str, str]) -> Mapping[str, str]:
    """The environment of a child, which has nothing to tell it."""
    return {name: value for name, value in environment.items() if name not in _OURS}
