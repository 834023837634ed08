"""Writing down who did what."""

from dataclasses import dataclass, field

import structlog

from nvserver.errors import Unavailable
from nvserver.ports.audit_log import Act, AuditLog
from nvserver.ports.clock import NewId, NowMs
from nvserver.services.sign_ins import DAY_MS

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class AuditSettings:
    """Section `[audit]`."""

    keep_days: int = field(default=365, metadata={"min": 1, "max": 3650})
    """How long the audit log keeps what was done."""


class AuditTrail:
    """Adds to the audit log."""

    def __init__(self, acts: AuditLog, settings: AuditSettings, now_ms: NowMs, new_id: NewId) -> None:
        self._acts = acts
        self._settings = settings
        self._now_ms = now_ms
        self._new_id = new_id

    async def record(
        self, actor_id: str | None, action: str, outcome: str, address: str, details: tuple[tuple[str, str], ...]
    ) -> None:
        """See `Act`. What was done cannot be taken back because the log is away: that is told in the server's log."""
        now = self._now_ms()
        act = Act(self._new_id(), now, actor_id, action, outcome, address, details)
        try:
            await self._acts.add(act, keep_from=now - self._settings.keep_days * DAY_MS)
        except Unavailable:
            log.error("act not recorded", actor=actor_id, action=action, outcome=outcome)
