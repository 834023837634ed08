"""What HTTP itself promises: the shape of errors, headers on every answer, limits, and a server that nothing ends."""

import re
import socket
import struct
from datetime import UTC, datetime
from pathlib import Path

import pytest
import trio
from trio.testing import wait_all_tasks_blocked

from nvserver.edge.http.headers import security_headers
from nvserver.edge.http.settings import HttpSettings
from tests.edge.http.client import Reply
from tests.edge.http.running import Api, ApiOptions, open_api

SECURITY = {
    "strict-transport-security": "max-age=31536000; includeSubDomains",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


async def raw(api: Api, data: bytes, *, is_all: bool = False) -> bytes:
    """Everything the server sends back until it closes. `is_all`: tell it that nothing more will come."""
    with trio.fail_after(20):
        stream = await trio.open_tcp_stream("127.0.0.1", api.port)
        async with stream:
            await stream.send_all(data)
            if is_all:
                await stream.send_eof()
            received = b""
            while chunk := await stream.receive_some():
                received += chunk
            return received


async def each_kind_of_answer(api: Api) -> dict[str, Reply]:
    ada = await api.register("Ada")
    big = b'{"name": "' + b"x" * 70_000 + b'"}'
    return {
        "200": await ada("GET", "/api/auth/me"),
        "201": await ada("POST", "/api/workspaces", {"name": "W"}),
        "204": await ada("DELETE", "/api/auth/sessions"),
        "400": await ada("POST", "/api/workspaces", b"{"),
        "401": await api.nobody("GET", "/api/auth/me"),
        "404 route": await ada("GET", "/api/nothing"),
        "404 thing": await ada("GET", "/api/notes/x"),
        "404 post": await ada("POST", "/api/nothing", {}),
        "405": await ada("POST", "/api/auth/me", {}),
        "405 options": await ada("OPTIONS", "/api/auth/me"),
        "413": await ada("POST", "/api/workspaces", big),
        "415": await ada("POST", "/api/workspaces", b"{}", headers={"Content-Type": "text/plain"}),
        "415 coded": await ada("POST", "/api/workspaces", b"{}", headers={"Content-Encoding": "gzip"}),
        "422": await ada("POST", "/api/workspaces", {}),
        "head": await ada("HEAD", "/health"),
    }


async def test_every_answer_has_the_security_headers_an_id_and_tells_no_version(api: Api) -> None:
    for kind, reply in (await each_kind_of_answer(api)).items():
        if kind[:3].isdigit():
            assert reply.status == int(kind[:3]), kind
        assert SECURITY.items() <= dict(reply.headers).items(), kind
        policy = reply.headers["content-security-policy"]
        for rule in ("object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "script-src 'self'"):
            assert rule in policy, kind
        assert re.fullmatch(r"req_[0-9a-f]{16}", reply.headers["x-request-id"]), kind
        assert "server" not in reply.headers, kind


def test_pages_may_open_sockets_to_the_listed_origins_and_to_no_other() -> None:
    policy = dict(security_headers((), ["https://node-2.example", "http://127.0.0.1:8001"]))[b"content-security-policy"]
    assert b"connect-src 'self' wss://node-2.example ws://127.0.0.1:8001;" in policy
    assert b"connect-src 'self';" in dict(security_headers(()))[b"content-security-policy"]


async def test_every_error_has_the_one_shape(api: Api) -> None:
    codes = {}
    for kind, reply in (await each_kind_of_answer(api)).items():
        if reply.status < 400:
            continue
        assert reply.headers["content-type"] == "application/json"
        assert reply.headers["cache-control"] == "no-store"
        assert set(reply.json) == {"error"}
        error = reply.json["error"]
        assert set(error) == {"code", "message", "details", "timestamp", "requestId"}
        assert error["requestId"] == reply.headers["x-request-id"]
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", error["timestamp"])
        told = datetime.fromisoformat(error["timestamp"])
        assert abs((datetime.now(UTC) - told).total_seconds()) < 3600
        codes[kind] = error["code"]
    assert codes == {
        "400": "INVALID_JSON",
        "401": "UNAUTHENTICATED",
        "404 route": "NOT_FOUND",
        "404 thing": "NOTE_NOT_FOUND",
        "404 post": "NOT_FOUND",
        "405": "METHOD_NOT_ALLOWED",
        "405 options": "METHOD_NOT_ALLOWED",
        "413": "PAYLOAD_TOO_LARGE",
        "415": "UNSUPPORTED_MEDIA_TYPE",
        "415 coded": "UNSUPPORTED_MEDIA_TYPE",
        "422": "VALIDATION_FAILED",
    }


async def test_405_names_what_is_allowed(api: Api) -> None:
    reply = await api.nobody("PATCH", "/api/auth/me")
    assert set(reply.headers["allow"].split(", ")) == {"GET", "HEAD", "PUT", "DELETE"}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"text"',
        b'{"name": NaN}',
        b'{"name": "\\ud800"}',
        b'{"name": "\xff"}',
        b"[" * 100_0,
        b'{"x":' + b"[" * 30_000 + b"]" * 30_000 + b"}",
        b'{"name": ' + b"9" * 60_000 + b"}",
        b'{"__proto__": {"name": "x"}}',
        b"\xef\xbb\xbf{}",
    ],
    ids=range(13),
)
async def test_no_body_gets_through_or_breaks_anything(api: Api, body: bytes) -> None:
    ada = await api.register("Ada")
    reply = await ada("POST", "/api/workspaces", body)
    assert reply.status in (400, 422)
    assert reply.code in ("INVALID_JSON", "VALIDATION_FAILED")
    assert (await ada.get("/api/workspaces"))["items"] == []


