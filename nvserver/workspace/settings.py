"""The knobs of the workspace actors."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WorkspaceSettings:
    """Section `[workspace]` of the settings."""

    idle_seconds: float = 60.0
    """A workspace that nobody is in and nobody asks for this long is closed; its next use opens it again."""
    mailbox_bytes: int = 8 * 1024 * 1024
    """What may wait for one workspace's actor; beyond it requests are answered `UNAVAILABLE`."""
    snapshot_entries: int = 500
    """Entries between two snapshots."""
    cursor_seconds: float = 0.04
    """Cursors that move within this time go out together, the newest of each."""
    presence_seconds: float = 0.05
    """Arrivals and departures within this time go out together."""
    expect_seconds: float = 3.0
    """How long those who were in a workspace that moved may take to be heard of again before they are told to have
    left."""
    excerpt_seconds: float = 1.0
    """How often those who do not have a note open hear that it was edited."""
    activation_seconds: float = 15.0
    """How long opening a workspace may take before the caller is told `UNAVAILABLE`."""
    call_seconds: float = 15.0
    """How long a caller waits for an answer; then the outcome is unknown to it."""
    read_seconds: float = 300.0
    """What a client was told this long ago it has read, or it is gone: longer than its heartbeat, its recovery and
    `node.link_seconds` together. Entries that all have read are not kept from compaction by those who are there."""
    catch_up_entries: int = 2_000
    """A client that missed more than this gets the state instead of what it missed."""
    late_entries: int = 20_000
    """An edit made on a text that has changed more often since then is answered `BASE_TOO_OLD`."""
    inline_diff_characters: int = 65_536
    """Texts longer than this are compared in a thread."""
    quarantine_seconds: float = 2.0
    """How often a node looks whether another node, or a command, has quarantined or released a workspace."""
    poison_messages: int = 20
    """How many of the newest messages whose handling failed are kept of each workspace."""
    watch_seconds: float = 600.0
    """How often those who watch a note are told that it is being edited."""
