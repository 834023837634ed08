"""The search index on PostgreSQL.

How many documents have a word decides how they are found, and the planner cannot know it: of a common word the newest
are soon found among the newest documents of all, of a rare one the index of words has few. So of each score the newest
documents are looked at first, and the index is asked when they have too few that fit. What is told is the same either
way.
"""

from collections.abc import Sequence
from typing import Final

from nvserver.adapters.postgres.search_words import narrowed, tiers_of, vector_of, wider
from nvserver.adapters.sql.database import Statement
from nvserver.adapters.sql.ids import id_bytes
from nvserver.adapters.sql.search import Arguments, SqlSearch, document_values, words_of_tags
from nvserver.core.documents import Document
from nvserver.ports.search import MOST_COUNTED, SearchRequest

_LOOKED_AT: Final = 300
"""Of the newest documents: a word that one in fifteen has fills a page of them."""

_MOST_WORKSPACES: Final = 100
"""Of one person, up to which the index of words is asked for them too."""

_DOCUMENTS: Final = "members m JOIN search_documents d ON d.workspace_id = m.workspace_id"

_PUT: Final = """
    INSERT INTO search_documents
        (id, workspace_id, kind, seq, title, body, tags, author_id, updated_at, is_hidden, words)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11::text::tsvector)
    ON CONFLICT (id) DO UPDATE SET seq = excluded.seq, title = excluded.title, body = excluded.body,
        tags = excluded.tags, updated_at = excluded.updated_at, is_hidden = excluded.is_hidden,
        words = excluded.words
    WHERE search_documents.seq <= excluded.seq"""

_DROP_ALL: Final = "DELETE FROM search_documents WHERE workspace_id = $1"


class PostgresSearch(SqlSearch):
    """Fills the port `SearchIndex`."""

    def _put(self, document: Document) -> Sequence[Statement]:
        return (Statement(_PUT, (*document_values(document), vector_of(document))),)

    def _drop(self, workspace: bytes) -> Sequence[Statement]:
        return (Statement(_DROP_ALL, (workspace,)),)

    def _ranked(self, request: SearchRequest, arguments: Arguments, limit: str) -> tuple[str, str]:
        parts: list[str] = []
        above: list[str] = []
        for score, expression in tiers_of(request.query.terms, words_of_tags(request.query.tags)):
            if request.after is None or score <= request.after[0]:
                so_far = " + ".join(f"(SELECT count(*) FROM tier{one})" for one in above)
                is_wanted = f"{so_far} < {limit}" if so_far else "true"
                parts += self._tier(request, arguments, score, expression, limit, is_wanted)
                above.append(str(score))
        found = " UNION ALL ".join(f"SELECT id, updated_at, {score} AS score FROM tier{score}" for score in above)
        return f"WITH {', '.join(parts)}", found

    def _tier(
        self, request: SearchRequest, arguments: Arguments, score: int, expression: str | None, limit: str, gate: str
    ) -> Sequence[str]:
        """Common table expressions, of which the last is the newest with this score; nothing is looked for unless
        `gate`, which tells that those above are too few."""
        readable = [*self._readable(request, arguments), *self._follows(request, arguments, score)]
        newest = f"ORDER BY d.updated_at DESC, d.id DESC LIMIT {limit}"
        if expression is None:
            conditions = " AND ".join([*readable, *self._wanted(request, arguments)])
            return (f"tier{score} AS (SELECT d.id, d.updated_at FROM {_DOCUMENTS} WHERE {conditions} {newest})",)
        fits = f"d.words @@ {arguments.place(expression, 'text')}::tsquery"
        near = [fits, *self._wanted(request, arguments), gate]
        far = [*readable, *self._wanted(request, arguments), gate]
        indexed = self._indexed(request, arguments, expression)
        return (
            f"""near{score} AS MATERIALIZED (SELECT d.id, d.updated_at FROM (
                SELECT d.* FROM {_DOCUMENTS} WHERE {" AND ".join(readable)}
                ORDER BY d.updated_at DESC, d.id DESC LIMIT {_LOOKED_AT}) d WHERE {" AND ".join(near)} {newest})""",
            f"""far{score} AS MATERIALIZED (SELECT d.id, d.updated_at FROM {indexed}
                WHERE {" AND ".join(far)} AND (SELECT count(*) FROM near{score}) < {limit} {newest})""",
            f"""tier{score} AS MATERIALIZED (
                SELECT * FROM near{score} WHERE (SELECT count(*) FROM near{score}) >= {limit}
                UNION ALL SELECT * FROM far{score})""",
        )

    def _counted(self, request: SearchRequest, arguments: Arguments) -> str:
        expression = wider(request.query.terms, words_of_tags(request.query.tags))
        conditions = [*self._readable(request, arguments), *self._wanted(request, arguments)]
        documents = _DOCUMENTS if expression is None else self._indexed(request, arguments, expression)
        return f"""SELECT d.kind, d.workspace_id, d.author_id FROM {documents}
            WHERE {" AND ".join(conditions)} LIMIT {MOST_COUNTED}"""

    def _indexed(self, request: SearchRequest, arguments: Arguments, expression: str) -> str:
        """As `_DOCUMENTS`, of those that the index of words names: it is asked once, and for what the person may read,
        not for all that the store has. OFFSET 0: so that the planner finds no other way."""
        asked = f"{arguments.place(narrowed(expression, request), 'text')}::tsquery"
        homes = f"""SELECT CASE WHEN count(*) > {_MOST_WORKSPACES} THEN {asked}
            ELSE {asked} && string_agg('''@w' || encode(workspace_id, 'hex') || '''', ' | ')::tsquery END
            FROM members WHERE user_id = {arguments.place(id_bytes(request.user_id), "bytea")}"""
        return f"""members m JOIN (
            SELECT * FROM search_documents WHERE words @@ ({homes}) OFFSET 0) d ON d.workspace_id = m.workspace_id"""
