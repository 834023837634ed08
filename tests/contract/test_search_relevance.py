"""What people who look for something among real texts see first: Python's reference, which comes with Python."""

import random
from pydoc_data.topics import topics

import pytest

from nvserver.core.documents import Document
from nvserver.core.search_query import parse_query
from nvserver.ports.search import SearchRequest
from nvserver.ports.store import Store
from tests.contract.values import new_id, new_workspace

LANGUAGES = ("english",)
SEEN = 3
"""Results that people look at."""
WANTED = {
    "lambda": "lambda",
    "slicing": "slicings",
    "assign": "assignment",
    "assigning statement": "assignment",
    "boolean operation": "booleans",
    "context manager": "context-managers",
    "string formatting": "formatstrings",
    "comparison": "comparisons",
    "customized attributes": "attribute-access",
    "emulate numbers": "numeric-types",
    "operators precedence": "operator-summary",
    "import statement": "import",
    "nonlocal": "nonlocal",
    "mutable sequences": "typesseq-mutable",
    "truth values": "truth",
    "debug": "debugger",
    "binding names": "naming",
    '"execution model"': "execmodel",
    "title:coroutine": "async",
    "ellipsis": "bltin-ellipsis-object",
}
"""What is typed, and the page that is meant."""


@pytest.fixture
async def reader(store: Store, rng: random.Random) -> tuple[str, dict[str, str]]:
    """Who may read all, and the pages by the ids of their notes, in an order that says nothing."""
    owner = new_id(rng)
    workspace_id, _ = await new_workspace(rng, store, owner_id=owner)
    names = {new_id(rng): name for name in rng.sample(sorted(topics), len(topics))}
    documents = []
    for at, (note, name) in enumerate(names.items()):
        title, _, body = topics[name].strip().partition("\n")
        documents.append(Document(note, workspace_id, "note", 1, title, body, (), owner, at, languages=LANGUAGES))
    await store.search.store(workspace_id, 1, documents)
    return owner, names


async def test_what_is_meant_is_among_the_first(store: Store, reader: tuple[str, dict[str, str]]) -> None:
    owner, names = reader
    missed = {}
    for typed, wanted in WANTED.items():
        found = await store.search.search(SearchRequest(owner, parse_query(typed, LANGUAGES), limit=SEEN))
        if wanted not in (seen := [names[one.id] for one in found]):
            missed[typed] = seen
    assert missed == {}


async def test_words_of_the_text_are_found_wherever_they_stand(
    store: Store, reader: tuple[str, dict[str, str]], rng: random.Random
) -> None:
    """Three neighbouring words of a page lead to it, typed as they are."""
    owner, names = reader
    tried = 0
    for name in rng.sample(sorted(topics), 20):
        words = [word for word in topics[name].split() if word.isalpha()]
        if len(words) < 20:
            continue
        start = rng.randrange(len(words) - 3)
        query = parse_query(" ".join(words[start : start + 3]), LANGUAGES)
        found = await store.search.search(SearchRequest(owner, query, limit=100))
        assert name in [names[one.id] for one in found], words[start : start + 3]
        tried += 1
    assert tried > 5
