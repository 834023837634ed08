"""What a result must carry to be believed: the machine, the versions, the date."""

import json
import os
import platform
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from bench.core.processes import Cores
from bench.servers.packages import PEERS, node

_OURS = ("trio", "trio-websocket", "hypercorn", "quart-trio", "asyncpg", "msgspec")


def describe(cores: Cores) -> dict[str, object]:
    """JSON values only; nothing of it names the machine."""
    root = PEERS.parent.parent
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=root, capture_output=True, text=True, check=False
    )
    node_version = subprocess.run([node(), "--version"], capture_output=True, text=True, check=True).stdout.strip()
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": commit.stdout.strip(),
        "cpu": _cpu_model(),
        "cores": os.cpu_count(),
        "core_of_server": cores.server,
        "core_of_driver": cores.driver,
        "core_of_database": cores.database,
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9),
        "kernel": platform.release(),
        "load_average_before": os.getloadavg()[0],
        "python": platform.python_version(),
        "node": node_version,
        "notevault_uses": {name: version(name) for name in _OURS},
        "npm": json.loads((PEERS / "package.json").read_text())["dependencies"],
        "pypi": [line for line in (PEERS / "requirements.in").read_text().splitlines() if "==" in line],
    }


def _cpu_model() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()
