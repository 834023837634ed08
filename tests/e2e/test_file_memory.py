"""Files pass through a server without staying in its memory (D8): up, down and out in an archive."""

import http.client
import json
import random
from contextlib import closing
from pathlib import Path

import pytest

from tests.edge.http.forms import CONTENT_TYPE, END, form
from tests.support.server import ServerProcess, running_server

SIZE = 64 * 1024 * 1024
MOST_BYTES = 8 * 1024 * 1024
"""What one passage may take: buffers of ours, of the kernel's neighbours and of the allocator, not the file."""


def peak_bytes(server: ServerProcess) -> int:
    """The most memory since `forget_peak`."""
    for line in Path(f"/proc/{server.pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    raise AssertionError("no such process")


def forget_peak(server: ServerProcess) -> int:
    """Count anew, from what it takes now."""
    Path(f"/proc/{server.pid}/clear_refs").write_text("5")
    return peak_bytes(server)


class Caller:
    """Somebody at the server, who sends and reads piece by piece."""

    def __init__(self, server: ServerProcess) -> None:
        self.server = server
        self.token = ""

    def ask(self, method: str, path: str, body: object = None) -> dict[str, object]:
        with closing(self.connect()) as connection:
            connection.request(method, path, json.dumps(body).encode(), self.headers("application/json"))
            answer = connection.getresponse()
            told: dict[str, object] = json.loads(answer.read())
            assert answer.status < 300, told
            return told

    def headers(self, kind: str) -> dict[str, str]:
        return {"Content-Type": kind, **({"Authorization": f"Bearer {self.token}"} if self.token else {})}

    def connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)

    def size_of(self, path: str) -> int:
        with closing(self.connect()) as connection:
            connection.request("GET", path, headers=self.headers("x/y"))
            answer = connection.getresponse()
            assert answer.status == 200
            size = 0
            while piece := answer.read(1 << 20):
                size += len(piece)
            return size


@pytest.fixture
def server(tmp_path: Path):  # type: ignore[no-untyped-def]
    with running_server(tmp_path / "data") as running:
        yield running


def test_files_do_not_stay_in_memory(server: ServerProcess, rng: random.Random) -> None:
    ada = Caller(server)
    new = {"email": "ada@notes.test", "password": "a long and rare one", "displayName": "Ada", "delivery": "body"}
    ada.token = str(ada.ask("POST", "/api/auth/register", new)["accessToken"])
    workspace = ada.ask("POST", "/api/workspaces", {"name": "W"})["workspace"]["id"]  # type: ignore[index]
    piece = rng.randbytes(1 << 20)
    head, tail = form({"workspaceId": workspace}, [("big.bin", "x/y", b"")]).rsplit(b"\r\n" + END, 1)
    length = len(head) + SIZE + len(b"\r\n" + END)

    def sent(size: int):  # type: ignore[no-untyped-def]
        yield head
        for _ in range(size // len(piece)):
            yield piece
        yield b"\r\n" + END

    def upload() -> dict[str, object]:
        headers = {**ada.headers(CONTENT_TYPE), "Content-Length": str(length)}
        with closing(ada.connect()) as connection:
            connection.request("POST", "/api/files/upload", sent(SIZE), headers)
            answer = connection.getresponse()
            told: dict[str, object] = json.loads(answer.read())
        assert answer.status == 201, told
        file: dict[str, object] = told["files"][0]  # type: ignore[index]
        assert file["sizeBytes"] == SIZE
        return file

    grown = {}
    file: dict[str, object] = {}
    for name in ("up", "down", "out"):
        before = forget_peak(server)
        if name == "up":
            file = upload()
        elif name == "down":
            assert ada.size_of(f"/api/files/{file['id']}") == SIZE
        else:
            assert ada.size_of(f"/api/workspaces/{workspace}/export") > SIZE
        grown[name] = peak_bytes(server) - before
    print({name: f"{size / 1e6:.1f} MB" for name, size in grown.items()})
    assert all(size < MOST_BYTES for size in grown.values()), grown
    assert tail == b""
