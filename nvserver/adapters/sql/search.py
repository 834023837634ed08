"""Documents and saved searches on SQL: all but how words are kept and matched, which is each database's own."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Sequence
from typing import Final

import trio

from nvserver.adapters.sql.database import Database, Row, Statement
from nvserver.adapters.sql.ids import id_bytes, id_text, optional_id_bytes, optional_id_text
from nvserver.core.documents import Document
from nvserver.core.search_query import Term
from nvserver.core.stems import MARK, stems_of
from nvserver.core.words import fold, words_of
from nvserver.ports.search import OPENING_CHARACTERS, Behind, Facet, Found, Indexed, SavedSearch, SearchRequest

_SEPARATOR: Final = "\x1f"

_COLUMNS: Final = "id, workspace_id, kind, seq, title, body, tags, author_id, updated_at, is_hidden"

_BEHIND: Final = """
    SELECT l.workspace_id, COALESCE(p.seq, 0), l.head
    FROM logs l LEFT JOIN search_positions p ON p.workspace_id = l.workspace_id
    WHERE l.workspace_id > $1 AND COALESCE(p.seq, 0) < l.head ORDER BY l.workspace_id LIMIT $2"""

_INDEXED: Final = "SELECT seq, languages FROM search_positions WHERE workspace_id = $1"

_SET_LANGUAGES: Final = "UPDATE search_positions SET languages = $2 WHERE workspace_id = $1"

_LANGUAGES: Final = """
    SELECT DISTINCT p.languages FROM members m JOIN search_positions p ON p.workspace_id = m.workspace_id
    WHERE m.user_id = $1"""

_KEPT: Final = f"SELECT {_COLUMNS} FROM search_documents WHERE workspace_id = $1 AND id > $2 ORDER BY id LIMIT $3"

_MOVE_POSITION: Final = """
    INSERT INTO search_positions (workspace_id, seq) VALUES ($1, $2)
    ON CONFLICT (workspace_id) DO UPDATE SET seq = excluded.seq WHERE search_positions.seq < excluded.seq"""

_SAVED_COLUMNS: Final = "id, user_id, name, query, kind, workspace_id, alert, created_at"

_SAVE: Final = f"""
    INSERT INTO saved_searches ({_SAVED_COLUMNS})
    SELECT $1::bytea, $2::bytea, $3::text, $4::text, $5::text, $6::bytea, $7::boolean, $8::bigint
    WHERE (SELECT count(*) FROM saved_searches WHERE user_id = $2) < $9 RETURNING id"""

_REWRITE: Final = """
    UPDATE saved_searches SET name = $3::text, query = $4::text, kind = $5::text, workspace_id = $6::bytea,
        alert = $7::boolean
    WHERE id = $1 AND user_id = $2 RETURNING id"""

_SAVED: Final = f"SELECT {_SAVED_COLUMNS} FROM saved_searches WHERE user_id = $1 ORDER BY created_at DESC, id DESC"

_ALERTS: Final = """
    SELECT s.id, s.user_id, s.name, s.query, s.kind, s.workspace_id, s.alert, s.created_at
    FROM members m JOIN saved_searches s ON s.user_id = m.user_id
    WHERE m.workspace_id = $1 AND s.alert AND (s.workspace_id IS NULL OR s.workspace_id = $1)"""

_FORGET: Final = "DELETE FROM saved_searches WHERE user_id = $1 AND id = $2 RETURNING id"


class SqlSearch(ABC):
    """Base of the search indexes on SQL."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @abstractmethod
    def _put(self, document: Document) -> Sequence[Statement]:
        """Keep the document and its words, unless a newer version is kept."""

    @abstractmethod
    def _drop(self, workspace: bytes) -> Sequence[Statement]:
        """Delete all documents of the workspace and their words."""

    @abstractmethod
    def _ranked(self, request: SearchRequest, arguments: "Arguments", limit: str) -> tuple[str, str]:
        """What a statement begins with, and a query of id, `updated_at` and `score` of what is found, of each score at
        least the newest `limit`; in any order."""

    @abstractmethod
    def _counted(self, request: SearchRequest, arguments: "Arguments") -> str:
        """A query of kind, workspace id and author id of what is found, of at most `MOST_COUNTED`."""

    async def behind(self, after: str | None, *, limit: int) -> Sequence[Behind]:
        """See `SearchIndex.behind`."""
        rows = await self._database.read(Statement(_BEHIND, (id_bytes(after) if after else b"", limit)))
        return [Behind(id_text(workspace), position, head) for workspace, position, head in rows]

    async def position(self, workspace_id: str) -> int:
        """See `SearchIndex.position`."""
        return (await self.indexed(workspace_id)).seq

    async def indexed(self, workspace_id: str) -> Indexed:
        """See `SearchIndex.indexed`."""
        rows = await self._database.read(Statement(_INDEXED, (id_bytes(workspace_id),)))
        return Indexed(rows[0][0], tuple(rows[0][1].split())) if rows else Indexed(0)

    async def languages(self, user_id: str, workspace_id: str | None) -> tuple[str, ...]:
        """See `SearchIndex.languages`."""
        if workspace_id is None:
            statement = Statement(_LANGUAGES, (id_bytes(user_id),))
        else:
            arguments = (id_bytes(user_id), id_bytes(workspace_id))
            statement = Statement(f"{_LANGUAGES} AND m.workspace_id = $2", arguments)
        rows = await self._database.read(statement)
        return tuple(sorted({language for (languages,) in rows for language in languages.split()}))

    async def kept(self, workspace_id: str, after: str | None, *, limit: int) -> Sequence[Document]:
        """See `SearchIndex.kept`."""
        arguments = (id_bytes(workspace_id), id_bytes(after) if after else b"", limit)
        return [_document(row) for row in await self._database.read(Statement(_KEPT, arguments))]

    async def documents(self, ids: Collection[str]) -> Sequence[Document]:
        """See `SearchIndex.documents`."""
        wanted = [id_bytes(document_id) for document_id in ids]
        if not wanted:
            return []
        places = ", ".join(f"${number}" for number in range(1, len(wanted) + 1))
        sql = f"SELECT {_COLUMNS} FROM search_documents WHERE id IN ({places})"
        return [_document(row) for row in await self._database.read(Statement(sql, tuple(wanted)))]

    async def store(
        self,
        workspace_id: str,
        position: int,
        documents: Sequence[Document],
        *,
        languages: tuple[str, ...] | None = None,
        is_gone: bool = False,
    ) -> None:
        """See `SearchIndex.store`."""
        workspace = id_bytes(workspace_id)
        # In a thread: the words of a large text take longer to find than others should wait.
        statements = await trio.to_thread.run_sync(self._put_all, documents) if documents else []
        if is_gone:
            statements += self._drop(workspace)
        statements.append(Statement(_MOVE_POSITION, (workspace, position)))
        if languages is not None:
            statements.append(Statement(_SET_LANGUAGES, (workspace, " ".join(languages))))
        await self._database.write(*statements)

    def _put_all(self, documents: Sequence[Document]) -> list[Statement]:
        return [statement for document in documents for statement in self._put(document)]

    async def search(self, request: SearchRequest) -> Sequence[Found]:
        """See `SearchIndex.search`."""
        if request.after is not None and request.after[0] < 1:
            return []  # nothing has less
        arguments = Arguments()
        limit = arguments.place(request.limit, "bigint")
        beginning, found = self._ranked(request, arguments, limit)
        # Texts are read of those alone that are told: of a common word that is one in thousands.
        sql = f"""
            {beginning} SELECT d.id, d.workspace_id, d.kind, d.title, substr(d.body, 1, {OPENING_CHARACTERS}),
                d.updated_at, told.score
            FROM (
                SELECT * FROM ({found}) found ORDER BY score DESC, updated_at DESC, id DESC LIMIT {limit}
            ) told JOIN search_documents d ON d.id = told.id
            ORDER BY told.score DESC, d.updated_at DESC, d.id DESC"""
        return [
            Found(id_text(row[0]), id_text(row[1]), *row[2:])
            for row in await self._database.read(Statement(sql, tuple(arguments.values)))
        ]

    async def facets(self, request: SearchRequest, *, limit: int) -> Sequence[Facet]:
        """See `SearchIndex.facets`."""
        arguments = Arguments()
        sql = f"""
            SELECT kind, workspace_id, author_id, count(*) AS many FROM ({self._counted(request, arguments)}) found
            GROUP BY kind, workspace_id, author_id
            ORDER BY many DESC, kind, workspace_id, author_id LIMIT {arguments.place(limit, "bigint")}"""
        rows = await self._database.read(Statement(sql, tuple(arguments.values)))
        return [Facet(kind, id_text(workspace), id_text(author), many) for kind, workspace, author, many in rows]

    async def alerts(self, workspace_id: str) -> Sequence[SavedSearch]:
        """See `SearchIndex.alerts`."""
        rows = await self._database.read(Statement(_ALERTS, (id_bytes(workspace_id),)))
        return [_saved(row) for row in rows]

    def _readable(self, request: SearchRequest, arguments: "Arguments") -> list[str]:
        """The conditions on the member `m` and the document `d`: the one place where it is decided who reads what;
        with those of which there is an index."""
        query, place = request.query, arguments.place
        conditions = [f"m.user_id = {place(id_bytes(request.user_id), 'bytea')}", "NOT d.is_hidden"]
        if request.workspace_id is not None:
            conditions.append(f"d.workspace_id = {place(id_bytes(request.workspace_id), 'bytea')}")
        if query.before is not None:
            conditions.append(f"d.updated_at < {place(query.before, 'bigint')}")
        if query.after is not None:
            conditions.append(f"d.updated_at >= {place(query.after, 'bigint')}")
        return conditions

    def _wanted(self, request: SearchRequest, arguments: "Arguments") -> list[str]:
        """The other conditions on the document, but for words."""
        query, place = request.query, arguments.place
        conditions = [f"d.tags LIKE {place(_pattern(tag), 'text')} ESCAPE '\\'" for tag in query.tags]
        if request.kinds:
            conditions.append(f"d.kind IN ({', '.join(place(kind, 'text') for kind in request.kinds)})")
        if query.authors:
            places = ", ".join(place(id_bytes(author), "bytea") for author in query.authors)
            conditions.append(f"d.author_id IN ({places})")
        return conditions

    def _follows(self, request: SearchRequest, arguments: "Arguments", score: int) -> list[str]:
        """Of a score: the condition that the document comes after those of the pages before."""
        if request.after is None or score < request.after[0]:
            return []
        _, at, last = request.after
        return [f"(d.updated_at, d.id) < ({arguments.place(at, 'bigint')}, {arguments.place(id_bytes(last), 'bytea')})"]

    async def save(self, search: SavedSearch, *, most: int) -> bool:
        """See `SearchIndex.save`."""
        values = (*_written(search), search.created_at, most)
        (rows,) = await self._database.write(Statement(_SAVE, values))
        return bool(rows)

    async def rewrite(self, search: SavedSearch) -> bool:
        """See `SearchIndex.rewrite`."""
        (rows,) = await self._database.write(Statement(_REWRITE, _written(search)))
        return bool(rows)

    async def saved(self, user_id: str) -> Sequence[SavedSearch]:
        """See `SearchIndex.saved`."""
        rows = await self._database.read(Statement(_SAVED, (id_bytes(user_id),)))
        return [_saved(row) for row in rows]

    async def forget(self, user_id: str, search_id: str) -> bool:
        """See `SearchIndex.forget`."""
        (rows,) = await self._database.write(Statement(_FORGET, (id_bytes(user_id), id_bytes(search_id))))
        return bool(rows)


