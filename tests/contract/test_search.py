"""What is found by words, in every store: against a plain reading of the same documents, and never foreign ones."""

import random
from collections import Counter
from dataclasses import dataclass

import pytest
from msgspec.structs import replace

from nvserver.core.documents import Document
from nvserver.core.model import Member
from nvserver.core.search_match import score_of
from nvserver.core.search_query import SearchQuery, Term, parse_query
from nvserver.core.snippets import snippet_of
from nvserver.ports.oplog import MemberDropped, MemberIndexed, WorkspaceDropped
from nvserver.ports.search import Found, Indexed, SavedSearch, SearchRequest
from nvserver.ports.store import Store
from tests.contract.values import DURABLE, append_one, new_id, new_workspace

WORDS = ("ash", "ashes", "oak", "oaken", "elm", "fir")


@dataclass
class Wood:
    """Workspaces with random documents, and who may read which."""

    store: Store
    readers: dict[str, set[str]]
    documents: dict[str, Document]

    def expected(self, user_id: str, query: SearchQuery) -> list[tuple[int, int, str]]:
        """By a plain reading: words stand between single spaces here."""
        found = []
        for document in self.documents.values():
            if user_id not in self.readers[document.workspace_id] or document.is_hidden:
                continue
            if query.tags and not set(query.tags) <= set(document.tags):
                continue
            if query.authors and document.author_id not in query.authors:
                continue
            if query.before is not None and document.updated_at >= query.before:
                continue
            if query.after is not None and document.updated_at < query.after:
                continue
            fields = [[document.title], list(document.tags), [document.body]]
            for score, count in ((3, 1), (2, 2), (1, 3)):
                texts = [text for field in fields[:count] for text in field]
                if all(any(has(text, t) for text in (fields[0] if t.in_title else texts)) for t in query.terms):
                    found.append((score if query.terms else 1, document.updated_at, document.id))
                    break
        return sorted(found, reverse=True)


def has(text: str, term: Term) -> bool:
    needle = f" {' '.join(term.words)}" + ("" if term.is_prefix else " ")
    return needle in f" {text} "


async def wood(rng: random.Random, store: Store, *, workspaces: int, documents: int) -> Wood:
    users = [new_id(rng) for _ in range(4)]
    grown = Wood(store, {}, {})
    for _ in range(workspaces):
        workspace_id, _ = await new_workspace(rng, store, owner_id=users[0])
        activation = await store.oplog.activate(workspace_id, "node")
        members = {user for user in users[1:] if rng.random() < 0.5}
        changes = [MemberIndexed(Member(user, "viewer", 1)) for user in sorted(members)]
        assert await append_one(rng, store, activation, *changes) is DURABLE
        grown.readers[workspace_id] = {users[0], *members}
    for _ in range(documents):
        document = random_document(rng, rng.choice(sorted(grown.readers)), users)
        grown.documents[document.id] = document
    for workspace_id in grown.readers:
        own = [document for document in grown.documents.values() if document.workspace_id == workspace_id]
        await store.search.store(workspace_id, 2, own)
    return grown


def random_document(rng: random.Random, workspace_id: str, users: list[str]) -> Document:
    def text(most: int) -> str:
        return " ".join(rng.choice(WORDS) for _ in range(rng.randrange(most)))

    tags = tuple(rng.sample(WORDS, rng.randrange(3)))
    return Document(
        new_id(rng), workspace_id, "note", 2, text(4), text(9), tags, rng.choice(users), rng.randrange(50),
        is_hidden=rng.random() < 0.1,
    )  # fmt: skip


def random_query(rng: random.Random, users: list[str]) -> SearchQuery:
    pieces = []
    for _ in range(rng.randrange(1, 4)):
        word = rng.choice(WORDS)[: rng.choice((2, 3, 5))]
        pieces.append(rng.choice((word, f'"{rng.choice(WORDS)} {rng.choice(WORDS)}"', f"title:{word}", f"tag:{word}")))
    query = parse_query(" ".join(pieces))
    authors = (rng.choice(users),) if rng.random() < 0.2 else ()
    after = rng.randrange(40) if rng.random() < 0.2 else None
    return SearchQuery(query.terms, query.tags, authors, 45 if rng.random() < 0.2 else None, after)


def places(found: list[Found]) -> list[tuple[int, int, str]]:
    return [(one.score, one.updated_at, one.id) for one in found]


