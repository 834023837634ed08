"""The signing key that a node without `NV_SECRET_KEY` makes once and keeps in its data dir."""

import os
import secrets
from pathlib import Path

FILE_NAME = "secret.key"
SHORTEST_KEY_BYTES = 32


def read_or_create_key(data_dir: Path) -> bytes:
    """The key in `data_dir`, made at the first call (file mode 600). Two processes at once get the same key.

    Raises ValueError if the file is too short or others may read it, OSError if it cannot be read or written.
    """
    path = data_dir / FILE_NAME
    if not path.exists():
        _create(path)
    if path.stat().st_mode & 0o077:
        raise ValueError(f"{path} may be read by others; run: chmod 600 {path}")
    key = path.read_bytes().strip()
    if len(key) < SHORTEST_KEY_BYTES:
        raise ValueError(f"{path} holds less than {SHORTEST_KEY_BYTES} bytes; remove it to have a new key made")
    return key


def _create(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(secrets.token_hex(SHORTEST_KEY_BYTES).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)  # unlike a rename it never replaces the key that another process made meanwhile
    except FileExistsError:
        pass
    finally:
        draft.unlink()
