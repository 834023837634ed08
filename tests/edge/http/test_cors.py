"""Pages of other origins: a fixed list may call the API (D12)."""

import pytest

from tests.edge.http.running import Api, ApiOptions, open_api

ALLOWED = "https://app.test"
REFUSED = (
    "null",
    "https://evil.test",
    "http://app.test",
    "https://app.test:444",
    "https://app.test:443",
    "https://app.test.evil.test",
    "https://evil.test/app.test",
    "https://xapp.test",
    "https://sub.app.test",
    "https://app.test/",
    "https://app.test.",
    "https://APP.test",
    "HTTPS://app.test",
    "https://user@app.test",
    "https://app.test#",
    "https://app.test https://evil.test",
    "//app.test",
    "app.test",
    "*",
    "",
)


async def allowed_origin(api: Api, method: str, origin: str) -> tuple[int, str | None, str | None]:
    """Status and what a browser reads of it, on a preflight or a real request."""
    headers = {"Origin": origin}
    if method == "OPTIONS":
        headers |= {"Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "authorization"}
    reply = await api.nobody(method, "/api/workspaces", headers=headers)
    assert "Origin" in reply.headers["vary"]
    assert (reply.headers.get("access-control-allow-credentials") == "true") == (
        "access-control-allow-origin" in reply.headers
    )
    allow = reply.headers.get("access-control-allow-origin")
    return reply.status, allow, reply.headers.get("access-control-allow-methods")


async def test_only_the_listed_origin_is_let_in() -> None:
    async with open_api(ApiOptions(origins=(ALLOWED, "null"))) as api:
        assert await allowed_origin(api, "OPTIONS", ALLOWED) == (204, ALLOWED, "GET, POST, PUT, DELETE")
        assert await allowed_origin(api, "GET", ALLOWED) == (401, ALLOWED, None)
        for origin in REFUSED:
            for method in ("OPTIONS", "GET"):
                assert (await allowed_origin(api, method, origin))[1:] == (None, None), (method, origin)


async def test_without_a_list_no_page_of_another_origin_is_let_in() -> None:
    async with open_api() as api:
        assert await allowed_origin(api, "OPTIONS", ALLOWED) == (204, None, None)


@pytest.mark.parametrize("path", ["/health", "/metrics", "/"])
async def test_only_the_api_is_opened(path: str) -> None:
    async with open_api(ApiOptions(origins=(ALLOWED,))) as api:
        reply = await api.nobody("GET", path, headers={"Origin": ALLOWED})
        assert "access-control-allow-origin" not in reply.headers
