"""The chat's events, and notifications pushed to every connection of their receiver."""

from typing import Any

import pytest

from nvserver.core.changes import Author
from nvserver.core.commands import CreateCollection, DeleteMessage, EditMessage, ReactToMessage, WatchNote
from nvserver.workspace.messages import Submit
from tests.edge.realtime.harness import PEOPLE, Client, Node, running_node


def said(node: Node, client: Client, text: str, **more: Any) -> dict[str, object]:
    return client.numbered(workspaceId=node.workspace_id, text=text, **more)


async def test_a_message_reaches_everyone_and_is_acknowledged_after_it() -> None:
    async with running_node() as node, node.client("ada") as ada, node.client("bob") as bob:
        await ada.join(node.workspace_id)
        joined = await bob.join(node.workspace_id)
        acked = (await ada.call("chat:message", said(node, ada, "Hello")))["message"]
        assert [event.name for event in ada.events if event.name.startswith("chat")] == ["chat:message"]
        assert (acked["text"], acked["userId"], acked["workspaceId"]) == ("Hello", PEOPLE["ada"], node.workspace_id)
        assert acked["seq"] == joined["seq"] + 1
        for client in (ada, bob):
            told = await client.event("chat:message")
            assert told == acked | {"clientId": ada.client_id, "clientSeq": 1}
        again = {**said(node, ada, "Again"), "clientSeq": 1}
        assert (await ada.call("chat:message", again))["error"]["code"] == "CONFLICT"
        resent = await ada.call("chat:message", again | {"text": "Hello"})
        assert (resent["message"], resent["duplicate"]) == (acked, True)
        reply = (await bob.call("chat:message", said(node, bob, "Hi", replyToId=acked["id"])))["message"]
        assert (reply["replyToId"], reply["seq"]) == (acked["id"], acked["seq"] + 1)


async def test_changes_of_a_message_are_told_with_the_whole_of_it() -> None:
    async with running_node() as node, node.client("ada") as ada:
        start = (await ada.join(node.workspace_id))["seq"]
        message = (await ada.call("chat:message", said(node, ada, "Helo")))["message"]
        author = Author(PEOPLE["ada"])
        seen = []
        for command in (
            EditMessage(message["id"], "Hello"),
            ReactToMessage(message["id"], "x", is_on=True),
            DeleteMessage(message["id"]),
        ):
            await node.catalog.call(node.workspace_id, Submit(author, command))
            seen.append(await ada.event("chat:update"))
        assert seen[0] == message | {"text": "Hello", "editedAt": seen[0]["editedAt"]}
        assert seen[1] == seen[0] | {"reactions": [{"emoji": "x", "userIds": [PEOPLE["ada"]]}]}
        assert seen[2] == seen[0] | {"text": "", "deletedAt": seen[2]["deletedAt"]}
        async with node.client("bob") as bob:
            missed = (await bob.join(node.workspace_id, since=start))["catchUp"]
        kinds = ["chat.posted", "chat.edited", "chat.reacted", "chat.deleted"]
        assert [change["kind"] for change in missed] == kinds
        assert [change["message"] for change in missed] == [message, *seen]


async def test_who_types_is_told() -> None:
    async with running_node() as node, node.client("ada") as ada, node.client("bob") as bob:
        await ada.join(node.workspace_id)
        assert "error" in await bob.call("chat:typing", {"workspaceId": node.workspace_id, "typing": True})
        await bob.join(node.workspace_id)
        for typing in (True, False):
            assert await bob.call("chat:typing", {"workspaceId": node.workspace_id, "typing": typing}) == {}
            assert await ada.event("chat:typing") == {
                "workspaceId": node.workspace_id,
                "userId": PEOPLE["bob"],
                "userName": "Bob",
                "clientId": bob.client_id,
                "typing": typing,
            }


async def test_a_collection_is_told_as_a_change() -> None:
    async with running_node() as node, node.client("ada") as ada:
        await ada.join(node.workspace_id)
        collection_id = "3f0c2d6e-0000-4000-8000-000000000001"
        made = CreateCollection(collection_id, "C")
        await node.catalog.call(node.workspace_id, Submit(Author(PEOPLE["bob"]), made))
        (change,) = (await ada.event("workspace:update"))["changes"]
        assert (change["kind"], change["userId"]) == ("collection.created", PEOPLE["bob"])
        expected = {"id": collection_id, "name": "C", "parentId": None, "rank": 1.0, "color": None}
        assert change["collection"] == expected


@pytest.mark.parametrize("text", ["", "x" * 4001])
async def test_bad_messages_change_nothing(text: str) -> None:
    async with running_node() as node, node.client("ada") as ada:
        seq = (await ada.join(node.workspace_id))["seq"]
        error = (await ada.call("chat:message", said(node, ada, text)))["error"]
        assert (error["code"], error["details"][0]["path"]) == ("VALIDATION_FAILED", "text")
        assert (await ada.join(node.workspace_id))["seq"] == seq


async def test_notifications_reach_all_connections_of_their_receiver_joined_or_not() -> None:
    async with (
        running_node() as node,
        node.client("ada") as ada,
        node.client("bob") as here,
        node.client("bob/elsewhere") as elsewhere,
    ):
        await ada.join(node.workspace_id)
        await here.join(node.workspace_id)
        await ada.call("chat:message", said(node, ada, f"@[Bob]({PEOPLE['bob']})"))
        for client in (here, elsewhere):
            told = await client.event("notification")
            assert (told["kind"], told["read"]) == ("mention.chat", False)
            assert told["data"]["workspaceId"] == node.workspace_id
        await node.catalog.call(node.workspace_id, Submit(Author(PEOPLE["bob"]), WatchNote(node.note_id, is_on=True)))
        opening = {"workspaceId": node.workspace_id, "noteId": node.note_id}
        opened = await ada.call("note:open", opening)
        await ada.call("collaboration:edit", ada.numbered(**opening, baseSeq=opened["seq"], op=["x"]))
        assert (await elsewhere.event("notification"))["kind"] == "note.changed"
        assert not [event for event in ada.events if event.name == "notification"]