async def test_what_fits_and_may_be_read_is_found_and_nothing_else(store: Store, rng: random.Random) -> None:
    grown = await wood(rng, store, workspaces=6, documents=120)
    users = sorted(set().union(*grown.readers.values()))
    hits = 0
    for _ in range(80):
        user, query = rng.choice([*users, new_id(rng)]), random_query(rng, users)
        expected = grown.expected(user, query)
        seen: list[tuple[int, int, str]] = []
        after = None
        while page := list(await store.search.search(SearchRequest(user, query, after=after, limit=7))):
            seen += places(page)
            after = seen[-1]
        assert seen == expected, query
        hits += len(seen)
    assert hits > 100


async def test_words_of_any_script_are_found(store: Store, rng: random.Random) -> None:
    owner = new_id(rng)
    workspace_id, _ = await new_workspace(rng, store, owner_id=owner)
    body = "Crème brûlée, 東京都に住む. Ёлка! MIXED_case x1 ไทย it's 'quoted' \\ & | <-> :A"
    document = Document(new_id(rng), workspace_id, "note", 1, "T", body, ("Fühl mich", "100%_a"), owner, 5)
    await store.search.store(workspace_id, 1, [document])
    assert list(await store.search.documents([document.id])) == [document]
    for typed in ("creme", "BRÛL", "東京", "京都", "都", "住", "елка", "case", "mixed", "x1", "ไท", "it's", '"quoted"'):
        found = await store.search.search(SearchRequest(owner, parse_query(typed)))
        assert [one.id for one in found] == [document.id], typed
    for typed, count in (('tag:"fuhl mich"', 1), ("tag:fuhl", 0), ("tag:100%_a", 1), ("tag:100", 0), ("tag:%", 0)):
        assert len(await store.search.search(SearchRequest(owner, parse_query(typed)))) == count, typed
    for typed in ("東都", "rème", '"住む elka"', "京東", "ase"):
        assert list(await store.search.search(SearchRequest(owner, parse_query(typed)))) == [], typed


async def test_the_newer_version_stays_whoever_comes_last(store: Store, rng: random.Random) -> None:
    owner, note = new_id(rng), new_id(rng)
    workspace_id, _ = await new_workspace(rng, store, owner_id=owner)

    def version(seq: int, body: str) -> Document:
        return Document(note, workspace_id, "note", seq, "T", body, (), owner, 5)

    await store.search.store(workspace_id, 9, [version(9, "newer")])
    await store.search.store(workspace_id, 4, [version(4, "older")])
    assert await store.search.position(workspace_id) == 9
    assert list(await store.search.search(SearchRequest(owner, parse_query("older")))) == []
    assert len(await store.search.search(SearchRequest(owner, parse_query("newer")))) == 1
    await store.search.store(workspace_id, 10, [version(10, "newest")])
    assert list(await store.search.search(SearchRequest(owner, parse_query("newer")))) == []


async def test_nothing_is_found_after_leaving_or_when_the_workspace_is_gone(store: Store, rng: random.Random) -> None:
    grown = await wood(rng, store, workspaces=1, documents=30)
    ((workspace_id, readers),) = grown.readers.items()
    query = SearchQuery(after=0)
    (owner,) = [user for user in readers if await store.index.role_of(workspace_id, user) == "owner"]
    assert len(await store.search.search(SearchRequest(owner, query))) > 10
    activation = await store.oplog.activate(workspace_id, "node")
    assert await append_one(rng, store, activation, MemberDropped(owner)) is DURABLE
    assert list(await store.search.search(SearchRequest(owner, query))) == []
    activation = await store.oplog.activate(workspace_id, "node")
    assert await append_one(rng, store, activation, MemberIndexed(Member(owner, "owner", 1))) is DURABLE
    assert len(await store.search.search(SearchRequest(owner, query))) > 10
    activation = await store.oplog.activate(workspace_id, "node")
    assert await append_one(rng, store, activation, WorkspaceDropped()) is DURABLE
    assert list(await store.search.search(SearchRequest(owner, query))) == []
    await store.search.store(workspace_id, 5, [], is_gone=True)
    assert list(await store.search.documents(list(grown.documents))) == []


