"""The knobs of the HTTP edge."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class HttpSettings:
    """Section `[http]`."""

    max_note_body_bytes: int = field(default=12_500_000, metadata={"min": 1024})
    """The longest note, every character escaped as `\\uXXXX`, and its fields."""
    body_seconds: float = field(default=30, metadata={"min": 1})
    """How long a request's body may take to arrive."""
    slowest_upload_bytes_per_second: float = field(default=8_192, metadata={"min": 1})
    """Files may take longer than `body_seconds` to arrive, but not slower than this on the whole."""
    transfer_seconds: float = field(default=300, metadata={"min": 1})
    """How long it may take to put what was uploaded into its place."""
    work_seconds: float = field(default=20, metadata={"min": 1})
    """How long a request may be worked on; then its outcome is unknown to the caller."""
    keep_alive_seconds: float = field(default=30, metadata={"min": 1})
    """How long a connection may go without a whole request head."""
    send_seconds: float = field(default=30, metadata={"min": 1})
    """How long one piece of an answer may wait for a reader."""
    max_head_bytes: int = field(default=16_384, metadata={"min": 1024})
    """As `front.max_head_bytes`, for the HTTP server behind the front door; no smaller than that."""
    trusted_proxies: tuple[str, ...] = field(default=(), metadata={"networks": True})
    """Networks (`10.0.0.0/8`) whose `X-Forwarded-For` is believed."""
    secure_cookies: bool = field(default=False, metadata={"derived": True})
    """Whether browsers reach the server by https only; the composition root sets it from the public URL."""
