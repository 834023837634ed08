"""The running server held against its own description by schemathesis, with all checks and the stateful phase (D2)."""

import itertools
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
import trio

from tests.e2e.conftest import SETTINGS
from tests.e2e.teams import PASSWORD, register
from tests.edge.http.client import Client
from tests.edge.http.policy import furnish
from tests.faults.sizes import lengths
from tests.support.openid import SECRET, running_openid
from tests.support.server import ServerProcess, running_server

DESTRUCTIVE = (
    "/api/auth/logout",
    "/api/auth/sessions",
    "/api/auth/password",
    "/api/auth/second-factor/confirm",
    "/api/admin/users/{accountId}",
    "/api/admin/users/{accountId}/sessions",
)
"""They end the sign-in that the run itself works with."""

CONFIG = """
[checks]
# What no schema can say (a cursor of another list, an id of nothing, a secret that is over, a picture that is none) is
# answered 422, 413 or 415, with the error that the description tells.
positive_data_acceptance.expected-statuses = ["2xx", "3xx", "401", "403", "404", "409", "413", "415", "422", "429"]
# 400: no JSON; 404: the path leads nowhere; 413: larger than any body may be; 415: of another type; 422: all else. Not
# 401, 403, 409, 429: they would say that it was looked into before its form was.
negative_data_rejection.expected-statuses = ["400", "404", "413", "415", "422"]

[phases.stateful]
max-steps = 10
generation.max-examples = {scenarios}

[parameters]
{parameters}

[[operations]]
include-name = "DELETE /api/workspaces/{{workspaceId}}/calendar/feed"
# A workspace is made without a secret address: that there is none to end is no fault.
phases.stateful.enabled = false

[[operations]]
include-name = "DELETE /api/auth/me"
# Of the run's own account; `tests/edge/http/test_account_deletion.py` asks for all of it.
enabled = false

[[operations]]
include-name = "POST /api/files/upload"
# It puts a real file where it means to send none, and then wonders that it is taken.
checks.negative_data_rejection.expected-statuses = ["201", "400", "404", "413", "415", "422"]
"""

HOME = "http://127.0.0.1/sign-in"
SEED = 20261127
MOST_STATEFUL_RUNS = 12
TRIES = 3
PEOPLE = {
    name: {"email": f"{name}@notes.test", "email_verified": True, "name": name}
    for name in ("ada-1", "link-1", *(f"guarded-{run}" for run in range(TRIES * (MOST_STATEFUL_RUNS + 1))))
}
"""Who signs in by the provider, whose identity is linked to the owner's account, and who has a second factor: for each
run another, since a secret is told once."""
FAULT_OF_PYTHON = "AST constructor recursion depth mismatch"
"""Python 3.11 sometimes says so of sound code when several threads parse some; it tells nothing of the server."""


def config(ids: dict[str, object], scenarios: int) -> str:
    """Paths lead to things that exist. `scenarios`: requests that follow each other, each with what the one before
    answered."""
    named = {
        name: value
        for name, value in ids.items()
        if name.endswith("Id") or name in ("seq", "emoji", "provider", "secret")
    }
    parameters = "\n".join(f'"path.{name}" = {_toml(value)}' for name, value in named.items())
    parameters += f'\n"query.workspaceId" = {_toml(ids["workspaceId"])}'
    return CONFIG.format(parameters=parameters, scenarios=scenarios)


def _toml(value: object) -> str:
    return str(value) if isinstance(value, int) else f'"{value}"'


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ServerProcess]:
    """With somebody to sign in by."""
    with running_openid(HOME, PEOPLE) as issuer:
        settings = {
            **SETTINGS,
            "NV_PUBLIC_URL": HOME.removesuffix("/sign-in"),
            "NV_OIDC__ISSUER": issuer,
            "NV_OIDC__CLIENT_SECRET": SECRET,
            "NV_TOKENS__ACCESS_SECONDS": "3600",  # the long run lasts for more than a quarter of an hour
        }
        with running_server(tmp_path / "data", settings) as running:
            yield running