async def test_documents_are_kept_with_the_stems_of_their_workspaces_language(store: Store, rng: random.Random) -> None:
    owner, stranger = new_id(rng), new_id(rng)
    homes = {language: (await new_workspace(rng, store, owner_id=owner))[0] for language in ("english", "german")}
    documents = {
        language: [Document(new_id(rng), home, "note", 1, "Apples", "Haus", (), owner, n) for n in range(5)]
        for language, home in homes.items()
    }
    assert await store.search.indexed(homes["german"]) == Indexed(0)
    for language, home in homes.items():
        await store.search.store(home, 1, [replace(one, languages=(language,)) for one in documents[language]])
        await store.search.store(home, 0, [], languages=(language,))
        assert await store.search.indexed(home) == Indexed(1, (language,))
        assert await store.search.languages(owner, home) == (language,)
        assert await store.search.languages(stranger, home) == ()
    assert await store.search.languages(owner, None) == ("english", "german")
    assert await store.search.languages(stranger, None) == ()

    async def found(typed: str, language: str) -> int:
        return len(
            await store.search.search(SearchRequest(owner, parse_query(typed, (language,)), (), homes[language]))
        )

    assert [await found("apple", "english"), await found("häuser", "english")] == [5, 0]
    assert [await found("apple", "german"), await found("häuser", "german")] == [5, 5]
    kept = list(await store.search.kept(homes["english"], None, limit=3))
    kept += await store.search.kept(homes["english"], kept[-1].id, limit=9)
    assert [replace(one, languages=()) for one in kept] == sorted(documents["english"], key=lambda one: one.id)
    await store.search.store(homes["english"], 1, [replace(one, languages=("german",)) for one in kept])
    await store.search.store(homes["english"], 1, [], languages=("german",))
    assert await store.search.languages(owner, None) == ("german",)
    homes["german"] = homes["english"]
    assert await found("häuser", "german") == 5
    newest = await store.search.search(SearchRequest(owner, parse_query("apples"), (), homes["english"]))
    assert [one.updated_at for one in newest] == [4, 3, 2, 1, 0]


async def test_workspaces_behind_are_told_in_pages(store: Store, rng: random.Random) -> None:
    ids = sorted([(await new_workspace(rng, store))[0] for _ in range(5)])
    await store.search.store(ids[2], 1, [])
    activation = await store.oplog.activate(ids[0], "node")
    await store.search.store(ids[0], 1, [])
    assert await append_one(rng, store, activation) is DURABLE
    first = await store.search.behind(None, limit=2)
    rest = await store.search.behind(first[-1].workspace_id, limit=9)
    told = [(one.workspace_id, one.position, one.head) for one in (*first, *rest)]
    assert told == [(ids[0], 1, 2), (ids[1], 0, 1), (ids[3], 0, 1), (ids[4], 0, 1)]


async def test_saved_searches_are_their_owners_alone(store: Store, rng: random.Random) -> None:
    ada, bob = new_id(rng), new_id(rng)
    made = [
        SavedSearch(new_id(rng), ada, f"S{n}", "red", "all", rng.choice((None, new_id(rng))), bool(n % 2), n)
        for n in range(3)
    ]
    assert [await store.search.save(search, most=2) for search in made] == [True, True, False]
    assert list(await store.search.saved(ada)) == [made[1], made[0]]
    assert list(await store.search.saved(bob)) == []
    assert not await store.search.forget(bob, made[0].id)
    assert await store.search.forget(ada, made[0].id)
    assert not await store.search.forget(ada, made[0].id)
    assert list(await store.search.saved(ada)) == [made[1]]


async def test_a_saved_search_is_rewritten_by_its_owner_in_its_place(store: Store, rng: random.Random) -> None:
    ada, bob, place = (new_id(rng) for _ in range(3))
    first = SavedSearch(new_id(rng), ada, "S", "red", "all", place, False, 1)
    second = SavedSearch(new_id(rng), ada, "T", "red", "all", None, True, 2)
    for search in (first, second):
        assert await store.search.save(search, most=2)
    for new in (
        replace(first, name="Other", query="title:blue", kind="notes", workspace_id=None, alert=True),
        replace(second, alert=False, workspace_id=place),
    ):
        assert not await store.search.rewrite(replace(new, user_id=bob))
        assert not await store.search.rewrite(replace(new, id=new_id(rng)))
        assert await store.search.rewrite(replace(new, created_at=99))
        first, second = (new if new.id == one.id else one for one in (first, second))
        assert list(await store.search.saved(ada)) == [second, first]
    assert list(await store.search.saved(bob)) == []


