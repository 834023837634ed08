"""The shared SQL's helpers: ids, placeholders, the rules of migrations."""

import random
import uuid

import pytest

from nvserver.adapters.sql.ids import id_bytes, id_text, optional_id_bytes, optional_id_text
from nvserver.adapters.sql.migrations import Migration, StoreRefused, check_cluster, load_migrations, pending
from nvserver.adapters.sqlite.connection import sqlite_text


def test_ids_come_back_and_sort_as_their_text_does(rng: random.Random) -> None:
    texts = [str(uuid.UUID(int=rng.getrandbits(128))) for _ in range(500)]
    assert [id_text(id_bytes(text)) for text in texts] == texts
    assert [id_bytes(text) for text in texts] == [uuid.UUID(text).bytes for text in texts]
    assert sorted(texts, key=id_bytes) == sorted(texts)
    assert (optional_id_bytes(None), optional_id_text(None)) == (None, None)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "alice",
        "12345678-1234-1234-1234-12345678901",
        "12345678-1234-1234-1234-1234567890123",
        "12345678123412341234123456789012",
        "1234567-81234-1234-1234-123456789012",
        "12345678-1234-1234-1234-12345678901G",
        "ABCDEF78-1234-1234-1234-123456789012",
        "12345678 1234 1234 1234 123456789012",
        "{12345678-1234-1234-1234-12345678901}",
    ],
)
def test_an_id_has_one_form_only(text: str) -> None:
    with pytest.raises(ValueError, match=r"canonical form|hexadecimal"):
        id_bytes(text)


def test_placeholders_are_numbers_to_sqlite() -> None:
    assert sqlite_text("SELECT $2::bytea, $1 WHERE x = $12::text") == "SELECT ?2, ?1 WHERE x = ?12"


def migration(version: int, sql: str = "SELECT 1;\n") -> Migration:
    return Migration(version, f"step_{version}", sql, f"checksum of {sql}")


def test_pending_are_those_not_applied() -> None:
    known = [migration(1), migration(2), migration(3)]
    assert list(pending(known, {})) == known
    assert list(pending(known, {1: known[0].checksum})) == known[1:]
    assert list(pending(known, {one.version: one.checksum for one in known})) == []


def test_a_text_is_split_into_what_can_be_run() -> None:
    assert list(migration(1, "-- why\n").statements) == []
    parts = migration(1, "-- why\nCREATE a;\n\n-- and\nCREATE b; -- c\n;\n\n").statements
    assert [part.split("CREATE ")[1] for part in parts] == ["a", "b; -- c\n"]


def test_a_newer_store_and_a_changed_migration_are_refused() -> None:
    known = [migration(1), migration(2)]
    with pytest.raises(StoreRefused, match="schema 3, this program knows 2"):
        pending(known, {1: known[0].checksum, 2: known[1].checksum, 3: "?"})
    with pytest.raises(StoreRefused, match="0001_step_1"):
        pending(known, {1: "another"})


def test_another_clusters_store_is_refused() -> None:
    check_cluster("one", None)
    check_cluster("one", "one")
    with pytest.raises(StoreRefused, match="cluster one, not to two"):
        check_cluster("one", "two")


@pytest.mark.parametrize("package", ["nvserver.adapters.sqlite", "nvserver.adapters.postgres"])
def test_shipped_migrations_are_numbered_and_split_into_statements(package: str) -> None:
    migrations = load_migrations(package)
    assert [one.version for one in migrations] == list(range(1, len(migrations) + 1))
    for one in migrations:
        assert len(one.statements) == one.sql.count(";\n")


def test_both_databases_have_the_same_steps() -> None:
    names = [
        [one.name for one in load_migrations(f"nvserver.adapters.{database}")] for database in ("sqlite", "postgres")
    ]
    assert names[0] == names[1]
