"""Free ports on the loopback interface, for programs that cannot choose one themselves."""

import socket


def free_port() -> int:
    """A port that nobody listened on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
