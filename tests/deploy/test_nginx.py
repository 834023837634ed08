"""Behind a real nginx, with the configuration as shipped, two nodes serve as one: TLS, sockets, polling, uploads."""

import asyncio
import json
import os
import ssl
import sys
import urllib.request
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

import aiohttp
import pytest
import socketio
import trio

from tests.cluster.nodes import Cluster, running_cluster
from tests.faults.stores import RealStore
from tests.support.nginx import Nginx, find_nginx, running_nginx
from tests.support.postgres import PostgresServer

PASSWORD = "a long and rare one"
EDITS = 20
FILE = bytes(range(256)) * 20_000
"""About 5 MB."""


class Site:
    """HTTPS requests through nginx, which is believed by its certificate alone."""

    def __init__(self, nginx: Nginx) -> None:
        self.nginx = nginx
        self.tls = ssl.create_default_context(cafile=str(nginx.certificate))

    async def call(
        self, method: str, path: str, body: Any = None, token: str | None = None, **headers: str
    ) -> tuple[int, Mapping[str, str], Any]:
        """Status, headers and the JSON that came."""
        data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        all_headers = {"Content-Type": "application/json", **headers}
        if token is not None:
            all_headers["Authorization"] = f"Bearer {token}"
        request = urllib.request.Request(self.nginx.url + path, data, all_headers, method=method)

        def send() -> tuple[int, Mapping[str, str], bytes]:
            with urllib.request.urlopen(request, context=self.tls, timeout=60) as response:
                return response.status, dict(response.headers), response.read()

        status, received, content = await trio.to_thread.run_sync(send)
        is_json = received.get("Content-Type", "").startswith("application/json")
        return status, received, json.loads(content) if is_json and content else content

    async def register(self) -> Any:
        body = {"email": f"{uuid4()}@notes.test", "password": PASSWORD, "displayName": "Ada"}
        return (await self.call("POST", "/api/auth/register", body))[2]


@pytest.fixture
async def site(postgres: PostgresServer, redis_url: str, tmp_path: Path) -> AsyncIterator[tuple[Site, Cluster]]:
    if find_nginx() is None:
        missing = "nginx is not installed (Debian: apt-get install nginx-light)"
        if os.environ.get("CI") == "true":
            raise AssertionError(missing)
        pytest.skip(missing)
    folder = tmp_path / "nginx"
    folder.mkdir()
    with postgres.fresh_database() as url:
        store = RealStore(tmp_path / "data", url, postgres)
        more = {"NV_HTTP__TRUSTED_PROXIES": "127.0.0.0/8", "NV_FILES_URL": (tmp_path / "files").as_uri()}
        async with running_cluster(store, redis_url, tmp_path, 2, **more) as cluster:
            with running_nginx(folder, [node.port for node in cluster.nodes]) as nginx:
                found = Site(nginx)
                with trio.fail_after(60):
                    await wait_until_it_answers(found)
                yield found, cluster


async def wait_until_it_answers(site: Site) -> None:
    while True:
        try:
            await site.call("GET", "/ready")
        except OSError:
            await trio.lowlevel.checkpoint()
        else:
            return


async def edit_together(site: Site, token: str, workspace_id: str, note_id: str, transports: list[str]) -> list[int]:
    """Edit through an off-the-shelf client; the seqs."""

    async def work() -> list[int]:
        connector = aiohttp.TCPConnector(ssl=site.tls)
        async with aiohttp.ClientSession(connector=connector) as session:
            client = socketio.AsyncClient(http_session=session, reconnection=False)
            address = f"{site.nginx.url}?workspace={workspace_id}"
            await client.connect(address, auth={"token": token}, transports=transports, wait_timeout=30)
            joined = await client.call("workspace:join", {"workspaceId": workspace_id}, timeout=30)
            opened = await client.call("note:open", {"workspaceId": workspace_id, "noteId": note_id}, timeout=30)
            seq, seqs = opened["seq"], []
            for number in range(1, EDITS + 1):
                edit = {"workspaceId": workspace_id, "noteId": note_id, "baseSeq": seq, "op": ["x"]}
                who = {"clientId": joined["clientId"], "clientSeq": number}
                answer = await client.call("collaboration:edit", {**edit, **who}, timeout=30)
                seq = answer["seq"]
                seqs.append(seq)
            await client.disconnect()
            return seqs

    return await trio.to_thread.run_sync(asyncio.run, work())


async def test_the_proof_runs_through_the_site(site: tuple[Site, Cluster], tmp_path: Path) -> None:
    web, _ = site
    command = [sys.executable, "-m", "nvserver", "prove", "--minutes", "0.05", "--workspaces", "1", "--url"]
    environment = {**os.environ, "SSL_CERT_FILE": str(web.nginx.certificate)}
    ended = await trio.run_process(
        [*command, web.nginx.url], cwd=tmp_path, env=environment, capture_stdout=True, check=False
    )
    assert ended.returncode == 0, ended.stdout.decode()
    assert "Everything that was promised held" in (tmp_path / "proof.md").read_text()


