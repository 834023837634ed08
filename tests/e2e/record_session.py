"""Records two people who write a note together in the real page, in the format of `josephg/editing-traces`:

    python -m tests.e2e.record_session tests/e2e/recorded/two-gardeners.json.gz

They never insert at the same place at the same time, so that every order of their edits ends at the same text.
"""

import gzip
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, WebSocket

from tests.e2e.op_log import LoggedOp, read_log
from tests.support.chromium import find_chromium, running_browser
from tests.support.server import running_server
from tests.web.people import VIEW, Garden, Person, person, settle, text_of

START = "# Spring 🌱\n\nAda:\n\n# Autumn 🍂\n\nBen:\n"
FIRST = ("We sow the peas in March, the beans in May", "The old beds get compost; the new ones 🐛 need rest")
SECOND = ("Apples 🍎 first, then pears and quinces", "Leaves stay where they fall: hedgehogs 🦔 live there")
MENDED = ((" and the lettuce when the frost is gone", 8), (" (ask the neighbour for the ladder)", 3))


@dataclass(frozen=True, slots=True)
class Sent:
    """An edit as its author's page first sent it."""

    client_id: str
    client_seq: int
    base_seq: int
    op: Sequence[Any]


class Wiretap:
    """Listens to what the pages of a person send."""

    def __init__(self, somebody: Person) -> None:
        self.sent: dict[tuple[str, int], Sent] = {}
        somebody.context.on("page", lambda page: page.on("websocket", self._listen))

    def _listen(self, socket: WebSocket) -> None:
        socket.on("framesent", self._take)

    def _take(self, frame: str | bytes) -> None:
        if not isinstance(frame, str) or '["collaboration:edit",' not in frame:
            return
        _, payload = json.loads(frame[frame.index("[") :])
        key = (payload["clientId"], payload["clientSeq"])
        self.sent.setdefault(key, Sent(*key, payload["baseSeq"], payload["op"]))


def patches_of(op: Sequence[Any]) -> list[tuple[int, int, str]]:
    """An operation as patches, one after the other."""
    patches, position = [], 0
    for part in op:
        if isinstance(part, str):
            patches.append((position, 0, part))
            position += len(part)
        elif isinstance(part, dict):
            patches.append((position, part["d"], ""))
        else:
            position += part
    return patches


def transactions(log: Sequence[LoggedOp], sent_by_agent: Sequence[Wiretap]) -> list[dict[str, Any]]:
    """The edits in the order of the log, each on what its author had seen: all up to its base."""
    found: list[dict[str, Any]] = []
    seqs: list[int] = []
    for entry in (entry for entry in log if entry.is_edit):
        key = (str(entry.client_id), int(entry.client_seq or 0))
        (agent,) = (agent for agent, tap in enumerate(sent_by_agent) if key in tap.sent)
        sent = sent_by_agent[agent].sent[key]
        seen = [index for index, seq in enumerate(seqs) if seq <= sent.base_seq]
        newest = [max((i for i in seen if found[i]["agent"] == author), default=None) for author in (0, 1)]
        parents = sorted(index for index in newest if index is not None)
        found.append({"parents": parents, "agent": agent, "patches": patches_of(sent.op)})
        seqs.append(entry.seq)
    return found


def go_behind(page: Page, words: str) -> None:
    """Put the caret behind the first place where the text says so."""
    caret = f"{VIEW}.state.doc.toString().indexOf(words) + words.length"
    page.evaluate(f"(words) => {{ {VIEW}.focus(); {VIEW}.dispatch({{selection: {{anchor: {caret}}}}}); }}", words)


def write_together(garden: Garden) -> str:
    """Both type at once, a letter each in turn; then Ben's line is cut while both go on; the text at the end."""
    pages = [someone.open(garden.workspace_id, garden.note_id) for someone in (garden.ada, garden.ben)]
    for page, words in zip(pages, ("Ada:", "Ben:"), strict=True):
        go_behind(page, words)
        page.keyboard.press("Enter")
    for ours, theirs in zip(FIRST, SECOND, strict=True):
        for index in range(max(len(ours), len(theirs))):
            for page, words in zip(pages, (ours, theirs), strict=True):
                if index < len(words):
                    page.keyboard.insert_text(words[index])
        for page in pages:
            page.keyboard.press("Backspace")
            page.keyboard.press("Enter")
    garden.ben.line.cut()
    for page, (words, deletions) in zip(pages, MENDED, strict=True):
        for letter in words:
            page.keyboard.insert_text(letter)
        for _ in range(deletions):
            page.keyboard.press("Backspace")
    garden.ben.line.mend()
    text = settle(pages, garden.ada, garden.note_id)
    assert [text_of(page) for page in pages] == [text, text]
    return text


def record(path: Path) -> None:
    """Write the session to `path`."""
    with (
        tempfile.TemporaryDirectory() as folder,
        running_server(Path(folder) / "data") as server,
        running_browser(find_chromium()) as browser,
        person(browser, ("127.0.0.1", server.port), "Ada") as ada,
        person(browser, ("127.0.0.1", server.port), "Ben") as ben,
    ):
        workspace: Any = ada.api("POST", "/api/workspaces", {"name": "Garden"})["workspace"]
        ada.api("POST", f"/api/workspaces/{workspace['id']}/members", {"userId": ben.user_id, "role": "member"})
        body = {"title": "The year", "content": START}
        note: Any = ada.api("POST", f"/api/workspaces/{workspace['id']}/notes", body)["note"]
        taps = [Wiretap(ada), Wiretap(ben)]
        end = write_together(Garden(ada, ben, workspace["id"], note["id"]))
        txns = transactions(read_log(server.database, workspace["id"]), taps)
    trace = {"kind": "concurrent", "numAgents": 2, "startContent": START, "endContent": end, "txns": txns}
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(gzip.compress(json.dumps(trace, ensure_ascii=False).encode(), mtime=0))
    at_once = sum(len(txn["parents"]) == 2 for txn in txns)
    print(f"{len(txns)} edits, {at_once} of them on those of both: {path}")


if __name__ == "__main__":
    record(Path(sys.argv[1]))
