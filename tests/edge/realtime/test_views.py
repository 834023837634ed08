"""What clients see of a change."""

import pytest

from nvserver.core import changes as c
from nvserver.core.changes import Author, Change, Entry
from nvserver.edge.realtime.views import change_view

WORKSPACE_ID, NOTE_ID, USER_ID = (f"00000000-0000-4000-8000-00000000000{digit}" for digit in "123")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (c.VersionNamed(NOTE_ID, NOTE_ID, "first", 7), {"noteId", "versionId", "name", "versionSeq"}),
        (c.MemberAdded(NOTE_ID, "member"), {"member"}),
        (c.NoteDeleted(NOTE_ID), {"noteId"}),
    ],
)
def test_a_change_has_its_own_place_in_the_sequence_and_its_own_author(change: Change, told: set[str]) -> None:
    view = change_view(WORKSPACE_ID, Entry(50, 1_000, Author(USER_ID), change))
    assert (view["seq"], view["userId"], view["at"]) == (50, USER_ID, "1970-01-01T00:00:01.000Z")
    assert set(view) == {"seq", "kind", "userId", "at"} | told
