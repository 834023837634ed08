"""What a command tells its caller when it ends."""

from enum import IntEnum


class ExitCode(IntEnum):
    """Documented in `nvserver --help`; numbers never change their meaning."""

    OK = 0
    FOUND_WRONG = 1
    USAGE = 2
    CANNOT = 3
    CRASHED = 70
    INTERRUPTED = 130
