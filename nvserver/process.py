"""What a node's process has of its own: its clock, chance, threads, signals and memory."""

import ctypes
import gc
import signal
import time
import uuid
from collections.abc import Callable
from typing import TypeVar

import trio

from nvserver.workers import wait_parent_ended

T = TypeVar("T")
OFFLOAD_THREADS = 2
_MMAP_THRESHOLD = -3
_LARGE_BYTES = 1024 * 1024


async def wait_for_stop_signal(nursery: trio.Nursery) -> None:
    """Return at the first SIGTERM or SIGINT, or when the parent of a worker is gone; the next signal cancels
    `nursery`."""
    arrived = trio.Event()

    async def listen(task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        with trio.open_signal_receiver(signal.SIGTERM, signal.SIGINT) as signals:
            task_status.started()
            async for _ in signals:
                if arrived.is_set():
                    nursery.cancel_scope.cancel()
                arrived.set()

    async def follow_parent() -> None:
        await wait_parent_ended()
        arrived.set()

    await nursery.start(listen)
    nursery.start_soon(follow_parent)
    await arrived.wait()


def spare_collector() -> None:
    """Have Python's cycle collector look seldom, and never at what was made up to now.

    Nearly nothing here makes cycles, and what an edit leaves behind lives long: by default every few edits went through
    all young objects and, time and again, through the whole heap."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def return_large_memory() -> None:
    """Have what is large given back to the system as soon as it is free, where the C library is glibc.

    Left to itself it learns from the first password's hash, which takes 19 MiB for a moment, to keep so much, in each
    thread that makes one."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_MMAP_THRESHOLD, _LARGE_BYTES)


def now_ms() -> int:
    """The wall clock."""
    return time.time_ns() // 1_000_000


def new_id() -> str:
    """A random UUID."""
    return str(uuid.uuid4())


_offload_limiter = trio.CapacityLimiter(OFFLOAD_THREADS)


async def offload(function: Callable[..., T], *arguments: object) -> T:
    """See `ports.offload.Offload`."""
    return await trio.to_thread.run_sync(function, *arguments, limiter=_offload_limiter)
