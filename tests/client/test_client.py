"""The client for programs, against a running server; and what it does when the line or the server fails."""

import json
import re
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import httpx
import pytest
import trio

from nvserver.client import ApiError, NoteVault
from tests.edge.http.running import PASSWORD, Api, ApiOptions, open_api

PAGE = Path(__file__).parents[2] / "docs" / "python-client.md"


def url_of(api: Api) -> str:
    return f"http://127.0.0.1:{api.port}"


async def test_what_the_page_shows_works(api: Api, capsys: pytest.CaptureFixture[str]) -> None:
    ada = await api.register("Ada")
    (code,) = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    names: dict[str, Callable[[str, str, str], AbstractAsyncContextManager[None]]] = {}
    exec(code, names)
    await names["main"](url_of(api), ada.user["email"], PASSWORD)  # type: ignore[misc]
    shown = capsys.readouterr().out
    assert "True Many seeds\nBeds\n" in shown  # both persons' words
    assert "b'three by one'" in shown
    assert "Spring Many seeds Beds" in shown.replace("\n", " ")
    assert "NOTE_NOT_FOUND req_" in shown


async def test_an_access_token_that_ends_is_renewed_once_for_all(api: Api) -> None:
    async with NoteVault(url_of(api)) as vault:
        await vault.register("ada@notes.test", PASSWORD, "Ada")
        first = vault.refresh_token
        api.clock.advance(16 * 60)
        async with trio.open_nursery() as nursery:
            for _ in range(5):
                nursery.start_soon(vault.me)
        assert vault.refresh_token != first
        async with NoteVault(url_of(api), refresh_token=vault.refresh_token) as later:
            assert (await later.me()).display_name == "Ada"
            await later.sign_out()
            with pytest.raises(ApiError) as refusal:
                await later.me()
            assert (refusal.value.status, refusal.value.code) == (401, "UNAUTHENTICATED")


async def test_lists_are_read_to_their_end(api: Api) -> None:
    ada = await api.register("Ada")
    async with NoteVault(url_of(api), api_token=ada.token) as vault:
        garden = await vault.create_workspace("Garden", "Beds")
        made = [await vault.create_note(garden.id, f"{number:03}") for number in range(103)]
        assert [note.title async for note in vault.notes(garden.id, sort="title")] == [one.title for one in made]
        assert [one.id async for one in vault.workspaces()] == [garden.id]
        assert await vault.workspace(garden.id) == (await anext(vault.workspaces()))
        for note in made[:3]:
            await vault.delete_note(note.id)
        await vault.purge_note(garden.id, made[0].id)
        assert {one.id async for one in vault.trash(garden.id)} == {made[1].id, made[2].id}
        await vault.empty_trash(garden.id)
        assert [one async for one in vault.trash(garden.id)] == []
        await vault.delete_workspace(garden.id)
        with pytest.raises(ApiError) as refusal:
            await vault.workspace(garden.id)
        assert refusal.value.code == "WORKSPACE_NOT_FOUND"


async def test_who_deletes_the_account_is_signed_out(api: Api) -> None:
    await api.register("Root")
    async with NoteVault(url_of(api)) as vault:
        await vault.register("ada@notes.test", PASSWORD, "Ada")
        with pytest.raises(ApiError) as refusal:
            await vault.delete_account("a wrong password")
        assert refusal.value.code == "VALIDATION_FAILED"
        await vault.delete_account(PASSWORD)
        with pytest.raises(ApiError) as refusal:
            await vault.me()
        assert refusal.value.code == "UNAUTHENTICATED"
        with pytest.raises(ApiError):
            await vault.sign_in("ada@notes.test", PASSWORD)


async def test_who_asks_too_often_waits_as_long_as_told() -> None:
    """A real server that refuses the sixth password in a row; the sleeping is left to trio's clock."""
    async with open_api(ApiOptions(is_throttled=True)) as api:
        await api.register("Ada")
        async with NoteVault(url_of(api)) as vault:
            for _ in range(5):
                with pytest.raises(ApiError) as wrong:
                    await vault.sign_in("ada@notes.test", "a wrong password")
                assert wrong.value.code == "UNAUTHENTICATED"
            with trio.move_on_after(1) as scope, pytest.raises(ApiError):
                await vault.sign_in("ada@notes.test", PASSWORD)
            assert scope.cancelled_caught  # it waits


class Failing(httpx.AsyncBaseTransport):
    """A line that loses the first answers of each kind of request, after the server has got it."""

    def __init__(self, losses: int) -> None:
        self._inner = httpx.AsyncHTTPTransport()
        self._losses = losses
        self.lost: Counter[str] = Counter()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await self._inner.handle_async_request(request)
        if self.lost[request.method] < self._losses:
            self.lost[request.method] += 1
            await response.aclose()
            raise httpx.ReadError("lost", request=request)
        return response

    async def aclose(self) -> None:
        await self._inner.aclose()


async def test_lost_answers_do_nothing_twice(api: Api) -> None:
    ada = await api.register("Ada")
    line = Failing(losses=1)
    async with NoteVault(url_of(api), api_token=ada.token, transport=line) as vault:
        garden = await vault.create_workspace("Garden")
        assert [one.id async for one in vault.workspaces()] == [garden.id]
        note = await vault.create_note(garden.id, "Spring", "Seeds")
        with pytest.raises(httpx.ReadError):
            await vault.revise(note, content="Seeds and beds")
        assert (
            await vault.note(note.id)
        ).content == "Seeds and beds"  # it was done; to do it again is the program's choice
    assert line.lost == {"POST": 1, "GET": 1, "PUT": 1}


async def test_an_answer_of_a_proxy_is_an_error_too(api: Api) -> None:
    def page(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(502, text="<html>Bad Gateway</html>")

    async with NoteVault("http://notes.test", api_token="t", transport=httpx.MockTransport(page)) as vault:
        with pytest.raises(ApiError) as refusal:
            await vault.me()
    assert (refusal.value.status, refusal.value.code) == (502, "UNAVAILABLE")


async def test_what_a_newer_server_adds_is_passed_over() -> None:
    user = {
        "id": "1",
        "email": "a@b.c",
        "displayName": "A",
        "avatarUrl": None,
        "emailVerified": True,
        "role": "user",
        "createdAt": "2026-01-31T12:00:00.000Z",
        "new": 1,
    }

    def page(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=json.dumps({"user": user, "more": []}))

    async with NoteVault("http://notes.test", api_token="t", transport=httpx.MockTransport(page)) as vault:
        assert (await vault.me()).created_at.isoformat() == "2026-01-31T12:00:00+00:00"