async def test_a_failure_of_ours_tells_nothing_of_the_inside() -> None:
    async def broken() -> None:
        raise RuntimeError("secret of the inside")

    async with open_api(ApiOptions(checks={"store": broken})) as api:
        reply = await api.nobody("GET", "/ready")
        assert (reply.status, reply.code) == (503, "UNAVAILABLE")
        assert reply.json["error"]["details"] == {"failed": ["store"]}
        assert int(reply.headers["retry-after"]) >= 1
        assert b"secret" not in reply.body
        api.store.accounts.account = broken  # type: ignore[method-assign, assignment]
        ada = await api.register("Ada")
        reply = await ada("GET", "/api/auth/me")
        assert (reply.status, reply.code, reply.json["error"]["details"]) == (500, "INTERNAL", None)
        assert b"secret" not in reply.body


async def test_health_and_metrics(api: Api) -> None:
    health = await api.nobody.get("/health")
    assert set(health) == {"status", "timestamp", "uptime", "memory", "version"}
    assert health["status"] == "ok"
    assert health["memory"]["rss"] > 1_000_000
    assert await api.nobody.get("/ready") == {"status": "ready", "checks": {}}
    await api.nobody("GET", "/api/notes/some-id")
    reply = await api.nobody("GET", "/metrics")
    assert reply.headers["content-type"].startswith("text/plain")
    text = reply.body.decode()
    assert 'notevault_http_requests_total{method="GET",route="/api/notes/{noteId}",status="401"} 1.0' in text
    assert "some-id" not in text


# --- the connection ----------------------------------------------------------------------------------------------


async def test_many_requests_take_one_connection(api: Api) -> None:
    async with api.nobody.connect() as connection:
        for _ in range(5):
            assert (await connection.request("GET", "/health", {})).status == 200


async def test_pipelined_requests_are_answered_in_order(api: Api) -> None:
    head = b"GET %s HTTP/1.1\r\nHost: a\r\n%s\r\n"
    received = await raw(
        api, head % (b"/health", b"") + head % (b"/api/x", b"") + head % (b"/ready", b"Connection: close\r\n")
    )
    assert re.findall(rb"HTTP/1.1 (\d+)", received) == [b"200", b"404", b"200"]


async def test_whoever_has_nothing_more_to_say_gets_his_answers(api: Api) -> None:
    head = b"GET %s HTTP/1.1\r\nHost: a\r\n\r\n"
    received = await raw(api, head % b"/health" + head % b"/api/x", is_all=True)
    assert re.findall(rb"HTTP/1.1 (\d+)", received) == [b"200", b"404"]
    half = b"POST /api/auth/login HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n{"
    assert await raw(api, half, is_all=True) == b""