class Arguments:
    """Of a statement under way."""

    def __init__(self) -> None:
        self.values: list[object] = []

    def place(self, value: object, kind: str) -> str:
        """Where the next argument, this value, stands in the text."""
        self.values.append(value)
        return f"${len(self.values)}::{kind}"


def words_of_tags(tags: Sequence[str]) -> Sequence[Sequence[str]]:
    """A tag that fits has these words: those without them need not be looked at."""
    return [words for tag in tags if (words := [word.text for word in words_of(tag)])]


def forms_of(term: Term) -> Sequence[str]:
    """What an index may hold, beside what begins as the term, of a word that is another form of it: the stem that both
    have, or the term itself as the other's."""
    if not term.languages:
        return ()
    (word,) = term.words
    stems = stems_of(word, term.languages)
    return (*stems, *(MARK + stem for stem in (word, *stems)))


def document_values(document: Document) -> tuple[object, ...]:
    """In the order of the table's columns up to `is_hidden`. NUL, which PostgreSQL's text cannot hold, is left out."""
    tags = "".join(f"{_SEPARATOR}{fold(tag)}" for tag in document.tags) + _SEPARATOR if document.tags else ""
    kept = tags + "\n" + _SEPARATOR.join(document.tags)
    return (
        id_bytes(document.id),
        id_bytes(document.workspace_id),
        document.kind,
        document.seq,
        document.title.replace("\x00", ""),
        document.body.replace("\x00", ""),
        kept.replace("\x00", ""),
        id_bytes(document.author_id),
        document.updated_at,
        document.is_hidden,
    )


def _pattern(tag: str) -> str:
    """Of the folded tags, which stand in the column's first line."""
    escaped = tag.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_").replace("\n", " ")
    return f"%{_SEPARATOR}{escaped}{_SEPARATOR}%\n%"


def _document(row: Row) -> Document:
    document_id, workspace, kind, seq, title, body, tags, author, updated_at, is_hidden = row
    names = tags.partition("\n")[2]
    return Document(
        id_text(document_id),
        id_text(workspace),
        kind,
        seq,
        title,
        body,
        tuple(names.split(_SEPARATOR)) if names else (),
        id_text(author),
        updated_at,
        bool(is_hidden),
    )


def _written(search: SavedSearch) -> tuple[object, ...]:
    """Its columns up to `alert`."""
    return (
        id_bytes(search.id),
        id_bytes(search.user_id),
        search.name,
        search.query,
        search.kind,
        optional_id_bytes(search.workspace_id),
        search.alert,
    )


def _saved(row: Row) -> SavedSearch:
    search_id, user, name, query, kind, workspace, alert, created_at = row
    return SavedSearch(
        id_text(search_id), id_text(user), name, query, kind, optional_id_text(workspace), bool(alert), created_at
    )