async def test_two_nodes_behind_nginx_are_one_site(site: tuple[Site, Cluster]) -> None:
    web, cluster = site
    ada = await web.register()
    token = ada["accessToken"]
    workspace = (await web.call("POST", "/api/workspaces", {"name": "W"}, token))[2]["workspace"]
    notes = f"/api/workspaces/{workspace['id']}/notes"
    note = (await web.call("POST", notes, {"title": "T"}, token))[2]["note"]
    by_websocket = await edit_together(web, token, workspace["id"], note["id"], ["websocket"])
    by_polling = await edit_together(web, token, workspace["id"], note["id"], ["polling"])
    assert by_polling[0] > by_websocket[-1]
    assert len({*by_websocket, *by_polling}) == 2 * EDITS
    for node in cluster.nodes:  # whichever is asked, and also past nginx
        content = (await web.call("GET", f"/api/notes/{note['id']}", token=token))[2]["note"]["content"]
        assert content == "x" * 2 * EDITS, node.name


async def edit_in_all(site: Site, token: str, notes: Mapping[str, str]) -> None:
    """Edit every note by turns through one connection that only polls; `notes` by their workspaces."""

    async def work() -> None:
        connector = aiohttp.TCPConnector(ssl=site.tls)
        async with aiohttp.ClientSession(connector=connector) as session:
            client = socketio.AsyncClient(http_session=session, reconnection=False)
            await client.connect(site.nginx.url, auth={"token": token}, transports=["polling"], wait_timeout=30)
            seqs = {}
            for workspace_id, note_id in notes.items():
                where = {"workspaceId": workspace_id}
                client_id = (await client.call("workspace:join", where, timeout=30))["clientId"]
                opened = await client.call("note:open", {**where, "noteId": note_id}, timeout=30)
                seqs[workspace_id] = opened["seq"]
            for number in range(1, EDITS // 4 + 1):
                for workspace_id, note_id in notes.items():
                    edit = {"workspaceId": workspace_id, "noteId": note_id, "baseSeq": seqs[workspace_id], "op": ["x"]}
                    who = {"clientId": client_id, "clientSeq": number}
                    seqs[workspace_id] = (await client.call("collaboration:edit", {**edit, **who}, timeout=30))["seq"]
            await client.disconnect()

    await trio.to_thread.run_sync(asyncio.run, work())


async def test_one_polling_connection_works_in_workspaces_of_all_nodes(site: tuple[Site, Cluster]) -> None:
    web, cluster = site
    token = (await web.register())["accessToken"]
    notes: dict[str, str] = {}
    while len(owners := {cluster.owner_of(one).name for one in notes}) < 2 or len(notes) < 5:
        assert len(notes) < 100, owners
        workspace = (await web.call("POST", "/api/workspaces", {"name": "W"}, token))[2]["workspace"]["id"]
        note = await web.call("POST", f"/api/workspaces/{workspace}/notes", {"title": "T"}, token)
        notes[workspace] = note[2]["note"]["id"]
    await edit_in_all(web, token, notes)
    for note_id in notes.values():
        content = (await web.call("GET", f"/api/notes/{note_id}", token=token))[2]["note"]["content"]
        assert content == "x" * (EDITS // 4)


async def test_files_stream_through_and_come_back_the_same(site: tuple[Site, Cluster]) -> None:
    web, _ = site
    token = (await web.register())["accessToken"]
    workspace = (await web.call("POST", "/api/workspaces", {"name": "W"}, token))[2]["workspace"]
    boundary = uuid4().hex
    fields = f'--{boundary}\r\nContent-Disposition: form-data; name="workspaceId"\r\n\r\n{workspace["id"]}\r\n'
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.bin"\r\n\r\n'
    body = (fields + head).encode() + FILE + f"\r\n--{boundary}--\r\n".encode()
    kind = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    (file,) = (await web.call("POST", "/api/files/upload", body, token, **kind))[2]["files"]
    assert (await web.call("GET", f"/api/files/{file['id']}", token=token))[2] == FILE


async def test_what_nginx_says_and_hides(site: tuple[Site, Cluster]) -> None:
    web, _ = site
    forged = {"X-Forwarded-For": "203.0.113.9"}
    body = {"email": f"{uuid4()}@notes.test", "password": PASSWORD, "displayName": "Ada"}
    status, headers, answer = await web.call("POST", "/api/auth/register", body, **forged)
    assert status == 201
    assert headers["Strict-Transport-Security"].startswith("max-age=31536000")
    sessions = (await web.call("GET", "/api/auth/sessions", token=answer["accessToken"]))[2]["items"]
    assert [session["address"] for session in sessions] == ["127.0.0.1"], "a client cannot choose its address"
    page = (await web.call("GET", "/"))[2]
    assert page.lower().startswith(b"<!doctype html>")
    plain = urllib.request.Request(f"http://127.0.0.1:{web.nginx.plain_port}/login")

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_: Any) -> None:
            return None

    def redirected() -> tuple[int, str]:
        try:
            urllib.request.build_opener(Stay).open(plain, timeout=20)
        except urllib.error.HTTPError as answer:
            with answer:
                return answer.code, answer.headers["Location"]
        raise AssertionError("plain HTTP was served")

    assert await trio.to_thread.run_sync(redirected) == (308, "https://127.0.0.1/login")
    await web.call("GET", "/api/auth/me?token=a-secret-in-the-query", token=answer["accessToken"])
    with trio.fail_after(20):
        while "/api/auth/me" not in web.nginx.access_log:  # nginx writes its line after the answer has gone out
            await trio.lowlevel.checkpoint()
    assert "a-secret-in-the-query" not in web.nginx.access_log
