"""A12, A23: requests sent again and again, under numbers that were used, and malformed; nothing of it changes what was
accepted."""

import json
import random
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import trio

from nvserver.core.client_history import Acked, Failed
from nvserver.testing.history import HistoryFile, payload_hash
from nvserver.testing.realtime_client import ConnectionLost, RealtimeConnection, open_realtime
from tests.e2e.teams import Team, found_team
from tests.faults.checking import findings_of
from tests.faults.faulty_server import faulty_server
from tests.faults.reporting import Report
from tests.faults.sizes import PATIENCE_SECONDS, size
from tests.faults.stores import RealStore

REQUESTS = size(1_000, 10_000)
EDIT = "collaboration:edit"


class Stubborn:
    """Sends each edit one to five times, hangs up in the middle, comes back, and tries used numbers for other edits."""

    def __init__(self, team: Team, name: str, file: HistoryFile, rng: random.Random, counts: Counter[str]) -> None:
        self._team = team
        self._name = name
        self._file = file
        self._rng = rng
        self._counts = counts
        self._client_id: str | None = None
        self._number = 1
        self._seq = 0
        self._pending: dict[str, Any] | None = None

    async def run(self, requests: int) -> None:
        token = self._team[self._name].token
        assert token is not None
        while self._number <= requests:
            try:
                async with open_realtime(self._team.server.url, token, self._client_id) as connection:
                    await self._join(connection)
                    while self._number <= requests:
                        await self._send(connection)
            except ConnectionLost:
                self._counts["hung up"] += 1

    async def _join(self, connection: RealtimeConnection) -> None:
        joined = await connection.call("workspace:join", {"workspaceId": self._team.workspace_id})
        self._client_id = joined["clientId"]
        self._seq = max(self._seq, joined["seq"] if self._pending is None else 0)

    async def _send(self, connection: RealtimeConnection) -> None:
        if self._pending is None:
            self._pending = self._edit(self._number, f"{self._name[0]}{self._number};")
        edit = self._pending
        copies = [await connection.ask(EDIT, edit) for _ in range(self._rng.randint(1, 5))]
        if self._rng.random() < 0.05:
            raise ConnectionLost
        answers = [await connection.answer(number) for number in copies]
        self._counts["copies"] += len(answers) - 1
        assert not any("error" in answer for answer in answers), answers
        assert len({answer["seq"] for answer in answers}) == 1, answers
        assert sum("duplicate" not in answer for answer in answers) <= 1, answers
        self._seq = answers[0]["seq"]
        self._counts["acknowledged"] += 1
        inserted = edit["op"][0]
        self._file.write(
            Acked(
                *(edit["workspaceId"], edit["clientId"], self._number, self._seq),
                *(payload_hash(EDIT, edit), inserted, ""),
            )
        )
        self._pending = None
        if self._rng.random() < 0.1:
            await self._misuse(connection, self._rng.randint(1, self._number))
        self._number += 1

    async def _misuse(self, connection: RealtimeConnection, number: int) -> None:
        answer = await connection.call(EDIT, self._edit(number, "another edit"))
        assert answer["error"]["code"] == "CONFLICT", answer
        self._counts["misused numbers"] += 1

    def _edit(self, number: int, text: str) -> dict[str, Any]:
        return {
            "workspaceId": self._team.workspace_id,
            "clientId": self._client_id,
            "clientSeq": number,
            "noteId": self._team.note_id,
            "baseSeq": self._seq,
            "op": [text],
        }


