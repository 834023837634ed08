"""The store in memory: the complete twin of the databases, for tests and simulations. It is gone with the process."""

from nvserver.adapters.memory.store import open_memory

__all__ = ["open_memory"]
