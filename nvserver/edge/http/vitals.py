"""Core Web Vitals: how quick the client was for the people who used it, told by their browsers, read by Prometheus."""

from typing import Annotated, Final, Literal, TypeAlias

import msgspec
from msgspec import Meta
from prometheus_client import CollectorRegistry, Histogram

from nvserver.edge.http.routing import AnyRoute, Call, Route

VitalName: TypeAlias = Literal["CLS", "FCP", "INP", "LCP", "TTFB"]
PageName: TypeAlias = Literal[
    "login", "workspaces", "workspace", "files", "search", "chat", "calendar", "settings", "admin", "other"
]
MOST_AT_ONCE: Final = 20
_SECONDS: Final = (0.016, 0.04, 0.1, 0.2, 0.5, 0.8, 1.2, 1.8, 2.5, 4.0, 6.0, 10.0)
_SHIFTS: Final = (0.01, 0.02, 0.05, 0.1, 0.15, 0.25, 0.5, 1.0)


class Vital(msgspec.Struct, frozen=True):
    """`value`: milliseconds; of `CLS` the score. `page` is a kind of page, never an address."""

    name: VitalName
    value: Annotated[float, Meta(ge=0, le=600_000)]
    page: PageName = "other"


class VitalsBody(msgspec.Struct, frozen=True):
    vitals: Annotated[tuple[Vital, ...], Meta(min_length=1, max_length=MOST_AT_ONCE)]


class VitalRoutes:
    """`/api/vitals`. Nothing of who sent them is kept."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._seconds = Histogram(
            "notevault_web_vital_seconds",
            "Core Web Vitals that are times, as browsers measured them",
            ["name", "page"],
            buckets=_SECONDS,
            registry=registry,
        )
        self._shift = Histogram(
            "notevault_web_layout_shift",
            "Cumulative layout shift, as browsers measured it",
            ["page"],
            buckets=_SHIFTS,
            registry=registry,
        )

    def routes(self) -> tuple[AnyRoute, ...]:
        """The table."""
        return (
            Route(
                "POST", "/api/vitals", self._take, "Tell how quick a page was (Core Web Vitals)",
                body=VitalsBody, status=204, is_public=True,
            ),
        )  # fmt: skip

    async def _take(self, call: Call[VitalsBody, None]) -> None:
        for vital in call.body.vitals:
            if vital.name == "CLS":
                self._shift.labels(vital.page).observe(vital.value)
            else:
                self._seconds.labels(vital.name, vital.page).observe(vital.value / 1000)