@pytest.mark.timeout(900)
@lengths("examples", 50, 200)
async def test_the_server_does_what_it_says(server: ServerProcess, tmp_path: Path, examples: int) -> None:
    """`examples`: how many for an operation."""
    root = await register(server, "root")
    other = await register(server, "other")
    ids = {**await furnish(root), "userId": other.user["id"], "accountId": other.user["id"]}
    workspace = f"/api/workspaces/{ids['workspaceId']}"
    await root.post(f"{workspace}/members", {"userId": other.user["id"], "role": "viewer"})
    login = {"email": root.user["email"], "password": PASSWORD}
    token = (await Client(server.port).post("/api/auth/login", login))["accessToken"]
    link = await root.post(f"/api/notes/{ids['noteId']}/links", {"access": "edit"})
    hook = await root.post(f"{workspace}/webhooks", {"url": "http://127.0.0.1:9/"})  # nobody listens there
    ids["webhookId"] = hook["webhook"]["id"]
    await root.post(f"{workspace}/notes", {"title": "Told"})
    with trio.fail_after(60):
        while not (tried := await root.get(f"{workspace}/webhooks/{ids['webhookId']}/deliveries"))["items"]:
            continue  # each look is a request: the server runs meanwhile
    ids["deliveryId"] = tried["items"][0]["id"]
    world = {
        "url": server.url,
        "token": token,
        "otherToken": other.token,
        "database": str(server.database),
        "ids": ids,
        "home": HOME,
        "userId": root.user["id"],
        "email": root.user["email"],
        "password": PASSWORD,
        "shareToken": (await root.post(f"{workspace}/share-links", {}))["link"]["token"],
        "linkToken": link["link"]["token"],
    }
    environment = {
        **os.environ,
        "SCHEMATHESIS_HOOKS": "tests.e2e.schemathesis_hooks",
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "NV_TEST_WORLD": json.dumps(world),
    }
    file = tmp_path / "schemathesis.toml"
    file.write_text(config(ids, 4 * examples), "utf-8")
    output, runs = tmp_path / "schemathesis.txt", itertools.count()

    async def run(phases: str, seed: int) -> str:
        """What a run tells; it has found nothing."""
        command = [
            *(str(Path(sys.executable).with_name("schemathesis")), "--config-file", str(file), "run"),
            *(f"{server.url}/api/openapi.json", "--header", f"Authorization: Bearer {token}"),
            *("--checks", "all", "--phases", phases, "--seed", str(seed)),
            *("--max-examples", str(examples), "--workers", "2", "--no-color"),
            *(option for path in DESTRUCTIVE for option in ("--exclude-path", path)),
        ]
        for _ in range(TRIES):
            told_run = {**environment, "NV_TEST_RUN": str(next(runs))}
            start = partial(subprocess.run, command, cwd=tmp_path, capture_output=True, text=True, check=False)
            result = await trio.to_thread.run_sync(partial(start, env=told_run))
            if FAULT_OF_PYTHON not in result.stdout:
                break
        with output.open("a") as kept:
            kept.write(result.stdout + result.stderr)
        assert result.returncode == 0, f"see {output}: " + result.stdout[-10_000:]
        for phase in phases.split(","):
            assert f"✅ {phase.title()}" in result.stdout, result.stdout[-5_000:]
        return result.stdout

    told = await run("examples,coverage,fuzzing,stateful", SEED)
    for warning in ("Missing test data", "Authentication failed"):
        assert warning not in told, told[-10_000:]
    counts = re.search(r"(\d+) generated, (\d+) passed", told)
    assert counts and int(counts[1]) > 100 * examples and counts[1] == counts[2], told[-5_000:]
    scenarios, seed = scenarios_of(told), SEED
    while scenarios < examples and seed < SEED + MOST_STATEFUL_RUNS:
        seed += 1
        scenarios += scenarios_of(await run("stateful", seed))
    print(counts[0], f"{scenarios} scenarios", sep=", ")
    assert scenarios >= examples
    assert (await root("GET", "/health")).status == 200
    assert "Traceback" not in server.log_text


def scenarios_of(told: str) -> int:
    """How many the stateful phase ran: it ends by itself as soon as a repetition does not answer as the first did."""
    found = re.search(r"Scenarios:\s+(\d+)", told)
    return int(found[1]) if found else 0
