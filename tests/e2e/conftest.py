"""One server process for all tests that leave it running; its log stands beside a failure."""

from collections.abc import AsyncIterator, Generator, Iterator
from pathlib import Path

import pytest

from tests.e2e.rooms import TEXT, Room
from tests.e2e.teams import found_team
from tests.support.server import CHEAP, ServerProcess, running_server

LOG_CHARACTERS = 8_000
SETTINGS = {**CHEAP, "NV_REALTIME__PING_INTERVAL_SECONDS": "600"}
"""No pings, so that what a client sends can be counted."""


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """Shared: whoever stops it starts one of their own."""
    with running_server(tmp_path_factory.mktemp("server") / "data", SETTINGS) as running:
        yield running


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[ServerProcess]:
    """The test's own, to be stopped and started again."""
    with running_server(tmp_path / "data", SETTINGS) as running:
        yield running


@pytest.fixture
async def room(server: ServerProcess) -> AsyncIterator[Room]:
    team = await found_team(server, TEXT, bob="member", eve="viewer", mallory="stranger")
    async with team.connect("ada") as bad, team.connect("bob") as bystander:
        yield Room(team, bad, bystander)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show the end of the server's log beside a failure."""
    report = yield
    for name, value in getattr(item, "funcargs", {}).items():
        if report.failed and isinstance(value, ServerProcess):
            report.sections.append((f"Log of {name}", value.log_text[-LOG_CHARACTERS:]))
    return report