@pytest.mark.parametrize(
    ("request_bytes", "statuses"),
    [
        (b"nonsense\r\n\r\n", [b"400"]),
        (b"GET / HTTP/1.1\r\n\r\n", [b"400"]),  # no Host
        (b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", [b"400"]),
        (b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 70_000 + b"\r\n\r\n", [b"431"]),
        (b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", [b"400"]),
        (b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", [b"404", b"400"]),
        (b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n", [b"501"]),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", [b"404", b"405", b"400"]),
        (b"GET ?x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", [b"404"]),
        (b"OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", [b"404"]),
        (b"GET http://a/health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", [b"200"]),
        (b"GET http://a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", [b"404"]),
        (b"GET h HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", [b"404"]),
        (b"GET /%ff%00 HTTP/1.1\r\nHost: \xff,\r\nConnection: close\r\n\r\n", [b"404", b"400"]),
        (b"GET /health HTTP/1.0\r\n\r\n", [b"200"]),
        (
            b"GET /health HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
            b"HTTP2-Settings: \xff!\r\nConnection: close\r\n\r\n",
            [b"200"],
        ),
        (
            b"GET /health HTTP/1.1\r\nHost: a\r\nConnection: close, Upgrade\r\nUpgrade: websocket\r\n"
            b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
            b"Sec-WebSocket-Protocol: \xff\r\n\r\n\x81\x85aaaahello",
            [b"200"],
        ),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc", []),
        (b"", []),
    ],
    ids=range(19),
)
async def test_odd_requests_end_only_their_connection(request_bytes: bytes, statuses: list[bytes]) -> None:
    async with open_api(ApiOptions(http=HttpSettings(keep_alive_seconds=0.2))) as api:
        received = await raw(api, request_bytes)
        assert (await api.nobody("GET", "/health")).status == 200
    seen = re.findall(rb"HTTP/1.1 (\d+)", received)
    assert len(seen) <= 2
    assert not statuses or seen[0] in statuses
    if seen and seen[0] in (b"400", b"431", b"501"):
        assert b'"code":"BAD_REQUEST"' in received
        for name in SECURITY:
            assert name.encode() in received.lower()


async def test_a_body_that_does_not_arrive_is_not_waited_for() -> None:
    async with open_api(ApiOptions(http=HttpSettings(body_seconds=0.05))) as api:
        head = (
            b"POST /api/auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{"
        )
        async with api.nobody.connect() as connection:
            await connection.stream.send_all(head)
            with trio.fail_after(20):
                assert b"408" in await connection.stream.receive_some()


async def test_a_silent_connection_is_closed() -> None:
    async with open_api(ApiOptions(http=HttpSettings(keep_alive_seconds=0.05))) as api:
        async with api.nobody.connect() as connection:
            with trio.fail_after(20):
                assert await connection.stream.receive_some() == b""
        async with api.nobody.connect() as connection:
            assert (await connection.request("GET", "/health", {})).status == 200
            with trio.fail_after(20):
                assert await connection.stream.receive_some() == b""


async def test_a_reader_that_does_not_read_is_dropped(tmp_path: Path) -> None:
    (tmp_path / "big.bin").write_bytes(b"\0" * 50_000_000)
    async with open_api(ApiOptions(web=tmp_path, http=HttpSettings(send_seconds=0.2))) as api:
        async with api.nobody.connect() as connection:
            await connection.stream.send_all(b"GET /big.bin HTTP/1.1\r\nHost: a\r\n\r\n")
            with trio.fail_after(20):
                while api.server.connections:
                    await trio.lowlevel.checkpoint()
        assert (await api.nobody("GET", "/health")).status == 200


async def test_a_too_large_body_is_refused_before_it_is_sent(api: Api) -> None:
    async with api.nobody.connect() as connection:
        head = b"POST /api/auth/login HTTP/1.1\r\nHost: a\r\nContent-Length: 999999999\r\n\r\n"
        await connection.stream.send_all(head)
        with trio.fail_after(20):
            answer = await connection.stream.receive_some()
    assert b" 413 " in answer.splitlines()[0]


async def test_draining_closes_idle_connections_and_ends_the_others_with_their_answer(api: Api) -> None:
    async with api.nobody.connect() as idle, api.nobody.connect() as busy:
        assert (await idle.request("GET", "/health", {})).status == 200
        await busy.stream.send_all(
            b"POST /api/auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{"
        )
        with trio.fail_after(20):
            await wait_all_tasks_blocked(0.01)
            await api.server.drain()
            assert await idle.stream.receive_some() == b""
            await busy.stream.send_all(b"}")
            answer = await busy.reply()
            assert (answer.status, answer.headers["connection"]) == (422, "close")
            assert await busy.stream.receive_some() == b""


async def test_a_client_that_leaves_does_not_stop_what_it_began(api: Api) -> None:
    ada = await api.register("Ada")
    body = b'{"name": "Left"}'
    head = (
        f"POST /api/workspaces HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {ada.token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    entered, go_on = trio.Event(), trio.Event()
    create = api.store.oplog.create

    async def slow_create(*args: object) -> None:
        entered.set()
        await go_on.wait()
        await create(*args)  # type: ignore[arg-type]

    api.store.oplog.create = slow_create  # type: ignore[method-assign, assignment]
    with trio.fail_after(20):
        async with ada.connect() as connection:
            await connection.stream.send_all(head.encode() + body)
            await entered.wait()
            reset_at_close = struct.pack("ii", 1, 0)
            connection.stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, reset_at_close)
        await wait_all_tasks_blocked(0.01)  # the server has seen him leave
        go_on.set()
        while api.server.connections:
            await trio.lowlevel.checkpoint()
    assert [item["name"] for item in (await ada.get("/api/workspaces"))["items"]] == ["Left"]
