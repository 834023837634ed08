"""The running server held against its own description by schemathesis, with all its checks and the stateful phase (D2).

`NV_CASES` sets the number of examples an operation (3).
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import trio

from tests.e2e.teams import PASSWORD, register
from tests.edge.http.client import Client
from tests.edge.http.policy import furnish
from tests.support.server import ServerProcess

DESTRUCTIVE = (
    "/api/auth/logout",
    "/api/auth/sessions",
    "/api/auth/password",
    "/api/auth/second-factor/confirm",
    "/api/admin/users/{accountId}",
    "/api/admin/users/{accountId}/sessions",
)
"""They end the sign-in that the run itself works with."""

ONE_SHOT = ("DELETE /api/workspaces/{workspaceId}", "DELETE /api/notes/{noteId}", "DELETE /api/files/{fileId}")
"""They take away what the other operations need: they get things of their own."""

CONFIG = """
[checks]
# What no schema can say (a cursor of another list, an id of nothing, a secret that is over, a picture that is none) is
# answered 422, 413 or 415, with the error that the description tells.
positive_data_acceptance.expected-statuses = ["2xx", "3xx", "401", "403", "404", "409", "413", "415", "422", "429"]

[parameters]
{parameters}

{operations}
"""

OPERATION = """
[[operations]]
include-name = "{name}"
parameters = {{ {parameters} }}
"""

TRIES = 3
FAULT_OF_PYTHON = "AST constructor recursion depth mismatch"
"""Python 3.11 sometimes says so of sound code when several threads parse some; it tells nothing of the server."""


def config(ids: dict[str, object], spare: dict[str, object]) -> str:
    """Paths lead to things that exist."""
    named = {name: value for name, value in ids.items() if name.endswith("Id") or name in ("seq", "emoji")}
    parameters = "\n".join(f'"path.{name}" = {_toml(value)}' for name, value in named.items())
    parameters += f'\n"query.workspaceId" = {_toml(ids["workspaceId"])}'
    operations = []
    for name in ONE_SHOT:
        parameter = name.partition("{")[2].rstrip("}")
        operations.append(OPERATION.format(name=name, parameters=f'"path.{parameter}" = {_toml(spare[parameter])}'))
    return CONFIG.format(parameters=parameters, operations="".join(operations))


def _toml(value: object) -> str:
    return str(value) if isinstance(value, int) else f'"{value}"'


@pytest.mark.timeout(600)
async def test_the_server_does_what_it_says(own_server: ServerProcess, tmp_path: Path) -> None:
    root = await register(own_server, "root")
    other = await register(own_server, "other")
    ids, spare = await furnish(root), await furnish(root)
    members = f"/api/workspaces/{ids['workspaceId']}/members"
    await root.post(members, {"userId": other.user["id"], "role": "viewer"})
    login = {"email": root.user["email"], "password": PASSWORD}
    token = (await Client(own_server.port).post("/api/auth/login", login))["accessToken"]
    ids |= {"userId": other.user["id"], "accountId": other.user["id"]}
    file = tmp_path / "schemathesis.toml"
    file.write_text(config(ids, spare), "utf-8")
    command = [
        *(str(Path(sys.executable).with_name("schemathesis")), "--config-file", str(file), "run"),
        *(f"{own_server.url}/api/openapi.json", "--header", f"Authorization: Bearer {token}"),
        *("--checks", "all", "--phases", "examples,coverage,fuzzing,stateful", "--seed", "20261127"),
        *("--max-examples", os.environ.get("NV_CASES", "3"), "--workers", "2", "--no-color"),
        *(option for path in DESTRUCTIVE for option in ("--exclude-path", path)),
    ]
    for _ in range(TRIES):
        result = await trio.to_thread.run_sync(
            lambda: subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=550, check=False)
        )
        if FAULT_OF_PYTHON not in result.stdout:
            break
    assert result.returncode == 0, result.stdout[-30_000:] + result.stderr[-2_000:]
    for phase in ("Coverage", "Fuzzing", "Stateful"):
        assert f"✅ {phase}" in result.stdout, result.stdout[-5_000:]
    assert (await root("GET", "/health")).status == 200
    assert "Traceback" not in own_server.log_text