async def test_counts_are_those_of_what_one_may_read(store: Store, rng: random.Random) -> None:
    grown = await wood(rng, store, workspaces=6, documents=60)
    users = sorted({user for readers in grown.readers.values() for user in readers})
    counted = 0
    for _ in range(40):
        user, query = rng.choice(users), parse_query(rng.choice(("ash", "oak elm", "title:fir", '"ash oak"', "a")))
        expected = Counter(
            (document.kind, document.workspace_id, document.author_id)
            for _, _, document_id in grown.expected(user, query)
            for document in [grown.documents[document_id]]
        )
        facets = await store.search.facets(SearchRequest(user, query), limit=1000)
        assert {(one.kind, one.workspace_id, one.author_id): one.count for one in facets} == dict(expected)
        assert [one.count for one in facets] == sorted((one.count for one in facets), reverse=True)
        assert len(await store.search.facets(SearchRequest(user, query), limit=1)) <= 1
        counted += len(facets)
    assert counted > 50


async def test_alerts_are_those_of_members_that_look_here(store: Store, rng: random.Random) -> None:
    owner, guest, stranger = (new_id(rng) for _ in range(3))
    workspace_id, _ = await new_workspace(rng, store, owner_id=owner)
    other, _ = await new_workspace(rng, store, owner_id=owner)
    activation = await store.oplog.activate(workspace_id, "node")
    assert await append_one(rng, store, activation, MemberIndexed(Member(guest, "viewer", 1))) is DURABLE
    expected = []
    for user in (owner, guest, stranger):
        for place in (None, workspace_id, other):
            for alert in (True, False):
                search = SavedSearch(new_id(rng), user, "S", "q", "all", place, alert, 1)
                assert await store.search.save(search, most=100)
                if user != stranger and alert and place != other:
                    expected.append(search)
    assert {one.id for one in await store.search.alerts(workspace_id)} == {one.id for one in expected}


FORMS = {
    "apple": "An apple pie",
    "apples": "Two apples",
    "application": "An application",
    "garden": "In the garden",
    "gardening": "He was gardening",
    "haus": "Das Haus",
    "häuser": "Viele Häuser",
    "running": "Running shoes",
}
"""Texts by the word that matters."""


@pytest.mark.parametrize(
    ("typed", "languages", "found"),
    [
        ("apples", ("english",), {"apple", "apples"}),
        ("apple", ("english",), {"apple", "apples"}),
        ("appl", ("english",), {"apple", "apples", "application"}),  # as one types
        ("applications", ("english",), {"application"}),
        ("apples", (), {"apples"}),
        ('"apples"', ("english",), {"apples"}),
        ('"two apple"', ("english",), set()),
        ("gardens", ("english",), {"garden", "gardening"}),
        ("title:gardened", ("english",), {"garden", "gardening"}),
        ("runs", ("english",), {"running"}),
        ("häuser", ("english",), {"häuser"}),
        ("häuser", ("english", "german"), {"haus", "häuser"}),
        ("HAUSES", ("english", "german"), {"haus", "häuser"}),
        ("gardens gardening", ("english",), {"garden", "gardening"}),
        ("gardens apple", ("english",), set()),
    ],
)
async def test_words_are_found_in_their_other_forms(
    store: Store, rng: random.Random, typed: str, languages: tuple[str, ...], found: set[str]
) -> None:
    owner = new_id(rng)
    workspace_id, _ = await new_workspace(rng, store, owner_id=owner)
    names = {new_id(rng): word for word in FORMS}
    documents = [
        Document(note, workspace_id, "note", 1, FORMS[word], "", (), owner, 5, languages=languages)
        for note, word in names.items()
    ]
    await store.search.store(workspace_id, 1, documents)
    query = parse_query(typed, languages)
    hits = await store.search.search(SearchRequest(owner, query))
    assert {names[one.id] for one in hits} == found
    assert {names[one.id] for one in documents if score_of(one, query.terms)} == found
    for one in hits:
        assert "<mark>" in snippet_of(FORMS[names[one.id]], query.terms)


async def test_a_text_of_nothing_but_different_words_is_taken(store: Store, rng: random.Random) -> None:
    owner = new_id(rng)
    workspace_id, _ = await new_workspace(rng, store, owner_id=owner)
    languages = ("english", "german", "french")
    for word in ("{}ings", "x" * 50 + "{}nesses"):
        body = " ".join(word.format(f"{number:05}q") for number in range(60_000))
        document = Document(new_id(rng), workspace_id, "note", 1, "T", body, (), owner, 5, languages=languages)
        await store.search.store(workspace_id, 1, [document])
        query = parse_query(word.format("00007q"), languages)
        assert [one.id for one in await store.search.search(SearchRequest(owner, query))] == [document.id]
