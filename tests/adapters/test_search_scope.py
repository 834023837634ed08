"""Whatever is searched for, no statement reads documents that the person is not a member for (D10)."""

import re
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nvserver.adapters.postgres.search import PostgresSearch
from nvserver.adapters.sql.database import Row, Statement
from nvserver.adapters.sql.ids import id_bytes
from nvserver.adapters.sql.search import SqlSearch
from nvserver.adapters.sqlite.search import SqliteSearch
from nvserver.core.search_query import parse_query
from nvserver.ports.search import SearchRequest

USER = "00000000-0000-4000-8000-000000000001"
PLACES = st.sampled_from([None, "00000000-0000-4000-8000-000000000002"])
QUERIES = st.lists(
    st.sampled_from(
        ["bread", "the", '"sour dough"', "title:oven", "tag:baking", "before:2026-01-01", "after:2025-01-01"]
    ),
    min_size=1,
    max_size=4,
    unique=True,
).map(" ".join)


class Listening:
    """A database that hears what it is asked, and has nothing."""

    def __init__(self) -> None:
        self.heard: list[Statement] = []

    async def read(self, statement: Statement) -> Sequence[Row]:
        self.heard.append(statement)
        return []

    async def write(self, *statements: Statement) -> Sequence[Sequence[Row]]:
        raise AssertionError("a search changes nothing")


@pytest.mark.parametrize("kind", [SqliteSearch, PostgresSearch])
@given(text=QUERIES, workspace=PLACES, kinds=st.sampled_from([(), ("note",), ("note", "chat")]), after=st.booleans())
async def test_documents_are_read_with_the_membership_only(
    kind: type[SqlSearch], text: str, workspace: str | None, kinds: tuple[str, ...], after: bool
) -> None:
    database = Listening()
    page = (3, 10**12, USER) if after else None
    query = parse_query(text, ("english",))
    request = SearchRequest(USER, query, workspace_id=workspace, kinds=kinds, after=page, limit=20)  # type: ignore[arg-type]
    await kind(database).search(request)
    await kind(database).facets(request, limit=10)
    assert len(database.heard) == 2
    for number, statement in enumerate(database.heard):
        joins = len(re.findall(r"\bmembers m\b", statement.sql))
        # Of a search each document that was found is read once more, by its id.
        assert len(re.findall(r"\bsearch_documents\b", statement.sql)) == joins + (number == 0)
        asked_for = re.findall(r"\bm\.user_id = \$(\d+)", statement.sql)
        assert len(asked_for) == joins > 0
        assert {statement.arguments[int(place) - 1] for place in asked_for} == {id_bytes(USER)}
