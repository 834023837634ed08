"""A real server as a program of its own, and a real browser."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from importlib.resources import files
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect

from tests.support.chromium import running_browser
from tests.web.people import Garden, Person, found_garden, person

expect.set_options(timeout=20_000)  # a machine that runs other tests too may be slow


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int]]:
    """Where a node listens that serves the built client."""
    assert (files("nvserver") / "_web" / "200.html").is_file(), "the web client is not built: run `make web`"
    folder = tmp_path_factory.mktemp("data")
    command = [sys.executable, "-m", "nvserver", "serve", "--port", "0", "--data-dir", str(folder)]
    # What the tests are told is not for the server.
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("NV_")}
    environment = inherited | {"NV_RATE_LIMITS": "false"}
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, env=environment, text=True)
        try:
            assert process.stdout is not None
            address = urlsplit(process.stdout.readline().split()[-1])
            assert address.hostname is not None and address.port is not None
            yield address.hostname, address.port
        finally:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=30)


@pytest.fixture(scope="session")
def browser(chromium_path: Path) -> Iterator[Browser]:
    with running_browser(chromium_path) as running:
        yield running


@pytest.fixture
def people(browser: Browser, server: tuple[str, int]) -> Iterator[Callable[[str], Person]]:
    """Makes people by name; they leave with the test."""
    with ExitStack() as stack:
        yield lambda name: stack.enter_context(person(browser, server, name))


@pytest.fixture
def garden(people: Callable[[str], Person]) -> Garden:
    return found_garden(people("Ada"), people("Ben"))
