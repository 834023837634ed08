"""Node and npm for tests: those of the wheel, else those on the PATH. A missing one fails the test."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from hatch_build import npm_command, run_npm
from tests.support.turns import turn_at


def node_environment() -> dict[str, str]:
    """The process's environment with Node's folder first on the PATH."""
    return {**os.environ, "PATH": f"{Path(npm_command()[0]).parent}{os.pathsep}{os.environ.get('PATH', '')}"}


def run_node(script: Path, environment: Mapping[str, str] | None = None) -> str:
    """What the program `script` prints; raises CalledProcessError when it fails."""
    return subprocess.run(
        ["node", str(script)],
        cwd=script.parent,
        env={**node_environment(), **(environment or {})},
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    ).stdout


def install_packages(folder: Path) -> None:
    """`npm ci` in `folder`, unless it was done for this lock file before."""
    stamp = folder / "node_modules" / ".installed-lock"
    lock = (folder / "package-lock.json").read_text()
    with turn_at(folder):
        if stamp.exists() and stamp.read_text() == lock:
            return
        if code := run_npm(folder, "ci", "--no-audit", "--no-fund", "--loglevel=error"):
            raise RuntimeError(f"npm ci failed in {folder} with exit code {code}")
        stamp.write_text(lock)
