"""Named points where the server can be made to fail on purpose; docs/failpoints.md lists them.

Off, which is how every program starts, `hit` is a function that does nothing. `arm` replaces it: only a program that
was started with `NV_FAILPOINTS` calls that, or a test. Call it through the module, never import the function.
"""

import os
import signal
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import structlog

from nvserver.errors import OperatorError, Unavailable

log = structlog.get_logger()

POINTS: Final[Mapping[str, str]] = {
    "activate_before_load": "the epoch is bumped, nothing of the workspace is read yet",
    "activate_after_load": "the workspace is read, nobody is served yet",
    "take_message": "a workspace's actor takes a message from its mailbox",
    "before_append": "a batch is about to go to the store",
    "before_commit": "SQLite only: the statements have run, the transaction is open",
    "after_commit": "SQLite only: the transaction is durable, its thread has not said so",
    "after_append_before_answer": "the store has answered, the log writer has not heard it: `drop` loses the answer",
    "after_commit_before_ack": "the log writer knows that a batch is durable, nobody has been told",
    "after_ack": "everybody has been told of a batch",
    "before_snapshot": "a snapshot is asked for, not encoded yet",
    "mid_snapshot": "a snapshot is encoded, not stored yet",
    "after_snapshot": "a snapshot is stored",
    "before_rebase": "a new base is made, its log still begins where it did",
    "after_rebase": "a log begins later, nothing of it is deleted yet",
    "mid_purge": "a slice of what is told of a purged note is out of the log, the rest is not",
    "purge_before_states": "what is told of a purged note is out of the log, and still in its states",
    "mid_sweep": "a slice of what lies before a horizon is deleted, the rest is not",
    "unload_begin": "a workspace is idle or closed and starts to settle",
    "unload_end": "everything of a closing workspace is durable and told",
}
"""Every point there is, and where it stands."""


class FailpointError(OperatorError):
    """A setting of `NV_FAILPOINTS` that cannot be used."""

    exit_code = 2


class FailpointHit(Exception):
    """The action `raise`: a fault of the program, as far as anybody can tell."""


Action = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Failpoint:
    """`about` narrows the point to one thing (a workspace's id). The hits that act, counted from 1: the `nth`, and
    with `is_repeated` every nth after it."""

    name: str
    about: str | None
    action: Action
    nth: int
    is_repeated: bool


def _nothing(name: str, about: str = "") -> None:
    """Failpoints are off."""


hit: Callable[..., None] = _nothing
"""`hit(name, about="")`: the program has come to the point."""


def parse(text: str) -> tuple[Failpoint, ...]:
    """The failpoints of `name[ABOUT]=action@N`, separated by commas; `[ABOUT]` and `@N` may be left out (any thing; the
    first hit), `@/N` is every Nth hit, `@*` every one. Raises `FailpointError`."""
    return tuple(_parse_one(part.strip()) for part in text.split(",") if part.strip())


def _parse_one(text: str) -> Failpoint:
    place, _, rest = text.partition("=")
    name, bracket, about = place.partition("[")
    if name not in POINTS:
        raise FailpointError(f"NV_FAILPOINTS: there is no point {name!r}; there are {', '.join(POINTS)}")
    action, _, count = rest.partition("@")
    if bracket and not about.endswith("]"):
        raise FailpointError(f"NV_FAILPOINTS: {text!r} lacks a closing bracket")
    number = "1" if count in ("", "*") else count.removeprefix("/")
    if not (number.isdecimal() and int(number)):
        raise FailpointError(f"NV_FAILPOINTS: {text!r} must end with @ or @/ and a number from 1, or @*")
    is_repeated = count.startswith(("/", "*"))
    return Failpoint(name, about.removesuffix("]") or None, _action(action), int(number), is_repeated)


def _action(text: str) -> Action:
    kind, _, argument = text.partition(":")
    if kind == "sleep":
        try:
            seconds = float(argument)
        except ValueError:
            raise FailpointError(f"NV_FAILPOINTS: {text!r} must be sleep:SECONDS") from None
        return lambda _name: time.sleep(seconds)
    if kind not in _ACTIONS or argument:
        raise FailpointError(f"NV_FAILPOINTS: {text!r} is none of {', '.join((*_ACTIONS, 'sleep:SECONDS'))}")
    return _ACTIONS[kind]


def _raise(name: str) -> None:
    raise FailpointHit(name)


def _drop(name: str) -> None:
    raise Unavailable(f"failpoint {name}: the answer is lost")


def _stop(_name: str) -> None:
    os.kill(os.getpid(), signal.SIGSTOP)


def _kill(_name: str) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


_ACTIONS: Final[Mapping[str, Action]] = {"raise": _raise, "drop": _drop, "sigstop": _stop, "sigkill": _kill}


class Armed:
    """Some failpoints at work. `acted` counts by name how often they really did something."""

    def __init__(self, failpoints: tuple[Failpoint, ...]) -> None:
        self.acted: Counter[str] = Counter()
        self._failpoints = failpoints
        self._hits: Counter[Failpoint] = Counter()

    def hit(self, name: str, about: str = "") -> None:
        """See `failpoints.hit`."""
        for failpoint in self._failpoints:
            if failpoint.name == name and failpoint.about in (None, about):
                self._hits[failpoint] += 1
                hits, nth = self._hits[failpoint], failpoint.nth
                if hits == nth or (failpoint.is_repeated and hits % nth == 0):
                    self.acted[name] += 1
                    log.warning("failpoint acts", point=name, about=about)
                    failpoint.action(name)


def arm(failpoints: tuple[Failpoint, ...]) -> Armed:
    """Turn the failpoints on for the whole process, in place of those before; none turns them off."""
    global hit
    armed = Armed(failpoints)
    hit = armed.hit if failpoints else _nothing
    return armed
