"""A file descriptor that becomes readable in a steady beat: epoll's own time-out knows milliseconds only."""

import ctypes
import os

_CLOCK_MONOTONIC = 1
_FLAGS = os.O_NONBLOCK | os.O_CLOEXEC
_libc = ctypes.CDLL(None, use_errno=True)


class _Spec(ctypes.Structure):
    _fields_ = [(name, ctypes.c_long) for name in ("every_s", "every_ns", "first_s", "first_ns")]


class Ticker:
    """Linux's timerfd, which Python 3.11 does not offer."""

    def __init__(self, every_seconds: float) -> None:
        self.fd = int(_libc.timerfd_create(_CLOCK_MONOTONIC, _FLAGS))
        every = (int(every_seconds), int(every_seconds % 1 * 1e9))
        if self.fd < 0 or _libc.timerfd_settime(self.fd, 0, ctypes.byref(_Spec(*every, *every)), None):
            raise OSError(ctypes.get_errno(), "timerfd")

    def take(self) -> None:
        """Until the next beat it is not readable again."""
        os.read(self.fd, 8)

    def close(self) -> None:
        os.close(self.fd)
