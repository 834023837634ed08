"""The peers' packages: npm's in `bench/peers/node_modules`, Python's in an environment of their own."""

import shutil
import subprocess
import sys
from pathlib import Path

from hatch_build import npm_command
from tests.support.node import install_packages

PEERS = Path(__file__).resolve().parent.parent / "peers"
_PYTHON_HOME = PEERS.parent.parent / ".cache" / "bench-peers"


def node() -> str:
    """The Node program, with the peers' packages installed."""
    install_packages(PEERS)
    beside_npm = Path(npm_command()[0]).parent / "node"
    return str(beside_npm) if beside_npm.exists() else str(shutil.which("node"))


def python() -> str:
    """The Python of the peers' environment, with their packages installed."""
    requirements = (PEERS / "requirements.txt").read_text()
    stamp, program = _PYTHON_HOME / "installed", _PYTHON_HOME / "bin" / "python"
    if not stamp.exists() or stamp.read_text() != requirements:
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(_PYTHON_HOME)], check=True)
        pip = [str(program), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "--require-hashes", "-r", str(PEERS / "requirements.txt")], check=True)
        stamp.write_text(requirements)
    return str(program)
