"""NoteVault: a realtime collaboration server."""

__version__ = "0.1.0"
