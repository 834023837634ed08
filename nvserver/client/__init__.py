"""A typed client of the API for programs, on trio or asyncio. It needs `httpx` (`pip install notevault[client]`).

It shares no code with the server, so that what it knows is what the contract says. See `docs/python-client.md`.
"""

from nvserver.client.errors import ApiError
from nvserver.client.shapes import Authored, Change, File, Found, Member, Note, NoteSummary, Revised, User, Workspace
from nvserver.client.vault import NoteVault

__all__ = [
    "ApiError",
    "Authored",
    "Change",
    "File",
    "Found",
    "Member",
    "Note",
    "NoteSummary",
    "NoteVault",
    "Revised",
    "User",
    "Workspace",
]
