"""What can be set of the PostgreSQL store."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class PostgresSettings:
    """Times in seconds. The server's own limits end before ours, so that it has stopped when we tell `Unavailable`."""

    deadline_seconds: float = field(default=6.0, metadata={"min": 0.1, "max": 60.0})
    """How long a caller waits for any answer before it is told `Unavailable`. Its connection is then thrown away."""
    connect_seconds: float = field(default=5.0, metadata={"min": 0.1, "max": 60.0})
    """How long making a connection may take."""
    statement_seconds: float = field(default=5.0, metadata={"min": 0.1, "max": 60.0})
    """`statement_timeout`, and `transaction_timeout` where the server knows it: how long the server works on a call."""
    lock_seconds: float = field(default=2.0, metadata={"min": 0.1, "max": 60.0})
    """`lock_timeout`: how long a statement waits for a row that another node holds. Nobody holds one for long: every
    append is one statement."""
    idle_in_transaction_seconds: float = field(default=2.0, metadata={"min": 0.1, "max": 60.0})
    """`idle_in_transaction_session_timeout`: when the server drops a node that paused inside a transaction."""
    dead_peer_seconds: float = field(default=10.0, metadata={"min": 1.0, "max": 600.0})
    """`tcp_user_timeout`: when the server drops a node that no longer takes what it is sent."""
    connections: int = field(default=4, metadata={"min": 1, "max": 100})
    """Connections for everything but appends, which have one of their own."""
    max_waiting: int = field(default=512, metadata={"min": 1, "max": 100_000})
    """Calls that may wait for a connection; more are told `Unavailable` at once."""
