"""The bounds of a workspace. Whatever would pass one is refused and changes nothing."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WorkspaceLimits:
    """Counts are of things, `_characters` of Unicode code points. Section `[limits]` of the settings."""

    max_note_characters: int = 2_000_000
    """Of a note's text."""
    max_title_characters: int = 200
    """Of a note's title."""
    max_name_characters: int = 100
    """Of the name of a workspace or a collection."""
    max_description_characters: int = 2_000
    """Of what describes a workspace."""
    max_tags: int = 50
    """On one note."""
    max_tag_characters: int = 50
    """Of one tag."""
    max_notes: int = 20_000
    """In one workspace, those in its trash too."""
    max_members: int = 1_000
    """Of one workspace."""
    max_collections: int = 1_000
    """In one workspace."""
    max_connections: int = 20_000
    """Lines between notes of one workspace."""
    max_files: int = 10_000
    """In one workspace."""
    max_files_bytes: int = 2 * 1024**3
    """What the files of one workspace take together."""
    max_message_characters: int = 4_000
    """Of a chat message or a comment."""
    max_events: int = 5_000
    """In one workspace's calendar; a series is one."""
    max_threads: int = 500
    """Comment threads on one note."""
    max_thread_comments: int = 500
    """In one comment thread."""
    max_versions: int = 200
    """Named versions of one note."""
    max_reactions: int = 100
    """To one chat message, of all people together."""
    max_remembered_edits: int = 512
    """Edits a note keeps in memory to transform late arrivals; older ones are read from the op log."""
    max_remembered_requests: int = 4_096
    """Numbered requests a workspace keeps in memory to answer a resend; older ones are looked up in the op log."""
    max_transform_steps: int = 20_000
    """Components walked over at once to bring a late edit to the head; more is done in slices, with others served in
    between. A step takes about a microsecond."""
    max_late_steps: int = 5_000_000
    """An edit that takes more than this in all is answered `BASE_TOO_OLD`."""
