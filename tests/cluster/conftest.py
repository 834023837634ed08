"""What the tests of many nodes share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.reporting import Report, make_report
from tests.faults.stores import RealStore
from tests.support.postgres import PostgresServer


@pytest.fixture
def pg_store(postgres: PostgresServer, tmp_path: Path) -> Iterator[RealStore]:
    """An empty database."""
    data_dir = tmp_path / "data"
    data_dir.mkdir()
    with postgres.fresh_database() as url:
        yield RealStore(data_dir, url, postgres)


@pytest.fixture
def report(request: pytest.FixtureRequest) -> Report:
    """Tells what the run did; to be called at its end."""
    return make_report(request.node.name)
