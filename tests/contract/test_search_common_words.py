"""What the newest documents do not tell is found too: words that few have, and those that many have but not lately."""

import random

from nvserver.core.documents import Document
from nvserver.core.search_query import parse_query
from nvserver.ports.search import SearchRequest
from nvserver.ports.store import Store
from tests.contract.values import new_id, new_workspace

DOCUMENTS = 900


def text_of(number: int) -> tuple[str, str, tuple[str, ...]]:
    """Title, body and tags: common, every; `even` one in two; `tenth` one in ten; `old` the oldest; `lone` one."""
    words = ["common", "even" if number % 2 else "odd", "tenth" if number % 10 == 0 else "ninth"]
    words += ["old"] if number < 100 else []
    words += ["lone"] if number == 57 else []
    title = "tenth in title" if number % 50 == 0 else "nothing"
    tags = ("tenth",) if number % 70 == 0 else ("old tag",) if number % 200 == 1 else ()
    return title, " ".join(words), tags


def expected(typed: str) -> list[tuple[int, int]]:
    """Score and number, by a plain reading."""
    words = typed.replace('"', "").split()
    found = []
    for number in range(DOCUMENTS):
        title, body, tags = text_of(number)
        labels = [*title.split(), *" ".join(tags).split()]
        for score, texts in ((3, title.split()), (2, labels), (1, [*labels, *body.split()])):
            if set(words) <= set(texts):
                found.append((score, number))
                break
    return sorted(found, reverse=True)


async def test_common_and_rare_words_are_found_in_the_same_order_everywhere(store: Store, rng: random.Random) -> None:
    owner = new_id(rng)
    homes = [(await new_workspace(rng, store, owner_id=owner))[0] for _ in range(3)]
    foreign, _ = await new_workspace(rng, store)
    numbers: dict[str, int] = {}
    for home in homes:
        documents = []
        for number in range(homes.index(home), DOCUMENTS, len(homes)):
            title, body, tags = text_of(number)
            documents.append(Document(new_id(rng), home, "note", 2, title, body, tags, owner, number))
            numbers[documents[-1].id] = number
        await store.search.store(home, 2, documents)
    title, body, tags = text_of(0)
    for number in range(50):
        hidden = Document(new_id(rng), foreign, "note", 2, title, body, tags, owner, DOCUMENTS + number)
        await store.search.store(foreign, 2, [hidden])
    for typed in (
        "common",
        "even",
        "tenth",
        "old",
        "lone",
        "common old",
        "even old",
        "tenth old",
        "lone tenth",
        '"old"',
    ):
        wanted = expected(typed)
        query = parse_query(typed)
        first = list(await store.search.search(SearchRequest(owner, query, limit=40)))
        seen = [(one.score, numbers[one.id]) for one in first]
        while first and len(seen) < min(len(wanted), 200):
            last = first[-1]
            after = (last.score, last.updated_at, last.id)
            first = list(await store.search.search(SearchRequest(owner, query, after=after, limit=40)))
            seen += [(one.score, numbers[one.id]) for one in first]
        assert seen == wanted[: len(seen)], typed
        assert len(seen) >= min(len(wanted), 200), typed
        for home in homes:
            here = await store.search.search(SearchRequest(owner, query, workspace_id=home, limit=1000))
            mine = [(score, number) for score, number in wanted if homes[number % len(homes)] == home]
            assert [(one.score, numbers[one.id]) for one in here] == mine, typed
        facets = await store.search.facets(SearchRequest(owner, query), limit=9)
        assert sum(one.count for one in facets) == len(wanted), typed
    nothing = SearchRequest(owner, parse_query("common"), after=(0, 5, new_id(rng)))
    assert list(await store.search.search(nothing)) == []
