"""The page that shows the API's description and sends requests, without anything from outside."""

from importlib.resources import files
from typing import Final

from nvserver.edge.http.routing import Answer, AnyRoute, Call, Route

_PARTS: Final = (
    ("/api/docs", "index.html", "text/html; charset=utf-8", "The API's documentation, to read and to try"),
    ("/api/docs/page.js", "page.js", "text/javascript; charset=utf-8", "What the documentation page runs"),
    ("/api/docs/page.css", "page.css", "text/css; charset=utf-8", "How the documentation page looks"),
)


def docs_routes() -> tuple[AnyRoute, ...]:
    """The page and its parts, read once."""
    folder = files("nvserver.edge.http") / "docs_page"
    return tuple(_route(path, (folder / name).read_bytes(), kind, summary) for path, name, kind, summary in _PARTS)


def _route(path: str, content: bytes, kind: str, summary: str) -> AnyRoute:
    async def tell(_call: Call[None, None]) -> Answer:
        return Answer(content, headers=(("Content-Type", kind), ("Cache-Control", "no-cache")))

    return Route("GET", path, tell, summary, is_public=True, gives=kind.partition(";")[0])
