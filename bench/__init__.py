"""Measurements: this server and its peers on the same work, on the same machine. `python -m bench.run --help`."""
