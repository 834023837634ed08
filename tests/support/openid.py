"""A certified provider of OpenID Connect for tests, npm's `oidc-provider`, in a process of its own."""

import json
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.support.node import install_packages, node_environment
from tests.support.ports import free_port

FOLDER = Path(__file__).parent / "openid_provider"
SECRET = "the secret of this client, long enough"


@contextmanager
def running_openid(
    redirect_uri: str, people: Mapping[str, Mapping[str, Any]], port: int | None = None
) -> Iterator[str]:
    """Its issuer. `people`: their claims by their subject. Each start makes another key."""
    install_packages(FOLDER)
    port = port or free_port()
    environment = {
        "PORT": str(port),
        "REDIRECT_URI": redirect_uri,
        "CLIENT_SECRET": SECRET,
        "PEOPLE": json.dumps(people),
    }
    process = subprocess.Popen(
        ["node", "provider.mjs"],
        cwd=FOLDER,
        env={**node_environment(), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    try:
        if process.stdout.readline() != "ready\n":
            raise RuntimeError("the provider of OpenID Connect does not start")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