@pytest.mark.timeout(PATIENCE_SECONDS + 60)
async def test_each_request_is_applied_once_however_often_it_is_sent(
    real_store: RealStore, rng: random.Random, tmp_path: Path, report: Report
) -> None:
    counts: Counter[str] = Counter()
    async with real_store.open():
        pass
    with ExitStack() as files, faulty_server(real_store) as server, trio.fail_after(PATIENCE_SECONDS):
        await trio.to_thread.run_sync(server.start)
        team = await found_team(server, bob="member", cleo="admin", dan="member")
        paths = [tmp_path / f"{name}.jsonl" for name in team.people]
        async with trio.open_nursery() as nursery:
            for name, path in zip(team.people, paths, strict=True):
                file = files.enter_context(HistoryFile(path))
                client = Stubborn(team, name, file, random.Random(rng.random()), counts)
                nursery.start_soon(client.run, REQUESTS // 4)
        content = (await team.note())["content"]
    expected = sorted(f"{name[0]}{number}" for name in team.people for number in range(1, REQUESTS // 4 + 1))
    assert sorted(content.removesuffix(";").split(";")) == expected
    async with real_store.open() as store:
        found, checked, _ = await findings_of(store, *paths)
    assert found == []
    report("A12", real_store, counts, entries=checked.entries, claims=checked.claims)


def poisons(good: dict[str, Any], rng: random.Random) -> list[tuple[str, Any]]:
    """Payloads near to a good edit, of every malformed family; each must be refused and change nothing."""

    def op(*parts: object) -> dict[str, Any]:
        return {**good, "op": list(parts)}

    unicode = ["\ud800", "a\udc00", "a\rb", "a\r\nb", "a\0b"]
    numbers = [0, -1, -(2**63), 2**53, 2**64, 10**400, 1.5, True, None, "1"]
    broken_ops = [
        *(op(text) for text in unicode),
        *(op(number, "x") for number in numbers if number != "1"),
        *(op({"d": number}) for number in numbers),
        *(op(*parts) for parts in ((1, 1, "x"), ("a", "b"), ({"d": 1}, {"d": 1}), ("",), (1,), ([],), ({},))),
        *(
            op(*parts)
            for parts in (({"d": 1, "e": 2},), ({"x": 1},), ("a", 1), (10_000_000, "x"), ({"d": 10_000_000},))
        ),
        {**good, "op": {}},
        {**good, "op": None},
        {**good, "op": ["x"] * 20_001},
    ]
    fields = [
        *({**good, name: value} for name in ("baseSeq", "clientSeq") for value in (-1, 2**53, 1.5, "1", None, [])),
        {**good, "baseSeq": 10**9},
        *({**good, name: value} for name in ("noteId", "clientId") for value in ("", "x", None, 1, "0" * 36, {})),
        *({key: value for key, value in good.items() if key != name} for name in good),
    ]
    others = [("collaboration:edit", value) for value in (None, [], 1, "x", True, {})]
    others += [("no:such:event", good), ("", good), ("note:create", good), ("note:update", {**good, "set": []})]
    corpus = [*((EDIT, payload) for payload in (*broken_ops, *fields)), *others]
    rng.shuffle(corpus)
    return corpus


@pytest.mark.timeout(PATIENCE_SECONDS + 60)
async def test_nothing_malformed_is_persisted(
    real_store: RealStore, rng: random.Random, tmp_path: Path, report: Report
) -> None:
    counts: Counter[str] = Counter()
    async with real_store.open():
        pass
    with faulty_server(real_store) as server, trio.fail_after(PATIENCE_SECONDS):
        await trio.to_thread.run_sync(server.start)
        team = await found_team(server, "some text")
        with HistoryFile(tmp_path / "refused.jsonl") as file:
            async with team.connect("ada") as desk:
                good = {
                    "workspaceId": team.workspace_id,
                    "clientId": desk.client_id,
                    "clientSeq": 1,
                    "noteId": team.note_id,
                    "baseSeq": desk.opened["seq"],
                    "op": [4, "x"],
                }
                for name, payload in poisons(good, rng):
                    answer = await _ask(desk.connection, name, payload)
                    assert "error" in answer, (name, payload, answer)
                    counts[answer["error"]["code"]] += 1
                    if isinstance(payload, dict) and payload.get("clientSeq") == 1 and payload.get("clientId"):
                        file.write(Failed(team.workspace_id, desk.client_id, 1, answer["error"]["code"]))
                assert "INTERNAL" not in counts
                before = await team.seq()
                assert before == desk.opened["seq"]
        assert (await team.note())["content"] == "some text"
        assert not server.events("child crashed")
    async with real_store.open() as store:
        found, checked, _ = await findings_of(store, tmp_path / "refused.jsonl")
    assert found == []
    report("A23", real_store, counts, entries=checked.entries)


async def _ask(connection: RealtimeConnection, name: str, payload: Any) -> Any:
    """As `call`, but for texts that are no UTF-8: those go out as escapes."""
    connection._asked += 1
    await connection.send_text(f"42{connection._asked}{json.dumps([name, payload])}")
    return await connection.answer(connection._asked)
