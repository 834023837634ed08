"""What may become of collections and connections: whoever may change notes may arrange them."""

from collections.abc import Callable
from typing import Any, Final

from msgspec import UNSET
from msgspec.structs import replace

from nvserver.core import commands as c
from nvserver.core.changes import (
    Author,
    Change,
    CollectionCreated,
    CollectionDeleted,
    CollectionUpdated,
    ConnectionCreated,
    ConnectionDeleted,
    ConnectionUpdated,
)
from nvserver.core.gate import check_length, require
from nvserver.core.model import Collection
from nvserver.core.workspace import Workspace
from nvserver.errors import CollectionNotFound, Conflict, ConnectionNotFound, PayloadTooLarge, ValidationFailed
from nvserver.problems import Problem


def _create_collection(workspace: Workspace, command: c.CreateCollection, author: Author) -> tuple[Change, ...]:
    require(workspace, author.user_id, "notes:update")
    if command.collection_id in workspace.collections:
        raise Conflict("A collection with this id exists already")
    if len(workspace.collections) >= workspace.limits.max_collections:
        raise PayloadTooLarge(f"A workspace holds at most {workspace.limits.max_collections} collections")
    rank = _last_rank(workspace, command.parent_id) + 1 if command.rank is None else command.rank
    collection = Collection(command.collection_id, command.name, command.parent_id, rank, command.color)
    _check_collection(workspace, collection)
    return (CollectionCreated(collection),)


def _update_collection(workspace: Workspace, command: c.UpdateCollection, author: Author) -> tuple[Change, ...]:
    require(workspace, author.user_id, "notes:update")
    collection = workspace.collections.get(command.collection_id)
    if collection is None:
        raise CollectionNotFound
    changed = replace(collection, **_set_fields(command, "name", "parent_id", "rank", "color"))
    _check_collection(workspace, changed)
    return () if changed == collection else (CollectionUpdated(changed),)


def _delete_collection(workspace: Workspace, command: c.DeleteCollection, author: Author) -> tuple[Change, ...]:
    require(workspace, author.user_id, "notes:update")
    if command.collection_id not in workspace.collections:
        raise CollectionNotFound
    return (CollectionDeleted(command.collection_id),)


def _create_connection(workspace: Workspace, command: c.CreateConnection, author: Author) -> tuple[Change, ...]:
    require(workspace, author.user_id, "notes:update")
    connection = command.connection
    if connection.id in workspace.connections:
        raise Conflict("A connection with this id exists already")
    if len(workspace.connections) >= workspace.limits.max_connections:
        raise PayloadTooLarge(f"A workspace holds at most {workspace.limits.max_connections} connections")
    for path, note_id in (("fromNoteId", connection.from_note_id), ("toNoteId", connection.to_note_id)):
        note = workspace.notes.get(note_id)
        if note is None or note.is_deleted:
            raise ValidationFailed.at(path, "no such note in this workspace", Problem.NOT_HERE)
    check_length("label", connection.label, workspace.limits.max_title_characters)
    return (ConnectionCreated(connection),)


def _update_connection(workspace: Workspace, command: c.UpdateConnection, author: Author) -> tuple[Change, ...]:
    require(workspace, author.user_id, "notes:update")
    connection = workspace.connections.get(command.connection_id)
    if connection is None:
        raise ConnectionNotFound
    changed = replace(connection, **_set_fields(command, "label", "style"))
    check_length("label", changed.label, workspace.limits.max_title_characters)
    return () if changed == connection else (ConnectionUpdated(changed),)


def _delete_connection(workspace: Workspace, command: c.DeleteConnection, author: Author) -> tuple[Change, ...]:
    require(workspace, author.user_id, "notes:update")
    if command.connection_id not in workspace.connections:
        raise ConnectionNotFound
    return (ConnectionDeleted(command.connection_id),)


def _last_rank(workspace: Workspace, parent_id: str | None) -> float:
    return max((one.rank for one in workspace.collections.values() if one.parent_id == parent_id), default=0.0)


def _check_collection(workspace: Workspace, collection: Collection) -> None:
    check_length("name", collection.name, workspace.limits.max_name_characters, is_empty_allowed=False)
    parent_id = collection.parent_id
    while parent_id is not None:
        if parent_id == collection.id:
            raise ValidationFailed.at("parentId", "a collection cannot lie within itself", Problem.WITHIN_ITSELF)
        parent = workspace.collections.get(parent_id)
        if parent is None:
            raise ValidationFailed.at("parentId", "no such collection in this workspace", Problem.NOT_HERE)
        parent_id = parent.parent_id


def _set_fields(command: object, *names: str) -> dict[str, Any]:
    return {name: value for name in names if (value := getattr(command, name)) is not UNSET}


DECIDE: Final[dict[type, Callable[[Workspace, Any, Author], tuple[Change, ...]]]] = {
    c.CreateCollection: _create_collection,
    c.UpdateCollection: _update_collection,
    c.DeleteCollection: _delete_collection,
    c.CreateConnection: _create_connection,
    c.UpdateConnection: _update_connection,
    c.DeleteConnection: _delete_connection,
}
