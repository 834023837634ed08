"""Every promise is asked of both stores."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.reporting import Report, make_report
from tests.faults.stores import RealStore
from tests.support.postgres import PostgresServer


@pytest.fixture(params=["sqlite", "postgres"])
def real_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[RealStore]:
    """An empty place for a store."""
    data_dir = tmp_path / "data"
    data_dir.mkdir()
    if request.param == "sqlite":
        yield RealStore(data_dir)
    else:
        server: PostgresServer = request.getfixturevalue("postgres")
        with server.fresh_database() as url:
            yield RealStore(data_dir, url, server)


@pytest.fixture
def report(request: pytest.FixtureRequest) -> Report:
    """Tells what the run did; to be called at its end."""
    return make_report(request.node.name)
