"""A workspace moves between two real nodes while people write in it through pages of either."""

import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, WebSocket

from tests.cluster.nodes import Cluster, NodeProcess, cluster_settings
from tests.faults.stores import RealStore
from tests.support.ports import free_port
from tests.support.postgres import PostgresServer
from tests.web.people import (
    DEADLINE_MS,
    Person,
    found_garden,
    person,
    put_caret,
    settle,
    sign_in,
    wait_for_state,
    watch,
)

FIRST_MARK: Final = 0x4E00
CALM = {"NV_LEASE_SECONDS": "10", "NV_NODE__LINK_SECONDS": "10"}
"""Nobody is taken for dead, however busy the machine is."""


@pytest.fixture
def cluster(postgres: PostgresServer, redis_url: str, tmp_path: Path) -> Iterator[Cluster]:
    """Two nodes, each with an address of its own that pages of the other may open sockets to."""
    ports = [free_port(), free_port()]
    origins = ",".join(f"http://127.0.0.1:{port}" for port in ports)
    with postgres.fresh_database() as url, ExitStack() as stack:
        store = RealStore(tmp_path, url, postgres)
        nodes = []
        for number, port in enumerate(ports):
            own = {"NV_NODE_URL": f"http://127.0.0.1:{port}", "NV_ORIGINS": origins}
            settings = {**cluster_settings(store, redis_url), **CALM, **own}
            node = NodeProcess(f"n{number}", tmp_path / f"node-{number}", settings)
            node.port = port
            stack.callback(node.kill)
            nodes.append(node)
        command(nodes[0], "migrate").wait()
        for node in nodes:
            node.start()
        yield Cluster(nodes, store)


def command(node: NodeProcess, *words: str) -> subprocess.Popen[str]:
    """An administrator's command, started."""
    return subprocess.Popen(
        [sys.executable, "-m", "nvserver", *words], env=node._environment, stdout=subprocess.DEVNULL, text=True
    )


class Sockets:
    """Where the page's connections lead."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._open: list[WebSocket] = []
        page.on("websocket", self._opened)

    def _opened(self, socket: WebSocket) -> None:
        self._open.append(socket)
        socket.on("close", lambda _: self._open.remove(socket))

    def wait_for(self, node: NodeProcess) -> None:
        """Until there is one connection, and it leads straight to the node."""
        end = time.monotonic() + DEADLINE_MS / 1000
        while [f":{node.port}/" in socket.url for socket in self._open] != [True]:
            assert time.monotonic() < end, [socket.url for socket in self._open]
            self._page.wait_for_timeout(50)


@contextmanager
def page_of(browser: Browser, node: NodeProcess, who: Person, path: str) -> Iterator[tuple[Page, Sockets]]:
    """A page that came from the node, with the note open."""
    context = browser.new_context(base_url=f"http://127.0.0.1:{node.port}", service_workers="block")
    faults = watch(context)
    sign_in(context, who.email)
    page = context.new_page()
    page.set_default_timeout(DEADLINE_MS)
    sockets = Sockets(page)
    page.goto(path)
    page.wait_for_selector(".cm-content")
    yield page, sockets
    context.close()
    assert faults == []


def write_during(work: subprocess.Popen[str], pages: list[Page], marks: list[str], rng: random.Random) -> None:
    """In turn, a sign each at a random place, every sign once; and a few more when it is over."""
    rest = 10
    while rest:
        rest -= work.poll() is not None
        for page in pages:
            marks.append(chr(FIRST_MARK + len(marks)))
            put_caret(page, rng.random())
            page.keyboard.insert_text(marks[-1])


@pytest.mark.timeout(300)
def test_pages_follow_a_workspace_to_another_node_and_lose_nothing(
    browser: Browser, cluster: Cluster, rng: random.Random
) -> None:
    first, second = cluster.nodes
    address = ("127.0.0.1", first.port)
    with ExitStack() as stack:
        ada, ben = (stack.enter_context(person(browser, address, name)) for name in ("Ada", "Ben"))
        garden = found_garden(ada, ben)
        workspace_id = garden.workspace_id
        path = f"/workspaces/{workspace_id}?note={garden.note_id}"
        visits = [stack.enter_context(page_of(browser, node, who, path)) for node, who in ((first, ada), (second, ben))]
        pages = [page for page, _ in visits]
        for _, sockets in visits:
            sockets.wait_for(cluster.owner_of(workspace_id))
        for page in pages:
            put_caret(page, 1)
            wait_for_state(page, "saved")
        marks: list[str] = []
        for _ in cluster.nodes:
            receiver = second if cluster.owner_of(workspace_id) is first else first
            moving = command(first, "admin", "move", workspace_id, receiver.name)
            write_during(moving, pages, marks, rng)
            assert moving.returncode == 0
            assert cluster.owner_of(workspace_id) is receiver
            for _, sockets in visits:
                sockets.wait_for(receiver)
        text = settle(pages, ada, garden.note_id)
        assert sorted(sign for sign in text if sign in set(marks)) == marks
        assert len(cluster.events("handed over")) == len(cluster.nodes)
