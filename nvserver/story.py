"""The story of one numbered request, told at log level debug: every step names it `CLIENT_ID/CLIENT_SEQ`, so that one
grep over all nodes' logs finds them.

Off, which is how every program starts, `tell` is a function that does nothing: edits are the hottest path there is.
`set_up_logs` calls `begin`. Call `tell` through the module, never import the function.
"""

import structlog

log = structlog.get_logger()


def _nothing(step: str, workspace_id: str, client_id: str | None, client_seq: int | None, **fields: object) -> None:
    """Not told."""


tell = _nothing


def _tell(step: str, workspace_id: str, client_id: str | None, client_seq: int | None, **fields: object) -> None:
    if client_id is not None and client_seq is not None:
        log.debug(step, workspace=workspace_id, request=f"{client_id}/{client_seq}", **fields)


def begin() -> None:
    """Tell from now on."""
    global tell
    tell = _tell
