"""Free ports on the loopback interface, for programs that cannot choose one themselves."""

import socket
from contextlib import ExitStack


def free_port() -> int:
    """A port that nobody listened on just now."""
    return free_ports(1)


def free_ports(count: int) -> int:
    """The first of so many neighbouring ones."""
    while True:
        with ExitStack() as probes:
            first = 0
            try:
                for number in range(count):
                    probe = probes.enter_context(socket.socket())
                    probe.bind(("127.0.0.1", first + number if first else 0))
                    first = first or int(probe.getsockname()[1])
            except (OSError, OverflowError):
                continue
            return first
